"""Search in one account: by words in the database's own full text, by meaning exactly over the stored vectors."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.records import Passage
from pipeline.store import tables as t
from pipeline.store.sources import SourceReads, to_passage
from pipeline.store.values import Filters, Hit
from pipeline.store.vectors import VectorReads
from pipeline.store.words import asked

MANY = 5_000
"""Passages from which on very common words of a question are left out: before, they cost nothing."""

RANK_CONSTANT = 60
"""Reciprocal rank: the usual constant; how much the first places count over the later ones."""


class SearchReads(SourceReads, VectorReads):
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
        """Ids of the passages with the question's words, best first.

        Words that stand in most passages weigh nothing beside others, and are left out where others find something.
        """
        wanted, chosen = asked(text), filters or Filters()
        if chosen.nothing:
            return []
        telling = self._telling(wanted)
        found = self._matching(telling, k, chosen)
        if found or telling == wanted or chosen != Filters():
            return found
        return self._matching(wanted, k, chosen)

    def _matching(self, wanted: Sequence[str], k: int, filters: Filters) -> list[str]:
        if not wanted:
            return []
        match, order = self._full_text(wanted)
        statement = sa.select(t.passage.c.id).where(match, *self._said(filters), self._stands(filters))
        return list(self._connection.scalars(statement.order_by(*order).limit(k)))

    def _telling(self, wanted: Sequence[str]) -> Sequence[str]:
        """The words that stand in at most half of the store's passages, once these are many; all when none does."""
        most = self._connection.scalar(sa.select(sa.func.max(t.passage.c.row))) or 0
        if most < MANY or len(wanted) < 2:
            return wanted
        common = self._common(wanted, most // 2)
        return [word for word in wanted if word not in common] or wanted

    def _common(self, wanted: Sequence[str], most: int) -> set[str]:
        """Which of some words stand in more than so many passages, as the full-text index counts or the planner saw."""
        if self._connection.dialect.name == "sqlite":
            counts = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_terms USING fts5vocab(main, passage_words, row)"
            self._connection.execute(sa.text(counts))
            count = sa.text("SELECT doc FROM temp.passage_terms WHERE term = :word")
            return {word for word in wanted if (self._connection.scalar(count, {"word": word}) or 0) > most}
        seen = sa.text(
            "SELECT word FROM pg_stats, "
            "unnest(most_common_elems::text::text[], most_common_elem_freqs) AS seen(word, share) "
            "WHERE schemaname = current_schema() AND tablename = 'passage' AND attname = 'lexemes' AND share > 0.5"
        )
        return set(self._connection.scalars(seen)) & set(wanted)

    def search_meaning(self, vector: Any, embedder: str, k: int = 10, filters: Filters | None = None) -> list[str]:
        """Ids of the passages nearest in meaning, best first: exact, over all vectors of the account."""
        chosen = filters or Filters()
        found = self.held(embedder)
        return found.nearest(vector, k, frozenset(self._connection.scalars(self._findable(chosen))), chosen)

    def speakers(self) -> list[str]:
        """Everybody who speaks in a passage of the account, as labelled there."""
        return self._different(t.passage.c.speaker)

    def filing_items(self) -> list[str]:
        """Every filing item that a passage of the account stands in, as written there."""
        return self._different(t.passage.c.item)

    def _different(self, column: "sa.Column[Any]") -> list[str]:
        statement = sa.select(column).where(self._mine(t.passage), column.is_not(None)).distinct()
        return sorted(self._connection.scalars(statement))

    def lines(self, passages: Iterable[str]) -> dict[str, int]:
        """In which line of its source each of some passages begins."""
        before = sa.func.substr(t.source.c.text, 1, sa.cast(t.passage.c.start, sa.Integer))
        ends = sa.func.length(before) - sa.func.length(sa.func.replace(before, "\n", ""))
        same = sa.and_(t.source.c.account == t.passage.c.account, t.source.c.id == t.passage.c.source)
        asked_for = sa.select(t.passage.c.id, ends + 1).join(t.source, same)
        where = (self._mine(t.passage), t.passage.c.id.in_(sorted(passages)))
        return {row[0]: row[1] for row in self._connection.execute(asked_for.where(*where))}

    def _full_text(self, wanted: Sequence[str]) -> tuple[sa.ColumnElement[bool], Sequence[Any]]:
        if self._connection.dialect.name == "sqlite":
            question = " OR ".join(f'"{word}"' for word in wanted)
            found = sa.text("passage_words MATCH :question")
            table = sa.table("passage_words", sa.column("rowid"), sa.column("rank"))
            match = sa.and_(found.bindparams(question=question), table.c.rowid == t.passage.c.row)
            return match, (table.c.rank,)  # by anything more SQLite would read every match before it sorts
        question = " | ".join(f"'{word}'" for word in wanted)
        query = sa.func.to_tsquery(sa.literal_column("'simple'"), question)
        column: sa.ColumnElement[Any] = sa.literal_column("passage.lexemes")
        return column.op("@@")(query), (sa.func.ts_rank(column, query).desc(), t.passage.c.row)

    def _said(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        """What holds for every passage that may be found, apart from its source."""
        where = [self._mine(t.passage)]
        if filters.since is not None:
            where.append(t.passage.c.said_on >= filters.since)
        if filters.until is not None:
            where.append(t.passage.c.said_on <= filters.until)
        for column, wanted in ((t.passage.c.speaker, filters.speakers), (t.passage.c.item, filters.items)):
            if wanted is not None:
                where.append(column.in_(sorted(wanted)))
        return where

    def _stands(self, filters: Filters) -> sa.ColumnElement[bool]:
        return t.passage.c.source.in_(self._findable(filters))

    def _findable(self, filters: Filters) -> "sa.Select[tuple[str]]":
        """The sources whose passages may be found."""
        where = [self._mine(t.source), t.source.c.withdrawn.is_(False), t.source.c.erased_at.is_(None)]
        if filters.sources is not None:
            where.append(t.source.c.id.in_(sorted(filters.sources)))
        if filters.without:
            where.append(t.source.c.id.not_in(sorted(filters.without)))
        if filters.kinds is not None:
            where.append(t.source.c.kind.in_(sorted(filters.kinds)))
        return sa.select(t.source.c.id).where(*where)

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
        """Those of the passages that may be found. Which sources stand is asked by itself: together with the ids
        SQLite would walk through every passage of them all.
        """
        rows = self._rows(sa.select(t.passage).where(t.passage.c.id.in_(sorted(scores)), *self._said(filters)))
        sources = sorted({row["source"] for row in rows})
        standing = set(self._connection.scalars(self._findable(filters).where(t.source.c.id.in_(sources))))
        return {row["id"]: to_passage(row) for row in rows if row["source"] in standing}
