"""What every test starts from: no settings of the machine, a data folder of its own, no network but the loopback."""

import ipaddress
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

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
