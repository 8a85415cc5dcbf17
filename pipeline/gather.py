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
    """
    touched = list(dict.fromkeys(change.item for change in found))
    made: list[Change] = []
    for item in touched:
        mine = [change for change in found if change.item == item]
        change = _change(before.get(item), after.get(item), mine)
        made += [change] if change is not None else []
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


def _change(old: Item | None, new: Item | None, found: Sequence[Change]) -> Change | None:
    if new is None:
        return _removal(old, found)
    kind = section(new.section)
    now, then = kind.values(new), kind.values(old) if old else {}
    fields = tuple(
        FieldChange(field=name, old=then.get(name), new=now.get(name))
        for name in kind.fields
        if now.get(name) != then.get(name)
    )
    if not fields:
        return None
    wanted = {each.field: each.new for each in fields}
    backing = [change for change in found if _says(change, wanted)]
    news = [change for change in found if not change.confirms]
    newest = next((change for change in reversed(backing) if not change.confirms), news[-1])
    return newest.model_copy(
        update={
            "op": Op.update if old else Op.add,
            "fields": fields,
            "evidence": _evidence(reversed(backing)),
            "findings": tuple(finding for change in backing if not change.confirms for finding in change.findings),
        }
    )


def _removal(old: Item | None, found: Sequence[Change]) -> Change | None:
    leaving = [change for change in found if change.op is Op.remove]
    return leaving[-1] if old is not None and leaving else None


def _says(change: Change, wanted: Mapping[str, object]) -> bool:
    return any(wanted.get(name) == value for name, value in change.new_values().items() if value is not None)


def _evidence(changes: Iterable[Change]) -> tuple[Evidence, ...]:
    pieces = {(piece.source, piece.start, piece.end): piece for change in changes for piece in change.evidence}
    return tuple(pieces.values())
