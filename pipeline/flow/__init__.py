"""The product on one page: deliver -> read -> propose -> decide -> merge. The only place that knows the order.

A transaction begins and ends here. Reading and proposing happen outside of any; what they need is fetched before,
what they found is stored after. Each step can be repeated: the same bytes are the same delivery, the same reading the
same source, the same call of a decision changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import imports, merge, review, undo
from pipeline.access import Act
from pipeline.desk import Desk, Progress, silent
from pipeline.errors import UnknownChange, UnknownSource
from pipeline.flow import answering, confirming, finding, indexing, making, moving, reading, recalling, requiring
from pipeline.imports import Imported
from pipeline.records import (
    Account,
    Approval,
    Conflict,
    Decision,
    Delivery,
    Draft,
    Json,
    Op,
    Outcome,
    Plan,
    Proposal,
    Record,
    Revision,
    Source,
    Verdict,
)
from pipeline.store import Erased, both
from pipeline.views import standing
from pipeline.views.proposal import needs_a_person

ORIGINS = {"import": "imported", "direct": "typed"}
"""Origin of a proposal -> how the fields it sets came, where that is not by a decision on a source."""


@dataclass(frozen=True)
class Decided:
    """What a call of decisions came to: the revision it made (None when nothing was approved), and the conflicts."""

    revision: Revision | None
    conflicts: tuple[Conflict, ...] = ()
    decisions: tuple[Decision, ...] = ()
    answered: tuple[Decision, ...] = ()
    """Those on changes of other proposals that claim the same."""


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
    """Creates an account; the entries of `plan`, if given, are its first revision, imported by whoever sets it up.

    Raises BadValue, and creates nothing, for a plan with a value that does not fit its field.
    """
    requiring.fitting(plan or Plan(account=""))
    told = account.model_dump() | {"owner": account.owner or desk.actor}
    created = desk.store.create_account(Account(id="", created_at=desk.store.now(), **told), desk.actor)
    if plan is not None and plan.items:
        start = [
            Draft(section=each.section, op=Op.add, item=each.id, fields=dict(each.values))
            for each in imports.opaque(plan).items.values()
        ]
        with desk.store.account(created.id, desk.actor).write() as tx:  # who sets up may be neither owner nor reviewer
            _adopt(tx, created, desk.actor, start, "import", "Set up the account")
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
    making.refuse(content, filename, desk.settings.max_file_mb)
    with desk.account(account, Act.deliver).write() as tx:
        delivery, new = tx.add_delivery(content, origin, filename, said_on)
        if new and origin != making.BACKFILL:
            tx.add_job("read", delivery.id)
    return delivery


def read(desk: Desk, account: str, delivery: str, alone: bool = True) -> Source | None:
    """Reads a delivery into a source version and, when it stands `alone`, asks for its proposal.

    None when it can't be read; the delivery then says why.
    """
    here = desk.account(account)
    with here.read() as tx:
        told = tx.delivery(delivery)
        if told.state == "erased":
            return None
    document = reading.document_of(desk, here, told)
    if document is None:
        return None
    recognition = reading.Recognition(here, told, document)
    with here.write() as tx:
        gone = sum(each.withdrawn for each in tx.source_outlines(deliveries=[delivery]))
        document, occasion = recognition.finish(tx)
        source = tx.add_source(making.source_of(here.id, told, document, occasion, tx.now, gone))
        if (newest := making.versions(tx, source.id)[0]) != source.id:
            return tx.source(newest)  # the same reading as before, corrected by a person since
        tx.add_passages(making.passages(source))
        tx.mark_delivery(delivery, "read")
        asked = {job.kind for job in tx.jobs(subject=source.id)}
        for kind in (["propose"] if alone else []) + ["index"]:
            if kind not in asked:
                tx.add_job(kind, source.id, {"number": 1} if kind == "propose" else None)
    return source


def index(desk: Desk, account: str, source: str, progress: Progress = silent) -> None:
    """Embeds a source's passages and lays them into the index; without an embedder search is by words alone."""
    indexing.index(desk, account, source, progress)


