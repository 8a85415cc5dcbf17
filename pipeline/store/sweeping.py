"""After an erasure: no file of the database keeps the bytes. A sweep that was cut short is done at the next open.

SQLite: deleted pages are overwritten as they are freed (secure_delete), the file is written anew, and the write-ahead
log is emptied. PostgreSQL: the tables are written anew; its own write-ahead log is the server's to keep or to drop.
"""

import time

import sqlalchemy as sa

from pipeline.errors import StoreBusy
from pipeline.store import tables as t

ASKED = "sweep"
PATIENCE_SECONDS = 20.0
BLOCKED = "erased, but a reader keeps old pages alive; they go when the store is opened next"


def ask(connection: sa.Connection) -> None:
    """Notes, in the erasing transaction, that a sweep is due; the full-text index is built anew at once."""
    connection.execute(sa.delete(t.setting).where(t.setting.c.name == ASKED))
    connection.execute(sa.insert(t.setting).values(name=ASKED, value="due"))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO passage_words(passage_words) VALUES ('rebuild')")


def due(engine: sa.Engine) -> bool:
    """Whether an erasure was committed and not swept yet."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.name == ASKED)) is not None


def sweep(engine: sa.Engine, patience: float = PATIENCE_SECONDS) -> None:
    """Writes the database anew. Raises StoreBusy when other readers keep old pages alive: try again."""
    if engine.dialect.name == "sqlite":
        _sqlite(engine, patience)
    else:
        _postgresql(engine)
    with engine.begin() as connection:
        connection.execute(sa.delete(t.setting).where(t.setting.c.name == ASKED))


def _sqlite(engine: sa.Engine, patience: float) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout=100")
        _emptied(cursor, patience)
        cursor.execute("VACUUM")
        _emptied(cursor, patience)
    finally:
        raw.invalidate()  # the next one has the usual patience
        raw.close()


def _postgresql(engine: sa.Engine) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        for table in t.metadata.sorted_tables:
            try:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')
            except sa.exc.OperationalError as error:
                raise StoreBusy(BLOCKED) from error


def _emptied(cursor: object, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        blocked, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[attr-defined]
        if not blocked:
            return
        if time.monotonic() > until:
            raise StoreBusy(BLOCKED)
        time.sleep(0.1)
