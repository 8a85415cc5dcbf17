"""Making sources and proposals: what the flow's steps put together before they store it."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline import belonging, gather, imports, ingest, merge, propose, retrieve, verify
from pipeline.desk import Desk
from pipeline.errors import EmptyText, TooLarge, UnknownProposal
from pipeline.flow import confirming, returning
from pipeline.imports import Imported, json_plan
from pipeline.names import NameIndex
from pipeline.precedence import Result
from pipeline.records import (
    Account,
    Answer,
    Approval,
    Change,
    Context,
    Decision,
    Delivery,
    Document,
    Draft,
    Effect,
    Finding,
    Item,
    Occasion,
    Op,
    Outcome,
    Passage,
    Plan,
    Proposal,
    Source,
    SourceKind,
    Verdict,
)
from pipeline.sections import references, section
from pipeline.store import Pending
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

RETOLD = Finding(
    check="precedence", effect=Effect.support, message="The plan says so already; words that only retell add nothing."
)
"""What the law finds of a change without news whose words are not first-hand."""


def lawful(proposal: Proposal, facts: standing.Known, source: Source | None) -> Proposal:
    """The proposal without what was refused before on the same occasion, and with what else the law finds."""
    results = standing.results(proposal.changes, facts, proposal.base_revision, source)
    kept = [
        change.model_copy(update={"findings": _found(change, results[change.id])})
        for change in proposal.changes
        if results[change.id] is not Result.not_proposed
    ]
    proposal = proposal.model_copy(update={"changes": tuple(kept)})
    if proposal.outcome is not Outcome.changes or confirming.outcome_of(kept) is Outcome.changes:
        return proposal
    why = "All that it says beyond the plan was refused before." if kept else "All that it says was refused before."
    return proposal.model_copy(update={"outcome": Outcome.nothing, "why": why})


def _found(change: Change, result: Result) -> tuple[Finding, ...]:
    if change.confirms:
        return (RETOLD,) if result is Result.no_change and change.fields else change.findings
    return (*change.findings, *LAWFUL.get(result, ()))


def refuse(content: bytes, filename: str | None, most_mb: float) -> None:
    """Raises EmptyText or TooLarge for what is not kept."""
    if not content.strip():
        raise EmptyText(filename or "the note")
    if len(content) > most_mb * 1_000_000:
        raise TooLarge(f"{len(content) / 1e6:.1f} MB, the limit is {most_mb:g} MB")


def known(tx: Any, proposal: str) -> Proposal | None:
    """The stored proposal of that id, or None."""
    try:
        found: Proposal = tx.proposal(proposal)
    except UnknownProposal:
        return None
    return found


def versions(tx: Any, source: str) -> list[str]:
    """Ids of all versions of a source's text that stand, newest first; of a withdrawn one only its own."""
    read = tx.source_outlines(deliveries=[tx.source(source).delivery])
    return [each.id for each in read if not each.withdrawn] or [source]


def still(proposal: Proposal, read: Source, now: Source) -> Proposal:
    """The proposal as long as its source stands as it was `read`; else one that proposes nothing and says why."""
    if not now.withdrawn and now.sha256 == read.sha256 and now.id == read.id:
        return proposal
    why = "Its text was changed by an erasure; propose again."
    if now.withdrawn or now.id != read.id:
        why = "Its text was withdrawn." if now.withdrawn else "Its day was corrected meanwhile."
    return proposal.model_copy(update={"changes": (), "outcome": Outcome.nothing, "why": why})


def lawful_of_many(proposal: Proposal, facts: standing.Known, sources: Iterable[Source]) -> Proposal:
    """`lawful` for a proposal of many sources: each change by the one that its first words come from."""
    known = {source.id: source for source in sources}
    kept: list[Change] = []
    for change in proposal.changes:
        source = next((known[piece.source] for piece in change.evidence if piece.source in known), None)
        alone = proposal.model_copy(update={"changes": (change,)})
        kept += lawful(alone, facts, source).changes
    return proposal.model_copy(update={"changes": tuple(kept), "outcome": confirming.outcome_of(kept)})


def source_of(
    account: str, told: Delivery, document: Document, occasion: Occasion | None, now: datetime, gone: int = 0
) -> Source:
    """The source that a delivery's document is, on the occasion that it records too, or else one of its own.

    `gone` of its versions were withdrawn: when the delivery comes in again, it is another one.
    """
    again = f"/{gone}" if gone else ""
    version = hashlib.sha256(f"{told.id}/{document.text}{again}".encode()).hexdigest()[:16]
    return Source(
        id=f"src_{version}",
        account=account,
        delivery=told.id,
        version=1,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        document=document,
        source_class=document.kind.source_class,
        occasion=occasion or Occasion(id=f"occ_{version}", said_on=document.said_on, title=document.title),
        read_at=now,
    )


