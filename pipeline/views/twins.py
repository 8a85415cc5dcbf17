"""Waiting changes that claim the same are one question: the newest of them asks it, its answer is the answer to all.

Two changes claim the same when they do the same to the same entry (or add entries of one identity) with equal values;
of a set counts what comes and what goes. Only what rests on words is a claim, and what a check refuted is none.
Nothing of this is stored: it is read off the changes that wait.
"""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.records import Change, Decision, FieldChange, Json, Op
from pipeline.sections import FieldShape, section
from pipeline.store import Pending

ANSWERED = "Answered together with "
"""How the reason of a decision begins that was made by deciding another change; the other's proposal follows."""

DEPTH = 4
"""How deep new entries may name new entries (a cell a department, that a department above it)."""


@dataclass(frozen=True)
class Question:
    """Several waiting changes that claim the same: the one that asks, and the others, newest first."""

    asks: Pending
    others: tuple[Pending, ...]

    @property
    def members(self) -> tuple[Pending, ...]:
        """All of them."""
        return (self.asks, *self.others)

    @property
    def backing(self) -> tuple[Pending, ...]:
        """Those whose words count: not the ones held back, unless the one that asks is held back too."""
        return tuple(each for each in self.members if each is self.asks or not each.change.demoted)


def in_own_words(decision: Decision) -> tuple[str | None, Decision]:
    """The proposal by whose decision a change was answered, if it was; and its own decision as the person worded it."""
    if not decision.why.startswith(ANSWERED):
        return None, decision
    other, _, why = decision.why.removeprefix(ANSWERED).partition(".")
    return other, decision.model_copy(update={"why": why.strip()})


def questions(pending: Iterable[Pending]) -> dict[str, Question]:
    """The questions that several changes ask, by the id of each of these changes."""
    said = [each for each in pending if _is_claim(each.change)]
    same = same_entries([each.change for each in said])
    groups: dict[Hashable, list[Pending]] = defaultdict(list)
    for each in said:
        groups[_claim(each.change, same)].append(each)
    return {
        each.change.id: question
        for group in groups.values()
        if len(group) > 1
        for question in [_question(group)]
        for each in group
    }


def asked_together(tx: Any, changes: Iterable[Change]) -> dict[str, Question]:
    """The questions that waiting changes, these among them, ask together; by change id."""
    said = [each for each in changes if _is_claim(each)]
    wanted = {each.section for each in said if each.op is Op.add}
    wanted |= {shape.ref for each in said for _, shape in _shapes(each) if shape.ref}
    found = questions(tx.pending_changes({each.item for each in said}, wanted) if said else ())
    return {each.id: found[each.id] for each in said if each.id in found}


def _is_claim(change: Change) -> bool:
    return bool(change.evidence) and not (change.dropped or change.confirms)


def _question(group: Sequence[Pending]) -> Question:
    newest = sorted(group, key=lambda each: (each.made_at, each.proposal), reverse=True)
    asks = next((each for each in newest if not each.change.demoted), newest[0])
    return Question(asks, tuple(each for each in newest if each is not asks))


def same_entries(changes: Sequence[Change]) -> dict[str, str]:
    """New entries' ids -> one id for all that are plainly the same entry, so that what names them is compared too."""
    adding = [each for each in changes if each.op is Op.add]
    same: dict[str, str] = {}
    for _ in range(DEPTH):
        first: dict[Hashable, str] = {}
        for each in adding:
            first.setdefault((each.section, _identity(each, same)), each.item)
        now = {each.item: first[each.section, _identity(each, same)] for each in adding}
        if now == same:
            break
        same = now
    return same


def _identity(change: Change, same: Mapping[str, str]) -> tuple[str, ...]:
    values = {each.field: _pointed(each.new, shape, same) for each, shape in _shapes(change)}
    return section(change.section).identity(values)


def _claim(change: Change, same: Mapping[str, str]) -> Hashable:
    target: Hashable = (same.get(change.item, change.item), change.into)
    key: Iterable[str] = ()
    if change.op is Op.add:
        target, key = _identity(change, same), section(change.section).key
    said = frozenset((each.field, _said(each, shape, same)) for each, shape in _shapes(change) if each.field not in key)
    return change.section, change.op, target, change.effective, said


def _shapes(change: Change) -> list[tuple[FieldChange, FieldShape]]:
    shapes = section(change.section).fields
    return [(each, shapes[each.field]) for each in change.fields if each.field in shapes]


def _said(field: FieldChange, shape: FieldShape, same: Mapping[str, str]) -> str:
    new, old = _pointed(field.new, shape, same), _pointed(field.old, shape, same)
    if shape.is_set:
        new = [sorted({*(new or ())} - {*(old or ())}), sorted({*(old or ())} - {*(new or ())})]
    return json.dumps(new, sort_keys=True)


def _pointed(value: Json, shape: FieldShape, same: Mapping[str, str]) -> Json:
    if not shape.ref or value is None:
        return value
    return sorted(same.get(each, each) for each in value) if isinstance(value, list) else same.get(value, value)
