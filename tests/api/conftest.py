"""The app as people and programs meet it: a fresh data folder, a worker, and a proposer whose answer is known."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from pipeline import propose
from pipeline.proposers import Proposer
from pipeline.settings import Settings
from pipeline.store import open_store
from tests.api.scripted import HOST, scripted


@pytest.fixture(autouse=True)
def known_proposer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every proposer answers by DRAFTS, unless a test is marked to use the real one by asking for `real_proposer`."""
    if "real_proposer" not in request.fixturenames:
        monkeypatch.setattr(propose, "proposer", lambda name: Proposer(name, scripted))


@pytest.fixture
def real_proposer() -> None:
    """Asks for the proposers that the product ships."""


@pytest.fixture(scope="session")
def fresh_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder at today's schema: copying it is quicker than migrating one for each test."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    open_store(Settings(home=home, user="ana")).close()
    return home


@pytest.fixture
def settings(tmp_path: Path, fresh_folder: Path) -> Settings:
    shutil.copytree(fresh_folder, tmp_path / "home")
    return Settings(home=tmp_path / "home", user="ana", embeddings="off", max_file_mb=0.2)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A program, or a browser without scripts; the worker runs."""
    with TestClient(create_app(settings), base_url=HOST, follow_redirects=True) as found:
        yield found


@pytest.fixture
def account(client: TestClient) -> str:
    """An account with two departments, one offering and one of our people; owned by ana."""
    body = {"name": "Weston Pump Works", "departments": ["Production", "Finance"], "offerings": ["PumpGuard"]}
    return str(client.post("/api/v1/accounts", json={**body, "team": ["Jo Hale (AE)"]}).json()["id"])
