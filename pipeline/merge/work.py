"""The items of one merge while they change: every step is logged as a delta, and a blocked change leaves no trace."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.merge.deltas import Delta
from pipeline.records import Change, Conflict, Item, Json
from pipeline.sections import Section, references, section, stored

References = Callable[[str], Sequence[Item]]
"""The items that refer to one."""
Alike = Callable[[str, Mapping[str, Json]], Sequence[Item]]
"""Section and values of a new item -> the items of the plan that it may be the same as."""


class Blocked(Exception):
    """A change that can't be merged as it stands; carries its conflicts."""

    def __init__(
        self,
        change: Change,
        field: str = "",
        item: str = "",
        proposed: Json = None,
        current: Json = None,
        message: str = "",
    ) -> None:
        self.conflicts: tuple[Conflict, ...] = (
            Conflict(
                change=change.id,
                item=item or change.item,
                field=field,
                current=current,
                proposed=proposed,
                message=message,
            ),
        )
        super().__init__(message)

    @classmethod
    def several(cls, change: Change, item: str, clashes: Sequence[tuple[str, Json, Json, Json, str]]) -> "Blocked":
        """One conflict a field: (field, base, current, proposed, message)."""
        made = cls(change)
        made.conflicts = tuple(
            Conflict(change=change.id, item=item, field=name, base=base, current=now, proposed=new, message=said)
            for name, base, now, new, said in clashes
        )
        return made


@dataclass
class Attempt:
    """One change being tried; `blocked` holds its conflicts when it could not be merged."""

    change: Change
    blocked: tuple[Conflict, ...] = ()