def propose_changes(desk: Desk, account: str, source: str, proposer: str = "", number: int | None = None) -> Proposal:
    """Proposes changes from a source against the plan as it is now, and stores the proposal for review.

    `number`, of those that were asked for of this source, makes the call repeatable: it is stored once. A source that
    is withdrawn, before or meanwhile, has nothing to propose.
    """
    here = desk.account(account)
    with here.read() as tx:
        text, plan = tx.source(source), tx.plan()
        waiting = making.by_item(tx.pending_changes())
        ident = making.proposal_id(text, number or len(tx.proposals(source=source)) + 1)
        if (made := making.known(tx, ident)) is not None:
            return made
    context = making.context_of(here.account, text, plan, recalling.examples(desk, here, text))
    find = finding.finder(desk, here, text)
    proposal = making.proposed(desk, text, context, ident, proposer, waiting, find=find)
    with here.write() as tx:
        if (made := making.known(tx, ident)) is not None:
            return made
        still = making.still(proposal, text, tx.source(making.versions(tx, source)[0]))
        lawful = making.lawful(still, standing.known(tx, still.changes), text)
        tx.add_proposal(lawful)
        confirming.keep(tx, lawful)
        _close_if_done(tx, lawful)
    return lawful


def propose_again(desk: Desk, account: str, source: str, proposer: str = "") -> Delivery:
    """Asks for another proposal from a source, by another proposer or after a failure; what was proposed stays.

    Raises UnknownSource for one that was withdrawn.
    """
    with desk.account(account, Act.deliver).write() as tx:
        found = tx.source(making.versions(tx, source)[0])
        if found.withdrawn:
            raise UnknownSource(f"{source} was withdrawn")
        delivery: Delivery = tx.delivery(found.delivery)
        asked = [job for job in tx.jobs(subject=found.id) if job.kind == "propose"]
        number = max(len(asked), len(tx.proposals(source=found.id))) + 1
        tx.add_job("propose", found.id, {"proposer": proposer, "number": number})
    return delivery


Seen = Mapping[tuple[str, str], Json]
"""(change, field) -> the value that stood there when the person settled a conflict."""


def decide(
    desk: Desk,
    account: str,
    proposal: str,
    decisions: Sequence[Decision],
    key: str | None = None,
    seen: Seen | None = None,
) -> Decided:
    """Records decisions and merges what they approve into the next revision, in one transaction.

    They count as those of whoever is at the desk; of several on one change the last. `key` is the call's idempotency
    key: a repeated call answers with the revision that the first one made. Conflicts block only their own change and
    leave it undecided; who has `seen` the value that stands may settle one.
    Raises UnknownProposal, UnknownChange, BadValue, NotAllowed, KeyReused.
    """
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        if key is not None and (before := tx.decisions_of_call(key)):
            return Decided(tx.revision_of_call(key), (), *answering.parted(before, tx.states(proposal), key))
        own = [decision.model_copy(update={"by": desk.actor}) for decision in decisions]
        return _decide(tx, tx.proposal(proposal), own, key, seen=seen)


def _decide(
    tx: Any,
    proposal: Proposal,
    decisions: Sequence[Decision],
    key: str | None,
    reason: str = "",
    seen: Seen | None = None,
) -> Decided:
    states = tx.states(proposal.id)
    for decision in decisions:
        if decision.change not in states:
            raise UnknownChange(decision.change)
    latest = {decision.change: decision for decision in decisions}
    fresh = [decision for decision in latest.values() if states[decision.change] in ("pending", "asked")]
    approvals = review.review(proposal, fresh, tx.items(change.item for change in proposal.changes))
    asked, approvals = answering.questions(tx, proposal, fresh), answering.meant(tx, proposal, approvals)
    merged = _merged(tx, approvals, proposal.base_revision, seen or {})
    blocked = {conflict.change for conflict in merged.conflicts}
    saved = tx.save_decisions([decision for decision in fresh if decision.change not in blocked], key)
    answers, revision = answering.answer(tx, asked, saved, blocked, key), None
    if merged.deltas:
        revision = tx.append_revision(
            tx.as_they_came(merged.deltas) if proposal.origin == "withdraw" else merged.deltas,
            reason=reason or f"Approved from {proposal.origin}",
            proposal=proposal.id,
            decisions=[each for each in (*saved, *answers) if each.verdict in (Verdict.approve, Verdict.edit)],
            key=key,
            origin=ORIGINS.get(proposal.origin),
        )
    answering.keep_words(tx, approvals, asked, merged)
    for each in {proposal.id, *(tx.proposal_of(answer.change) for answer in answers)}:
        _close_if_done(tx, tx.proposal(each))
    return Decided(revision, answering.explained(tx, proposal, merged.conflicts), tuple(saved), tuple(answers))


