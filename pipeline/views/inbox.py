"""What waits for review, over all accounts of a reviewer."""

from datetime import date, datetime

from pipeline.records import Account, Document, Proposal, Record, Source
from pipeline.store import AccountStore, Job, Store
from pipeline.views.proposal import needs_a_person, title_of_source


class InboxRow(Record):
    """One proposal that waits. `open` of its `changes` are undecided."""

    proposal: str
    account: str
    account_name: str
    title: str
    said_on: date | None
    created_at: datetime
    created_by: str
    proposer: str
    model: str
    outcome: str
    why: str
    changes: int
    open: int


class WorkRow(Record):
    """A delivery that is not a proposal yet, or could not become one; `problem` says what to do."""

    account: str
    account_name: str
    delivery: str
    title: str
    state: str
    problem: str | None
    received_at: datetime


def inbox(store: Store, actor: str) -> tuple[InboxRow, ...]:
    """The open proposals of all accounts that `actor` may read, oldest first."""
    rows = [row for each in store.accounts(actor) for row in _rows(store.account(each.id, actor))]
    return tuple(sorted(rows, key=lambda row: row.created_at))


def _rows(here: AccountStore) -> list[InboxRow]:
    with here.read() as tx:
        proposals = tx.proposals(state="open")
        waiting = {each.change.id for each in tx.pending_changes() if needs_a_person(each.change)}
        sources = {each.id: each for each in tx.sources([p.source for p in proposals if p.source])}
    return [_row(here.account, each, sources.get(each.source or ""), waiting) for each in proposals]


def _row(account: Account, proposal: Proposal, source: Source | None, waiting: set[str]) -> InboxRow:
    document: Document | None = source.document if source else None
    return InboxRow(
        proposal=proposal.id,
        account=account.id,
        account_name=account.name,
        title=title_of_source(source) if source else proposal.origin.capitalize(),
        said_on=document.said_on if document else None,
        created_at=proposal.created_at,
        created_by=proposal.created_by,
        proposer=proposal.proposer,
        model=proposal.model,
        outcome=str(proposal.outcome),
        why=proposal.why,
        changes=len(proposal.changes),
        open=sum(1 for change in proposal.changes if change.id in waiting),
    )


def under_way(store: Store, actor: str) -> tuple[WorkRow, ...]:
    """Deliveries that are still read or proposed, and those that failed: newest first."""
    rows = [row for each in store.accounts(actor) for row in _work(store.account(each.id, actor))]
    return tuple(sorted(rows, key=lambda row: row.received_at, reverse=True))


def _work(here: AccountStore) -> list[WorkRow]:
    with here.read() as tx:
        jobs = {job.subject: job for job in tx.jobs() if job.state != "done"}
        deliveries = tx.deliveries()
        sources = {each.delivery: each.id for each in tx.sources()}
    found = []
    for each in deliveries:
        job: Job | None = jobs.get(each.id) or jobs.get(sources.get(each.id, ""))
        if job is not None or each.state == "unreadable":
            state = job.state if job else each.state
            found.append(
                WorkRow(
                    account=here.id,
                    account_name=here.account.name,
                    delivery=each.id,
                    title=each.filename or "Pasted note",
                    state=state,
                    problem=each.problem or (job.error if job else None),
                    received_at=each.received_at,
                )
            )
    return found
