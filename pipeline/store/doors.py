"""The ways into the store: a store, one account of it, and where deliveries of no account lie."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from pipeline.access import Act, may
from pipeline.errors import BadValue, Error, UnknownAccount, UnknownProposal, UnknownSource
from pipeline.records import Account
from pipeline.settings import Settings
from pipeline.store.values import Erased, Filters, Hit, Job

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipeline.store.index import Index
    from pipeline.store.transactions import Reading, Sorting, Writing

Clock = Callable[[], datetime]


class Store:
    """An open store. Made by `open_store`; threads may share it."""

    def __init__(self, settings: Settings, engine: "sa.Engine", clock: Clock) -> None:
        self.settings = settings
        self._engine = engine
        self._clock = clock
        self._index: Index | None = None
        self._opening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database, and gives the index up."""
        if self._index is not None:
            self._index.close()
            self._index = None
        self._engine.dispose()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._clock()

    def accounts(self, actor: str) -> list[Account]:
        """The accounts that this person may read, by name."""
        from pipeline.store import accounts

        with self._reading() as connection:
            return [each for each in accounts.everything(connection) if may(actor, Act.read, each)]

    def create_account(self, account: Account, actor: str) -> Account:
        """A new account with an empty plan, as stored: an empty id gets a new one, `created_at` is now.

        Raises BadValue without a name, Conflicted when there is one of this name or id already.
        """
        from pipeline.store import accounts

        if not account.name.strip():
            raise BadValue("an account needs a name")
        fresh = {"id": account.id or accounts.new_id("acc"), "name": account.name.strip(), "created_at": self.now()}
        made = account.model_copy(update=fresh)
        with self._writing() as connection:
            accounts.add(connection, made, actor)
        return made

    def account(self, account: str, actor: str) -> "AccountStore":
        """One account by its id or its name, for one person. Raises UnknownAccount, also when they may not read it."""
        from pipeline.store import accounts

        with self._reading() as connection:
            found = accounts.one(connection, account)
        if found is None or not may(actor, Act.read, found):
            raise UnknownAccount(account)
        return AccountStore(self, found, actor)

    def account_of_proposal(self, proposal: str, actor: str) -> "AccountStore":
        """The account that a proposal belongs to. Raises UnknownProposal, also when they may not read it."""
        from pipeline.store import accounts

        with self._reading() as connection:
            return self._readable(accounts.of_proposal(connection, proposal), actor, UnknownProposal(proposal))

    def account_of_delivery(self, delivery: str, actor: str) -> "AccountStore":
        """The account that a delivery belongs to. Raises UnknownSource, also when they may not read it."""
        from pipeline.store import accounts

        with self._reading() as connection:
            return self._readable(accounts.of_delivery(connection, delivery), actor, UnknownSource(delivery))

    def _readable(self, found: list[Account], actor: str, missing: Error) -> "AccountStore":
        for each in found:
            if may(actor, Act.read, each):
                return AccountStore(self, each, actor)
        raise missing

    def unsorted(self, actor: str) -> "Unsorted":
        """Where deliveries lie that belong to no account yet."""
        return Unsorted(self, actor)

    def claim_job(
        self, worker: str, lease: float = 300.0, kinds: tuple[str, ...] = (), max_tries: int = 5
    ) -> Job | None:
        """Takes the oldest job that is due, of some kinds or any; None when there is none.

        The job is this worker's for `lease` seconds, and longer with every sign of progress. A job whose worker ended
        is due again when its lease has run out; after `max_tries` it fails.
        """
        from pipeline.store import jobs

        now = self.now()
        with self._reading() as connection:
            if not jobs.any_due(connection, now, kinds):
                return None
        with self._writing() as connection:
            jobs.give_up(connection, now, max_tries)
            return jobs.claim(connection, worker, now, lease, kinds)

    def progress_job(self, job: Job, progress: str, lease: float = 300.0) -> bool:
        """Says how far a claimed job came and extends its lease; False when somebody else took it over: stop."""
        return self._held(job, progress=progress, lease_until=self.now() + timedelta(seconds=lease))

    def finish_job(self, job: Job, progress: str = "") -> bool:
        """Ends a claimed job well; False when somebody else took it over."""
        return self._held(job, state="done", progress=progress, error=None, ended_at=self.now(), lease_until=None)

    def fail_job(self, job: Job, error: str, retry_in: float | None = None) -> bool:
        """Ends a claimed job badly, or queues it again in some seconds; False when somebody else took it over."""
        if retry_in is None:
            return self._held(job, state="failed", error=error, ended_at=self.now(), lease_until=None)
        again = self.now() + timedelta(seconds=retry_in)
        return self._held(job, state="queued", error=error, not_before=again, claimed_by=None, lease_until=None)

    def _held(self, job: Job, **values: Any) -> bool:
        from pipeline.store import jobs

        with self._writing() as connection:
            return jobs.held(connection, job.id, job.claimed_by or "", **values)

    def _writing(self) -> Any:
        from pipeline.store import connect

        return connect.writing(self._engine)

    def _reading(self) -> Any:
        from pipeline.store import connect

        return connect.reading(self._engine)

    def sweep(self, account: "AccountStore") -> None:
        """Writes the database anew after an erasure, and drops the index."""
        from pipeline.store import sweeping

        sweeping.sweep(self._engine, sweeping.PATIENCE_SECONDS)
        if self._index is not None or (self.settings.home / "chroma").exists() or self.settings.chroma_url:
            self.index.drop(account)

    def nearest(self, account: "AccountStore", embedder: str, vector: Any, k: int) -> list[str] | None:
        """Ids of the nearest passages by the index; None where it is not open here, or behind."""
        return None if self._index is None else self._index.search(account, embedder, vector, k)

    @property
    def index(self) -> "Index":
        """The vector index; opened when first asked for, if no other process owns it."""
        with self._opening:
            if self._index is None:
                from pipeline.store.index import Index

                self._index = Index(self.settings)
            return self._index


