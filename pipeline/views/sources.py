"""The notes, transcripts and filings of an account: how far each one came, and the proposal that it led to."""

from datetime import date, datetime

from pipeline.errors import UnknownSource
from pipeline.records import Delivery, Proposal, Record, Source
from pipeline.store import AccountStore, Store
from pipeline.views.proposal import needs_a_person, title_of_source

STEPS = ("reading", "proposing", "ready", "unreadable", "failed")
"""Every state of a delivery for people; the first two go on by themselves."""


class SourceRow(Record):
    """One delivery with what came of it. `state` is one of STEPS; `problem` says what went wrong and what to do.

    `proposal` is the newest one; `open` of its `changes` wait for a person, not counting what a check refuted or what
    the plan says already.
    """

    delivery: str
    account: str
    account_name: str
    title: str
    filename: str | None
    received_at: datetime
    received_by: str
    state: str
    problem: str | None = None
    source: str | None = None
    kind: str | None = None
    said_on: date | None = None
    proposal: str | None = None
    proposer: str | None = None
    outcome: str | None = None
    why: str = ""
    changes: int = 0
    open: int = 0


def sources(store: Store, actor: str, account: str, newest: int | None = None) -> tuple[SourceRow, ...]:
    """What was delivered to an account, newest first; at most so many. Raises UnknownAccount."""
    here = store.account(account, actor)
    with here.read() as tx:
        found = tx.deliveries()[:newest]
    return tuple(_row(here, each) for each in found)


def one_delivery(store: Store, actor: str, delivery: str) -> SourceRow:
    """How far one delivery came, in whichever account of `actor` it lies. Raises UnknownSource."""
    for account in store.accounts(actor):
        here = store.account(account.id, actor)
        with here.read() as tx:
            try:
                found = tx.delivery(delivery)
            except UnknownSource:
                continue
        return _row(here, found)
    raise UnknownSource(delivery)


def _row(here: AccountStore, told: Delivery) -> SourceRow:
    with here.read() as tx:
        source = next(iter(tx.sources(delivery=told.id)), None)
        proposal = tx.proposals(source=source.id)[-1:] if source else []
        jobs = [*tx.jobs(subject=told.id), *(tx.jobs(subject=source.id) if source else [])]
        waiting = {each.change.id for each in tx.pending_changes()} if proposal else set()
    latest = proposal[0] if proposal else None
    error = next((job.error for job in jobs[-1:] if job.state == "failed"), None)
    going = any(job.state in ("queued", "running") for job in jobs)
    row = SourceRow(
        delivery=told.id,
        account=here.id,
        account_name=here.account.name,
        title=title_of_source(source) if source else told.filename or "Pasted note",
        filename=told.filename,
        received_at=told.received_at,
        received_by=told.received_by,
        state=_state(told, source, latest, error, going=going),
        problem=told.problem or error,
    )
    return row.model_copy(update={**_of_source(source), **_of_proposal(latest, waiting)})


def _state(told: Delivery, source: Source | None, proposal: Proposal | None, error: str | None, *, going: bool) -> str:
    if told.state == "unreadable":
        return "unreadable"
    if error is not None and not going:
        return "failed"
    if proposal is not None and not going:
        return "ready"
    return "reading" if source is None else "proposing"


def _of_source(source: Source | None) -> dict[str, object]:
    if source is None:
        return {}
    return {"source": source.id, "kind": str(source.document.kind), "said_on": source.document.said_on}


def _of_proposal(proposal: Proposal | None, waiting: set[str]) -> dict[str, object]:
    if proposal is None:
        return {}
    return {
        "proposal": proposal.id,
        "proposer": proposal.proposer,
        "outcome": str(proposal.outcome),
        "why": proposal.why,
        "changes": len(proposal.changes),
        "open": sum(1 for change in proposal.changes if change.id in waiting and needs_a_person(change)),
    }
