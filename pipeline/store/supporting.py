"""Words beside a value that say the same: what they hold, and how the value's age is counted from them."""

from collections.abc import Iterable

from pipeline.records import Json
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope
from pipeline.store.values import is_set, says


def held(step: Row, support: Iterable[Row]) -> bool:
    """Whether words beside it say what a step of the log set: its value; of a set, all that it added."""
    if step["field"] == "":
        return step["after"] is not None
    added, said = _added(step), _said(step, support)
    return step["after"] is not None and bool(said) and all(each in said for each in added)


def spoken(step: Row, support: Iterable[Row]) -> bool:
    """Whether words beside it say any of what a step of the log set in a field."""
    said = _said(step, support)
    return bool(step["field"]) and any(each in said for each in _added(step))


def _added(step: Row) -> list[Json]:
    before, after = step["before"], step["after"]
    return [each for each in after if each not in (before or ())] if is_set(after) else [after]


def _said(step: Row, support: Iterable[Row]) -> list[Json]:
    values = [row["value"] for row in support if (row["item"], row["field"]) == (step["item"], step["field"])]
    return [each for value in values if is_set(value) for each in value] if is_set(step["after"]) else values


class Supporting(Scope):
    """What follows when words that confirmed something stand no more."""

    def count_age_anew(self, sources: Iterable[str]) -> None:
        """Counts the age of what words of these sources confirmed from what else confirms it, if anything does."""
        places = {(row["item"], row["field"]) for row in self._among(t.support, "source", sources)}
        beside = self._among(t.support, "item", {item for item, _ in places})
        stand = {row["id"] for row in self._among(t.source, "id", _sources(beside)) if not row["withdrawn"]}
        for head in self._among(t.field_head, "item", {item for item, _ in places}):
            place = head["item"], head["field"]
            mine = [row for row in beside if (row["item"], row["field"]) == place and row["source"] in stand]
            days = [row["said_on"] for row in mine if row["said_on"] and says(row["value"], head["value"])]
            if place in places:
                where = (t.field_head.c.item == place[0], t.field_head.c.field == place[1])
                self._update(t.field_head, *where, confirmed_on=max(days, default=None))


def _sources(rows: Iterable[Row]) -> set[str]:
    return {row["source"] for row in rows}
