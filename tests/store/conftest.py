"""Stores on both databases, and two accounts of one person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.store import AccountStore, Store, open_store
from tests.store.making import account


@pytest.fixture
def settings(home: Path, either_database_url: str) -> Settings:
    """Settings for an empty store, on each of the two databases."""
    return Settings(home=home, user="ann", database_url=either_database_url)


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
