"""Vectors of an account, read once and held in memory: searching them exactly costs one product of a matrix.

Reading a hundred thousand vectors from the database takes a second, comparing them a hundredth of one. What is held is
good as long as the account's stamp in the database is the one it was read under; every writer of passages or vectors,
of whatever process, sets another.
"""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from pipeline.store import tables as t
from pipeline.store.scope import Scope
from pipeline.store.values import Filters

MOST_BYTES = 600_000_000
"""What one open store holds of vectors; of more accounts those asked for last."""

CHUNK = 5_000
EPOCH = "erasures"
"""The setting that counts erasures: whatever was read of vectors before the last one is dropped."""


@dataclass(frozen=True)
class Column:
    """A column of few different values: the values, and for each row which one it has."""

    values: list[Any]
    codes: Any

    def where(self, holds: Callable[[Any], bool]) -> Any:
        """Which rows have a value that `holds`."""
        import numpy as np

        return np.fromiter(map(holds, self.values), bool, len(self.values))[self.codes]


@dataclass(frozen=True)
class Held:
    """The passages of an account with a vector of one embedder: ids and unit vectors by row, and what filters ask."""

    stamp: tuple[str, ...]
    ids: list[str]
    matrix: Any
    source: Column
    said_on: Column
    speaker: Column
    item: Column

    def nearest(self, vector: Any, k: int, sources: frozenset[str], filters: Filters) -> list[str]:
        """Ids of the `k` passages of these sources nearest in meaning, best first."""
        import numpy as np

        if not self.ids:
            return []
        asked = np.asarray(vector, dtype=np.float32)
        near = self.matrix @ asked
        allowed = np.flatnonzero(self._allowed(sources, filters))
        near = near[allowed]
        if len(near) > k:
            edge = np.partition(near, len(near) - k)[len(near) - k]
            allowed, near = allowed[near >= edge], near[near >= edge]
        return [self.ids[allowed[at]] for at in np.argsort(-near, kind="stable")[:k]]

    def _allowed(self, sources: frozenset[str], filters: Filters) -> Any:
        found = self.source.where(lambda each: each in sources)
        if filters.since is not None or filters.until is not None:
            since = filters.since.isoformat() if filters.since else ""
            until = filters.until.isoformat() if filters.until else "9999-12-31"
            found &= self.said_on.where(lambda each: each is not None and since <= each <= until)
        for column, wanted in ((self.speaker, filters.speakers), (self.item, filters.items)):
            if wanted is not None:
                found &= column.where(lambda each, wanted=wanted: each in wanted)  # type: ignore[misc]
        return found


class Shelf:
    """What one open store holds, by account and embedder."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[tuple[str | None, str], Held] = {}

    def take(self, key: tuple[str | None, str], stamp: tuple[str, ...], read: Callable[[], Held]) -> Held:
        """What is held under a key while its stamp is still the one; otherwise what `read` gives."""
        with self._guard:
            found = self._held.pop(key, None)
            if found is None or found.stamp != stamp:
                found = read()
            self._held[key] = found
            while len(self._held) > 1 and sum(each.matrix.nbytes for each in self._held.values()) > MOST_BYTES:
                del self._held[next(iter(self._held))]
        return found


_SHELVES: "WeakKeyDictionary[sa.Engine, Shelf]" = WeakKeyDictionary()
_SHELVING = threading.Lock()


class VectorReads(Scope):
    """What can be asked of an account's vectors."""

    def held(self, embedder: str) -> Held:
        """The account's vectors by this embedder as this transaction sees them, from memory where they are good."""
        with _SHELVING:
            shelf = _SHELVES.setdefault(self._connection.engine, Shelf())
        stamp = self._stamp()
        return shelf.take((self._account, embedder), stamp, lambda: self._read_vectors(embedder, stamp))

    def vector_count(self, embedder: str) -> int:
        """How many of the account's passages have a vector by this embedder."""
        # An embedder stands only beside a vector, and counting by it alone reads an index instead of every passage.
        where = (self._mine(t.passage), t.passage.c.embedder == embedder)
        return self._connection.scalar(sa.select(sa.func.count()).select_from(t.passage).where(*where)) or 0

    def vectors(self, embedder: str, only: Sequence[str] = ()) -> dict[str, tuple[str, bytes]]:
        """(source, vector) of the passages with a vector by this embedder; vectors only of those asked for."""
        where = [self._mine(t.passage), t.passage.c.embedder == embedder, t.passage.c.vector.is_not(None)]
        if not only:
            everything = self._connection.execute(sa.select(t.passage.c.id, t.passage.c.source).where(*where))
            return {row.id: (row.source, b"") for row in everything}
        columns = (t.passage.c.id, t.passage.c.source, t.passage.c.vector)
        rows = self._connection.execute(sa.select(*columns).where(*where, t.passage.c.id.in_(only)))
        return {row.id: (row.source, row.vector) for row in rows}

    def erasures(self) -> int:
        """How often something was erased in this store, whatever the account."""
        counted = self._connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.name == EPOCH))
        return int(counted or 0)

    def _stamp(self) -> tuple[str, ...]:
        """What changes whenever passages or vectors of the account do."""
        names = (self._stamped, EPOCH)
        rows = self._connection.execute(sa.select(t.setting).where(t.setting.c.name.in_(names)))
        return tuple(f"{row.name}={row.value}" for row in sorted(rows, key=lambda row: row.name))

    @property
    def _stamped(self) -> str:
        return f"vectors of {self._account}"

    def _read_vectors(self, embedder: str, stamp: tuple[str, ...]) -> Held:
        import numpy as np

        day = sa.type_coerce(t.passage.c.said_on, sa.Text)
        columns = (t.passage.c.id, t.passage.c.vector, t.passage.c.source, day, t.passage.c.speaker, t.passage.c.item)
        where = (self._mine(t.passage), t.passage.c.embedder == embedder, t.passage.c.vector.is_not(None))
        rows = self._connection.execute(sa.select(*columns).where(*where).order_by(t.passage.c.row))
        ids: list[str] = []
        parts: list[Any] = []
        coded: list[dict[Any, int]] = [{} for _ in columns[2:]]
        codes: list[list[int]] = [[] for _ in columns[2:]]
        for chunk in rows.partitions(CHUNK):
            length = len(chunk[0][1])
            fitting = [row for row in chunk if len(row[1]) == length]
            parts.append(np.frombuffer(b"".join(row[1] for row in fitting), np.float32).reshape(len(fitting), -1))
            ids += [row[0] for row in fitting]
            for at, (known, mine) in enumerate(zip(coded, codes, strict=True), 2):
                mine += [known.setdefault(row[at], len(known)) for row in fitting]
        matrix = np.concatenate(parts) if parts else np.empty((0, 0), np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))
        matrix /= np.where(lengths == 0, 1, lengths)[:, None]
        made = [Column(list(known), np.array(mine, np.int32)) for known, mine in zip(coded, codes, strict=True)]
        return Held(stamp, ids, matrix, *made)


class VectorWrites(VectorReads):
    """What must be said, in the transaction that does it, of changes to passages or vectors."""

    def _vectors_moved(self) -> None:
        """Passages or vectors of the account are being changed."""
        self._set(self._stamped, secrets.token_hex(8))

    def _count_erasure(self) -> None:
        """Something was erased, so that every index filled before is dropped."""
        self._set(EPOCH, str(self.erasures() + 1))

    def _set(self, name: str, value: str) -> None:
        self._connection.execute(sa.delete(t.setting).where(t.setting.c.name == name))
        self._connection.execute(sa.insert(t.setting).values(name=name, value=value))
