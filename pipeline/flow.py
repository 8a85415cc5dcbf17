"""The product on one page: deliver -> read -> propose -> decide -> merge. The only place that knows the order.

A transaction begins and ends here. Reading and proposing happen outside of any; what they need is fetched before,
what they found is stored after. Each step can be repeated: the same bytes are the same delivery, the same reading the
same source, the same call of a decision changes nothing.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipeline import imports, ingest, merge, propose, retrieve, review, verify
from pipeline.access import Act
from pipeline.desk import Desk
from pipeline.errors import EmptyText, Error, TooLarge, UnknownChange
from pipeline.imports import json_plan
from pipeline.precedence import Result
from pipeline.records import (
    Account,
    Answer,
    Approval,
    Change,
    Conflict,
    Context,
    Decision,
    Delivery,
    Document,
    Draft,
    Effect,
    Finding,
    Occasion,
    Op,
    Outcome,
    Passage,
    Plan,
    Proposal,
    Record,
    Revision,
    Source,
    Verdict,
)
from pipeline.store import AccountStore
from pipeline.views import standing

LAWFUL: Mapping[Result, tuple[Finding, ...]] = {
    Result.refused_before: (
        Finding(check="precedence", effect=Effect.flag, message="The same was rejected before, on another occasion."),
    ),
    Result.older: (
        Finding(check="precedence", effect=Effect.demote, message="The plan rests on a newer word than this."),
    ),
    Result.challenge: (Finding(check="precedence", effect=Effect.flag, message="It challenges what a person typed."),),
}
"""What the law of precedence adds to a change when it is proposed; conflicts are found when it is read."""


ORIGINS = {"import": "imported", "direct": "typed"}
"""Origin of a proposal -> how the fields it sets came, where that is not by a decision on a source."""


@dataclass(frozen=True)
class Decided:
    """What a call of decisions came to: the revision it made (None when nothing was approved), and the conflicts."""

    revision: Revision | None
    conflicts: tuple[Conflict, ...] = ()
    decisions: tuple[Decision, ...] = ()


class NewAccount(Record):
    """What somebody says when setting up an account."""

    name: str
    vendor: str = ""
    domains: tuple[str, ...] = ()
    owner: str | None = None
    reviewers: tuple[str, ...] = ()
    time_zone: str = "UTC"
    currency: str = "USD"


def set_up(desk: Desk, account: NewAccount, plan: Plan | None = None) -> Account:
    """Creates an account; the entries of `plan`, if given, are its first revision, imported by whoever sets it up."""
    told = account.model_dump() | {"owner": account.owner or desk.actor}
    created = desk.store.create_account(Account(id="", created_at=desk.store.now(), **told), desk.actor)
    if plan is not None and plan.items:
        adopt(desk, created.id, imports.difference(Plan(account=created.id), plan), "import", "Set up the account")
    return created


def deliver(
    desk: Desk,
    account: str,
    content: bytes,
    filename: str | None = None,
    origin: str = "paste",
    said_on: date | None = None,
) -> Delivery:
    """Keeps the bytes and a job to read them, in one transaction; after that a crash loses nothing.

    Raises EmptyText or TooLarge for what is refused: that is not kept, and the sender is told why.
    """
    if not content.strip():
        raise EmptyText(filename or "the note")
    if len(content) > desk.settings.max_file_mb * 1_000_000:
        raise TooLarge(f"{len(content) / 1e6:.1f} MB, the limit is {desk.settings.max_file_mb:g} MB")
    with desk.account(account, Act.deliver).write() as tx:
        delivery, new = tx.add_delivery(content, origin, filename, said_on)
        if new:
            tx.add_job("read", delivery.id)
    return delivery


def read(desk: Desk, account: str, delivery: str) -> Source | None:
    """Reads a delivery into a source version and asks for its proposal.

    None when it can't be read; the delivery then says why.
    """
    here = desk.account(account)
    with here.read() as tx:
        told, content, plan = tx.delivery(delivery), tx.delivery_bytes(delivery), tx.plan()
    try:
        document = ingest.read(content, told.filename, desk.settings, told.said_on, told.received_at.date())
    except Error as error:
        with here.write() as tx:
            tx.mark_delivery(delivery, "unreadable", f"{error.message} {error.advice}".strip())
        return None
    document = ingest.sides(document, here.account.domains, [member.name for member in json_plan.team(plan)])
    with here.write() as tx:
        source = tx.add_source(source_of(here.account.id, told, document, tx.occasions(document.said_on), tx.now))
        tx.add_passages(_passages(source))
        tx.mark_delivery(delivery, "read")
        tx.add_job("propose", source.id)
    index(desk, here, source)
    return source


def index(desk: Desk, here: AccountStore, source: Source) -> None:
    """Embeds the source's passages and lays them into the index; without an embedder search is by words alone."""
    if desk.embedder is None:
        return
    with here.read() as tx:
        passages = tx.passages(source.id)
    vectors = desk.embedder.embed([passage.text for passage in passages])
    with here.write() as tx:
        tx.add_vectors(desk.embedder.name, {each.id: row for each, row in zip(passages, vectors, strict=True)})


