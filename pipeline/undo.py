"""What undoes: the changes that take back a revision, or all that rests on a withdrawn source. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import Protocol

from pipeline.records import Change, FieldChange, Item, Json, Op
from pipeline.sections import amended, section


class Step(Protocol):
    """One field of one item at one revision, before and after; field "" is the item itself."""

    @property
    def item(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102
    @property
    def field(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> Json: ...  # noqa: D102
    @property
    def after(self) -> Json: ...  # noqa: D102
    @property
    def change(self) -> str | None: ...  # noqa: D102


def changes_of(steps: Sequence[Step], proposal: str, reason: str) -> tuple[Change, ...]:
    """The steps as changes for people to see, one an item; ids are numbered under the proposal's."""
    ordered = sorted(steps, key=lambda step: step.item)
    grouped = [(item, list(each)) for item, each in groupby(ordered, key=lambda step: step.item)]
    return tuple(
        Change(
            id=f"{proposal}-{number}",
            section=mine[0].section,
            op=_op(mine),
            item=item,
            fields=tuple(_net(mine)),
            reason=reason,
        )
        for number, (item, mine) in enumerate(grouped, 1)
    )


def _net(steps: Sequence[Step]) -> Iterator[FieldChange]:
    """What becomes of each field of an item in the end, whatever stood there on the way."""
    first = {step.field: step for step in reversed(steps)}
    for done in last(steps):
        if done.field and first[done.field].before != done.after:
            yield FieldChange(field=done.field, old=first[done.field].before, new=done.after)


def _op(steps: Iterable[Step]) -> Op:
    for step in steps:
        if step.field == "":
            return Op.remove if step.after is None else Op.add
    return Op.update


def last(steps: Iterable[Step]) -> list[Step]:
    """Of the steps on one field the last: what is so in the end, whatever stood there on the way."""
    return list({(step.item, step.field): step for step in steps}.values())


def named(steps: Iterable[Step]) -> frozenset[str]:
    """The ids of the items that the steps' fields will refer to."""
    found: set[str] = set()
    for step in steps:
        shape = section(step.section).fields.get(step.field)
        if shape is not None and shape.ref and step.after is not None:
            found |= set(step.after if isinstance(step.after, list) else [step.after])
    return frozenset(found)


def without(
    histories: Mapping[str, Sequence[Step]], doomed: AbstractSet[str], now: Mapping[str, Item], proposal: str
) -> tuple[Change, ...]:
    """The changes that take the plan to where it would be had the `doomed` changes never been approved.

    histories: all steps of each item that they touched, oldest first. now: those items as they stand. A field that
    was set again since keeps its later value, a set what came into it otherwise; an item that rests on nothing else
    goes, one that was removed on their word alone comes back.
    """
    found: list[Change] = []
    for item, steps in histories.items():
        change = _without(item, steps, doomed, now.get(item))
        if change is not None:
            found.append(change.model_copy(update={"id": f"{proposal}-{len(found) + 1}"}))
    return tuple(found)


def _without(item: str, steps: Sequence[Step], doomed: AbstractSet[str], now: Item | None) -> Change | None:
    values: dict[str, Json] = {}
    there, name = False, steps[0].section
    stood: dict[tuple[str | None, str], Json] = {}
    for step in steps:
        if step.change in doomed:  # once more where what it set came back: what stood before it stands again
            before = stood.setdefault((step.change, step.field), values.get(step.field) if step.field else there)
            if step.field:
                values[step.field] = before
            else:
                there = bool(before)
            continue
        if step.field == "":
            there = step.after is not None
        else:
            there = there or step.after is not None
            values[step.field] = _after(step, values.get(step.field))
    reason = "It rests only on the withdrawn source."
    if now is None:
        return _back(item, name, values, steps, doomed) if there else None
    if not there:
        return Change(id="", section=name, op=Op.remove, item=item, reason=reason)
    touched = {step.field for step in steps if step.change in doomed and step.field}
    current = section(name).values(now)
    fields = tuple(
        FieldChange(field=field, old=current.get(field), new=values.get(field))
        for field in section(name).fields
        if field in touched
        and current.get(field) != values.get(field)
        and not (values.get(field) is None and field in section(name).required)
    )
    return Change(id="", section=name, op=Op.update, item=item, fields=fields, reason=reason) if fields else None


def _after(step: Step, before: Json) -> Json:
    """What a step leaves of what stood before it: its value; of a set, what it added and without what it took."""
    shape = section(step.section).fields.get(step.field)
    if shape is None or not shape.is_set:
        return step.after
    return amended(before, step.before, step.after)


def _back(
    item: str, name: str, values: Mapping[str, Json], steps: Sequence[Step], doomed: AbstractSet[str]
) -> Change | None:
    """The change that brings back an item whose removal was doomed; None when others took it out."""
    last = next(step for step in reversed(steps) if step.field == "")
    if last.change not in doomed:
        return None
    fields = tuple(FieldChange(field=field, new=value) for field, value in values.items() if value is not None)
    reason = "It was removed only on the word of the withdrawn source."
    return Change(id="", section=name, op=Op.add, item=item, fields=fields, reason=reason)