BACKFILL = "backfill"
"""Origin of deliveries that are read at once, by whoever brings them; they get one proposal together."""

ARRIVES_LATER = (BACKFILL, "import")
"""Origins of deliveries that come long after they were written."""


def dated(document: Document, told: Delivery, time_zone: str) -> Document:
    """A text that tells no day counts from the day it came in, and says so; old texts and filings stay undated."""
    if document.said_on is not None or told.origin in ARRIVES_LATER or document.kind is SourceKind.filing:
        return document
    return ingest.assumed(document, told.received_at.astimezone(ZoneInfo(time_zone)).date())


def sided(document: Document, domains: Sequence[str], plan: Plan) -> Document:
    """The document with the side of each participant, as the plan knows our people and theirs."""
    theirs = [str(item.values["name"]) for item in plan.section("stakeholders")]
    return ingest.sides(document, domains, [member.name for member in json_plan.team(plan)], theirs)


def authored(document: Document, told: Delivery, plan: Plan) -> Document:
    """A note that names no author is by whoever brought it, if that is one of the team by name: so "me" is known."""
    if document.author is not None or document.kind not in (SourceKind.note, SourceKind.summary):
        return document
    user = told.received_by.replace(".", " ").replace("_", " ").title()
    found = NameIndex({member.name: (member.name,) for member in json_plan.team(plan)}).who(user)
    return document.model_copy(update={"author": found[0]}) if len(found) == 1 else document


def passages(source: Source) -> list[Passage]:
    """The stretches of a source that are indexed and found as one, with their ids."""
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
    *,
    find: retrieve.Find | None = None,
) -> Proposal:
    """Retrieve, propose, verify: the proposal of one source, not stored yet. `context` holds the whole plan; `find`
    finds passages of earlier sources.
    """
    seen = retrieve.narrow(context, desk.settings.slice_tokens, desk.embedder)
    seen = retrieve.earlier(seen, find) if find else seen
    answer = propose.propose(seen, desk.tools(source.account), proposer)
    changes = verify.verify(answer.drafts, seen, ident, source.id, waiting)
    return Proposal(
        id=ident,
        account=source.account,
        origin=str(source.document.kind),
        source=source.id,
        base_revision=context.plan.revision,
        proposer=proposer or desk.settings.chosen_proposer,
        outcome=_outcome(answer, changes),
        why=" ".join(filter(None, (answer.why, *answer.warnings, confirming.told(changes, context.plan)))).strip(),
        changes=changes,
        usage=answer.usage,
        stamp=answer.stamp,
        model=answer.model,
        shown=tuple(seen.plan.items),
        created_at=datetime.now(UTC),
        created_by=desk.actor,
    )


def by_day(source: Source) -> date:
    """The day a source was said, undated ones first."""
    return source.document.said_on or date.min


def gathered(desk: Desk, account: Account, sources: Sequence[Source], plan: Plan) -> Proposal:
    """One proposal of many sources, oldest first: each is proposed against what the earlier ones came to."""
    told = "/".join((str(plan.revision), *(each.id for each in sources)))
    ident = f"prp_{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    now, found = plan, []
    for number, source in enumerate(sources, 1):
        made = proposed(desk, source, context_of(account, source, now), f"{ident}-{number}", "", {})
        kept = [change for change in made.changes if not change.demoted]
        found += kept
        now = now.model_copy(update={"items": _as_if(now, kept, made)})
    changes = gather.gathered(plan, now.items, found, ident)
    return Proposal(
        id=ident,
        account=account.id,
        origin="backfill",
        source=None,
        base_revision=plan.revision,
        proposer=desk.settings.chosen_proposer,
        outcome=confirming.outcome_of(changes),
        why=f"From {len(sources)} texts. {confirming.told(changes, plan)}".removesuffix(". "),
        changes=changes,
        created_at=datetime.now(UTC),
        created_by=desk.actor,
    )


def _as_if(plan: Plan, changes: Sequence[Change], proposal: Proposal) -> dict[str, Item]:
    """The plan's items as if the changes had been approved; nothing is."""
    said = [Decision(change=e.id, verdict=Verdict.approve, by="", at=proposal.created_at) for e in changes]
    approvals = [Approval(change=c, decision=d) for c, d in zip(changes, said, strict=True)]
    merged = merge.merge(approvals, current=plan.items, references=lambda _: ())
    items = {**plan.items, **{key: item for key, item in merged.after.items() if item is not None}}
    return {key: item for key, item in items.items() if merged.after.get(key, item) is not None}