def _close_if_done(tx: Any, proposal: Proposal) -> None:
    """Closes a proposal of which only what a check refuted, or the plan says already, is left undecided."""
    states = tx.states(proposal.id)
    waiting = [change for change in proposal.changes if states[change.id] in ("pending", "asked")]
    if not any(needs_a_person(change) for change in waiting):
        tx.close_proposal(proposal.id)


def _merged(tx: Any, approvals: Sequence[Approval], base_revision: int, seen: Seen) -> merge.Merged:
    """The approvals merged into the items as they stand in this transaction."""
    current = tx.items(merge.needs(approvals))
    adding = [each.change for each in approvals if each.change.op is Op.add]
    leaving = {each.change.item for each in approvals if each.change.op in (Op.remove, Op.join)}
    leaving |= {each.change.into for each in approvals if each.change.into is not None}
    return merge.merge(
        approvals,
        current=current,
        references=lambda item: list(tx.items(found for found, _ in tx.references_to(item)).values()),
        heads=tx.heads(leaving),
        base_revision=base_revision,
        seen=seen,
        alike=tx.alike((each.section, each.new_values()) for each in adding),
    )


def adopt(desk: Desk, account: str, drafts: Sequence[Draft], origin: str, reason: str) -> Decided:
    """A person's own change of the plan: a proposal like any other, whose author approves it at once.

    Raises BadValue with the field and the value that does not fit it.
    """
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        return _adopt(tx, here.account, desk.actor, drafts, origin, reason)


def _adopt(tx: Any, account: Account, actor: str, drafts: Sequence[Draft], origin: str, reason: str) -> Decided:
    proposal = making.own(account, origin, tx, actor, drafts, reason)
    requiring.readable(proposal.changes)
    tx.add_proposal(proposal)
    return _decide(tx, proposal, making.approved(proposal, actor, tx.now), None, reason)


def take_in(desk: Desk, account: str, content: bytes, filename: str, ask: imports.Ask) -> tuple[Proposal, Imported]:
    """A plan file (a workbook that comes back, a table, our JSON) as a proposal; what fits nowhere becomes a source.

    Raises Unreadable, BadPlanFile or BadValue.
    """
    given = imports.read(content, filename, ask)
    here = desk.account(account, Act.deliver)
    with here.write() as tx:
        proposal, given = making.brought(here.account, tx, desk.actor, given, filename)
        requiring.readable(proposal.changes)
        tx.add_proposal(proposal)
    if given.unmapped:
        deliver(desk, account, "\n".join(given.unmapped).encode(), f"{filename} (what found no place).txt", "import")
    return proposal, given


def backfill(desk: Desk, account: str, files: Sequence[tuple[str, bytes]], progress: Progress = silent) -> Proposal:
    """A folder of old notes and filings, read by date, as ONE proposal: the newest value of each field, with the older
    words that say the same as its support. Files that can't be read are told in the proposal's `why`.
    """
    here = desk.account(account, Act.deliver)
    deliveries = [deliver(desk, account, content, name, making.BACKFILL) for name, content in files]
    sources: list[Source] = []
    for number, delivery in enumerate(deliveries, 1):
        with here.read() as tx:
            known = [each for each in tx.sources(delivery=delivery.id) if not each.withdrawn]
        source = known[0] if known else read(desk, account, delivery.id, alone=False)
        sources += [source] if source else []
        progress(number, len(deliveries))
    with here.read() as tx:
        plan = tx.plan()
    proposal = making.gathered(desk, here.account, sorted(sources, key=making.by_day), plan)
    with here.write() as tx:
        if (made := making.known(tx, proposal.id)) is not None:
            return made
        proposal = making.lawful_of_many(proposal, standing.known(tx, proposal.changes), sources)
        tx.add_proposal(proposal)
        confirming.keep(tx, proposal)
        _close_if_done(tx, proposal)
    return proposal


