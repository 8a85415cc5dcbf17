"""The vector index: Chroma as a cache of the stored vectors, dropped and filled again whenever in doubt.

Embedded Chroma survives neither two processes nor every kill once it writes its graph files. So one process owns it,
by a file lock, and the graph files are never written (the sync threshold is out of reach); a process without the lock
never opens it, and searches the store. Only ids and vectors lie in it, never a text.
"""

import fcntl
import hashlib
import shutil
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from pipeline.errors import IndexBusy
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.store.doors import AccountStore

NEVER_SYNC = 10**9
BATCH = 1000
Progress = Callable[[int, int], None]


class Index:
    """Chroma, if this process may have it."""

    def __init__(self, settings: Settings) -> None:
        """Opens nothing yet. `owned` tries to become the owner; a Chroma server is everybody's."""
        self._settings = settings
        self._folder = settings.home / "chroma"
        self._mark = settings.home / "chroma.epoch"
        self._url = settings.chroma_url
        self._lock: TextIO | None = None
        self._closed = False
        self._client: Any = None
        self._guard = threading.Lock()

    @property
    def owned(self) -> bool:
        """Whether this process may use the index; it becomes the owner as soon as no other process is."""
        if self._url:
            return True
        with self._guard:
            if self._lock is None and not self._closed:
                self._lock = _locked(self._settings)
            return self._lock is not None

    def close(self) -> None:
        """Gives the index up."""
        with self._guard:
            self._closed = True
            self._shut()
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def behind(self, account: "AccountStore", embedder: str) -> int:
        """How many passages it lacks or has too many; when it isn't owned, all of them."""
        with account.read() as tx:
            stored = tx.vector_count(embedder)
        if not self.owned:
            return stored
        return abs(stored - int(self._collection(account, embedder).count()))

    def refresh(self, account: "AccountStore", embedder: str) -> int:
        """Adds what is missing and takes out what is no longer there; how many."""
        if not self.owned:
            return 0
        collection = self._collection(account, embedder)
        with account.read() as tx:
            stored = set(tx.vectors(embedder))
        have = set(collection.get(include=[])["ids"])
        if gone := sorted(have - stored):
            collection.delete(ids=gone)
        missing = sorted(stored - have)
        self._fill(account, embedder, collection, missing, None)
        return len(gone) + len(missing)

    def rebuild(self, account: "AccountStore", embedder: str, progress: Progress | None) -> int:
        """Drops the account's collection and fills it again. Raises IndexBusy."""
        if not self.owned:
            raise IndexBusy
        name = _name(account, embedder)
        client = self._opened(account)
        if name in {each.name for each in client.list_collections()}:
            client.delete_collection(name)
        with account.read() as tx:
            stored = sorted(tx.vectors(embedder))
        self._fill(account, embedder, self._collection(account, embedder), stored, progress)
        return len(stored)

    def search(self, account: "AccountStore", embedder: str, vector: Any, k: int) -> list[str] | None:
        """Ids of the nearest passages, best first; None when it isn't owned or is behind: search the store."""
        if not self.owned or self.behind(account, embedder):
            return None
        import numpy as np

        asked = np.asarray(vector, dtype=np.float32)
        collection = self._collection(account, embedder)
        count = min(k, collection.count())
        return list(collection.query(query_embeddings=[asked], n_results=count, include=[])["ids"][0]) if count else []

    def drop(self, account: "AccountStore") -> None:
        """Forgets everything after an erasure, so that no file keeps an erased vector.

        A process that doesn't own it does nothing: the owner notices by the count of erasures before its next use.
        """
        if self.owned:
            with self._guard:
                self._up_to_date(account)

    def _fill(
        self, account: "AccountStore", embedder: str, collection: Any, ids: Sequence[str], progress: Progress | None
    ) -> None:
        import numpy as np

        for start in range(0, len(ids), BATCH):
            with account.read() as tx:
                rows = tx.vectors(embedder, ids[start : start + BATCH])
            if rows:
                vectors = [np.frombuffer(vector, dtype=np.float32) for _, vector in rows.values()]
                sources = [{"source": source} for source, _ in rows.values()]
                collection.upsert(ids=list(rows), embeddings=vectors, metadatas=sources)
            if progress is not None:
                progress(min(start + BATCH, len(ids)), len(ids))

    def _collection(self, account: "AccountStore", embedder: str) -> Any:
        return self._opened(account).get_or_create_collection(
            _name(account, embedder),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": NEVER_SYNC}},
        )

    def _opened(self, account: "AccountStore") -> Any:
        with self._guard:
            self._up_to_date(account)
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _up_to_date(self, account: "AccountStore") -> None:
        with account.read() as tx:
            epoch = str(tx.erasures())
        if self._mark_of() != epoch:
            self._forget()
            self._mark.write_text(epoch)

    def _mark_of(self) -> str:
        return self._mark.read_text() if self._mark.exists() else "0"

    def _forget(self) -> None:
        if self._url:
            client = self._client or self._connect()
            for each in client.list_collections():
                client.delete_collection(each.name)
            return
        self._shut()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        private = ChromaSettings(anonymized_telemetry=False)
        if self._url:
            host, _, port = self._url.removeprefix("http://").partition(":")
            return chromadb.HttpClient(host=host, port=int(port or 8000), settings=private)
        return chromadb.PersistentClient(str(self._folder), settings=private)

    def _shut(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _name(account: "AccountStore", embedder: str) -> str:
    """A collection's name: an account and a vector space, in the letters and length that Chroma takes."""
    return hashlib.sha256(f"{account.id}\n{embedder}".encode()).hexdigest()[:40]


def _locked(settings: Settings) -> TextIO | None:
    lock = (settings.home / "chroma.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
