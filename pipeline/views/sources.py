"""The notes, transcripts and filings of an account: how far each one came, and the proposal that it led to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pipeline.records import Account, Delivery, Effect, Record
from pipeline.store import Job, ProposalOutline, SourceOutline, Store
from pipeline.views.waiting import waiting

STEPS = ("reading", "proposing", "ready", "unreadable", "failed")
"""Every state of a delivery for people; the first two go on by themselves."""

WAITED_FOR = ("read", "propose")
"""Kinds of job that a proposal comes of."""


class SourceRow(Record):
    """One delivery with what came of it. `state` is one of STEPS; `problem` says what went wrong and what to do.

    `progress` is how far long work at it came. `proposal` is the newest one; `open` of its `changes` wait for a person,
    not counting what a check refuted or what the plan says already.
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
    progress: str = ""
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
        return _rows(here.account, tx, tx.deliveries(newest=newest))


def one_delivery(store: Store, actor: str, delivery: str) -> SourceRow:
    """How far one delivery came, in whichever account of `actor` it lies. Raises UnknownSource."""
    here = store.account_of_delivery(delivery, actor)
    with here.read() as tx:
        (row,) = _rows(here.account, tx, [tx.delivery(delivery)])
    return row


def _rows(account: Account, tx: Any, deliveries: Sequence[Delivery]) -> tuple[SourceRow, ...]:
    read = tx.source_outlines(deliveries=[each.id for each in deliveries])
    newest = {each.delivery: each for each in reversed(read)}
    ids = [each.id for each in newest.values()]
    proposals = {each.source: each for each in tx.proposal_outlines(sources=ids)}
    waits = waiting(tx, tx.proposal_outlines("open")).open
    jobs: dict[str, list[Job]] = defaultdict(list)
    for job in tx.jobs_about([*ids, *(each.id for each in deliveries)]):
        jobs[job.subject].append(job)
    return tuple(
        _row(account, each, newest.get(each.id), proposals.get(_id(newest.get(each.id))), jobs, waits)
        for each in deliveries
    )


def _id(source: SourceOutline | None) -> str | None:
    return source.id if source else None


def _row(
    account: Account,
    told: Delivery,
    source: SourceOutline | None,
    proposal: ProposalOutline | None,
    jobs: Mapping[str, Sequence[Job]],
    waits: Mapping[str, int],
) -> SourceRow:
    # Laying into the index may go on, or fail, beside: no proposal waits for it.
    about = (*jobs.get(told.id, ()), *jobs.get(_id(source) or "", ()))
    mine = [job for job in about if job.kind in WAITED_FOR]
    error = next((job.error for job in mine[-1:] if job.state == "failed"), None)
    going = any(job.state in ("queued", "running") for job in mine)
    row = SourceRow(
        delivery=told.id,
        account=account.id,
        account_name=account.name,
        title=source.title if source else told.filename or "Pasted note",
        filename=told.filename,
        received_at=told.received_at,
        received_by=told.received_by,
        state=_state(told, source, proposal, error, going=going),
        problem=told.problem or error,
        progress=next((job.progress for job in about if job.state == "running"), ""),
    )
    return row.model_copy(update={**_of_source(source), **_of_proposal(proposal, waits)})


def _state(
    told: Delivery, source: SourceOutline | None, proposal: ProposalOutline | None, error: str | None, *, going: bool
) -> str:
    if told.state == "unreadable":
        return "unreadable"
    if error is not None and not going:
        return "failed"
    if proposal is not None and not going:
        return "ready"
    return "reading" if source is None else "proposing"


def _of_source(source: SourceOutline | None) -> dict[str, object]:
    if source is None:
        return {}
    return {"source": source.id, "kind": str(source.kind), "said_on": source.said_on}


def _of_proposal(proposal: ProposalOutline | None, waits: Mapping[str, int]) -> dict[str, object]:
    if proposal is None:
        return {}
    return {
        "proposal": proposal.id,
        "proposer": proposal.proposer,
        "outcome": proposal.outcome,
        "why": proposal.why,
        "changes": sum(Effect.support not in effects for _, effects in proposal.changes),
        "open": waits.get(proposal.id, 0),
    }
