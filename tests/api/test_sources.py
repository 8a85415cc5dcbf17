"""A source's page, the correction of its day and occasion, and search: pages, API and commands."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import notes2plan
from pipeline.settings import Settings
from pipeline.store.connect import FILE
from tests.api.scripted import HOST

NOTE = "Call with Rosa\n\nRosa: the <b>budget</b> of the second hall is approved.\nRosa: references by Friday."


@pytest.fixture
def source(client: TestClient, account: str) -> dict[str, Any]:
    """A delivered note without a day, once its proposal is there."""
    return delivered(client, account, NOTE)


def delivered(client: TestClient, account: str, text: str) -> dict[str, Any]:
    row = client.post(f"/api/v1/accounts/{account}/notes", json={"text": text}).json()
    return waited(client, row["delivery"])


def waited(client: TestClient, delivery: str) -> dict[str, Any]:
    for _ in range(400):
        row: dict[str, Any] = client.get(f"/api/v1/deliveries/{delivery}").json()
        if row["state"] not in ("reading", "proposing"):
            return row
    raise AssertionError(row)


def test_the_day_is_corrected_where_the_page_says_that_it_is_not_told(
    client: TestClient, source: dict[str, Any]
) -> None:
    page = client.get(f"/proposals/{source['proposal']}").text
    action = f"/accounts/{source['account']}/sources/{source['source']}/day"
    assert f'action="{action}"' in page
    answer = client.post(action, data={"said_on": "2026-09-03"})
    assert answer.status_code == 200
    assert "3 Sep 2026" in answer.text
    assert "newer proposal" in client.get(f"/proposals/{source['proposal']}").text
    assert waited(client, source["delivery"])["said_on"] == "2026-09-03"


@pytest.mark.parametrize("undated", [False, True])
def test_a_note_stored_by_an_earlier_version_still_asks_for_its_day(
    client: TestClient, settings: Settings, source: dict[str, Any], undated: bool
) -> None:
    with closing(sqlite3.connect(settings.home / FILE)) as database, database:
        (stored,) = database.execute("SELECT document FROM source").fetchone()
        earlier = json.loads(stored)
        del earlier["said_on_assumed"]
        earlier |= {"said_on": None, "said_on_from": None} if undated else {}
        database.execute("UPDATE source SET document = ?", (json.dumps(earlier),))
    action = f"/accounts/{source['account']}/sources/{source['source']}/day"
    assert f'action="{action}"' in client.get(f"/proposals/{source['proposal']}").text
    after = waited(client, client.post(f"/api/v1{action}", json={"said_on": "2026-09-03"}).json()["delivery"])
    page = client.get(f"/proposals/{after['proposal']}").text
    assert '/day"' not in page
    assert "tells no day" not in page


def test_a_day_that_is_none_is_refused_with_what_to_do(client: TestClient, source: dict[str, Any]) -> None:
    path = f"/accounts/{source['account']}/sources/{source['source']}/day"
    assert client.post(path, data={"said_on": "soon"}).status_code == 422
    assert client.post(path, data={}).status_code == 422
    assert client.post(f"/api/v1{path}", json={"said_on": "soon"}).status_code == 422


def test_a_program_corrects_the_day_too(client: TestClient, source: dict[str, Any]) -> None:
    path = f"/api/v1/accounts/{source['account']}/sources/{source['source']}"
    answer = client.post(f"{path}/day", json={"said_on": "2026-09-03"})
    assert answer.status_code == 202
    assert waited(client, source["delivery"])["said_on"] == "2026-09-03"
    assert client.get(path).json()["newer"] == waited(client, source["delivery"])["source"]


def test_a_sources_page_shows_its_lines_escaped_and_lets_its_occasion_be_corrected(
    client: TestClient, account: str, source: dict[str, Any]
) -> None:
    other = delivered(client, account, "Rosa again: the training is on the 28th.")
    path = f"/accounts/{account}/sources/{source['source']}"
    page = client.get(path).text
    assert 'id="L3"' in page
    assert "&lt;b&gt;budget&lt;/b&gt;" in page
    assert "<b>budget</b>" not in page
    assert other["source"] in page
    client.post(f"{path}/occasion", data={"same_as": other["source"]})
    told = client.get(f"/api/v1{path}").json()
    assert [each["id"] for each in told["records"]] == [other["source"]]
    assert "Other records of the same occasion" in client.get(path).text
    apart = client.put(f"/api/v1{path}/occasion", json={"same_as": None}).json()
    assert apart["records"] == []


def test_an_unknown_source_is_not_found(client: TestClient, account: str, source: dict[str, Any]) -> None:
    assert client.get(f"/accounts/{account}/sources/src_none").status_code == 404
    path = f"/api/v1/accounts/{account}/sources/{source['source']}/occasion"
    assert client.put(path, json={"same_as": "src_none"}).status_code == 404


def test_search_finds_words_marks_them_and_leads_to_their_line(
    client: TestClient, account: str, source: dict[str, Any]
) -> None:
    page = client.get("/search", params={"account": account, "q": "what about the budget?"}).text
    assert "<mark>budget</mark>" in page
    assert "&lt;b&gt;" in page
    assert f"/accounts/{account}/sources/{source['source']}?line=" in page
    assert client.get("/search", params={"account": account, "q": "zeppelin"}).text.count("Nothing was found") == 1
    assert "<script>" not in client.get("/search", params={"account": account, "q": "<script>"}).text


def test_search_by_api_tells_offsets_and_takes_filters(
    client: TestClient, account: str, source: dict[str, Any]
) -> None:
    path = f"/api/v1/accounts/{account}/search"
    found = client.get(path, params={"q": "budget"}).json()
    (hit,) = found["hits"]
    start, end = hit["highlights"][0]
    assert hit["text"][start:end] == "budget"
    assert hit["source"] == source["source"]
    assert found["by_meaning"] is False
    assert client.get(path, params={"q": "budget", "kind": "filing"}).json()["hits"] == []
    assert client.get(path, params={"q": "budget", "until": "2020-01-01"}).json()["hits"] == []
    assert client.get(path, params={"q": ""}).status_code == 422


def test_a_filter_that_is_no_day_is_told_beside_the_search_form(client: TestClient, account: str) -> None:
    answer = client.get("/search", params={"account": account, "q": "budget", "since": "soon"})
    assert answer.status_code == 422
    assert "is not a day" in answer.text
    assert 'value="budget"' in answer.text


@pytest.fixture
def command(settings: Settings) -> Any:
    def run(*arguments: str) -> str:
        answer = CliRunner().invoke(notes2plan, ["--home", str(settings.home), *arguments], catch_exceptions=False)
        return answer.output

    return run


def test_commands_correct_the_day_and_the_occasion(
    settings: Settings, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES2PLAN_USER", "ana")
    monkeypatch.setenv("NOTES2PLAN_EMBEDDINGS", "off")
    with TestClient(create_app(settings), base_url=HOST) as client:
        account = client.post("/api/v1/accounts", json={"name": "Weston Pump Works"}).json()["id"]
        one, other = (delivered(client, account, text)["source"] for text in (NOTE, "Rosa: training on the 28th."))
    assert "said on 2026-09-03" in command("redate", account, one, "2026-09-03")
    assert "an occasion of its own" in command("occasion", account, other, "--own")
    assert f"the occasion of {one}" in command("occasion", account, other, "--same-as", one)
    assert "Give either" in command("occasion", account, other)
    assert other in command("sources", account)
    assert other in {row["source"] for row in json.loads(command("sources", account, "--json"))}


TRIP = "# Weston Pump Works\nRosa wants the second hall.\n\n# Halden Dairy\nTove Berg leaves in October."


def test_lines_about_another_account_are_told_set_apart_and_handed_over(client: TestClient, account: str) -> None:
    other = client.post("/api/v1/accounts", json={"name": "Halden Dairy"}).json()["id"]
    row = delivered(client, account, TRIP)
    path = f"/accounts/{account}/sources/{row['source']}"
    page = client.get(path).text
    assert "Lines 4 to 5 are taken to be about Halden Dairy" in page
    assert "Deliver lines 4 to 5 to Halden Dairy" in page
    assert client.get(f"/api/v1/accounts/{account}/search", params={"q": "Tove"}).json()["hits"] == []
    answer = client.post(f"{path}/parts", data={"first": "4", "last": "5", "to": other})
    assert answer.status_code == 200
    (there,) = client.get(f"/api/v1/accounts/{other}/sources").json()
    assert client.get(f"/api/v1/accounts/{other}/sources/{there['source']}").json()["lines"][1]["words"] == (
        "Tove Berg leaves in October."
    )
    nothing = client.post(f"/api/v1{path}/parts", json={"first": 90, "last": 91, "to": other})
    assert nothing.status_code == 422


def test_a_command_suggests_the_account_with_reasons_and_keeps_nothing(
    settings: Settings, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES2PLAN_USER", "ana")
    monkeypatch.setenv("NOTES2PLAN_EMBEDDINGS", "off")
    with TestClient(create_app(settings), base_url=HOST) as client:
        account = client.post("/api/v1/accounts", json={"name": "Halden Dairy"}).json()["id"]
        file = tmp_path / "note.txt"
        file.write_text("Halden Dairy, 3 September 2026\n\nTove leaves.", encoding="utf-8")
        told = command("suggest", str(file))
        assert "Halden Dairy\n  The title names it." in told
        assert client.get(f"/api/v1/accounts/{account}/sources").json() == []
        file.write_text("The pumps run.", encoding="utf-8")
        assert "Nothing speaks for any account" in command("suggest", str(file))


def test_a_note_left_open_is_kept_with_suggestions_until_a_person_assigns_it(client: TestClient, account: str) -> None:
    other = client.post("/api/v1/accounts", json={"name": "Halden Dairy"}).json()["id"]
    page = client.post("/unsorted", data={"text": "Halden Dairy, 3 September 2026\n\nTove leaves."}).text
    assert "The title names it." in page
    assert client.get(f"/api/v1/accounts/{other}/sources").json() == []
    delivery = page.partition('action="/unsorted/')[2].partition('"')[0]
    assert client.post(f"/unsorted/{delivery}", data={"account": other}).status_code == 200
    assert len(client.get(f"/api/v1/accounts/{other}/sources").json()) == 1
    assert client.get(f"/api/v1/accounts/{account}/sources").json() == []
    assert 'action="/unsorted/del' not in client.get("/unsorted").text
    assert client.post("/unsorted", data={"text": "  "}).status_code == 422
