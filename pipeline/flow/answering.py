"""One answer for all that ask the same: changes that claim what a decided one claims are decided with it."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from pipeline import merge
from pipeline.errors import KeyReused
from pipeline.flow import confirming
from pipeline.records import Approval, Change, Conflict, Decision, FieldChange, Json, Op, Proposal, Verdict
from pipeline.sections import section
from pipeline.store import Pending
from pipeline.views import standing
from pipeline.views.twins import ANSWERED, Question, asked_together

Questions = Mapping[str, Question]
"""The questions that some changes ask together with others, by change."""


def questions(tx: Any, proposal: Proposal, decisions: Sequence[Decision]) -> Questions:
    """What the decided changes of a proposal ask together with others that wait."""
    decided = {each.change for each in decisions if each.verdict is not Verdict.ask}
    return asked_together(tx, [each for each in proposal.changes if each.id in decided])


def meant(tx: Any, proposal: Proposal, approvals: Sequence[Approval]) -> tuple[Approval, ...]:
    """The approvals with the ids of today: of new entries of the proposal that the plan has by now under another one,
    and of what was joined into another entry since.
    """
    named = merge.needs(approvals) - {each.change.item for each in approvals if each.change.op is Op.add}
    missing = [each for each in proposal.changes if each.op is Op.add and each.item in named]
    there = tx.items(each.item for each in missing)
    again = tx.joined({item for each in approvals for item in standing.touched(each.change)})
    again |= standing.again(tx, [each for each in missing if each.item not in there])
    return tuple(each.model_copy(update={"change": standing.meant(each.change, again)}) for each in approvals)


def answer(
    tx: Any, asked: Questions, saved: Sequence[Decision], blocked: Container[str], key: str | None
) -> list[Decision]:
    """Decides what claims the same as something just decided, in the same person's name; returns these decisions.

    What was `blocked` by a conflict in the same call was not decided, whatever its twin came to.
    """
    decided = {each.change for each in saved}
    answers = {
        each.change.id: said.model_copy(update={"change": each.change.id, "why": _why(each, said, asked[said.change])})
        for said in saved
        if said.change in asked
        for each in asked[said.change].members
        if each.change.id not in decided and each.change.id not in blocked
    }
    made: list[Decision] = tx.save_decisions(answers.values(), key)
    return made


def parted(
    decisions: Sequence[Decision], own: Container[str], key: str
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """What the call with this key decided on a proposal's `own` changes, and with them on others.

    Raises KeyReused when it decided nothing of this proposal.
    """
    mine = tuple(each for each in decisions if each.change in own)
    if not mine:
        raise KeyReused(key)
    return mine, tuple(each for each in decisions if each.change not in own)


def keep_words(tx: Any, approvals: Sequence[Approval], asked: Questions, merged: merge.Merged) -> None:
    """Keeps as support what else says the values that an approval stands for: the words of those answered with it, and
    its own for what the plan said already.
    """
    blocked = {each.change for each in merged.conflicts}
    set_by = {(step.item, step.field): step.change for step in merged.deltas}
    for approval in approvals:
        change = standing.meant(approval.change, merged.redirected)
        if change.id in blocked or change.op in (Op.remove, Op.join):
            continue
        question = asked.get(change.id)
        others = [each.change for each in question.backing if each.change.id != change.id] if question else []
        for each in change.fields:
            saying = others if set_by.get((change.item, each.field)) == change.id else [change, *others]
            words = [piece for one in saying for piece in one.evidence]
            if words and each.field not in approval.decision.fields:
                confirming.confirm(tx, change.item, each.field, _claimed(change.section, each), words)


def explained(tx: Any, proposal: Proposal, conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """The conflicts; one over an entry that the proposal itself would add says which, and what became of that."""
    if not conflicts:
        return ()
    states = tx.states(proposal.id)
    adding = {each.item: each for each in proposal.changes if each.op is Op.add}
    return tuple(_explained(each, adding, states) for each in conflicts)


def _explained(conflict: Conflict, adding: Mapping[str, Change], states: Mapping[str, str]) -> Conflict:
    named = conflict.proposed if isinstance(conflict.proposed, list) else [conflict.proposed]
    missing = next((adding[item] for item in named if isinstance(item, str) and item in adding), None)
    if missing is None or not conflict.field:
        return conflict
    label = section(missing.section).label(missing.new_values())
    why = "which was rejected" if states[missing.id] == "rejected" else "which is new itself: approve that first"
    return conflict.model_copy(update={"message": f"It names {label}, {why}."})


def _claimed(name: str, field: FieldChange) -> Json:
    """What a field's change says: its value; of a set what it adds."""
    if not section(name).fields[field.field].is_set:
        return field.new
    return sorted({*(field.new or ())} - {*(field.old or ())}) or field.new


def _why(answered: Pending, said: Decision, question: Question) -> str:
    by = next(each.proposal for each in question.members if each.change.id == said.change)
    return f"{ANSWERED}{by}. {said.why}".strip() if answered.proposal != by else said.why
