"""The desk: what a model may take of an account's day, and what a proposer is handed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import flow, retrieve, settings
from pipeline.desk import Desk
from pipeline.llm import manners
from pipeline.proposers.model import ADVICE
from pipeline.records import Document, Line, Proposal, SourceKind
from pipeline.store import Store
from tests.model_server import ModelServer, fails, replies, says

NOTHING = '{"changes": [], "nothing_because": "Only a test."}'
TAKEN = 20_007
"""Tokens of one proposal: what the server counts, and the few of its answer."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NOTES2PLAN_HOME", str(tmp_path))
    manners.forget()
    yield
    manners.forget()


def desk(server: ModelServer, per_day: int) -> Desk:
    given: dict[str, Any] = {"model_url": server.url, "model": "m", "model_retries": 0, "model_tokens_per_day": per_day}
    return Desk(settings.load(embeddings="off", **given), "jo")


def proposed(at: Desk, account: str, text: str) -> Proposal:
    if account not in [each.name for each in at.store.accounts("jo")]:
        flow.set_up(at, flow.NewAccount(name=account))
    delivery = flow.deliver(at, account, text.encode())
    source = flow.read(at, account, delivery.id)
    assert source is not None
    return flow.propose_changes(at, account, source.id)


def said(*proposals: Proposal) -> list[str]:
    return [each.usage[-1].outcome for each in proposals]


def test_an_account_that_has_used_its_tokens_of_the_day_is_not_asked_for_again() -> None:
    with ModelServer(says(NOTHING, prompt_tokens=TAKEN - 7)) as server:
        at = desk(server, TAKEN + 5_000)
        first, second = (proposed(at, "Orrin Mills", text) for text in ("Nothing new.", "Still nothing new."))
        assert len(server.bodies) == 1
    assert said(first, second) == ["ok", "over_budget"]
    assert second.why == ADVICE["over_budget"]
    assert (second.usage[-1].prompt_tokens, second.usage[-1].completion_tokens) == (0, 0)


def test_what_a_question_may_take_counts_before_it_is_asked() -> None:
    with ModelServer(says(NOTHING)) as server:
        refused = proposed(desk(server, 5_000), "Orrin Mills", "Nothing new.")
        assert server.bodies == []
    assert said(refused) == ["over_budget"]


def test_another_accounts_tokens_and_another_days_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(says(NOTHING, prompt_tokens=TAKEN - 7)) as server:
        at = desk(server, TAKEN + 5_000)
        assert said(proposed(at, "Orrin Mills", "Nothing new.")) == ["ok"]
        assert said(proposed(at, "Brent Docks", "Nothing new.")) == ["ok"]
        monkeypatch.setattr(Store, "now", lambda _: datetime.now(UTC) + timedelta(days=1))
        assert said(proposed(at, "Orrin Mills", "Still nothing new.")) == ["ok"]


def test_tokens_of_answers_and_of_failed_tries_count_too() -> None:
    use = {"prompt_tokens": 0, "completion_tokens": 12_000, "total_tokens": 12_000}
    message = {"role": "assistant", "content": "no idea"}
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "usage": use}
    wrong = {**body, "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    with ModelServer(replies(200, wrong)) as server:
        at = desk(server, 25_000)
        failed = proposed(at, "Orrin Mills", "Nothing new.")
        again = proposed(at, "Orrin Mills", "Still nothing new.")
    assert [each.outcome for each in failed.usage] == ["bad_json", "bad_json"]
    assert said(again) == ["over_budget"]


def test_without_a_limit_nothing_is_refused() -> None:
    with ModelServer(says(NOTHING, prompt_tokens=TAKEN)) as server:
        at = desk(server, 0)
        assert said(*(proposed(at, "Orrin Mills", f"Nothing new, {n}.") for n in range(3))) == ["ok"] * 3


def test_a_failure_that_took_nothing_costs_nothing() -> None:
    with ModelServer(fails(500), says(NOTHING)) as server:
        at = desk(server, 10_000)
        assert said(proposed(at, "Orrin Mills", "Nothing."), proposed(at, "Orrin Mills", "Yet.")) == [
            "unavailable",
            "ok",
        ]


def test_a_proposer_is_handed_what_chooses_the_passages_of_a_long_text() -> None:
    with ModelServer(says(NOTHING)) as server:
        at = desk(server, 0)
        flow.set_up(at, flow.NewAccount(name="Orrin Mills"))
        tools = at.tools("Orrin Mills")
    text = "One line.\nAnother line."
    lines = (Line(number=1, start=0, end=9), Line(number=2, start=10, end=23))
    told = Document(kind=SourceKind.filing, format="text", text=text, lines=lines)
    for room in (0, 5, 1_000):
        expected = retrieve.worth_reading(told, ["overview"], None, room)
        assert tools.worth_reading(told, ["overview"], room) == expected