class AccountStore:
    """One account, as one person may see and change it. Made by `Store.account`."""

    def __init__(self, store: Store, account: Account, actor: str) -> None:
        self._store = store
        self.account = account
        self.actor = actor

    @property
    def id(self) -> str:
        """The account's id."""
        return self.account.id

    @contextmanager
    def read(self) -> Iterator["Reading"]:
        """One consistent snapshot: `with account.read() as tx: tx.plan()`."""
        from pipeline.store.transactions import Reading

        with self._store._reading() as connection:  # noqa: SLF001
            yield Reading(connection, self.id, self.actor, self._store.now())

    @contextmanager
    def write(self) -> Iterator["Writing"]:
        """One transaction: committed at the end, rolled back on any error. Writers of one account take turns.

        Raises StoreBusy when its turn does not come, UnknownAccount when the account is gone.
        """
        from pipeline.store import accounts
        from pipeline.store.transactions import Writing

        with self._store._writing() as connection:  # noqa: SLF001
            accounts.lock(connection, self.id)
            yield Writing(connection, self.id, self.actor, self._store.now())

    def search(
        self,
        text: str,
        vector: Any | None = None,
        k: int = 10,
        filters: Filters | None = None,
        embedder: str | None = None,
    ) -> list[Hit]:
        """The best `k` passages for a question, by words and by meaning; see `SearchReads.search`.

        Asks the index where this process has it open and it is up to date, else the stored vectors, exactly.
        """
        nearest = None
        if vector is not None and embedder is not None and filters is None:
            nearest = self._store.nearest(self, embedder, vector, max(4 * k, 20))
        with self.read() as tx:
            return tx.search(text, vector, k, filters, embedder=embedder, by_meaning=nearest)

    def index_passages(self, embedder: str) -> int:
        """Brings the vector index up to the store for this account; how many passages were missing or extra there.

        Does nothing (0) in a process that does not own the index.
        """
        return self._store.index.refresh(self, embedder)

    def index_behind(self, embedder: str) -> int:
        """How many passages the index lacks or has too many; in a process that does not own it: all of them."""
        return self._store.index.behind(self, embedder)

    def rebuild_index(self, embedder: str, progress: Callable[[int, int], None] | None = None) -> int:
        """Drops this account's part of the index and fills it from the store; how many passages it holds.

        `progress` hears (done, all). Raises IndexBusy in a process that does not own the index.
        """
        return self._store.index.rebuild(self, embedder, progress)

    def sweep(self) -> None:
        """Sees to it, after an erasure, that no file keeps the bytes; raises StoreBusy while other readers do."""
        self._store.sweep(self)

    def erase_source(self, source: str, because: str = "") -> Erased:
        """Erases a source for good: bytes, text, passages, quotes, and the words of values that rest only on it.

        A tombstone stays, offsets stay true (masked at equal length), and the history verifies. Raises UnknownSource,
        StoreBusy when other readers keep old pages alive: try again.
        """
        from pipeline.store.erase import erase_source

        return erase_source(self, source, because)

    def erase_person(self, forms: tuple[str, ...], because: str = "") -> Erased:
        """Erases somebody for good: every place where one of the written forms of the name (or address) stands."""
        from pipeline.store.erase import erase_person

        return erase_person(self, forms, because)


class Unsorted:
    """Deliveries that belong to no account yet. Made by `Store.unsorted`."""

    def __init__(self, store: Store, actor: str) -> None:
        self._store = store
        self.actor = actor

    @contextmanager
    def read(self) -> Iterator["Sorting"]:
        """One consistent snapshot."""
        from pipeline.store.transactions import Sorting

        with self._store._reading() as connection:  # noqa: SLF001
            yield Sorting(connection, None, self.actor, self._store.now())

    @contextmanager
    def write(self) -> Iterator["Sorting"]:
        """One transaction: committed at the end, rolled back on any error."""
        from pipeline.store.transactions import Sorting

        with self._store._writing() as connection:  # noqa: SLF001
            yield Sorting(connection, None, self.actor, self._store.now())


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def open_store(settings: Settings, clock: Clock = utc_now) -> Store:
    """Opens the settings' store, and brings its schema up to date first. `clock` tells the present instant.

    Raises BadSetting for a database URL that is not PostgreSQL's, StoreBusy when the database can't be had.
    """
    from pipeline.store import connect

    return Store(settings, connect.open_database(settings), clock)


@contextmanager
def both(one: AccountStore, other: AccountStore) -> Iterator["tuple[Writing, Writing]"]:
    """One transaction over two accounts of one store, as (tx of one, tx of other): for moving a source."""
    from pipeline.store import accounts
    from pipeline.store.transactions import Writing

    store = one._store  # noqa: SLF001
    with store._writing() as connection:  # noqa: SLF001
        for account in sorted({one.id, other.id}):
            accounts.lock(connection, account)
        now = store.now()
        yield Writing(connection, one.id, one.actor, now), Writing(connection, other.id, other.actor, now)
