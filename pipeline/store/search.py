"""Search in one account: by words in the database's own full text, by meaning exactly over the stored vectors."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.records import Passage
from pipeline.store import tables as t
from pipeline.store.sources import SourceReads, to_passage
from pipeline.store.values import Filters, Hit
from pipeline.store.words import asked

RANK_CONSTANT = 60
"""Reciprocal rank: the usual constant; how much the first places count over the later ones."""


class SearchReads(SourceReads):
    """What can be searched."""

    def search(
        self,
        text: str,
        vector: Any | None = None,
        k: int = 10,
        filters: Filters | None = None,
        *,
        embedder: str | None = None,
        by_meaning: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The best `k` passages for a question, by words and, with a vector, by meaning, joined by reciprocal rank.

        `vector` is the question's (float32, one dimension) by `embedder`. `by_meaning` are passage ids, best first,
        that the index found in its place; ids of other accounts or withdrawn sources are dropped. Scores only order.
        """
        chosen = filters or Filters()
        deep = max(4 * k, 20)
        words = self.search_words(text, deep, chosen)
        if by_meaning is None and vector is not None and embedder is not None:
            by_meaning = self.search_meaning(vector, embedder, deep, chosen)
        return self._joined(words, by_meaning or (), k, chosen)

    def search_words(self, text: str, k: int = 10, filters: Filters | None = None) -> list[str]:
        """Ids of the passages with the question's words, best first."""
        wanted = asked(text)
        if not wanted:
            return []
        match, order = self._full_text(wanted)
        statement = sa.select(t.passage.c.id).where(match, *self._found(filters or Filters()))
        return list(self._connection.scalars(statement.order_by(order, t.passage.c.row).limit(k)))

    def search_meaning(self, vector: Any, embedder: str, k: int = 10, filters: Filters | None = None) -> list[str]:
        """Ids of the passages nearest in meaning, best first: exact, over all vectors of the account."""
        import numpy as np

        columns = sa.select(t.passage.c.id, t.passage.c.vector).where(
            t.passage.c.embedder == embedder, t.passage.c.vector.is_not(None), *self._found(filters or Filters())
        )
        rows = self._connection.execute(columns.order_by(t.passage.c.row)).all()
        if not rows:
            return []
        matrix = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32).reshape(len(rows), -1)
        asked_for = np.asarray(vector, dtype=np.float32)
        lengths = np.linalg.norm(matrix, axis=1) * (np.linalg.norm(asked_for) or 1.0)
        near = (matrix @ asked_for) / np.where(lengths == 0, 1.0, lengths)
        return [rows[at].id for at in np.argsort(-near, kind="stable")[:k]]

    def _full_text(self, wanted: Sequence[str]) -> tuple[sa.ColumnElement[bool], Any]:
        if self._connection.dialect.name == "sqlite":
            question = " OR ".join(f'"{word}"' for word in wanted)
            found = sa.text("passage_words MATCH :question")
            table = sa.table("passage_words", sa.column("rowid"), sa.column("rank"))
            match = sa.and_(found.bindparams(question=question), table.c.rowid == t.passage.c.row)
            return match, table.c.rank
        question = " | ".join(f"'{word}'" for word in wanted)
        query = sa.func.to_tsquery(sa.literal_column("'simple'"), question)
        column: sa.ColumnElement[Any] = sa.literal_column("passage.lexemes")
        return column.op("@@")(query), sa.func.ts_rank(column, query).desc()

    def _found(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        """What holds for every passage that may be found."""
        source = sa.select(t.source.c.id).where(
            self._mine(t.source), t.source.c.withdrawn.is_(False), t.source.c.erased_at.is_(None)
        )
        where = [self._mine(t.passage), t.passage.c.source.in_(source)]
        if filters.sources is not None:
            where.append(t.passage.c.source.in_(sorted(filters.sources)))
        if filters.without:
            where.append(t.passage.c.source.not_in(sorted(filters.without)))
        if filters.since is not None:
            where.append(t.passage.c.said_on >= filters.since)
        if filters.until is not None:
            where.append(t.passage.c.said_on <= filters.until)
        return where

    def _joined(self, words: Sequence[str], meaning: Sequence[str], k: int, filters: Filters) -> list[Hit]:
        scores: dict[str, float] = {}
        for ranked in (words, meaning):
            for rank, identity in enumerate(ranked):
                scores[identity] = scores.get(identity, 0.0) + 1.0 / (RANK_CONSTANT + rank)
        passages = self._passages(scores, filters)
        best = sorted(passages, key=lambda identity: (-scores[identity], identity))[:k]
        by_words, by_meaning = set(words), set(meaning)
        how = {
            identity: "both" if identity in by_words & by_meaning else "words" if identity in by_words else "meaning"
            for identity in best
        }
        return [Hit(passages[identity], scores[identity], how[identity]) for identity in best]

    def _passages(self, scores: Mapping[str, float], filters: Filters) -> dict[str, Passage]:
        statement = sa.select(t.passage).where(t.passage.c.id.in_(sorted(scores)), *self._found(filters))
        return {row["id"]: to_passage(row) for row in self._rows(statement)}