def revert(desk: Desk, account: str, revision: int, change: str | None = None) -> Decided:
    """Undoes a revision, or one change of it, exactly: a proposal that whoever asks for it approves at once.

    Raises StaleDecision when a field was set again since or would name what is gone, StillReferred when an item that
    would go is referred to, UnknownChange when there is nothing to undo.
    """
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        steps = tx.inverse(tx.revision(revision).number, change)
        if not steps:
            raise UnknownChange(change or f"revision {revision} changed no entry")
        requiring.known(tx, steps)
        requiring.unreferred(tx, steps)
        proposal = making.own(here.account, "revert", tx, desk.actor, (), f"Undoes revision {revision}")
        proposal = proposal.model_copy(update={"changes": undo.changes_of(steps, proposal.id, proposal.why)})
        tx.add_proposal(proposal)
        saved = tx.save_decisions(making.approved(proposal, desk.actor, tx.now))
        made = tx.append_revision(steps, reason=proposal.why, proposal=proposal.id, decisions=saved)
    return Decided(made, (), tuple(saved))


def withdraw(desk: Desk, account: str, source: str, because: str = "") -> Proposal:
    """Takes a source back: it is found and shown no more, and what rests only on it becomes a proposal to undo."""
    here = desk.account(account, Act.decide)
    with here.write() as tx:
        return _withdraw(tx, here.account, source, because, desk.actor)


def _withdraw(tx: Any, account: Account, source: str, because: str, actor: str) -> Proposal:
    title = tx.source(source).document.title or source
    versions = making.versions(tx, source)
    for version in versions:
        tx.withdraw_source(version, because)
        for each in tx.proposals(state="open", source=version):
            tx.close_proposal(each.id)
    resting = list({each.id: each for one in versions for each in tx.changes_resting_on(one)}.values())
    doomed = {change.id for change in resting if change.op is not Op.join}
    stays = "" if len(doomed) == len(resting) else "; entries joined on its word stay one until that is reverted"
    proposal = making.own(account, "withdraw", tx, actor, (), f"Takes back what rests only on {title}{stays}")
    past = tx.past(doomed)
    now = tx.items(step.item for step in past.steps)
    changes = undo.without(past.steps, doomed, now, proposal.id, past.said, past.joins)
    outcome = Outcome.changes if changes else Outcome.nothing
    proposal = proposal.model_copy(update={"changes": changes, "outcome": outcome})
    tx.add_proposal(proposal)
    return proposal


def move(desk: Desk, account: str, source: str, to: str) -> tuple[Proposal, Delivery]:
    """Moves a source to the account it belongs to, in one step: withdrawn here, delivered there.

    What an erasure masked goes masked. Raises UnknownSource, also for a source that was erased.
    """
    here, there = desk.account(account, Act.decide), desk.account(to, Act.deliver)
    with both(here, there) as (tx, other):
        delivery = moving.carried(tx, other, tx.source(source), there.account)
        proposal = _withdraw(tx, here.account, source, f"moved to {there.account.name}", desk.actor)
    return proposal, delivery


def erase(desk: Desk, account: str, source: str | None, forms: tuple[str, ...] = (), because: str = "") -> Erased:
    """Erases a source, or a person by every written form of the name, for good. Nothing brings it back."""
    here = desk.account(account, Act.manage)
    erased = here.erase_source(source, because) if source else here.erase_person(forms, because)
    if desk.answers is not None:
        desk.answers.forget(here.id)
    return erased