class Work:
    """The items that stand, under the changes made to them so far."""

    def __init__(
        self,
        current: Mapping[str, Item],
        refer: References,
        alike: Alike | None = None,
    ) -> None:
        self._items: dict[str, Item | None] = {key: _today(item) for key, item in current.items()}
        self._refer = refer
        self._alike = alike
        self._referred: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, list[str]] = {}
        for item in current.values():
            self._given.setdefault(item.section, []).append(item.id)
        self._added: dict[tuple[str, tuple[str, ...]], str] = {}
        self._fresh: set[str] = set()
        self._changed: dict[str, dict[str, None]] = {}
        self._steps: Counter[str] = Counter()
        self._change: Change | None = None
        self._before: list[tuple[str, Item | None]] = []
        self.deltas: list[Delta] = []
        self.redirected: dict[str, str] = {}

    @contextmanager
    def attempt(self, change: Change) -> Iterator[Attempt]:
        """Tries one change: when it is blocked, all that it did is as if it had never been."""
        done, known = len(self.deltas), len(self.redirected)
        attempt = Attempt(change)
        self._change = change
        try:
            yield attempt
        except Blocked as blocked:
            attempt.blocked = blocked.conflicts
            while len(self.deltas) > done:
                self._steps[self.deltas.pop().item] -= 1
                key, item = self._before.pop()
                self._items[key] = item
            while len(self.redirected) > known:
                self.redirected.popitem()

    @property
    def touched(self) -> tuple[str, ...]:
        """The ids of the items changed so far."""
        return tuple(key for key, steps in self._steps.items() if steps)

    def item(self, key: str) -> Item | None:
        """An item as it is by now; None when it is not in the plan."""
        return self._items.get(key)

    def values(self, key: str) -> Mapping[str, Json]:
        """Its values."""
        item = self._items.get(key)
        return item.values if item else {}

    def follow(self, key: str) -> str:
        """The item that an id means by now: the one that it was joined into or found to be."""
        while key in self.redirected:
            key = self.redirected[key]
        return key

    def known(self, key: str, kind: Section, values: Mapping[str, Json]) -> str | None:
        """The item that a new one already is: by its id, by being the only one of its section, or by being the same.

        Items of the plan are compared by their section's `same`, those added by this merge only where their key is
        the same: an import of thousands of entries must not compare each with each.
        """
        if self._items.get(key) is not None:
            return key
        added = self._added.get((kind.name, kind.identity(values)))
        if added is not None and self._items.get(added) and (kind.single or kind.same(values, self.values(added))):
            return added
        alike = (item for one in self._candidates(kind, values) if (item := self._items.get(one)) is not None)
        return next((item.id for item in alike if kind.single or kind.same(values, item.values)), None)

    def double(self, key: str) -> str | None:
        """Another item that plainly is what this one is by now: the same, with the same key."""
        values, kind = self.values(key), section(self._items[key].section)  # type: ignore[union-attr]
        plainly = kind.identity(values)
        near = (*self._candidates(kind, values), self._added.get((kind.name, plainly), key))
        others = (item for one in near if one != key and (item := self._items.get(one)) is not None)
        alike = (one.id for one in others if kind.identity(one.values) == plainly and kind.same(values, one.values))
        return None if kind.single else next(alike, None)

    def _candidates(self, kind: Section, values: Mapping[str, Json]) -> list[str]:
        """The items of the plan to compare a new one with: those that were found, and those changed since they were."""
        if self._alike is None:
            return self._given.get(kind.name, [])
        found = self._alike(kind.name, values)
        for item in found:
            self._items.setdefault(item.id, _today(item))
        return [*dict.fromkeys((*(item.id for item in found), *self._changed.get(kind.name, ())))]

    def add(self, key: str, kind: Section, values: Mapping[str, Json]) -> None:
        """Puts an item into the plan."""
        self._log(key, kind.name, "", None, kind.version)
        item = stored(key, kind.name, values)
        for name, value in item.values.items():
            self._log(key, kind.name, name, None, value)
        self._items[key] = item
        self._added[kind.name, kind.identity(values)] = key
        self._fresh.add(key)

    def set(self, key: str, name: str, value: Json) -> None:
        """Gives a field another value; None empties it."""
        item = self._items[key]
        assert item is not None
        before = item.values.get(name)
        if before != value:
            self._log(key, item.section, name, before, value)
            if key not in self._fresh:
                self._changed.setdefault(item.section, {})[key] = None
            self._items[key] = stored(key, item.section, {**item.values, name: value})

    def remove(self, key: str) -> None:
        """Empties an item and takes it out of the plan."""
        item = self._items[key]
        assert item is not None
        for name in item.values:
            self.set(key, name, None)
        self._log(key, item.section, "", item.version, None)
        self._items[key] = None

    def keep_names(self, key: str, kind: Section, values: Mapping[str, Json]) -> None:
        """Keeps the names of what becomes part of another item, or of what it was called before, as its aliases."""
        if "aliases" not in kind.fields:
            return
        mine = kind.names(self.values(key))
        plain = {name.casefold() for name in mine}
        new = [name for name in kind.names(values) if name and name.casefold() not in plain]
        if new:
            known = {*(self.values(key).get("aliases") or ()), *new} - {self.values(key).get("name")}
            self.set(key, "aliases", sorted(known))

    def referring(self, key: str) -> list[str]:
        """The ids of the items that refer to this one by now: those that did, and those changed to do so."""
        if key not in self._referred:
            found = self._refer(key)
            self._referred[key] = tuple(item.id for item in found)
            for item in found:
                self._items.setdefault(item.id, _today(item))
        likely = (self._items.get(each) for each in dict.fromkeys((*self._referred[key], *self.touched)))
        return [
            item.id
            for item in likely
            if item is not None and item.id != key and any(target == key for _, target in references(item))
        ]

    def _log(self, key: str, kind: str, name: str, before: Json, after: Json) -> None:
        assert self._change is not None
        self._before.append((key, self._items.get(key)))
        self._steps[key] += 1
        self.deltas.append(
            Delta(
                item=key,
                section=kind,
                field=name,
                before=before,
                after=after,
                change=self._change.id,
                effective=self._change.effective,
            )
        )


def _today(item: Item) -> Item:
    return stored(item.id, item.section, section(item.section).values(item))
