"""The command line as a person uses it, on a real store."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import COMMANDS, main

PLAN = {
    "account": "Weston Pump Works",
    "vendor": "Larkfield Analytics",
    "as_of": "2026-09-01",
    "note_meta": {"file": "note.txt", "date": "2026-09-10", "author": "Jo Hale"},
    "team": ["Jo Hale (AE)", "Imran Shah (SE)"],
    "departments": ["Production"],
    "offerings": ["FlowWatch"],
    "stakeholders": [{"name": "Rosa Keller", "title": "VP Production", "department": "Production", "roles": []}],
    "cells": [{"department": "Production", "offering": "FlowWatch", "status": "in_negotiation"}],
    "actions": [
        {
            "id": "A1",
            "deadline": None,
            "action": "Send security questionnaire",
            "target": "Rosa Keller",
            "owner": "Imran Shah",
            "status": "not_started",
        }
    ],
}
NOTE = "Call with Rosa Keller\n\n- Security questionnaire is done, Imran sent it on Friday.\n"

Command = Callable[..., str]


@pytest.fixture
def command(real_proposer: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("NOTES2PLAN_USER", "jo")
    monkeypatch.setenv("NOTES2PLAN_EMBEDDINGS", "off")

    def run(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        said = capsys.readouterr()
        assert (ended.value.code or 0) == code, said.err + said.out
        return said.out if code == 0 else said.err

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    plan, note = tmp_path / "plan.json", tmp_path / "note.txt"
    plan.write_text(json.dumps(PLAN), encoding="utf-8")
    note.write_text(NOTE, encoding="utf-8")
    return plan, note


def test_every_command_of_the_list_is_there_and_explains_itself(command: Command) -> None:
    for name in COMMANDS:
        assert "Usage:" in command(name, "--help"), name


def test_propose_prints_changes_in_the_plain_form_without_any_store(
    command: Command, files: tuple[Path, Path], tmp_path: Path
) -> None:
    plan, note = files
    told: dict[str, Any] = json.loads(command("propose", str(note), "--plan", str(plan), "--json"))
    assert set(told) >= {"changes", "more", "findings", "usage", "proposer"}
    (change,) = [each for each in told["changes"] if each["target"] == "action"]
    assert (change["op"], change["key"], change["fields"]) == ("update", {"id": "A1"}, {"status": "done"})
    assert change["quote"] in NOTE
    assert not (tmp_path / "home").exists()


def test_read_tells_what_a_file_says(command: Command, files: tuple[Path, Path]) -> None:
    told = json.loads(command("read", str(files[1]), "--json"))
    assert {"kind", "title", "date", "language", "participants", "speakers", "lines", "warnings"} <= set(told)
    assert [told["text"][line["start"] : line["end"]] for line in told["lines"]] == [
        line["text"] for line in told["lines"]
    ]


def test_settings_are_listed_with_their_variables_and_without_keys(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES2PLAN_MODEL_KEY", "very-secret")
    told = command("settings")
    assert "NOTES2PLAN_PORT=8770" in told
    assert "NOTES2PLAN_MODEL_KEY=set" in told
    assert "very-secret" not in told


def test_a_working_day_from_account_to_revision_and_back(command: Command, files: tuple[Path, Path]) -> None:
    plan, note = files
    command("account", "add", "Weston Pump Works", "--plan", str(plan))
    added = json.loads(command("add", "Weston Pump Works", str(note), "--json"))
    proposal = added["deliveries"][0]["proposal"]
    assert proposal in command("inbox")
    assert "Security questionnaire is done" in command("show", proposal)
    assert "revision 2" in command("review", proposal, "--approve", "1", "--reject", "rest")
    assert "done" in command("plan", "Weston Pump Works")
    assert "Security questionnaire is done" in command("blame", "Weston Pump Works", "A1", "status")
    assert "not started → done" in command("log", "Weston Pump Works")
    assert "Status" in command("diff", "Weston Pump Works", "1", "2")
    assert "whole" in command("verify")
    assert "revision 3" in command("revert", "Weston Pump Works", "2")
    whole = json.loads(command("plan", "Weston Pump Works", "--json"))
    assert next(item for item in whole["items"] if item["id"] == "A1")["values"]["status"] == "not_started"


def test_withdrawing_a_note_proposes_to_undo_what_rests_on_it(command: Command, files: tuple[Path, Path]) -> None:
    plan, note = files
    command("account", "add", "Weston", "--plan", str(plan))
    proposal = json.loads(command("add", "Weston", str(note), "--json"))["deliveries"][0]["proposal"]
    command("review", proposal, "--approve", "safe")
    source = json.loads(command("log", "Weston", "--json"))[0]["source"]
    assert "1 change to undo" in command("withdraw", "Weston", source, "--why", "wrong account")


def test_what_a_whole_export_says_can_be_taken_in_again(
    command: Command, files: tuple[Path, Path], tmp_path: Path
) -> None:
    command("account", "add", "Weston", "--plan", str(files[0]))
    kept = tmp_path / "whole.json"
    command("export", "Weston", "--to", str(kept))
    command("account", "add", "Copy", "--plan", str(kept))
    assert "0 changes" in command("import", "Copy", str(kept))


def test_a_folder_of_old_notes_becomes_one_proposal(command: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "2026-09-10.txt").write_text(NOTE, encoding="utf-8")
    (folder / "2026-10-01.txt").write_text("1 October 2026\n\nRosa was ill, nothing new.\n", encoding="utf-8")
    command("account", "add", "Weston", "--plan", str(files[0]))
    assert "from 2 files" in command("backfill", "Weston", str(folder))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "Nobody", "NOTE"), 11, "There is no such account"),
        (("show", "prp_x"), 13, "There is no such proposal"),
        (("propose", "NOTE", "--plan", "NOTE"), 19, "not a plan file"),
        (("plan", "Nobody"), 11, "notes2plan account add"),
    ],
)
def test_a_mistake_says_what_to_do(
    command: Command, files: tuple[Path, Path], words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in command(*[str(files[1]) if word == "NOTE" else word for word in words], code=code)


def test_an_empty_note_is_refused(command: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    command("account", "add", "Weston", "--plan", str(files[0]))
    empty = tmp_path / "empty.txt"
    empty.write_text("  \n", encoding="utf-8")
    assert "There is no text in it" in command("add", "Weston", str(empty), code=16)


def test_help_loads_no_heavy_library() -> None:
    heavy = ("langchain", "openai", "chromadb", "fastapi", "sqlalchemy", "numpy", "onnxruntime")
    code = (
        "import sys, api.cli; api.cli.notes2plan.main(['--help'], standalone_mode=False);"
        f"print(set({heavy}) & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")
