"""Reading the plan and its memory: at any revision or day, who says so, what differs, who refers to an item."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from pipeline.errors import UnknownItem
from pipeline.records import Change, FieldHead, Item, Json, Op, Plan, Revision
from pipeline.store import marks
from pipeline.store import tables as t
from pipeline.store.append import upcast
from pipeline.store.fold import Fold, Folded, folded
from pipeline.store.marks import MarkReads
from pipeline.store.proposals import ProposalReads, to_decision
from pipeline.store.scope import Row
from pipeline.store.sources import SourceReads
from pipeline.store.undoing import UndoReads, to_delta
from pipeline.store.values import Alike, Blame, Delta, Difference, Support, says

UNDO_IS_CHEAPER = 3
"""How many lines of the log folding costs as much as undoing one, the plan of today at hand."""


def to_revision(row: Row) -> Revision:
    """A row as a record."""
    return Revision.model_construct(**{name: row[name] for name in Revision.model_fields})


def to_head(row: Row) -> FieldHead:
    """A row as a record."""
    return FieldHead.model_construct(**{name: row[name] for name in FieldHead.model_fields})


def to_item(row: Row) -> Item:
    """A row as a record."""
    return Item.model_construct(id=row["id"], section=row["section"], version=row["version"], values=row["content"])


class PlanReads(ProposalReads, SourceReads, MarkReads, UndoReads):
    """What can be asked of the plan and its history."""

    def head(self) -> Revision | None:
        """The newest revision, or None for an empty plan."""
        row = self._row(self._select(t.revision).order_by(t.revision.c.number.desc()).limit(1))
        return None if row is None else to_revision(row)

    def plan(self, revision: int | None = None, as_of: date | None = None) -> Plan:
        """The plan as it is now, at a revision, or as it stood at the end of a day in the account's time zone.

        A revision that is not there counts as the nearest one: 0, the empty plan, or the newest.
        A day counts by when people decided, not by when what they decided takes effect: somebody who leaves in May is
        out of the plan from the approval in March on. The change's `effective` day, in blame and log, tells the rest.
        """
        newest = self.head()
        last = newest.number if newest else 0
        wanted = last if revision is None else max(0, min(revision, last))
        if as_of is not None:
            wanted = min(wanted, self._revision_on(as_of))
        items = self._current() if wanted == last else self._folded(wanted)
        return Plan.model_construct(account=self._account or "", revision=wanted, as_of=as_of, items=items)

    def item(self, item: str) -> Item:
        """One item as it is now. Raises UnknownItem."""
        row = self._row(self._select(t.item, t.item.c.id == item))
        if row is None:
            raise UnknownItem(item)
        return to_item(row)

    def items(self, ids: Iterable[str]) -> dict[str, Item]:
        """Some items as they are now, by id; those that are not there are left out."""
        return {row["id"]: to_item(row) for row in self._among(t.item, "id", ids)}

    def heads(self, items: Iterable[str]) -> dict[tuple[str, str], FieldHead]:
        """Who last set each field of some items, by (item, field). Field "" is the item itself."""
        return {(row["item"], row["field"]): to_head(row) for row in self._heads(items)}

    def blame(self, item: str, field: str = "") -> Blame:
        """Who says so: revision, decision, change with its quotes, and their sources. Raises UnknownItem."""
        row = next((head for head in self._heads([item]) if head["field"] == field), None)
        if row is None:
            raise UnknownItem(f"{item}.{field}" if field else item)
        made = self._row(self._select(t.revision, t.revision.c.number == row["revision"]))
        assert made is not None
        decided = self._row(self._select(t.decision, t.decision.c.id == row["decision"])) if row["decision"] else None
        change = self.change(row["change"]) if row["change"] else None
        if change is not None and not change.evidence and (came := self.history(item, field)) and came[-1].change:
            change = self.change(came[-1].change)
        support = (*self.support(item, field), *self._before_join(row, change))
        named = {proof.source for proof in change.evidence} if change else set()
        named |= {each.evidence.source for each in support}
        return Blame(
            head=to_head(row),
            revision=to_revision(made),
            decision=to_decision(decided) if decided else None,
            change=change,
            sources={source.id: source for source in self.sources(named)},
            support=support,
        )

    def _before_join(self, head: Mapping[str, Any], change: Change | None) -> list[Support]:
        """The words that a value rests on which a join moved here: those of where it came from."""
        if change is None or change.op is not Op.join or not head["field"]:
            return []
        moved = self._deltas(t.delta.c.change == change.id, t.delta.c.field == head["field"])
        found: list[Support] = []
        for each in moved:
            if each.item == head["item"] or each.after is not None or not says(each.before, head["value"]):
                continue
            log = self._deltas(t.delta.c.item == each.item, t.delta.c.field == each.field)
            came = next((one for one in reversed(log) if one.revision < each.revision and one.change), None)
            words = self.change(came.change) if came and came.change else None
            for piece in words.evidence if words else ():
                plain = {"item": head["item"], "field": head["field"], "value": each.before, "by": head["by"]}
                found.append(Support(evidence=piece, said_on=piece.said_on, at=head["at"], **plain))
            earlier = {"item": each.item, "value": each.before, "revision": each.revision}
            found += self._before_join({**head, **earlier}, words)
        return found

    def support(self, item: str, field: str) -> list[Support]:
        """What confirms a field's value as it is now, oldest first; not words of sources that were withdrawn."""
        now = next((head["value"] for head in self._heads([item]) if head["field"] == field), None)
        rows = self._rows(self._select(t.support, t.support.c.item == item, t.support.c.field == field))
        stand = {
            row["id"] for row in self._among(t.source, "id", (row["source"] for row in rows)) if not row["withdrawn"]
        }
        found = [_to_support(row) for row in rows if row["source"] in stand and says(row["value"], now)]
        return sorted(found, key=lambda each: (each.said_on or date.min, each.at, each.evidence.source))

    def revisions(self, newest: int | None = None) -> list[Revision]:
        """The revisions, newest first; at most so many."""
        statement = self._select(t.revision).order_by(t.revision.c.number.desc())
        return [to_revision(row) for row in self._rows(statement if newest is None else statement.limit(newest))]

    def revision(self, number: int) -> Revision:
        """One revision. Raises UnknownItem."""
        row = self._row(self._select(t.revision, t.revision.c.number == number))
        if row is None:
            raise UnknownItem(f"revision {number}")
        return to_revision(row)

    def revision_of_call(self, key: str) -> Revision | None:
        """The revision that the call with this idempotency key made, or None."""
        row = self._row(self._select(t.revision, t.revision.c.key == key))
        return None if row is None else to_revision(row)

    def deltas(self, *revisions: int) -> list[Delta]:
        """What some revisions changed, in order."""
        rows = sorted(self._among(t.delta, "revision", revisions), key=lambda row: (row["revision"], row["ordinal"]))
        return [to_delta(row) for row in rows]

    def diff(self, before: int, after: int) -> Difference:
        """What differs between two revisions, per item and field; either may be the older."""
        one, other = self.plan(before), self.plan(after)
        found: list[Delta] = []
        for item in dict.fromkeys((*one.items, *other.items)):
            found += _differences(one.items.get(item), other.items.get(item))
        return Difference(one, other, tuple(found))

    def references_to(self, item: str) -> list[tuple[str, str]]:
        """The (item, field) pairs of the plan as it is now that refer to this item."""
        from pipeline.sections import references

        found = []
        for row in _in_order(self._among(t.item, "id", self.marked([mark := marks.of_reference(item)])[mark])):
            values = upcast(row["section"], row["content"], row["version"])[0]
            named = references(to_item({**row, "content": values}))
            found += [(row["id"], field) for field, target in named if target == item]
        return found

    def alike(self, additions: Iterable[tuple[str, Mapping[str, Json]]]) -> Alike:
        """Finds the items that a new one may be the same as; the cost follows what is found, not the plan.

        `additions` are the sections and values that it will mostly be asked for: they are looked up at once.
        """
        known: dict[int, list[str]] = {}
        rows: dict[str, Row] = {}

        def look_up(wanted: set[int]) -> None:
            found = self.marked(wanted - known.keys())
            known.update(found)
            fresh = {each for ids in found.values() for each in ids} - rows.keys()
            rows.update((row["id"], row) for row in self._among(t.item, "id", fresh))

        def find(name: str, values: Mapping[str, Json]) -> list[Item]:
            asked = marks.of_values(name, values)
            look_up(asked)
            found = {each for mark in asked for each in known[mark]} & rows.keys()
            return [to_item(row) for row in _in_order(rows[each] for each in found)]

        look_up({mark for name, values in additions for mark in marks.of_values(name, values)})
        return find

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Every written form of each item that has a name (of an action its words), by item id."""
        named = sa.select(t.item.c.id, _as_text(t.item.c.names)).where(_as_text(t.item.c.names) != "[]")
        rows = self._raw(named, t.item, t.item.c.born_in, t.item.c.born_at)
        return {row[0]: tuple(names) for row, names in zip(rows, _parsed(row[1] for row in rows), strict=True)}

    def _current(self) -> dict[str, Item]:
        return {identity: folded.item(identity) for identity, folded in self._unfolded().items()}

    def _unfolded(self) -> dict[str, Folded]:
        """The items as they are now, in the plan's order."""
        names = ("id", "section", "version", "born_in", "born_at")
        wanted = sa.select(*(t.item.c[name] for name in names), _as_text(t.item.c.content))
        rows = self._raw(wanted, t.item, t.item.c.born_in, t.item.c.born_at)
        contents = _parsed(row[5] for row in rows)
        return {
            row[0]: Folded(row[1], row[2], (row[3], row[4]), content)
            for row, content in zip(rows, contents, strict=True)
        }

    def _folded(self, revision: int) -> dict[str, Item]:
        """The plan at a revision: the fold up to it, or the plan of today with what came later undone."""
        later = self._size(t.delta.c.revision > revision)
        if self._size() < UNDO_IS_CHEAPER * later:
            return folded(self._log(t.delta.c.revision <= revision)).plan()
        fold = Fold(self._unfolded())
        for row in reversed(self._log(t.delta.c.revision > revision)):
            fold.step({**row, "before": row["after"], "after": row["before"]})
        born = {identity for identity, item in fold.items.items() if item.born[0] > revision}
        for row in self._among(t.delta, "item", born):
            if row["field"] == "" and row["before"] is None:
                item = fold.items[row["item"]]
                item.born = min(item.born, (row["revision"], row["ordinal"]))
        return fold.plan()

    def _size(self, *where: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(t.delta).where(self._mine(t.delta), *where)
        return int(self._connection.scalar(counted) or 0)

    def _log(self, *where: sa.ColumnElement[bool]) -> list[Row]:
        """Lines of the log, in order."""
        names = ("revision", "ordinal", "item", "section", "field")
        values = (_as_text(t.delta.c.before), _as_text(t.delta.c.after))
        wanted = sa.select(*(t.delta.c[name] for name in names), *values).where(*where)
        rows = self._raw(wanted, t.delta, t.delta.c.revision, t.delta.c.ordinal)
        parsed = zip(rows, _parsed(row[5] for row in rows), _parsed(row[6] for row in rows), strict=True)
        return [{**dict(zip(names, row[:5], strict=True)), "before": old, "after": new} for row, old, new in parsed]

    def _raw(self, wanted: sa.Select[Any], table: sa.Table, *order: sa.ColumnElement[Any]) -> Sequence[Any]:
        return self._connection.execute(wanted.where(self._mine(table)).order_by(*order)).all()

    def _revision_on(self, day: date) -> int:
        zone = self._connection.scalar(sa.select(t.account.c.time_zone).where(t.account.c.id == self._account))
        after = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
        ends = datetime.combine(after, time(), ZoneInfo(zone or "UTC")).astimezone(UTC)
        before = sa.select(sa.func.max(t.revision.c.number)).where(self._mine(t.revision), t.revision.c.at < ends)
        return int(self._connection.scalar(before) or 0)


def _differences(one: Item | None, other: Item | None) -> list[Delta]:
    here = one or other
    assert here is not None
    old: Mapping[str, Json] = one.values if one else {}
    new: Mapping[str, Json] = other.values if other else {}
    found = []
    if (one is None) != (other is None):
        versions: dict[str, Any] = {"before": one and one.version, "after": other and other.version}
        found.append(Delta(here.id, here.section, "", **versions))
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        found += [Delta(here.id, here.section, name, before, after)] if before != after else []
    return found


def _in_order(items: Iterable[Row]) -> list[Row]:
    """The rows of some items in the plan's order."""
    return sorted(items, key=lambda row: (row["born_in"], row["born_at"]))


def _as_text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.type_coerce(column, sa.Text)


def _parsed(texts: Iterable[str | None]) -> list[Json]:
    """Many JSON texts at once, which is several times quicker than one by one; NULL is None."""
    values: list[Json] = json.loads(f"[{','.join(text or 'null' for text in texts)}]")
    return values


def _to_support(row: Row) -> Support:
    from pipeline.records import Evidence

    evidence = Evidence.model_validate({**row["evidence"], "source": row["source"]})
    plain = {name: row[name] for name in ("item", "field", "value", "said_on", "at", "by")}
    return Support(evidence=evidence, **plain)
