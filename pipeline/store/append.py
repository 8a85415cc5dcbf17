"""What a call's deltas come to on the items they touch: checked against what stands, completed, in order. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.errors import StaleDecision
from pipeline.records import Json
from pipeline.store.fold import Folded
from pipeline.store.values import Delta, DeltaLike

UPCAST = "upcast"
"""The origin of deltas that only bring an item to its section's newer version."""

Upcast = Callable[[str, Mapping[str, Json], int], tuple[dict[str, Json], int]]
"""Section, stored values, stored version -> the values and the version of today."""


@dataclass(frozen=True)
class Prepared:
    """The rows to write, the items as they will be (None: gone), and which heads move to a field's new name."""

    deltas: tuple[Delta, ...]
    items: Mapping[str, Folded | None]
    renamed: Mapping[tuple[str, str], str]


def prepared(deltas: Iterable[DeltaLike], standing: Mapping[str, Folded], upcast: Upcast) -> Prepared:
    """Applies deltas to the items that stand, one item after another.

    An item stored by an older section version is brought to today's first, as deltas of its own, so that the fold
    never depends on code. A removal is completed by the fields it takes along, so that its inverse is exact.
    Raises StaleDecision when an old value is not the one that stands.
    """
    mine: dict[str, list[DeltaLike]] = defaultdict(list)
    for each in deltas:
        mine[each.item].append(each)
    done: list[Delta] = []
    items: dict[str, Folded | None] = {}
    renamed: dict[tuple[str, str], str] = {}
    for identity, asked in mine.items():
        work = _Work(identity, standing.get(identity), upcast)
        work.modernise(renamed)
        for each in sorted(asked, key=_rank):
            work.apply(each)
        items[identity] = work.here
        done += work.done
    return Prepared(tuple(done), items, renamed)


class _Work:
    """One item on the way from what stands to what it becomes."""

    def __init__(self, identity: str, here: Folded | None, upcast: Upcast) -> None:
        self.identity = identity
        self.here = here and Folded(here.section, here.version, here.born, dict(here.values))
        self.upcast = upcast
        self.done: list[Delta] = []

    def modernise(self, renamed: dict[tuple[str, str], str]) -> None:
        """Writes the item in today's form, when an older version of its section stored it."""
        if self.here is None:
            return
        values, version = self.upcast(self.here.section, self.here.values, self.here.version)
        if version == self.here.version:
            return
        for name in self.here.values:
            alone = self.upcast(self.here.section, {name: self.here.values[name]}, self.here.version)[0]
            if name not in values and len(alone) == 1:
                renamed[self.identity, name] = next(iter(alone))
        older, self.here.version = self.here.version, version
        self._log("", older, version, origin=UPCAST)
        for name in sorted({*self.here.values, *values}):
            self._set(name, self.here.values.get(name), values.get(name), origin=UPCAST)

    def apply(self, asked: DeltaLike) -> None:
        """One delta that the merge asked for."""
        change = getattr(asked, "change", None)
        if asked.field == "":
            self._come_or_go(asked, change)
            return
        if self.here is None:
            raise StaleDecision(f"{self.identity} is not in the plan")
        if self.here.values.get(asked.field) != asked.before:
            raise StaleDecision(f"{self.identity}.{asked.field} has changed meanwhile")
        how = {"origin": getattr(asked, "origin", ""), "said_on": getattr(asked, "said_on", None)}
        self._set(asked.field, asked.before, asked.after, change, **how)

    def _come_or_go(self, asked: DeltaLike, change: str | None) -> None:
        if (self.here is None) != (asked.before is None):
            raise StaleDecision(f"{self.identity} is {'not ' if self.here is None else ''}in the plan")
        if asked.after is not None and self.here is None:
            version = asked.after if type(asked.after) is int else self.upcast(asked.section, {}, 0)[1]
            self.here = Folded(asked.section, version, (0, 0))
            self._log("", None, version, change)
        elif asked.after is None and self.here is not None:
            for name in sorted(self.here.values):
                self._set(name, self.here.values[name], None, change)
            self._log("", self.here.version, None, change)
            self.here = None

    def _set(self, name: str, before: Json, after: Json, change: str | None = None, **how: Any) -> None:
        assert self.here is not None
        if before == after:
            return
        self._log(name, before, after, change, **how)
        if after is None:
            self.here.values.pop(name, None)
        else:
            self.here.values[name] = after

    def _log(self, field: str, before: Json, after: Json, change: str | None = None, **how: Any) -> None:
        assert self.here is not None
        section, version = self.here.section, self.here.version
        self.done.append(Delta(self.identity, section, field, before, after, change, version=version, **how))


def modern(delta: Delta, upcast: Upcast) -> Delta:
    """A delta that was written in an older form of its section, in today's."""
    version = upcast(delta.section, {}, delta.version)[1]
    if version == delta.version:
        return delta
    if delta.field == "":
        return replace(delta, before=delta.before and version, after=delta.after and version, version=version)
    old = upcast(delta.section, {delta.field: delta.before}, delta.version)[0]
    new = upcast(delta.section, {delta.field: delta.after}, delta.version)[0]
    name = next(iter(new)) if len(new) == 1 else delta.field
    return replace(delta, field=name, before=old.get(name), after=new.get(name), version=version)


def upcast(section: str, values: Mapping[str, Json], version: int) -> tuple[dict[str, Json], int]:
    """The `Upcast` of the sections there are; a section that is gone stays as it was stored."""
    from pipeline.sections import sections

    known = sections().get(section)
    if known is None or version == known.version:
        return dict(values), version or 1
    return known.upcast(dict(values), version), known.version


def _rank(delta: DeltaLike) -> int:
    """An item comes before its fields are set, and goes after they are."""
    if delta.field:
        return 1
    return 0 if delta.before is None else 2


def written_forms(values: Mapping[str, Any]) -> list[str]:
    """Every way an item's name is written, for recognising it in a text; of an action its words."""
    aliases = values.get("aliases")
    forms = [values.get("name"), values.get("action"), *(aliases if isinstance(aliases, list) else ())]
    return list(dict.fromkeys(form for form in forms if isinstance(form, str) and form))