def propose_changes(desk: Desk, account: str, source: str, proposer: str = "") -> Proposal:
    """Proposes changes from a source against the plan as it is now, and stores the proposal for review."""
    here = desk.account(account)
    with here.read() as tx:
        text, plan = tx.source(source), tx.plan()
        waiting = _by_item(tx.pending_changes())
        number = len(tx.proposals(source=source)) + 1
    context = context_of(here.account, text, plan)
    proposal = proposed(desk, text, context, proposal_id(text, number), proposer, waiting)
    with here.write() as tx:
        lawful = _lawful(proposal, standing.known(tx, proposal.changes), text)
        tx.add_proposal(lawful)
    return lawful


def _lawful(proposal: Proposal, facts: standing.Known, source: Source) -> Proposal:
    """The proposal without what was refused before on the same occasion, and with what else the law finds."""
    results = standing.results(proposal.changes, facts, proposal.base_revision, source)
    kept = [
        change.model_copy(update={"findings": (*change.findings, *LAWFUL.get(results[change.id], ()))})
        for change in proposal.changes
        if results[change.id] is not Result.not_proposed
    ]
    outcome = proposal.outcome if kept or proposal.outcome is not Outcome.changes else Outcome.nothing
    why = proposal.why if kept or not proposal.changes else "All that it says was refused before."
    return proposal.model_copy(update={"changes": tuple(kept), "outcome": outcome, "why": why})


def decide(desk: Desk, account: str, proposal: str, decisions: Sequence[Decision], key: str | None = None) -> Decided:
    """Records decisions and merges what they approve into the next revision, in one transaction.

    `key` is the call's idempotency key: a repeated call answers with the revision that the first one made. Conflicts
    block only their own change and leave it undecided. Raises UnknownProposal, UnknownChange, BadValue, NotAllowed.
    """
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        if key is not None and (made := tx.revision_of_call(key)) is not None:
            return Decided(made, (), tuple(tx.decisions_of_call(key)))
        return _decide(tx, tx.proposal(proposal), decisions, key)


def _decide(tx: Any, proposal: Proposal, decisions: Sequence[Decision], key: str | None, reason: str = "") -> Decided:
    states = tx.states(proposal.id)
    for decision in decisions:
        if decision.change not in states:
            raise UnknownChange(decision.change)
    fresh = [decision for decision in decisions if states[decision.change] in ("pending", "asked")]
    approvals = review.review(proposal, fresh)
    merged = _merged(tx, approvals, proposal.base_revision)
    blocked = {conflict.change for conflict in merged.conflicts}
    saved = tx.save_decisions([decision for decision in fresh if decision.change not in blocked], key)
    revision = None
    if merged.deltas:
        revision = tx.append_revision(
            merged.deltas,
            reason=reason or f"Approved {proposal.origin}",
            proposal=proposal.id,
            decisions=saved,
            key=key,
        )
    return Decided(revision, merged.conflicts, tuple(saved))


def _merged(tx: Any, approvals: Sequence[Approval], base_revision: int) -> merge.Merged:
    """The approvals merged into the items as they stand in this transaction."""
    current = tx.items(merge.needs(approvals))
    adding = {each.change.section for each in approvals if each.change.op is Op.add}
    if adding:
        current |= {item.id: item for name in adding for item in tx.plan().section(name)}
    leaving = [each.change.item for each in approvals if each.change.op in (Op.remove, Op.join)]
    return merge.merge(
        approvals,
        current=current,
        references=lambda item: list(tx.items(found for found, _ in tx.references_to(item)).values()),
        heads=tx.heads(leaving),
        base_revision=base_revision,
    )


