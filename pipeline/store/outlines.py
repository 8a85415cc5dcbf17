"""Sources and proposals as lists show them: without texts, values and proof, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from pipeline.records import Effect, SourceKind
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope
from pipeline.store.values import ProposalOutline, SourceOutline

_SOURCE = tuple(t.source.c[name] for name in SourceOutline.__dataclass_fields__)


class OutlineReads(Scope):
    """What can be asked without reading whole documents."""

    def source_outlines(
        self, ids: Iterable[str] | None = None, deliveries: Iterable[str] | None = None
    ) -> list[SourceOutline]:
        """The sources by date read, newest first: all, the named ones, or all versions read from some deliveries."""
        found: list[Row] = []
        if ids is None and deliveries is None:
            found = list(self._rows(self._outline()))
        for column, wanted in (("id", ids), ("delivery", deliveries)):
            found += self._outlined(column, wanted) if wanted is not None else []
        return [_to_outline(row) for row in sorted(found, key=_by_reading, reverse=True)]

    def sources_around(self, day: date, days: int) -> list[SourceOutline]:
        """The sources said within so many days before or after a day, nearest first; not withdrawn ones."""
        first, last = day - timedelta(days=days), day + timedelta(days=days)
        rows = self._rows(self._outline(t.source.c.withdrawn.is_(False), t.source.c.said_on.between(first, last)))
        found = [_to_outline(row) for row in rows]
        return sorted(found, key=lambda each: (abs(((each.said_on or day) - day).days), each.read_at, each.id))

    def sources_of_occasion(self, occasion: str) -> list[SourceOutline]:
        """The sources that record an occasion, by date read, newest first."""
        return [
            _to_outline(row) for row in sorted(self._outlined("occasion", [occasion]), key=_by_reading, reverse=True)
        ]

    def proposal_outlines(
        self, state: str | None = None, sources: Iterable[str] | None = None
    ) -> list[ProposalOutline]:
        """The proposals, oldest first: all, those "open" or "closed", or those of some sources."""
        if sources is not None:
            rows = list(self._among(t.proposal, "source", sources))
        else:
            wanted = () if state is None else (t.proposal.c.state == state,)
            rows = list(self._rows(self._select(t.proposal, *wanted)))
        changes = self._changes({row["id"] for row in rows})
        plain = set(ProposalOutline.__dataclass_fields__) - {"changes"}
        return [
            ProposalOutline(**{name: row[name] for name in plain}, changes=tuple(changes[row["id"]]))
            for row in sorted(rows, key=lambda row: (row["created_at"], row["id"]))
        ]

    def _changes(self, proposals: Iterable[str]) -> dict[str, list[tuple[str, frozenset[Effect]]]]:
        found: dict[str, list[tuple[str, frozenset[Effect]]]] = defaultdict(list)
        for row in self._among(t.change, "proposal", proposals):
            effects = frozenset(Effect(each["effect"]) for each in row["content"]["findings"])
            found[row["proposal"]].append((row["state"], effects))
        return found

    def _outline(self, *where: sa.ColumnElement[bool]) -> "sa.Select[tuple[object, ...]]":
        return self._select(t.source, *where).with_only_columns(*_SOURCE)

    def _outlined(self, column: str, wanted: Iterable[str]) -> list[Row]:
        return [
            row for batch in self._batches(wanted) for row in self._rows(self._outline(t.source.c[column].in_(batch)))
        ]


def _to_outline(row: Row) -> SourceOutline:
    plain = {name: row[name] for name in SourceOutline.__dataclass_fields__}
    return SourceOutline(**plain | {"kind": SourceKind(row["kind"]), "title": row["title"] or "Untitled"})


def _by_reading(row: Row) -> tuple[object, ...]:
    return row["read_at"], row["version"], row["id"]
