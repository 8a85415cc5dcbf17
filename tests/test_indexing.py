"""Embedding in batches: each is kept at once, a kill loses no more than one, and who waits hears how far it is."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import desk as waiting
from api.cli import notes2plan
from pipeline import flow, jobs
from pipeline.desk import Desk, silent
from pipeline.errors import NotAllowed
from pipeline.flow import indexing
from pipeline.settings import Settings
from pipeline.views.search import index_state, without_vectors
from pipeline.views.sources import one_delivery

LONG = "\n\n".join(
    f"Paragraph {n}. " + "The second hall wants more pumps and better seals, says Rosa. " * 8 for n in range(40)
)
KILLED = """
import os, signal, sys
from tests.test_indexing import Counting, at
from pipeline import flow
from pipeline.flow import indexing

class Killing(Counting):
    def embed(self, texts, progress=None):
        if self.calls == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts)

indexing.BATCH = 5
desk = at(sys.argv[1], Killing())
flow.index(desk, "Weston", sys.argv[2])
"""


class Counting:
    """Vectors of one direction; remembers what it was asked."""

    name = "counting"
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.calls = 0

    def embed(self, texts: Any, progress: object = None) -> Any:
        self.asked += texts
        self.calls += 1
        return np.ones((len(texts), 2), np.float32)


def at(home: str, embedder: Any) -> Desk:
    desk = Desk(Settings(home=Path(home), user="ann"))
    desk.__dict__["embedder"] = embedder
    return desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(indexing, "BATCH", 5)
    made = at(str(tmp_path / "home"), Counting())
    flow.set_up(made, flow.NewAccount(name="Weston"))
    yield made
    made.store.close()


def delivered(desk: Desk) -> str:
    told = flow.deliver(desk, "Weston", LONG.encode(), "long.txt", "file")
    source = flow.read(desk, "Weston", told.id, alone=False)
    assert source is not None
    return source.id


def bare(desk: Desk) -> int:
    return without_vectors(desk.store, "ann", "Weston", "counting")


def test_a_killed_process_leaves_its_batches_and_the_next_embeds_only_the_rest(desk: Desk) -> None:
    source = delivered(desk)
    every = bare(desk)
    assert every > 20
    desk.store.close()
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-c", KILLED, str(desk.settings.home), source]
    killed = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = at(str(desk.settings.home), Counting())
    assert bare(again) == every - 10
    flow.index(again, "Weston", source)
    assert len(again.embedder.asked) == every - 10  # type: ignore[union-attr]
    assert bare(again) == 0
    assert again.account("Weston").index_behind("counting") == 0
    again.store.close()


def test_indexing_again_embeds_nothing_again(desk: Desk) -> None:
    source = delivered(desk)
    flow.index(desk, "Weston", source)
    count = len(desk.embedder.asked)  # type: ignore[union-attr]
    flow.index(desk, "Weston", source)
    assert len(desk.embedder.asked) == count  # type: ignore[union-attr]


def test_a_sources_own_passages_alone_are_embedded(desk: Desk) -> None:
    delivered(desk)
    told = flow.deliver(desk, "Weston", b"Rosa: the budget stands.", "short.txt", "file")
    source = flow.read(desk, "Weston", told.id, alone=False)
    assert source is not None
    flow.index(desk, "Weston", source.id)
    assert len(desk.embedder.asked) == 1  # type: ignore[union-attr]


def test_who_waits_hears_how_far_it_is_and_the_job_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = flow.deliver(desk, "Weston", LONG.encode(), "long.txt", "file")
    heard: list[tuple[int, int]] = []
    said: list[str] = []

    def hear(done: int, every: int) -> None:
        heard.append((done, every))
        said.append(one_delivery(desk.store, "ann", told.id).progress)

    desk.heard = hear
    jobs.run_all(desk)
    every = heard[-1][1]
    assert heard == [(min(done, every), every) for done in range(5, every + 5, 5)]
    assert said[0] == f"5 of {every} passages embedded"
    assert one_delivery(desk.store, "ann", told.id).progress == ""


def test_only_who_manages_an_account_reindexes_it(desk: Desk) -> None:
    flow.set_up(desk, flow.NewAccount(name="Shared", owner="bob", reviewers=("ann",)))
    with pytest.raises(NotAllowed):
        indexing.reindex(desk, "Shared", silent)
    with pytest.raises(NotAllowed):
        indexing.reindex(desk.as_("eve"), "Weston", silent)


def test_the_command_leaves_accounts_out_that_one_may_not_manage_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.set_up(desk, flow.NewAccount(name="Shared", owner="bob", reviewers=("ann",)))
    desk.store.close()
    monkeypatch.setenv("NOTES2PLAN_USER", "ann")
    monkeypatch.setattr(Desk, "embedder", Counting())
    ran = CliRunner().invoke(notes2plan, ["--home", str(desk.settings.home), "reindex"], catch_exceptions=False)
    assert "Weston: 0 passages in the index" in ran.output
    assert "Shared: left as it is, only bob may" in ran.output
    command = ["--home", str(desk.settings.home), "reindex", "Shared"]
    with pytest.raises(NotAllowed):
        CliRunner().invoke(notes2plan, command, catch_exceptions=False)


def test_add_shows_progress_while_somebody_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk.store.close()
    monkeypatch.setenv("NOTES2PLAN_USER", "ann")
    monkeypatch.setattr(Desk, "embedder", Counting())
    monkeypatch.setattr(waiting, "watched", lambda: True)
    file = tmp_path / "long.txt"
    file.write_text(LONG, encoding="utf-8")
    command = ["--home", str(desk.settings.home), "add", "Weston", str(file)]
    ran = CliRunner().invoke(notes2plan, command, catch_exceptions=False)
    assert "passages for search" in ran.stderr
    assert "passages for search" not in ran.stdout


def test_the_count_check_tells_what_lacks_a_vector_and_by_how_many_the_index_is_behind(desk: Desk) -> None:
    delivered(desk)
    every = bare(desk)
    state = index_state(desk.store, "ann", "Weston", "counting")
    assert (state.bare, state.behind) == (every, 0)
    indexing._embed(desk.account("Weston"), desk.embedder, None, silent)  # type: ignore[arg-type]
    state = index_state(desk.store, "ann", "Weston", "counting")
    assert (state.bare, state.behind) == (0, every)
    indexing.reindex(desk, "Weston", silent)
    state = index_state(desk.store, "ann", "Weston", "counting")
    assert (state.bare, state.behind) == (0, 0)


def test_the_doctor_and_the_search_page_say_when_the_index_is_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = delivered(desk)
    monkeypatch.setenv("NOTES2PLAN_USER", "ann")
    monkeypatch.setattr(Desk, "embedder", Counting())
    settings = desk.settings.model_copy(update={"embeddings": "off"})
    with TestClient(create_app(settings, worker=False), base_url="http://127.0.0.1:8770") as client:
        page = client.get("/search", params={"q": "seals"}).text
        assert f"{bare(desk)} passages are found by words alone" in page
    told = doctor(desk)
    assert (
        f"hm  search     Weston: {bare(desk)} passages are found by words alone; run `notes2plan reindex Weston`."
        in told
    )
    flow.index(desk, "Weston", source)
    assert "Weston: the index belongs to another process." in doctor(desk)
    desk.store.close()
    assert "ok  search     Weston: the index is up to date." in doctor(desk)


def doctor(desk: Desk) -> str:
    return CliRunner().invoke(notes2plan, ["--home", str(desk.settings.home), "doctor"]).output
