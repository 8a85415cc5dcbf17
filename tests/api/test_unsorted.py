"""Texts whose account is left open: `add` asks or keeps them, and page, API and commands assign or set them aside."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import adding, notes2plan
from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import UnknownAccount, Unreadable
from pipeline.settings import Settings
from tests.api.scripted import HOST

NOTE = "Halden Dairy, 3 September 2026\n\nMail of tove@halden.example: the second silo is approved."
BOTH = (
    "# Weston Pump Works\nThe second hall is wanted, and soon.\n\n# Halden Dairy\nTove Berg of halden.example leaves "
    "in October."
)


@pytest.fixture
def at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Ana's desk with two accounts; commands are hers too."""
    monkeypatch.setenv("NOTES2PLAN_USER", "ana")
    monkeypatch.setenv("NOTES2PLAN_EMBEDDINGS", "off")
    desk = Desk(settings)
    flow.set_up(desk, flow.NewAccount(name="Weston Pump Works", domains=("weston.example",)))
    flow.set_up(desk, flow.NewAccount(name="Halden Dairy", domains=("halden.example",)))
    yield desk
    desk.store.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "call.txt"
    found.write_text(NOTE, encoding="utf-8")
    return found


def run(at: Desk, *arguments: object, says: str | None = None, code: int = 0) -> str:
    ran = CliRunner().invoke(
        notes2plan, ["--home", str(at.settings.home), *map(str, arguments)], input=says, catch_exceptions=False
    )
    assert ran.exit_code == code, ran.output
    return ran.output


def sources(at: Desk, account: str) -> list[str]:
    with at.account(account).read() as tx:
        return [each.document.text for each in tx.sources()]


# add


def test_a_file_without_an_account_is_asked_about_with_reasons_and_goes_there(
    at: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "somebody_there", lambda: True)
    told = run(at, "add", file, says="\n")
    assert "call.txt: to Halden Dairy (halden.example stands in it; the title names it)? [Y/n]" in told
    assert sources(at, "Halden Dairy") == [NOTE]
    assert sources(at, "Weston Pump Works") == []
    assert run(at, "unsorted").startswith("Nothing waits")


def test_who_says_no_names_another_account_or_keeps_it_for_later(
    at: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "somebody_there", lambda: True)
    told = run(at, "add", file, says="n\n\n")
    assert "kept without an account" in told
    assert sources(at, "Halden Dairy") == []
    run(at, "add", file, says="n\nEaston\nWeston Pump Works\n")
    assert sources(at, "Weston Pump Works") == [NOTE]


def test_a_suggestion_is_chosen_by_its_number_where_several_compete(
    at: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "somebody_there", lambda: True)
    file.write_text("Weston Pump Works asked what Halden Dairy pays.", encoding="utf-8")
    told = run(at, "add", file, says="2\n")
    assert "1  Halden Dairy: The title names it." in told
    assert sources(at, "Weston Pump Works") == ["Weston Pump Works asked what Halden Dairy pays."]


def test_without_a_terminal_nothing_is_guessed_and_what_to_run_next_is_told(at: Desk, file: Path) -> None:
    told = run(at, "add", file)
    (kept,) = flow.assigning.unsorted(at)
    assert f"notes2plan unsorted assign {kept.id} 'Halden Dairy'" in told
    assert "halden.example stands in it" in told
    assert sources(at, "Halden Dairy") == []
    found = json.loads(run(at, "add", file, "--json"))
    assert [each["delivery"] for each in found["unsorted"]] == [kept.id]
    assert found["unsorted"][0]["suggestions"][0]["name"] == "Halden Dairy"


def test_standard_input_may_be_left_without_an_account_too(at: Desk) -> None:
    assert "kept without an account" in run(at, "add", says=NOTE)
    run(at, "add", "Weston Pump Works", says="The pumps run, says Marta Lindqvist.")
    assert sources(at, "Weston Pump Works") == ["The pumps run, says Marta Lindqvist."]