def adopt(desk: Desk, account: str, drafts: Sequence[Draft], origin: str, reason: str) -> Decided:
    """A person's own change of the plan: a proposal like any other, whose author approves it at once."""
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        proposal = _direct(here.account, tx.plan(), drafts, origin, desk.actor, tx.now)
        tx.add_proposal(proposal)
        said = [
            Decision(change=each.id, verdict=Verdict.approve, by=desk.actor, at=tx.now) for each in proposal.changes
        ]
        return _decide(tx, proposal, said, None, reason)


def source_of(account: str, told: Delivery, document: Document, occasions: Iterable[Occasion], now: datetime) -> Source:
    """The source that a delivery's document is, on the occasion of `occasions` that it records, or a new one."""
    version = hashlib.sha256(f"{told.id}/{document.text}".encode()).hexdigest()[:16]
    known = next((each for each in occasions if each.title and each.title == document.title), None)
    return Source(
        id=f"src_{version}",
        account=account,
        delivery=told.id,
        version=1,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        document=document,
        source_class=document.kind.source_class,
        occasion=known or Occasion(id=f"occ_{version}", said_on=document.said_on, title=document.title),
        read_at=now,
    )


def _passages(source: Source) -> list[Passage]:
    return [
        passage.model_copy(update={"id": f"{source.id}-{passage.number}", "source": source.id})
        for passage in ingest.passages(source.document)
    ]


def proposed(
    desk: Desk,
    source: Source,
    context: Context,
    ident: str,
    proposer: str,
    waiting: Mapping[str, tuple[Change, ...]],
) -> Proposal:
    """Retrieve, propose, verify: the proposal of one source, not stored yet. `context` holds the whole plan."""
    seen = retrieve.narrow(context, desk.settings.slice_tokens)
    answer = propose.propose(seen, desk.tools, proposer)
    changes = verify.verify(answer.drafts, seen, ident, source.id, waiting)
    return Proposal(
        id=ident,
        account=source.account,
        origin=str(source.document.kind),
        source=source.id,
        base_revision=context.plan.revision,
        proposer=proposer or desk.settings.chosen_proposer,
        outcome=_outcome(answer, changes),
        why=answer.why,
        changes=changes,
        usage=answer.usage,
        stamp=answer.stamp,
        model=answer.model,
        shown=tuple(seen.plan.items),
        created_at=datetime.now(UTC),
        created_by=desk.actor,
    )


def proposal_id(source: Source, number: int) -> str:
    """The id of a source's first, second, … proposal; the same for the same source."""
    return f"prp_{hashlib.sha256(f'{source.account}/{source.id}/{number}'.encode()).hexdigest()[:12]}"


def _outcome(answer: Answer, changes: Sequence[Change]) -> Outcome:
    return Outcome.nothing if answer.outcome is Outcome.changes and not changes else answer.outcome


def context_of(account: Account, source: Source, plan: Plan) -> Context:
    """What is known before retrieval: the source's text, its day and author, and the whole plan."""
    document = source.document
    return Context(
        document=document,
        plan=plan,
        account=account.name,
        vendor=account.vendor,
        author=document.author,
        said_on=document.said_on or source.read_at.date(),
        source_class=source.source_class,
    )


def _by_item(pending: Iterable[Any]) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = {}
    for each in pending:
        found[each.change.item] = (*found.get(each.change.item, ()), each.change)
    return found


def _direct(account: Account, plan: Plan, drafts: Sequence[Draft], origin: str, actor: str, now: datetime) -> Proposal:
    """A proposal made of what a person typed, imported or undid: no text, so no quote to check."""
    ident = f"prp_{secrets.token_hex(6)}"
    changes = verify.resolve(drafts, plan, ident)
    return Proposal(
        id=ident,
        account=account.id,
        origin=origin,
        source=None,
        base_revision=plan.revision,
        proposer="person",
        outcome=Outcome.changes if changes else Outcome.nothing,
        changes=changes,
        created_at=now,
        created_by=actor,
    )
