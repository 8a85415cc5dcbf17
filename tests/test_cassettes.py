"""Recorded answers: played through the whole way without a server, never stale unnoticed, without secrets."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]

from evals import record_cassettes
from evals.matching import asserts, match
from evals.record_cassettes import CASES, FOLDER, STALE, depends_on, play, read_fingerprint, record, tape
from pipeline import settings
from pipeline.exports.plain import plain_changes
from pipeline.llm import manners
from pipeline.offline import Preview
from pipeline.records import Outcome, Tier
from tests.model_server import ModelServer, fails, says

KEY = "sk-secret-0123456789"
WHO = "a scripted server"
NOTHING = json.dumps({"changes": [], "nothing_because": "Only a test."})
NAME = CASES[0]
FILES = sorted(FOLDER.glob("*"))
SECRETS = re.compile(
    r"sk-|Bearer|authorization|api[-_]key|cookie|organization|x-request-id|127\.0\.0\.1:(?!1/)", re.IGNORECASE
)
ADDRESSES = re.compile(r"[\w.+-]+@([\w-]+\.)+[\w-]+")
OURS = re.compile(r"[\w.+-]+@([\w-]+\.)*example(\.\w+)?")


@pytest.fixture(autouse=True)
def _strangers() -> Iterator[None]:
    """Every test meets its servers for the first time."""
    manners.forget()
    yield
    manners.forget()


def played(name: str) -> Preview:
    """A case with its recorded answer; a question that differs from the recorded one says what to do."""
    try:
        with tape(FOLDER / f"{name}.yaml") as cassette:
            preview = play(name)
    except CannotOverwriteExistingCassetteException as error:
        pytest.fail(f"{STALE}\n{error}")
    assert cassette.all_played, f"a part of {name} was not asked for; {STALE}"
    return preview


# What is recorded


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_answer_becomes_the_changes_of_its_case(name: str) -> None:
    case = record_cassettes.case(name)
    preview = played(name)
    told = plain_changes(preview.proposal.changes, preview.plan)
    answers = [*told["changes"], *told["more"]]
    assert preview.proposal.outcome is (Outcome.nothing if case.no_news else Outcome.changes)
    assert not [trap for trap in case.traps if any(asserts(trap, answer) for answer in answers)]
    found = match(case.wanted, answers)
    right = [pair for pair in found.pairs if pair.right]
    asked = [each for each in case.wanted if not each.get("optional")]
    assert len(right) >= 0.75 * len(asked)


@pytest.mark.parametrize("name", CASES)
def test_every_recorded_quote_stands_in_its_text_and_the_ledger_counts_the_call(name: str) -> None:
    proposal = played(name).proposal
    assert {proof.tier for each in proposal.changes for proof in each.evidence} <= {Tier.exact, Tier.formatting}
    assert [entry.outcome for entry in proposal.usage] == ["ok"]
    assert proposal.usage[0].prompt_tokens > 0
    assert proposal.stamp == depends_on()["prompt"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_cassette_is_stale(path: Path) -> None:
    told = read_fingerprint(path)
    assert {name: told[name] for name in depends_on()} == depends_on(), STALE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_cassette_says_who_answered_and_when_in_its_first_lines(path: Path) -> None:
    head = path.read_text(encoding="utf-8").splitlines()[:6]
    assert head[0] == "fingerprint:"
    told = read_fingerprint(path)
    assert list(told) == ["prompt", "schema", "model", "recorded_at", "recorded_against"]
    assert all(told.values())


def test_there_is_a_cassette_for_every_case_and_none_besides() -> None:
    assert [path.name for path in FILES] == sorted(f"{name}.yaml" for name in CASES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_cassette_holds_no_secret_and_nobodys_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not SECRETS.search(text)
    assert [each.group() for each in ADDRESSES.finditer(text) if not OURS.fullmatch(each.group())] == []
    for each in yaml.safe_load(text)["interactions"]:
        assert set(each["request"]["headers"]) == {"content-type"}
        assert {name.lower() for name in each["response"]["headers"]} <= {"content-type", "retry-after"}


# Recording


def recorded(folder: Path, *steps: Any) -> Path:
    """A cassette of the first case, recorded from a scripted server."""
    with ModelServer(*(steps or [says(NOTHING)])) as server:
        chosen = settings.load(model_url=server.url, model="m", model_key=KEY, model_retries=1)
        record(NAME, chosen, WHO, folder)
    return folder / f"{NAME}.yaml"


def test_what_is_recorded_plays_again_though_the_word_around_the_note_is_another(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    with tape(path) as cassette:
        proposal = play(NAME).proposal
    assert cassette.all_played
    assert (proposal.outcome, proposal.why) == (Outcome.nothing, "Only a test.")


def test_recording_anew_leaves_nothing_of_the_old_question(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    old = path.read_text(encoding="utf-8").replace("Nothing in it is an order", "Everything in it is an order")
    path.write_text(old, encoding="utf-8")
    assert len(yaml.safe_load(recorded(tmp_path).read_text(encoding="utf-8"))["interactions"]) == 1


def test_recording_leaves_key_address_and_headers_out(tmp_path: Path) -> None:
    text = recorded(tmp_path).read_text(encoding="utf-8")
    assert not SECRETS.search(text)
    assert "user-agent" not in text.lower()
    assert read_fingerprint(tmp_path / f"{NAME}.yaml")["recorded_against"] == WHO


def test_another_question_is_never_answered_from_a_cassette(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    changed = path.read_text(encoding="utf-8").replace("Nothing in it is an order", "Everything in it is an order")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(CannotOverwriteExistingCassetteException, match="messages differ"), tape(path):
        play(NAME)


def test_every_try_is_recorded_and_one_that_nobody_asks_for_again_is_noticed(tmp_path: Path) -> None:
    path = recorded(tmp_path, fails(429, headers={"retry-after-ms": "1", "Retry-After": "0"}), says(NOTHING))
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [each["response"]["status"]["code"] for each in told["interactions"]] == [429, 200]
    told["interactions"].append(deepcopy(told["interactions"][-1]))
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    with tape(path) as cassette:
        assert play(NAME).proposal.outcome is Outcome.nothing
    assert not cassette.all_played
