"""What was done to the items, step by step, and what undoes it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from pipeline.errors import StaleDecision
from pipeline.records import Json, Op
from pipeline.sections import amended
from pipeline.store import tables as t
from pipeline.store.append import UPCAST, modern, upcast
from pipeline.store.columns import canonical
from pipeline.store.scope import Row, Scope
from pipeline.store.values import Delta, DeltaLike, Past, is_set


def to_delta(row: Row) -> Delta:
    """A row as a value."""
    return Delta(**{name: row[name] for name in Delta.__dataclass_fields__})


class UndoReads(Scope):
    """What can be asked of steps, to take them back or to bring back what stood before."""

    def inverse(self, revision: int, change: str | None = None) -> list[Delta]:
        """What undoes a revision, or one change of it, in the order to apply it, in the sections' form of today.

        What came into a set since stays in it, what left it since stays away. Raises StaleDecision when an item would
        take along what was filled in since.
        """
        only = () if change is None else (t.delta.c.change == change,)
        asked = self._deltas(t.delta.c.revision == revision, t.delta.c.origin != UPCAST, *only)
        stood = self._stood(revision, change, (each.item for each in asked if each.before is not None))
        undone = [modern(each, upcast) for each in reversed(asked)]
        return self._upon([each.inverse(stood.get((each.item, each.field))) for each in undone])

    def _upon(self, steps: Sequence[Delta]) -> list[Delta]:
        """Steps on sets of what stays, element by element on what stands by now, as it came; all others as they are."""
        leaving = {each.item for each in steps if each.field == "" and each.after is None}
        undone = {(each.item, each.field) for each in steps}
        for row in self._heads(leaving):
            if row["value"] is not None and (row["item"], row["field"]) not in undone and row["origin"] != UPCAST:
                raise StaleDecision(f"{row['item']}.{row['field']} was filled in since")
        ids = {each.item for each in steps if is_set(each.before) or is_set(each.after)} - leaving
        heads = {(head["item"], head["field"]): head for head in self._heads(ids)} if ids else {}
        there = {row["id"] for row in self._among(t.item, "id", ids)}
        found = []
        for each in steps:
            head = heads.get((each.item, each.field)) if each.item in there else None
            if head is not None and head["value"] != each.before and is_set(each.before or each.after):
                now = amended(head["value"], each.before, each.after)
                how = {"origin": head["origin"], "said_on": head["said_on"]}
                each = replace(each, before=head["value"], after=now, **how)  # noqa: PLW2901
            if head is not None:
                heads[each.item, each.field] = {**head, "value": each.after}
            found.append(each)
        return [each for each in found if each.before != each.after]

    def _stood(self, revision: int, change: str | None, items: Iterable[str]) -> dict[tuple[str, str], Delta]:
        """What last set each field of some items before a revision, or one change of it, came; by item and field."""
        found: dict[tuple[str, str], Delta] = {}
        undone: set[tuple[str, str]] = set()
        for each in self._steps(items):
            if each.revision == revision and change in (None, each.change):
                undone.add((each.item, each.field))
            elif each.revision <= revision and (each.item, each.field) not in undone:
                found[each.item, each.field] = each
        return found

    def as_they_came(self, deltas: Iterable[DeltaLike]) -> list[Delta]:
        """Deltas of which some bring back what stood once: with how such a value came last, and the day it was said."""
        asked = list(deltas)
        steps = self._steps({each.item for each in asked})
        came = {(step.item, step.field, canonical(step.after)): step for step in steps if step.after is not None}
        found = []
        for each in asked:
            stood = came.get((each.item, each.field, canonical(each.after))) if each.field else None
            how = (stood.origin, stood.said_on) if stood else ("", None)
            step = Delta(each.item, each.section, each.field, each.before, each.after, getattr(each, "change", None))
            found.append(replace(step, origin=how[0], said_on=how[1]))
        return found

    def history(self, item: str, field: str | None = None) -> list[Delta]:
        """All that people ever did to an item, or to one field of it, oldest first, in the section's form of today.

        What an undoing brings back counts as set by the change that it brings back.
        """
        return self._as_set_first([step for step in self._steps([item]) if field in (None, step.field)])

    def _as_set_first(self, steps: Sequence[Delta]) -> list[Delta]:
        made = self._among(t.revision, "number", {each.revision for each in steps})
        proposals = self._among(t.proposal, "id", filter(None, (row["proposal"] for row in made)))
        origins = {row["id"]: row["origin"] for row in proposals}
        undoing = {row["number"] for row in made if origins.get(row["proposal"]) == "revert"}
        found: list[Delta] = []
        for each in steps:
            same = (one for one in reversed(found) if (one.field, one.after) == (each.field, each.after))
            stood = next(same, None) if each.revision in undoing else None
            found.append(replace(each, change=stood.change) if stood else each)
        return found

    def _steps(self, items: Iterable[str]) -> list[Delta]:
        """All that people ever did to some items, oldest first, in their sections' form of today."""
        rows = sorted(self._among(t.delta, "item", items), key=lambda row: (row["revision"], row["ordinal"]))
        return [modern(to_delta(row), upcast) for row in rows if row["origin"] != UPCAST]

    def past(self, changes: Iterable[str]) -> Past:
        """All that was ever done to the items that merged changes came to set, and to those that joins moved it to."""
        fresh, steps, joins = self._touched_by(changes), list[Delta](), set[str]()
        while fresh:
            new = [step for item in sorted(fresh) for step in self.history(item)]
            made = self._among(t.change, "id", {step.change for step in new if step.change} - joins)
            joins |= {row["id"] for row in made if row["op"] == Op.join.value}
            steps += new
            left = {step.change for step in steps if _leaves(step) and step.change in joins}
            fresh = self._touched_by(filter(None, left)) - {step.item for step in steps}
        leaving = {(step.item, step.revision) for step in steps if _leaves(step) and step.change in joins}
        steps.sort(key=lambda step: (step.revision, (step.item, step.revision) not in leaving))
        return Past(tuple(steps), frozenset(joins), self._confirmed({step.item for step in steps}))

    def _touched_by(self, changes: Iterable[str]) -> set[str]:
        return {row["item"] for row in self._among(t.delta, "change", changes)}

    def _confirmed(self, items: Iterable[str]) -> dict[tuple[str, str], list[Json]]:
        rows = self._among(t.support, "item", items)
        sources = self._among(t.source, "id", {row["source"] for row in rows})
        stand = {row["id"] for row in sources if not row["withdrawn"]}
        found: dict[tuple[str, str], list[Json]] = defaultdict(list)
        for row in rows:
            if row["source"] in stand:
                found[row["item"], row["field"]].append(row["value"])
        return found

    def _heads(self, items: Iterable[str]) -> list[Row]:
        """The heads of some items; of those that an older section version stored, in today's form."""
        rows = self._among(t.field_head, "item", items)
        stored = {row["id"]: row["version"] for row in self._among(t.item, "id", {row["item"] for row in rows})}
        return [_modern_head(row, stored.get(row["item"], 0)) for row in rows]

    def _deltas(self, *where: sa.ColumnElement[bool]) -> list[Delta]:
        rows = self._rows(self._select(t.delta, *where).order_by(t.delta.c.revision, t.delta.c.ordinal))
        return [to_delta(row) for row in rows]


def _leaves(step: Delta) -> bool:
    return step.field == "" and step.after is None


def _modern_head(row: Row, version: int) -> Row:
    if not version:
        return row
    here = Delta(row["item"], row["section"], row["field"], None, row["value"], version=version)
    today = modern(here, upcast)
    return row if today is here else {**row, "field": today.field, "value": today.after}
