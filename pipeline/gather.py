"""Many notes, one proposal: the newest value of each field, with the older words that say the same as its support.

Pure: notes are proposed one after the other, by date, against a plan that grows as if each had been approved; what
that plan came to, set beside where it began, is the one proposal.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.records import Change, Evidence, FieldChange, Item, Op, Plan
from pipeline.sections import section


def gathered(before: Plan, after: Mapping[str, Item], found: Sequence[Change], proposal: str) -> tuple[Change, ...]:
    """The changes from `before` to `after`, each with the evidence of every change in `found` (oldest first) that says
    what it says, newest first; then what only confirms the plan. Ids are numbered under the proposal's.

    What different notes say last of an entry of the plan are different changes of it, each of its own day.
    """
    touched = list(dict.fromkeys(change.item for change in found))
    made: list[Change] = []
    for item in touched:
        mine = [change for change in found if change.item == item]
        made += _changes(before.get(item), after.get(item), mine)
    made += [known for change in found if change.confirms for known in _known(change, before, after)]
    return tuple(change.model_copy(update={"id": f"{proposal}-{at}"}) for at, change in enumerate(made, 1))


def _known(change: Change, before: Plan, after: Mapping[str, Item]) -> Iterable[Change]:
    """What a change confirms that the plan says from beginning to end."""
    old, new = before.get(change.item), after.get(change.item)
    if old is None or new is None:
        return
    then, now = section(old.section).values(old), section(new.section).values(new)
    fields = tuple(each for each in change.fields if then.get(each.field) == now.get(each.field))
    if fields:
        yield change.model_copy(update={"fields": fields})


def _changes(old: Item | None, new: Item | None, found: Sequence[Change]) -> list[Change]:
    if new is None:
        return _removal(old, found)
    kind = section(new.section)
    now, then = kind.values(new), kind.values(old) if old else {}
    fields = [
        FieldChange(field=name, old=then.get(name), new=now.get(name))
        for name in kind.fields
        if now.get(name) != then.get(name)
    ]
    groups: dict[int, list[FieldChange]] = {}
    for each in fields:
        groups.setdefault(_last(each, found) if old else 0, []).append(each)
    op = Op.update if old else Op.add
    return [_change(op, groups[at], found) for at in sorted(groups)]


def _last(wanted: FieldChange, found: Sequence[Change]) -> int:
    """The place of the newest change that says it, among those that bring news before those that only confirm."""
    saying = [(not change.confirms, at) for at, change in enumerate(found) if _says(change, [wanted])]
    return max(saying, default=(False, len(found)))[1]


def _change(op: Op, fields: Sequence[FieldChange], found: Sequence[Change]) -> Change:
    backing = [change for change in found if _says(change, fields)]
    news = [change for change in found if not change.confirms]
    newest = next((change for change in reversed(backing) if not change.confirms), news[-1])
    return newest.model_copy(
        update={
            "op": op,
            "fields": tuple(fields),
            "evidence": _evidence(reversed(backing)),
            "findings": tuple(finding for change in backing if not change.confirms for finding in change.findings),
        }
    )


def _removal(old: Item | None, found: Sequence[Change]) -> list[Change]:
    return [change for change in found if change.op is Op.remove][-1:] if old is not None else []


def _says(change: Change, wanted: Sequence[FieldChange]) -> bool:
    """Whether a change says one of the wanted values; of a set, something that came or went."""
    said = {each.field: each for each in change.fields}
    return any(_brings(said[each.field], each) for each in wanted if each.field in said)


def _brings(said: FieldChange, wanted: FieldChange) -> bool:
    if not isinstance(wanted.new or wanted.old, list):
        return said.new is not None and bool(said.new == wanted.new)
    came, went = _moved(wanted)
    if said.new == said.old:
        return bool(came & {str(each) for each in said.new or ()})
    return bool(came & _moved(said)[0] or went & _moved(said)[1])


def _moved(field: FieldChange) -> tuple[set[str], set[str]]:
    """What comes into a set, and what goes."""
    old, new = ({str(each) for each in value or ()} for value in (field.old, field.new))
    return new - old, old - new


def _evidence(changes: Iterable[Change]) -> tuple[Evidence, ...]:
    pieces = {(piece.source, piece.start, piece.end): piece for change in changes for piece in change.evidence}
    return tuple(pieces.values())
