"""What became of items that are no longer in the plan: what they held, and which other one they are part of."""

from collections.abc import Iterable
from itertools import groupby

from pipeline.records import Item, Op
from pipeline.store import tables as t
from pipeline.store.append import modern, upcast
from pipeline.store.scope import Row, Scope
from pipeline.store.undoing import to_delta


class GoneReads(Scope):
    """What can be asked of items that went."""

    def gone(self, items: Iterable[str]) -> dict[str, Item]:
        """Of some items those that went, as they were last."""
        wanted = set(items)
        found = {}
        for key, rows in self._leaving(wanted - self._there(wanted)).items():
            steps = [modern(to_delta(row), upcast) for row in rows]
            values = {step.field: step.before for step in steps if step.field and step.before is not None}
            found[key] = Item(id=key, section=steps[0].section, version=steps[0].version, values=values)
        return found

    def joined(self, items: Iterable[str]) -> dict[str, str]:
        """Of some items those that are part of another one by now, with that; joins of joins are followed."""
        into: dict[str, str] = {}
        wanted = set(items)
        while wanted:
            step = self._joined_into(wanted - self._there(wanted))
            wanted = set(step.values()) - into.keys()
            into |= step
        ends = {item: _end(item, into) for item in into}
        there = self._there(ends.values())
        return {item: end for item, end in ends.items() if end in there}

    def _joined_into(self, gone: Iterable[str]) -> dict[str, str]:
        """What each of these was joined into, if that is how it went last."""
        last = {item: rows[-1]["change"] for item, rows in self._leaving(gone).items()}
        made = self._among(t.change, "id", {change for change in last.values() if change})
        joins = {row["id"]: row for row in made if row["op"] == Op.join.value}
        return {item: joins[by]["into"] for item, by in last.items() if by in joins and joins[by]["item"] == item}

    def _leaving(self, gone: Iterable[str]) -> dict[str, list[Row]]:
        """The lines of the log by which each of these went last: its fields emptied, then itself."""
        log = sorted(self._among(t.delta, "item", gone), key=lambda row: (row["item"], row["revision"], row["ordinal"]))
        found: dict[str, list[Row]] = {}
        for (item, _), each in groupby(log, key=lambda row: (row["item"], row["revision"])):
            rows = list(each)
            if rows[-1]["field"] == "" and rows[-1]["after"] is None:
                found[item] = rows
        return found

    def _there(self, items: Iterable[str]) -> set[str]:
        return {row["id"] for row in self._among(t.item, "id", items)}


def _end(item: str, into: dict[str, str]) -> str:
    seen = set()
    while item in into and item not in seen:
        seen.add(item)
        item = into[item]
    return item