def proposal_id(source: Source, number: int) -> str:
    """The id of a source's first, second, … proposal; the same for the same source."""
    return f"prp_{hashlib.sha256(f'{source.account}/{source.id}/{number}'.encode()).hexdigest()[:12]}"


def _outcome(answer: Answer, changes: Sequence[Change]) -> Outcome:
    return confirming.outcome_of(changes) if answer.outcome is Outcome.changes else answer.outcome


def context_of(account: Account, source: Source, plan: Plan, examples: tuple[str, ...] = ()) -> Context:
    """What is known before retrieval: the source's text, its day and author, the whole plan, and past decisions."""
    document = source.document
    return Context(
        document=belonging.unseen(document),
        plan=plan,
        account=account.name,
        account_id=account.id,
        vendor=account.vendor,
        author=document.author,
        said_on=document.said_on or source.read_at.date(),
        source_class=source.source_class,
        examples=examples,
    )


def by_item(pending: Iterable[Pending]) -> dict[str, tuple[Change, ...]]:
    """The changes that wait, by the item they touch."""
    found: dict[str, tuple[Change, ...]] = {}
    for each in pending:
        if each.change.confirms:
            continue
        found[each.change.item] = (*found.get(each.change.item, ()), each.change)
    return found


def own(
    account: Account, origin: str, tx: Any, actor: str, drafts: Sequence[Draft], why: str, *, plan: Plan | None = None
) -> Proposal:
    """A proposal made of what a person typed, imported or undid: no text, so no quote to check. `plan` is what it
    changes; by default the plan of now.
    """
    ident = f"prp_{secrets.token_hex(6)}"
    plan = plan or _concerned(account, tx, drafts)
    changes = verify.resolve(drafts, plan, ident)
    return Proposal(
        id=ident,
        account=account.id,
        origin=origin,
        source=None,
        base_revision=plan.revision,
        proposer="person",
        outcome=Outcome.changes,
        why=why,
        changes=changes,
        created_at=tx.now,
        created_by=actor,
    )


def brought(account: Account, tx: Any, actor: str, given: Imported, filename: str) -> tuple[Proposal, Imported]:
    """The proposal of a plan file, and the file as it counts here: one of another account is matched by meaning alone.

    An export of a revision of this account is told against that revision: what the plan changed since is not what
    somebody changed in the file.
    """
    now, why = tx.plan(), f"From {filename}."
    if not returning.is_of(account, now, given):
        given = imports.of_another(given)
        why = f"{why} {given.warnings[0]}"
    was = now if given.revision is None else tx.plan(given.revision)
    proposal = own(account, "import", tx, actor, imports.difference(was, given.plan), why, plan=was)
    changes = proposal.changes
    if was.revision < now.revision:
        said = approved(proposal, actor, tx.now)
        approvals = [Approval(change=c, decision=d) for c, d in zip(changes, said, strict=True)]
        changes, why = returning.not_yet_so(approvals, now), f"{why} It was written from revision {was.revision}."
    why = why if changes else f"{why} It says nothing that the plan does not say already."
    told = {"changes": changes, "outcome": confirming.outcome_of(changes), "why": why}
    return proposal.model_copy(update=told), given


def _concerned(account: Account, tx: Any, drafts: Sequence[Draft]) -> Plan:
    """The entries that drafts touch and name by their ids, as a plan; all of it where some are told by name."""
    told = {draft.item for draft in drafts} | {draft.into for draft in drafts}
    named = {each for draft in drafts for each in _named(draft)}
    items = tx.items({each for each in (*told, *named) if each})
    coming = {draft.item for draft in drafts if draft.op is Op.add}
    if any(_open(draft) for draft in drafts) or (told | named) - items.keys() - coming - {None}:
        whole: Plan = tx.plan()
        return whole
    items |= tx.items({target for item in items.values() for _, target in references(item)})
    head = tx.head()
    return Plan(account=account.id, revision=head.number if head else 0, items=items)


def _named(draft: Draft) -> Iterator[str]:
    """What a draft's references say, be they ids or names."""
    for name, value in draft.fields.items():
        shape = section(draft.section).fields.get(name)
        if shape is not None and shape.ref and value:
            yield from map(str, value if isinstance(value, (list, tuple)) else [value])


def _open(draft: Draft) -> bool:
    """Whether a draft leaves it to its values which entry it is about."""
    kind = section(draft.section)
    by_words = draft.op is Op.add and not kind.single and kind.fields[kind.key[0]].ref is None
    return draft.item is None and not by_words


def approved(proposal: Proposal, by: str, at: datetime) -> list[Decision]:
    """Somebody's approval of every change of a proposal."""
    return [Decision(change=each.id, verdict=Verdict.approve, by=by, at=at) for each in proposal.changes]