def test_an_account_is_meant_where_one_has_that_name_and_else_the_file(
    at: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Halden Dairy").write_text("Not meant.", encoding="utf-8")
    Path("note.txt").write_text("The silo stands.", encoding="utf-8")
    run(at, "add", "Halden Dairy", "note.txt")
    assert sources(at, "Halden Dairy") == ["The silo stands."]
    run(at, "add", "--account", "Weston Pump Works", "Halden Dairy")
    assert sources(at, "Weston Pump Works") == ["Not meant."]
    with pytest.raises(UnknownAccount, match="Easton"):
        run(at, "add", "Easton", "note.txt")


def test_a_text_about_two_accounts_says_so_and_shows_how_its_lines_would_go(
    at: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(BOTH, encoding="utf-8")
    told = run(at, "suggest", file)
    assert "It speaks of two accounts" in told
    assert "lines 4 to 5 would go to Halden Dairy" in told
    assert "lines 4 to 5 would go to Halden Dairy" in run(at, "add", file)
    monkeypatch.setattr(adding, "somebody_there", lambda: True)
    run(at, "add", file, "--account", "Weston Pump Works", says="y\n")
    assert sources(at, "Weston Pump Works") == [BOTH]
    assert sources(at, "Halden Dairy") == [BOTH.split("\n\n")[1]]


def test_lines_of_another_account_are_told_after_adding_without_a_terminal(at: Desk, file: Path) -> None:
    file.write_text(BOTH, encoding="utf-8")
    told = run(at, "add", "Weston Pump Works", file)
    with at.account("Weston Pump Works").read() as tx:
        (source,) = tx.sources()
    assert f"notes2plan hand-over 'Weston Pump Works' {source.id} 4 5 'Halden Dairy'" in told
    assert sources(at, "Halden Dairy") == []


def test_a_file_that_cannot_be_read_is_told_and_not_kept(at: Desk, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "scan.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(Unreadable):
        run(at, "add", broken)
    assert "scan.pdf: It can't be read" in run(at, "add", file, broken, code=18)
    assert [each.filename for each in flow.assigning.unsorted(at)] == ["call.txt"]


# Commands


def test_commands_list_set_aside_take_back_and_assign(at: Desk, file: Path) -> None:
    run(at, "add", file)
    (kept,) = flow.assigning.unsorted(at)
    assert kept.id in run(at, "unsorted")
    run(at, "unsorted", "set-aside", kept.id)
    assert run(at, "unsorted").startswith("Nothing waits")
    assert kept.id in run(at, "unsorted", "--set-aside")
    run(at, "unsorted", "take-back", kept.id)
    assert json.loads(run(at, "unsorted", "--json"))[0]["delivery"] == kept.id
    assert run(at, "unsorted", "assign", kept.id, "Halden Dairy") == "call.txt: No news.\n"
    assert sources(at, "Halden Dairy") == [NOTE]


# API


@pytest.fixture
def client(at: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(at.settings), base_url=HOST, follow_redirects=True) as found:
        yield found


def kept(client: TestClient, text: str = NOTE) -> dict[str, Any]:
    answer = client.post("/api/v1/unsorted", json={"text": text})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/unsorted/{answer.json()['delivery']}"
    return dict(answer.json())


def test_a_program_keeps_a_text_hears_suggestions_and_assigns_it(client: TestClient, at: Desk) -> None:
    row = kept(client)
    assert client.get("/api/v1/unsorted").json() == [row]
    told = client.get(f"/api/v1/unsorted/{row['delivery']}").json()
    (suggestion,) = told["suggestions"]
    assert suggestion["name"] == "Halden Dairy"
    assert suggestion["clear"] is True
    assert suggestion["reasons"] == ["halden.example stands in it.", "The title names it."]
    answer = client.post(f"/api/v1/unsorted/{row['delivery']}/assign", json={"account": suggestion["account"]})
    assert answer.status_code == 202
    assert answer.json()["account_name"] == "Halden Dairy"
    assert answer.headers["location"] == f"/api/v1/deliveries/{row['delivery']}"
    assert client.get("/api/v1/unsorted").json() == []


def test_a_program_sees_which_lines_would_go_elsewhere(client: TestClient) -> None:
    row = kept(client, BOTH)
    told = client.get(f"/api/v1/unsorted/{row['delivery']}").json()
    weston = next(each for each in told["suggestions"] if each["name"] == "Weston Pump Works")
    assert [(part["first"], part["last"], part["name"]) for part in weston["parts"]] == [(4, 5, "Halden Dairy")]


def test_a_text_that_was_set_aside_is_taken_back_by_program(client: TestClient) -> None:
    path = f"/api/v1/unsorted/{kept(client)['delivery']}"
    for _ in range(2):
        assert client.post(f"{path}/set-aside").json()["set_aside"] is True
    assert client.get("/api/v1/unsorted").json() == []
    assert len(client.get("/api/v1/unsorted", params={"set_aside": True}).json()) == 1
    for _ in range(2):
        assert client.post(f"{path}/take-back").json()["set_aside"] is False
    assert len(client.get("/api/v1/unsorted").json()) == 1


def test_what_was_set_aside_and_comes_again_waits_again(client: TestClient) -> None:
    row = kept(client)
    client.post(f"/api/v1/unsorted/{row['delivery']}/set-aside")
    assert kept(client) == row
    assert client.get("/api/v1/unsorted").json() == [row]


def test_errors_are_problem_documents(client: TestClient, at: Desk) -> None:
    row = kept(client)
    path = f"/api/v1/unsorted/{row['delivery']}"
    for answer, status, code in (
        (client.get("/api/v1/unsorted/del_none"), 404, "unknown_source"),
        (client.post("/api/v1/unsorted/del_none/set-aside"), 404, "unknown_source"),
        (client.post("/api/v1/unsorted/del_none/take-back"), 404, "unknown_source"),
        (client.post("/api/v1/unsorted/del_none/assign", json={"account": "Halden Dairy"}), 404, "unknown_source"),
        (client.post(f"{path}/assign", json={"account": "Easton"}), 404, "unknown_account"),
        (client.post(f"{path}/assign", json={}), 422, "bad_request"),
        (client.post("/api/v1/unsorted", json={"text": " "}), 422, "empty_text"),
        (client.post("/api/v1/unsorted", json={"text": "x" * 300_000}), 413, "too_large"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"


def test_only_who_brought_a_text_sees_it_or_gives_it_away(client: TestClient, at: Desk) -> None:
    told = flow.assigning.keep(at.as_("bob"), b"Bob's own words on Halden Dairy.")
    path = f"/api/v1/unsorted/{told.id}"
    assert client.get("/api/v1/unsorted").json() == []
    for answer in (
        client.get(path),
        client.post(f"{path}/assign", json={"account": "Halden Dairy"}),
        client.post(f"{path}/set-aside"),
        client.post(f"{path}/take-back"),
    ):
        assert answer.status_code == 404
    same = client.post("/api/v1/unsorted", json={"text": "Bob's own words on Halden Dairy."})
    assert same.status_code == 400
    assert [each.id for each in flow.assigning.unsorted(at.as_("bob"))] == [told.id]


def test_an_account_that_has_these_bytes_keeps_its_own(client: TestClient, at: Desk) -> None:
    mine = flow.deliver(at, "Halden Dairy", NOTE.encode(), "call.txt")
    row = kept(client)
    answer = client.post(f"/api/v1/unsorted/{row['delivery']}/assign", json={"account": "Halden Dairy"})
    assert answer.json()["delivery"] == mine.id
    assert client.get("/api/v1/unsorted").json() == []


def test_two_who_assign_at_once_give_it_to_one_account(client: TestClient, at: Desk) -> None:
    path = f"/api/v1/unsorted/{kept(client)['delivery']}/assign"
    found: list[int] = []
    both = [
        threading.Thread(target=lambda name=name: found.append(client.post(path, json={"account": name}).status_code))
        for name in ("Halden Dairy", "Weston Pump Works")
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(found) == [202, 404]


# The page


def test_the_page_sets_aside_and_takes_back(client: TestClient) -> None:
    row = kept(client, BOTH)
    page = client.get("/unsorted").text
    assert "lines 4 to 5 would go to Halden Dairy" in page
    page = client.post(f"/unsorted/{row['delivery']}/set-aside").text
    assert f'action="/unsorted/{row["delivery"]}/take-back"' in page
    assert f'action="/unsorted/{row["delivery"]}"' not in page
    page = client.post(f"/unsorted/{row['delivery']}/take-back").text
    assert f'action="/unsorted/{row["delivery"]}"' in page
    assert "take-back" not in page
