"""Sources, their occasions and passages. A source's text is stored once and never changed; erasing masks it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pipeline.errors import UnknownSource
from pipeline.records import Document, Occasion, Passage, Source
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope, new_id
from pipeline.store.supporting import Supporting
from pipeline.store.values import called
from pipeline.store.vectors import VectorWrites
from pipeline.store.words import indexed

PASSAGE_FIELDS = tuple(Passage.model_fields)


def to_passage(row: Row) -> Passage:
    """A row as a record."""
    return Passage.model_construct(**{name: row[name] for name in PASSAGE_FIELDS})


class SourceReads(Scope):
    """What can be asked of sources."""

    def source(self, source: str) -> Source:
        """One source with its document. Raises UnknownSource."""
        row = self._row(self._select(t.source, t.source.c.id == source))
        if row is None:
            raise UnknownSource(source)
        return self._to_source(row, self._occasions([row]))

    def sources(self, ids: Iterable[str] | None = None, delivery: str | None = None) -> list[Source]:
        """The sources by date read, newest first: all, the named ones, or the versions read from one delivery."""
        if ids is not None:
            rows = sorted(self._among(t.source, "id", ids), key=lambda row: row["read_at"], reverse=True)
        else:
            wanted = () if delivery is None else (t.source.c.delivery == delivery,)
            order = (t.source.c.read_at.desc(), t.source.c.version.desc(), t.source.c.id)
            rows = list(self._rows(self._select(t.source, *wanted).order_by(*order)))
        occasions = self._occasions(rows)
        return [self._to_source(row, occasions) for row in rows]

    def source_of_text(self, text: str) -> Source | None:
        """The newest source of exactly this canonical text that still stands, or None."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        wanted = (t.source.c.sha256 == digest, t.source.c.withdrawn.is_(False), t.source.c.erased_at.is_(None))
        row = self._row(self._select(t.source, *wanted).order_by(t.source.c.read_at.desc(), t.source.c.id).limit(1))
        return None if row is None else self._to_source(row, self._occasions([row]))

    def occasions(self, said_on: date | None = None) -> list[Occasion]:
        """The occasions, newest first; or those of one day."""
        wanted = () if said_on is None else (t.occasion.c.said_on == said_on,)
        statement = self._select(t.occasion, *wanted).order_by(t.occasion.c.said_on.desc(), t.occasion.c.id)
        return [_to_occasion(row) for row in self._rows(statement)]

    def passages(self, source: str) -> list[Passage]:
        """The passages of a source, in order."""
        statement = self._select(t.passage, t.passage.c.source == source).order_by(t.passage.c.number)
        return [to_passage(row) for row in self._rows(statement)]

    def unembedded(self, embedder: str, limit: int = 1000, source: str | None = None) -> list[Passage]:
        """Passages without a vector of this embedder, of sources that still stand; or of one of them."""
        stands = sa.and_(
            t.source.c.account == t.passage.c.account,
            t.source.c.id == t.passage.c.source,
            t.source.c.withdrawn.is_(False),
        )
        only = () if source is None else (t.passage.c.source == source,)
        column = t.passage.c.embedder
        rows: list[Row] = []
        for other in (column.is_(None), column < embedder, column > embedder):  # each by its index, unlike all at once
            statement = self._select(t.passage, other, stands, *only).order_by(t.passage.c.row).limit(limit)
            rows += self._rows(statement)
        return [to_passage(row) for row in sorted(rows, key=lambda row: row["row"])[:limit]]

    def _occasions(self, rows: Iterable[Row]) -> dict[str, Occasion]:
        found = self._among(t.occasion, "id", (row["occasion"] for row in rows))
        return {row["id"]: _to_occasion(row) for row in found}

    def _to_source(self, row: Row, occasions: Mapping[str, Occasion]) -> Source:
        return Source(
            id=row["id"],
            account=row["account"],
            delivery=row["delivery"],
            version=row["version"],
            sha256=row["sha256"],
            document=Document.model_validate({**row["document"], "text": row["text"]}),
            source_class=row["source_class"],
            occasion=occasions[row["occasion"]],
            read_at=row["read_at"],
            withdrawn=row["withdrawn"],
        )


class SourceWrites(SourceReads, Supporting, VectorWrites):
    """What can be done with sources."""

    def add_occasion(self, said_on: date | None, title: str | None = None, calendar_id: str | None = None) -> Occasion:
        """A new occasion."""
        made = Occasion(id=new_id("occ"), said_on=said_on, title=title, calendar_id=calendar_id)
        self._add(t.occasion, [made.model_dump()])
        return made

    def assign_occasion(self, source: str, occasion: str) -> None:
        """Says that a source is a record of another occasion."""
        self._update(t.source, t.source.c.id == source, occasion=occasion)

    def add_source(self, source: Source) -> Source:
        """Stores a source version; an occasion that is not stored yet comes with it.

        The version is counted here: the next one of its delivery. A source of the same id is the same reading, and
        is left as it is. Returns the source as stored.
        """
        if (known := self._row(self._select(t.source, t.source.c.id == source.id))) is not None:
            return self._to_source(known, self._occasions([known]))
        newest = sa.select(sa.func.max(t.source.c.version)).where(
            self._mine(t.source), t.source.c.delivery == source.delivery
        )
        stored = source.model_copy(
            update={
                "version": (self._connection.scalar(newest) or 0) + 1,
                "account": self._account,
                "sha256": hashlib.sha256(source.document.text.encode()).hexdigest(),
            }
        )
        self._add_new(t.occasion, stored.occasion.model_dump())
        row = stored.model_dump(include={"id", "delivery", "version", "sha256", "source_class", "read_at", "withdrawn"})
        document = stored.document.model_dump(mode="json", exclude={"text"})
        more: dict[str, Any] = {"document": document, "text": stored.document.text, "occasion": stored.occasion.id}
        more |= {"title": called(stored.document), "kind": document["kind"], "said_on": stored.document.said_on}
        self._add(t.source, [{**row, **more}])
        return stored

    def add_passages(self, passages: Sequence[Passage]) -> None:
        """Stores a source's passages, in place of any it had."""
        for source in {passage.source for passage in passages}:
            self._delete(t.passage, t.passage.c.source == source)
        self._vectors_moved()
        self._add(t.passage, [{**passage.model_dump(), "words": indexed(passage.text)} for passage in passages])

    def add_vectors(self, embedder: str, vectors: Mapping[str, Any]) -> None:
        """Stores float32 vectors (anything numpy takes, one dimension) by passage id."""
        import numpy as np

        self._vectors_moved()
        for passage, vector in vectors.items():
            raw = np.asarray(vector, dtype=np.float32).tobytes()
            self._update(t.passage, t.passage.c.id == passage, embedder=embedder, vector=raw)

    def supersede_source(self, source: str) -> None:
        """Takes a version out of search, because a newer one of the same text stands; what rests on it stays."""
        self._vectors_moved()
        self._delete(t.passage, t.passage.c.source == source)

    def withdraw_source(self, source: str, because: str = "") -> None:
        """Marks a source as withdrawn: it is no longer found, and proves nothing new. Raises UnknownSource."""
        from pipeline.sections import seen

        values = {"withdrawn": True, "withdrawn_by": self.actor, "withdrawn_because": seen(because)}
        if not self._update(t.source, t.source.c.id == source, **values):
            raise UnknownSource(source)
        self.count_age_anew([source])


def _to_occasion(row: Row) -> Occasion:
    return Occasion(**{name: row[name] for name in Occasion.model_fields})
