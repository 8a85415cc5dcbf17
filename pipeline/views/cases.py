"""What people decided of proposals: to measure proposers on, and for a model to learn from.

Nothing is handed out that rests on a source which was withdrawn, or from which anything was erased.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.errors import UnknownSource, Unreadable
from pipeline.records import Account, Change, Decision, Plan, Proposal, Source
from pipeline.store import Store
from pipeline.store.masking import BLOCK
from pipeline.views.twins import in_own_words

DECIDED = frozenset({"approved", "edited", "rejected"})
CORRECTED = frozenset({"edited", "rejected"})


@dataclass(frozen=True)
class Reviewed:
    """A reviewed proposal of one source, with all that it takes to propose and judge it again.

    `content` are the bytes as they came under `filename`, `plan` what it was proposed against, `decisions` the last
    ones, one for each decided change.
    """

    account: Account
    source: Source
    filename: str
    content: bytes
    plan: Plan
    proposal: Proposal
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Lesson:
    """A change that somebody edited or rejected. `beside` is all that was proposed together with it."""

    change: Change
    decision: Decision
    beside: tuple[Change, ...]


def reviewed(store: Store, actor: str, account: str) -> Iterator[Reviewed]:
    """The proposals of an account's sources that somebody decided on, oldest first. Raises UnknownAccount."""
    here = store.account(account, actor)
    with here.read() as tx:
        for proposal, decisions in _decided(tx, DECIDED):
            source = tx.source(proposal.source) if proposal.source else None
            content = _bytes(tx, source) if source else None
            if source is None or content is None:
                continue
            yield Reviewed(
                account=here.account,
                source=source,
                filename=tx.delivery(source.delivery).filename or "",
                content=content,
                plan=tx.plan(proposal.base_revision),
                proposal=proposal,
                decisions=tuple(said for _, said in decisions),
            )


def lessons(tx: Any, most: int) -> list[Lesson]:
    """What was edited or rejected in the newest `most` corrected proposals of the transaction's account; of changes
    that were answered together the one that was decided.
    """
    found = []
    for proposal, decisions in _decided(tx, CORRECTED, most):
        changes = {change.id: change for change in proposal.changes}
        found += [Lesson(changes[said.change], said, proposal.changes) for other, said in decisions if other is None]
    cited = {piece.source for lesson in found for piece in lesson.change.evidence}
    gone = cited - {each.id for each in tx.source_outlines(ids=cited) if not each.withdrawn}
    return [each for each in found if not _erased(each) and not gone & {p.source for p in each.change.evidence}]


def _decided(
    tx: Any, states: frozenset[str], most: int | None = None
) -> Iterator[tuple[Proposal, tuple[tuple[str | None, Decision], ...]]]:
    """Proposals with changes in one of the `states`, oldest first, and what was last said of these changes, each with
    the proposal that it was answered in if that is another.
    """
    known = [each for each in tx.proposal_outlines() if states & {state for state, _ in each.changes}]
    for each in known if most is None else known[-most:]:
        now = tx.states(each.id)
        last = {said.change: said for said in tx.decisions(each.id)}
        told = (in_own_words(said) for said in last.values() if now[said.change] in states)
        yield tx.proposal(each.id), tuple(told)


def _bytes(tx: Any, source: Source) -> bytes | None:
    """The bytes of a source that stands; None when it was withdrawn, or anything of it erased."""
    if source.withdrawn:
        return None
    try:
        content: bytes = tx.delivery_bytes(source.delivery)
    except (UnknownSource, Unreadable):
        return None
    return content


def _erased(lesson: Lesson) -> bool:
    return BLOCK in lesson.change.model_dump_json() + lesson.decision.model_dump_json()
