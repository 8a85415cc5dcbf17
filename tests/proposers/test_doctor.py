"""`notes2plan doctor`: what it says of servers that are good, doubtful and bad, and how it ends."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import notes2plan
from pipeline import settings
from pipeline.llm import manners
from pipeline.proposers.model.doctor import NOTE, Checked, examine
from tests.model_server import ModelServer, fails, says

FOUND = [
    {
        "quotes": [{"line": 2, "words": "ordered the HeatTrace trial"}],
        "reason": "A trial.",
        "section": "cells",
        "op": "add",
        "handle": None,
        "fields": [
            {"name": "department", "value": "Furnace Hall"},
            {"name": "offering", "value": "HeatTrace"},
            {"name": "status", "value": "need_identified"},
        ],
    }
]


@pytest.fixture(autouse=True)
def _strangers() -> Iterator[None]:
    manners.forget()
    yield
    manners.forget()


def a_model(
    tide: str = '{"tide": "low"}',
    changes: Any = FOUND,
    first: str = r"first word is (\w+)",
    last: str = r"last word is (\w+)",
    counts: bool = True,
) -> Any:
    """A server that answers each of the doctor's questions; parts of it can be made to fail."""

    def step(handler: Any) -> None:
        body = handler.server.bodies[-1]
        user = body["messages"][1]["content"]
        size = len(json.dumps(body["messages"])) // 4 if counts else 30
        if "<<<text" in user:
            told = json.dumps({"changes": changes, "nothing_because": None if changes else "Nothing."})
        elif "last word is" in user:
            ends = [re.search(each, user) for each in (first, last)]
            told = json.dumps(dict(zip(("first", "last"), [each.group(1) for each in ends if each], strict=True)))
        elif "sideways" in user:
            told = tide
        else:
            told = '{"word": "harbour"}'
        says(told, prompt_tokens=size)(handler)

    return step


def found(step: Any, whole: bool = False, **more: Any) -> dict[str, Checked]:
    with ModelServer(step) as server:
        given = {"model_url": server.url, "model": "m", "model_retries": 0, "model_deadline": 10.0, **more}
        return {each.name: each for each in examine(settings.load(**given), whole)}


def test_a_good_server_passes_every_check() -> None:
    told = found(a_model())
    assert {name: each.verdict for name, each in told.items()} == dict.fromkeys(
        ("settings", "reachable", "form", "context", "proposal"), "good"
    )
    assert "1 changes" in told["proposal"].told


def test_without_a_model_nothing_is_asked() -> None:
    (only,) = examine(settings.load())
    assert (only.name, only.verdict) == ("settings", "bad")
    assert "NOTES2PLAN_MODEL_URL" in only.told


@pytest.mark.parametrize(
    ("step", "advice"),
    [
        (fails(401), "NOTES2PLAN_MODEL_KEY"),
        (fails(404), "NOTES2PLAN_MODEL"),
        (fails(500), "trouble"),
        (says(None), "word"),
    ],
)
def test_a_server_that_does_not_answer_ends_it_with_what_to_do(step: Any, advice: str) -> None:
    told = found(step)
    assert list(told) == ["settings", "reachable"]
    assert told["reachable"].verdict == "bad"
    assert advice in told["reachable"].told


def test_a_server_that_takes_the_schema_and_ignores_it_is_told_apart_from_one_that_keeps_it() -> None:
    told = found(a_model(tide='{"tide": "sideways"}'))
    assert told["form"].verdict == "doubtful"
    assert "does not hold the model to it" in told["form"].told


def test_a_server_whose_answer_had_to_be_repaired_does_not_hold_the_model_to_the_schema() -> None:
    first, good, asked = a_model(tide='{"tide": "sideways"}'), a_model(), iter([True])

    def step(handler: Any) -> None:
        once = handler.server.bodies[-1]["messages"][1]["content"] == "sideways" and next(asked, False)
        (first if once else good)(handler)

    assert found(step)["form"].verdict == "doubtful"


@pytest.mark.parametrize(("refused", "said"), [("json_schema", "takes JSON"), ("json_object", "neither")])
def test_a_server_without_schemas_is_usable_with_a_doubt(refused: str, said: str) -> None:
    order, good = ("json_schema", "json_object", "text"), a_model()

    def step(handler: Any) -> None:
        form = (handler.server.bodies[-1].get("response_format") or {}).get("type", "text")
        if order.index(form) <= order.index(refused):
            fails(400, f"response_format {form} is not supported")(handler)
        else:
            good(handler)

    told = found(step)
    assert told["form"].verdict == "doubtful"
    assert said in told["form"].told
    assert told["proposal"].verdict == "good"


def test_a_context_that_loses_the_beginning_is_noticed_by_its_words_and_by_the_count() -> None:
    lost = found(a_model(first=r"Line (\d+)"))["context"]
    assert (lost.verdict, "beginning" in lost.told) == ("doubtful", True)
    cut = found(a_model(counts=False))
    assert cut["context"].verdict == "bad"
    assert "proposal" not in cut


def test_a_context_that_loses_the_end_is_noticed() -> None:
    lost = found(a_model(last=r"Line (\d+)"))["context"]
    assert lost.verdict == "doubtful"
    assert "last word" in lost.told


def test_a_context_that_is_too_small_says_which_setting_to_change() -> None:
    good = a_model()

    def step(handler: Any) -> None:
        long = len(handler.server.bodies[-1]["messages"][1]["content"]) > 20_000
        (fails(400, "maximum context length is 4096 tokens") if long else good)(handler)

    told = found(step)["context"]
    assert told.verdict == "bad"
    assert "NOTES2PLAN_MODEL_CONTEXT_TOKENS" in told.told


def test_the_whole_context_is_filled_when_asked_for() -> None:
    assert "12000 tokens" in found(a_model(), whole=True)["context"].told
    assert "6000 tokens" in found(a_model())["context"].told


def test_a_model_that_finds_nothing_or_misquotes_is_doubtful() -> None:
    assert "nothing" in found(a_model(changes=[]))["proposal"].told
    wrong = [{**FOUND[0], "quotes": [{"line": 2, "words": "ordered HeatTrace"}]}]
    assert "letter for letter" in found(a_model(changes=wrong))["proposal"].told
    assert all("ordered HeatTrace" not in line for line in NOTE)


def test_the_command_prints_a_line_a_check_and_fails_only_when_the_server_can_not_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ModelServer(a_model(tide='{"tide": "sideways"}')) as server:
        monkeypatch.setenv("NOTES2PLAN_MODEL_URL", server.url)
        monkeypatch.setenv("NOTES2PLAN_MODEL", "m")
        good = CliRunner().invoke(notes2plan, ["doctor"])
    manners.forget()
    with ModelServer(fails(401)) as server:
        monkeypatch.setenv("NOTES2PLAN_MODEL_URL", server.url)
        bad = CliRunner().invoke(notes2plan, ["doctor", "--json"])
    assert good.exit_code == 0
    assert [line.split()[:2] for line in good.output.splitlines()] == [
        ["ok", "settings"],
        ["ok", "reachable"],
        ["hm", "form"],
        ["ok", "context"],
        ["ok", "proposal"],
    ]
    assert bad.exit_code == 41
    assert [each["verdict"] for each in json.loads(bad.output)] == ["good", "bad"]
