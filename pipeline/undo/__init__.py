"""What undoes: the changes that take back a revision, or all that rests on a withdrawn source. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from pipeline.records import Change, FieldChange, Item, Op
from pipeline.sections import section
from pipeline.undo.otherwise import Otherwise, Said, Step

__all__ = ["Step", "changes_of", "last", "named", "without"]


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
    steps: Iterable[Step],
    doomed: AbstractSet[str],
    now: Mapping[str, Item],
    proposal: str,
    said: Said | None = None,
    joins: AbstractSet[str] = frozenset(),
) -> tuple[Change, ...]:
    """The changes that take the plan to where it would be had the `doomed` changes never been approved.

    steps: all that was done to each item that they touched, and to those that these were joined into (by the `joins`
    among the changes), oldest first; what leaves by a join before where it goes. now: those items as they stand.
    A field that was set again since keeps its later value, a set what came into it otherwise, and what is `said` by
    others stays; an item that rests on nothing else goes, one that was removed on their word alone comes back.
    """
    done = list(steps)
    mine: dict[str, list[Step]] = defaultdict(list)
    for step in done:
        mine[step.item].append(step)
    otherwise = Otherwise(doomed, said or {}, joins, done)
    found: list[Change] = []
    for item in sorted(mine):
        change = _without(item, mine[item], otherwise, now.get(item))
        if change is not None:
            found.append(change.model_copy(update={"id": f"{proposal}-{len(found) + 1}"}))
    return tuple(found)


def _without(item: str, steps: Sequence[Step], otherwise: Otherwise, now: Item | None) -> Change | None:
    name, values = steps[0].section, otherwise.values[item]
    reason = "It rests only on the withdrawn source."
    if now is None:
        return _back(item, steps, otherwise) if item in otherwise.there else None
    if item not in otherwise.there:
        return Change(id="", section=name, op=Op.remove, item=item, reason=reason)
    kind = section(name)
    current = kind.values(now)
    fields = tuple(
        FieldChange(field=field, old=current.get(field), new=values.get(field))
        for field in kind.fields
        if (item, field) in otherwise.touched
        and current.get(field) != values.get(field)
        and not (values.get(field) is None and (field in kind.required or otherwise.names(item, field, current)))
    )
    return Change(id="", section=name, op=Op.update, item=item, fields=fields, reason=reason) if fields else None


def _back(item: str, steps: Sequence[Step], otherwise: Otherwise) -> Change | None:
    """The change that brings back an item whose removal was doomed; None when others took it out."""
    last = next(step for step in reversed(steps) if step.field == "")
    if last.change not in otherwise.doomed:
        return None
    values = otherwise.values[item].items()
    fields = tuple(FieldChange(field=field, new=value) for field, value in values if value is not None)
    reason = "It was removed only on the word of the withdrawn source."
    return Change(id="", section=steps[0].section, op=Op.add, item=item, fields=fields, reason=reason)
