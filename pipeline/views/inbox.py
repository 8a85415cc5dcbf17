"""What waits for review, over all accounts of a reviewer."""

from datetime import date, datetime

from pipeline.records import Account, Delivery, Effect, Record
from pipeline.store import AccountStore, Job, ProposalOutline, SourceOutline, Store
from pipeline.views.waiting import Waiting, waiting


class InboxRow(Record):
    """One proposal that waits. `open` of its `changes` are undecided; `shared` of these are said in others too, which
    this one asks for.
    """

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
    shared: int = 0


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
    """The open proposals of all accounts that `actor` may read, oldest first.

    Not those of which nothing waits: the plan says so by now, or another proposal asks the same.
    """
    rows = [row for each in store.accounts(actor) for row in _rows(store.account(each.id, actor))]
    return tuple(sorted(rows, key=lambda row: row.created_at))


def _rows(here: AccountStore) -> list[InboxRow]:
    with here.read() as tx:
        proposals = tx.proposal_outlines("open")
        sources = {each.id: each for each in tx.source_outlines([p.source for p in proposals if p.source])}
        waits = waiting(tx, proposals)
    return [
        _row(here.account, each, sources.get(each.source or ""), waits) for each in proposals if waits.open[each.id]
    ]


def _row(account: Account, proposal: ProposalOutline, source: SourceOutline | None, waits: Waiting) -> InboxRow:
    return InboxRow(
        proposal=proposal.id,
        account=account.id,
        account_name=account.name,
        title=source.title if source else proposal.origin.capitalize(),
        said_on=source.said_on if source else None,
        created_at=proposal.created_at,
        created_by=proposal.created_by,
        proposer=proposal.proposer,
        model=proposal.model,
        outcome=proposal.outcome,
        why=proposal.why,
        changes=sum(Effect.support not in effects for _, effects in proposal.changes),
        open=waits.open.get(proposal.id, 0),
        shared=waits.shared.get(proposal.id, 0),
    )


def under_way(store: Store, actor: str) -> tuple[WorkRow, ...]:
    """Deliveries that are still read or proposed, and those that failed: newest first."""
    rows = [row for each in store.accounts(actor) for row in _work(store.account(each.id, actor))]
    return tuple(sorted(rows, key=lambda row: row.received_at, reverse=True))


def _work(here: AccountStore) -> list[WorkRow]:
    with here.read() as tx:
        jobs = {job.subject: job for job in tx.unfinished()}
        sources = {each.id: each.delivery for each in tx.source_outlines(jobs)}
        unread = {each.id: each for each in tx.deliveries("unreadable")}
        waiting = {sources.get(subject, subject): job for subject, job in jobs.items()}
        deliveries = unread | {each.id: each for each in tx.deliveries(ids=waiting)}
    return [_work_row(here.account, each, waiting.get(each.id)) for each in deliveries.values()]


def _work_row(account: Account, told: Delivery, job: Job | None) -> WorkRow:
    return WorkRow(
        account=account.id,
        account_name=account.name,
        delivery=told.id,
        title=told.filename or "Pasted note",
        state=job.state if job else told.state,
        problem=told.problem or (job.error if job else None),
        received_at=told.received_at,
    )
