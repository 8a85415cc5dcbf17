"""Which items became part of others: what is said of the one is said of the other since."""

from collections.abc import Iterable

from pipeline.records import Op
from pipeline.store import tables as t
from pipeline.store.scope import Scope


class JoinReads(Scope):
    """What can be asked of joins."""

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
        left = [row for row in self._among(t.delta, "item", gone) if row["field"] == "" and row["after"] is None]
        last = {row["item"]: row["change"] for row in sorted(left, key=lambda row: row["revision"])}
        made = self._among(t.change, "id", {change for change in last.values() if change})
        joins = {row["id"]: row for row in made if row["op"] == Op.join.value}
        return {item: joins[by]["into"] for item, by in last.items() if by in joins and joins[by]["item"] == item}

    def _there(self, items: Iterable[str]) -> set[str]:
        return {row["id"] for row in self._among(t.item, "id", items)}


def _end(item: str, into: dict[str, str]) -> str:
    seen = set()
    while item in into and item not in seen:
        seen.add(item)
        item = into[item]
    return item
