"""Finds the few items that matter among very many: those that may be the same as a new one, those that refer to one.

Each item has marks (its section's, and one for each item that it refers to), kept as numbers in a table beside the
plan: outside of what is hashed, made anew at any time, and no word can be read out of it. Whoever finds by marks
compares what was found.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from pipeline.records import Item, Json
from pipeline.store import tables as t
from pipeline.store.append import upcast
from pipeline.store.scope import Row, Scope

RULES = 1
"""Raise it when marks are made otherwise than before: every store then makes its own anew when it is opened next."""
STAMP = "marks"
BATCH = 1000


def of_values(section: str, values: Mapping[str, Json]) -> set[int]:
    """The marks by which an entry of these values is the same as another one; none of a section that is gone."""
    from pipeline.sections import sections

    kind = sections().get(section)
    return {_number(section, mark) for mark in kind.marks(values)} if kind else set()


def of_reference(item: str) -> int:
    """The mark of whatever refers to an item."""
    return _number("", item)


def of_item(section: str, version: int, values: Mapping[str, Json]) -> set[int]:
    """All marks of a stored item, whatever version of its section stored it."""
    from pipeline.sections import references, sections

    if section not in sections():
        return set()
    today = Item.model_construct(id="", section=section, values=upcast(section, values, version)[0])
    return of_values(section, today.values) | {of_reference(named) for _, named in references(today)}


def _number(section: str, mark: str) -> int:
    told = hashlib.blake2b(f"{section}\0{mark}".encode(), digest_size=8).digest()
    return int.from_bytes(told, signed=True)


class MarkReads(Scope):
    """What can be found by marks."""

    def marked(self, marks: Iterable[int]) -> dict[int, list[str]]:
        """The ids of the items with each of these marks."""
        found: dict[int, list[str]] = {mark: [] for mark in marks}
        for row in self._among(t.mark, "mark", found):
            found[row["mark"]].append(row["item"])
        return found

    def _marks_of(self, items: Iterable[str]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for row in self._among(t.mark, "item", items):
            found[row["item"]].add(row["mark"])
        return found

    def _mark_items(self, items: Iterable[tuple[str, str, int, Mapping[str, Json]]], gone: Iterable[str] = ()) -> None:
        """Gives items (id, section, version, values) the marks that they should have, and takes them off what went."""
        wanted = {identity: of_item(section, version, values) for identity, section, version, values in items}
        wanted |= {identity: set() for identity in gone}
        stored = self._marks_of(wanted)
        for identity, marks in wanted.items():
            if over := stored[identity] - marks:
                self._delete(t.mark, t.mark.c.item == identity, t.mark.c.mark.in_(sorted(over)))
        fresh = [{"mark": m, "item": item} for item, marks in wanted.items() for m in sorted(marks - stored[item])]
        self._add(t.mark, fresh)


def refresh(connection: sa.Connection) -> None:
    """Makes the marks of every account anew, in the caller's transaction, and notes by which rules."""
    connection.execute(sa.delete(t.mark))
    columns = (t.item.c.account, t.item.c.id, t.item.c.section, t.item.c.version, t.item.c.content)
    for batch in connection.execute(sa.select(*columns)).mappings().partitions(BATCH):
        rows = [row for item in batch for row in _rows(item)]
        if rows:
            connection.execute(sa.insert(t.mark), rows)
    connection.execute(sa.delete(t.setting).where(t.setting.c.name == STAMP))
    connection.execute(sa.insert(t.setting).values(name=STAMP, value=stamp()))


def due(engine: sa.Engine) -> bool:
    """Whether the marks were made by other rules than today's."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.name == STAMP)) != stamp()


def stamp() -> str:
    """The rules of today: their number, and the sections' versions, since a later one reads values otherwise."""
    from pipeline.sections import sections

    later = (f"{name} {kind.version}" for name, kind in sections().items() if kind.version != 1)
    return ", ".join((str(RULES), *later))


def _rows(item: Row | Any) -> list[dict[str, Any]]:
    marks = of_item(item["section"], item["version"], item["content"])
    return [{"account": item["account"], "mark": mark, "item": item["id"]} for mark in sorted(marks)]
