"""Opens the database: one SQLite file in the data folder, or PostgreSQL, migrated first by one process at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.errors import BadSetting, StoreBusy
from pipeline.settings import Settings
from pipeline.store import marks, sweeping
from pipeline.store.tables import HEAD

FILE = "notes2plan.sqlite"
WAIT_SECONDS = 30
MIGRATION_LOCK = 0x6E32706C
_IMMEDIATE = "notes2plan_immediate"


def open_database(settings: Settings) -> sa.Engine:
    """The engine of the settings' database, at today's schema. Makes the data folder, for its owner only."""
    make_folder(settings.home)
    engine = _postgresql(settings.database_url) if settings.database_url else _sqlite(settings.home / FILE)
    _migrate(engine, settings.home)
    if sweeping.due(engine):
        with suppress(StoreBusy):
            sweeping.sweep(engine, patience=0)
    return engine


def make_folder(home: Path) -> None:
    """The data folder, readable by its owner alone when we make it."""
    if not home.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)


def is_sqlite(engine: sa.Engine | sa.Connection) -> bool:
    """Whether it is the embedded database."""
    return engine.dialect.name == "sqlite"


def _sqlite(path: Path) -> sa.Engine:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS}, pool_size=10, max_overflow=40, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(raw: Any, _: Any) -> None:
        raw.isolation_level = None  # the driver must not begin by itself: it would begin DEFERRED
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON",
                       "temp_store=MEMORY", f"busy_timeout={WAIT_SECONDS * 1000}"):  # fmt: skip
            raw.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgresql(url: str) -> sa.Engine:
    scheme, found, rest = url.partition("://")
    if not found or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise BadSetting("NOTES2PLAN_DATABASE_URL", "It takes a PostgreSQL URL, or nothing for the embedded database.")
    return sa.create_engine(
        f"postgresql+psycopg://{rest}",
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=40,
        hide_parameters=True,  # an error that is logged must not tell what a note says
        connect_args={"options": f"-c lock_timeout={WAIT_SECONDS}s -c timezone=UTC"},
    )


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that may write: committed at the end, rolled back on an error.

    SQLite takes the write lock at once, so nothing read inside can change before the commit. On PostgreSQL the caller
    locks the account's row first. Raises StoreBusy when the lock can't be had.
    """
    with _busy_named(), engine.connect() as plain:
        connection = plain.execution_options(**{_IMMEDIATE: True})
        with _begun(connection):
            yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent snapshot; nothing written in it is kept."""
    options: dict[str, Any] = {} if is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}
    with _busy_named(), engine.connect() as plain:
        connection = plain.execution_options(**options)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def _begun(connection: sa.Connection) -> Iterator[None]:
    for wait in (0.05, 0.2, 1.0, None):
        try:
            transaction = connection.begin()
            break
        except sa.exc.OperationalError as error:
            if wait is None or not _is_busy(error):
                raise
            time.sleep(wait)
    with transaction:
        yield


@contextmanager
def _busy_named() -> Iterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        if _is_busy(error):
            raise StoreBusy from error
        raise _discreet(error) from None
    except sa.exc.DBAPIError as error:
        raise _discreet(error) from None


def _discreet(error: sa.exc.DBAPIError) -> sa.exc.DBAPIError:
    """The same error without the row at hand, which PostgreSQL tells in its details: it may hold a note's words."""
    told = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
    return type(error)(error.statement, None, type(error.orig or error)(told), hide_parameters=True)


def _is_busy(error: sa.exc.OperationalError) -> bool:
    said = str(error.orig).lower()
    return any(word in said for word in ("locked", "busy", "lock timeout", "deadlock", "could not serialize"))


def _migrate(engine: sa.Engine, home: Path) -> None:
    if _version(engine) == HEAD and not marks.due(engine):
        return
    with _alone(engine, home):
        if _version(engine) != HEAD:
            from pipeline.store.migrations import upgrade

            upgrade(engine)
        if marks.due(engine):
            with writing(engine) as connection:
                marks.refresh(connection)


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


@contextmanager
def _alone(engine: sa.Engine, home: Path) -> Iterator[None]:
    """One process at a time: two that migrate at once crash each other, on both databases."""
    if is_sqlite(engine):
        with (home / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(MIGRATION_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(MIGRATION_LOCK)))
