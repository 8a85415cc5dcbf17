"""Two items that are one: what the one has goes to the other, and whoever referred to the one refers to the other."""

from collections.abc import Callable, Mapping

from pipeline.merge.work import Blocked, Work
from pipeline.records import Change, Json
from pipeline.sections import Section, references, section

SAYS_LITTLE = frozenset({"need_unknown", "untouched"})
"""Cell statuses that give way to any other when two cells become one."""


def join(work: Work, change: Change, merged_fields: Callable[[Change, str], None]) -> None:
    """Makes `change.item` part of `change.into`.

    The target keeps what it has; its empty fields are filled, its sets grow, the other's names become aliases. The
    change's own fields then go to the target. Raises Blocked.
    """
    gone, kept = work.follow(change.item), work.follow(change.into or "")
    one, other = work.item(gone), work.item(kept)
    if one is None or other is None:
        raise Blocked(change, message=f"{gone if one is None else kept or 'the other'} is not in the plan.")
    if one.section != change.section or other.section != change.section or gone == kept:
        raise Blocked(change, message=f"{gone} and {kept} are not two {change.section}.")
    _pour(work, change, gone, kept)
    merged_fields(change, kept)


def _pour(work: Work, change: Change, gone: str, kept: str) -> None:
    kind = section(work.item(gone).section)  # type: ignore[union-attr]
    values = dict(work.values(gone))
    work.keep_names(kept, kind, values)
    for name, value in values.items():
        if name not in kind.key or name not in work.values(kept):
            _fill(work, change, kind, kept, name, _not_itself(kind, name, value, {gone, kept}))
    for key in work.referring(gone):
        _repoint(work, change, key, gone, kept)
    for name, target in references(work.item(kept)):  # type: ignore[arg-type]
        if target == gone:
            work.set(kept, name, _without(work.values(kept)[name], gone))
    work.remove(gone)
    work.redirected[gone] = kept


def _not_itself(kind: Section, name: str, value: Json, both: set[str]) -> Json:
    """A reference from one of the two to the other would point at itself."""
    if not kind.fields[name].ref:
        return value
    return None if isinstance(value, str) and value in both else value


def _without(value: Json, key: str) -> Json:
    return [each for each in value if each != key] or None if isinstance(value, list) else None


def _fill(work: Work, change: Change, kind: Section, kept: str, name: str, value: Json) -> None:
    now = work.values(kept).get(name)
    if value is None or value == now:
        return
    if now is None or (name == "status" and now in SAYS_LITTLE and kind.name == "cells"):
        work.set(kept, name, value)
    elif kind.fields[name].is_set:
        work.set(kept, name, sorted({*now, *value}))
    elif kind.name == "cells" and name == "status" and value not in SAYS_LITTLE:
        said = f"Both have this cell, one {now}, the other {value}. Settle it first."
        raise Blocked(change, field=name, item=kept, current=now, proposed=value, message=said)


def _repoint(work: Work, change: Change, key: str, gone: str, kept: str) -> None:
    """Makes an item refer to `kept` instead of `gone`; where that makes it the same as another, the two are one."""
    item = work.item(key)
    if item is None or key == kept:
        return
    kind = section(item.section)
    naming = False
    for name, target in references(item):
        if target != gone:
            continue
        naming = naming or name in kind.key
        value = work.values(key)[name]
        new = sorted({kept if each == gone else each for each in value}) if isinstance(value, list) else kept
        work.set(key, name, new)
    if naming and _points_at_itself(kind, work.values(key)):
        _drop(work, change, key)
        return
    twin = _twin(work, kind, key, kept) if naming else None
    if twin:
        _pour(work, change, key, twin)


def _points_at_itself(kind: Section, values: Mapping[str, Json]) -> bool:
    """An edge of the influence map whose two ends became one person."""
    ends = [values.get(name) for name in kind.key if kind.fields[name].ref == "stakeholders"]
    return len(ends) > 1 and len(set(ends)) == 1


def _drop(work: Work, change: Change, key: str) -> None:
    if work.referring(key):
        raise Blocked(change, item=key, message=f"{key} would refer to one person twice, and others refer to it.")
    work.remove(key)


def _twin(work: Work, kind: Section, key: str, kept: str) -> str | None:
    values = work.values(key)
    others = (work.item(other) for other in work.referring(kept) if other != key)
    return next((one.id for one in others if one and one.section == kind.name and kind.same(values, one.values)), None)
