"""The JSON API: what it takes and answers, and how it says no."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from pipeline.settings import Settings
from tests.api.scripted import HOST, NOTE


def delivered(client: TestClient, account: str, text: str = NOTE) -> dict[str, Any]:
    """A note sent by JSON, once nothing goes on with it any more."""
    answer = client.post(f"/api/v1/accounts/{account}/notes", json={"text": text})
    assert answer.status_code == 202, answer.text
    return settled(client, answer.headers["location"])


def settled(client: TestClient, place: str) -> dict[str, Any]:
    for _ in range(500):
        row: dict[str, Any] = client.get(place).json()
        if row["state"] not in ("reading", "proposing"):
            return row
        time.sleep(0.02)
    raise AssertionError(f"still {row['state']}")


def changes(client: TestClient, proposal: str) -> dict[str, str]:
    view = client.get(f"/api/v1/proposals/{proposal}").json()
    return {change["label"]: change["id"] for change in view["changes"]}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert answer.status_code == told["status"] == status
    assert told["code"] == code
    assert told["type"] == f"urn:notes2plan:error:{code}"
    assert told["detail"]
    return told


def test_an_account_is_set_up_listed_and_read(client: TestClient) -> None:
    body = {"name": "Weston Pump Works", "domains": ["weston.example"], "currency": "EUR", "departments": ["Lund"]}
    made = client.post("/api/v1/accounts", json=body)
    assert made.status_code == 201
    place = made.headers["location"]
    assert client.get(place).json() == made.json()
    assert made.json()["owner"] == "ana"
    assert made.json()["domains"] == ["weston.example"]
    (row,) = client.get("/api/v1/accounts").json()
    assert (row["name"], row["revision"], row["open"]) == ("Weston Pump Works", 1, 0)
    plan = client.get(f"{place}/plan").json()
    assert [section["name"] for section in plan["sections"]] == ["departments"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "  "}, 422, "bad_value"),
        ({"name": ""}, 422, "bad_request"),
        ({"name": "A", "time_zone": "Mars/Olympus"}, 422, "bad_value"),
        ({"name": "A", "time_zone": "../etc/passwd"}, 422, "bad_value"),
        ({"name": "A", "currency": "euro"}, 422, "bad_value"),
        ({"name": "A", "colour": "red"}, 422, "bad_request"),
        ({}, 422, "bad_request"),
    ],
)
def test_an_account_that_can_not_be_is_refused_with_the_reason(
    client: TestClient, body: dict[str, str], status: int, code: str
) -> None:
    problem(client.post("/api/v1/accounts", json=body), status, code)
    assert client.get("/api/v1/accounts").json() == []


def test_a_name_is_taken_once(client: TestClient, account: str) -> None:
    problem(client.post("/api/v1/accounts", json={"name": "weston pump works "}), 409, "conflicted")


def test_a_note_becomes_a_proposal_that_its_delivery_leads_to(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    assert (row["state"], row["problem"], row["outcome"]) == ("ready", None, "changes")
    assert row["said_on"] == "2026-11-03"
    view = client.get(f"/api/v1/proposals/{row['proposal']}").json()
    marta = next(change for change in view["changes"] if change["label"] == "Marta Lindqvist")
    (quote,) = marta["quotes"]
    assert NOTE[quote["start"] : quote["end"]] == quote["words"] == "Marta Lindqvist runs production"
    inbox = client.get("/api/v1/inbox").json()
    assert [each["proposal"] for each in inbox["proposals"]] == [row["proposal"]]
    assert inbox["under_way"] == []
    (source,) = client.get(f"/api/v1/accounts/{account}/sources").json()
    assert source == row


def test_a_file_is_taken_in_a_form(client: TestClient, account: str) -> None:
    answer = client.post(
        f"/api/v1/accounts/{account}/notes", files={"file": ("call.txt", NOTE.encode())}, data={"said_on": "2026-11-04"}
    )
    assert answer.status_code == 202
    row = settled(client, answer.headers["location"])
    assert (row["filename"], row["said_on"]) == ("call.txt", "2026-11-04")


def test_the_same_words_are_the_same_delivery(client: TestClient, account: str) -> None:
    first, second = delivered(client, account), delivered(client, account)
    assert first["delivery"] == second["delivery"]
    assert len(client.get(f"/api/v1/accounts/{account}/sources").json()) == 1


def test_a_note_with_no_news_says_so(client: TestClient, account: str) -> None:
    row = delivered(client, account, "The weather was fine, and nobody said anything of note.")
    assert (row["state"], row["outcome"], row["why"]) == ("ready", "nothing", "No news.")


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_an_empty_note_is_refused_and_not_kept(client: TestClient, account: str, text: str) -> None:
    problem(client.post(f"/api/v1/accounts/{account}/notes", json={"text": text}), 422, "empty_text")
    assert client.get(f"/api/v1/accounts/{account}/sources").json() == []


def test_a_note_over_the_limit_is_refused_and_not_kept(client: TestClient, account: str) -> None:
    told = problem(client.post(f"/api/v1/accounts/{account}/notes", json={"text": "x" * 300_000}), 413, "too_large")
    assert "0.2 MB" in told["detail"]
    assert client.get(f"/api/v1/accounts/{account}/sources").json() == []


def test_a_binary_file_is_kept_and_says_why_it_can_not_be_read(client: TestClient, account: str) -> None:
    picture = bytes(range(256)) * 20
    answer = client.post(f"/api/v1/accounts/{account}/notes", files={"file": ("photo.png", b"\x89PNG\r\n" + picture)})
    row = settled(client, answer.headers["location"])
    assert row["state"] == "unreadable"
    assert "Send plain text" in row["problem"]
    assert client.get("/api/v1/inbox").json()["under_way"][0]["problem"] == row["problem"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, "bad_request"),
        ({"json": {"text": "x", "said_on": "yesterday"}}, "bad_request"),
        ({"json": {"note": "x"}}, "bad_request"),
        ({"json": ["x"]}, "bad_request"),
        ({"content": b"words", "headers": {"content-type": "text/plain"}}, "bad_value"),
        ({"files": {"other": ("a.txt", b"words")}}, "bad_value"),
        ({"files": {"file": ("a.txt", b"words")}, "data": {"said_on": "soon"}}, "bad_request"),
        ({}, "bad_value"),
    ],
)
def test_a_note_in_no_known_shape_is_refused(client: TestClient, account: str, sent: dict[str, Any], code: str) -> None:
    told = problem(client.post(f"/api/v1/accounts/{account}/notes", **sent), 422, code)
    assert told["advice"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/accounts/acc_none", "unknown_account"),
        ("/accounts/acc_none/plan", "unknown_account"),
        ("/accounts/acc_none/sources", "unknown_account"),
        ("/deliveries/del_none", "unknown_source"),
        ("/proposals/prp_none", "unknown_proposal"),
        ("/nothing", "not_found"),
    ],
)
def test_what_is_not_there_is_a_404_problem(client: TestClient, account: str, path: str, code: str) -> None:
    problem(client.get(f"/api/v1{path}"), 404, code)


def test_a_note_for_an_unknown_account_is_a_404(client: TestClient) -> None:
    problem(client.post("/api/v1/accounts/acc_none/notes", json={"text": NOTE}), 404, "unknown_account")


def test_a_wrong_method_is_a_problem_that_names_the_right_one(client: TestClient) -> None:
    answer = client.delete("/api/v1/accounts")
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


def decide(client: TestClient, proposal: str, *said: dict[str, Any], key: str = "") -> Any:
    headers = {"idempotency-key": key} if key else {}
    return client.post(f"/api/v1/proposals/{proposal}/decisions", json={"decisions": list(said)}, headers=headers)


def test_decisions_make_the_next_revision(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    ids = changes(client, row["proposal"])
    answer = decide(
        client,
        row["proposal"],
        {"change": ids["Marta Lindqvist"], "verdict": "approve"},
        {"change": ids["Send the quote"], "verdict": "edit", "fields": {"deadline": "2026-11-20"}, "why": "Moved."},
        {"change": ids["Karin Holm"], "verdict": "reject", "why": "Only hearsay."},
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["revision"] == 2
    assert [each["verdict"] for each in told["decided"]] == ["approve", "edit", "reject"]
    assert told["conflicts"] == []
    assert told["open"] == len(ids) - 4
    plan = client.get(f"/api/v1/accounts/{account}/plan").json()
    assert plan["revision"] == 2
    (action,) = next(each for each in plan["sections"] if each["name"] == "actions")["entries"]
    deadline = next(each for each in action["values"] if each["name"] == "deadline")
    assert (deadline["words"], deadline["origin"], deadline["by"]) == ("2026-11-20", "edited", "ana")


def test_a_repeated_call_with_its_key_answers_the_same(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    said = {"change": changes(client, row["proposal"])["Marta Lindqvist"], "verdict": "approve"}
    first = decide(client, row["proposal"], said, key="call-number-1").json()
    again = decide(client, row["proposal"], said, key="call-number-1").json()
    assert first["revision"] == again["revision"] == 2
    assert [each["change"] for each in again["decided"]] == [said["change"]]
    assert client.get(f"/api/v1/accounts/{account}/plan").json()["revision"] == 2


def test_a_value_that_does_not_fit_saves_nothing(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    ids = changes(client, row["proposal"])
    answer = decide(
        client,
        row["proposal"],
        {"change": ids["Marta Lindqvist"], "verdict": "approve"},
        {"change": ids["Send the quote"], "verdict": "edit", "fields": {"deadline": "soon"}},
    )
    told = problem(answer, 422, "bad_value")
    assert "YYYY-MM-DD" in told["advice"]
    assert client.get(f"/api/v1/accounts/{account}/plan").json()["revision"] == 1


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"change": "prp_none-1", "verdict": "approve"}, 404, "unknown_change"),
        ({"change": "prp_none-1", "verdict": "maybe"}, 422, "bad_request"),
        ({"verdict": "approve"}, 422, "bad_request"),
    ],
)
def test_a_decision_that_can_not_be_is_refused(
    client: TestClient, account: str, said: dict[str, str], status: int, code: str
) -> None:
    row = delivered(client, account)
    problem(decide(client, row["proposal"], said), status, code)


def test_a_call_that_meets_only_conflicts_is_a_409_that_names_them(client: TestClient, account: str) -> None:
    first = delivered(client, account)
    approve = {"change": changes(client, first["proposal"])["Marta Lindqvist"], "verdict": "approve"}
    decide(client, first["proposal"], approve)
    one, other = (delivered(client, account, words) for words in ("We hear Marta.", "We meet Marta again."))
    told = {"change": changes(client, one["proposal"])["Marta Lindqvist"], "verdict": "approve"}
    moved = decide(client, one["proposal"], told)
    assert moved.json()["revision"] == 3
    late = {"change": changes(client, other["proposal"])["Marta Lindqvist"], "verdict": "approve"}
    told = problem(decide(client, other["proposal"], late), 409, "stale_decision")
    (conflict,) = told["conflicts"]
    assert (conflict["field"], conflict["base"]) == ("title", "Head of Production")
    assert (conflict["current"], conflict["proposed"]) == ("Chief <of> Pumps", "Head of Everything")
    settled_now = decide(client, other["proposal"], {**late, "seen": {"title": conflict["current"]}})
    assert (settled_now.status_code, settled_now.json()["revision"]) == (200, 4)


def test_who_may_only_read_can_not_decide(settings: Settings, client: TestClient, account: str) -> None:
    row = delivered(client, account)
    ids = changes(client, row["proposal"])
    with TestClient(create_app(settings.model_copy(update={"user": "bo"}), worker=False), base_url=HOST) as bo:
        assert bo.get(f"/api/v1/proposals/{row['proposal']}").status_code == 200
        approve = {"change": ids["Marta Lindqvist"], "verdict": "approve"}
        told = problem(decide(bo, row["proposal"], approve), 403, "not_allowed")
        assert "ana" in told["advice"]


def test_the_plan_of_an_earlier_revision_and_day_can_be_read(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    ids = changes(client, row["proposal"])
    decide(client, row["proposal"], {"change": ids["Marta Lindqvist"], "verdict": "approve"})
    place = f"/api/v1/accounts/{account}/plan"
    assert client.get(f"{place}?revision=1").json()["revision"] == 1
    assert client.get(f"{place}?as_of=2020-01-01").json()["revision"] == 0
    problem(client.get(f"{place}?as_of=soon"), 422, "bad_request")
    problem(client.get(f"{place}?revision=-1"), 422, "bad_request")


def test_another_proposal_can_be_asked_for(client: TestClient, account: str) -> None:
    row = delivered(client, account)
    place = f"/api/v1/accounts/{account}/sources/{row['source']}/proposals"
    for sent in ({"json": {"proposer": "rules"}}, {}):
        answer = client.post(place, **sent)
        assert answer.status_code == 202
        now = settled(client, answer.headers["location"])
        assert now["state"] == "ready"
        assert now["proposal"] != row["proposal"]
        row = now
    told = problem(client.post(place, json={"proposer": "model"}), 422, "bad_value")
    assert "rules" in told["advice"]


def test_the_api_describes_itself_with_problems_and_both_forms_of_a_note(client: TestClient) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
    note = schema["paths"]["/api/v1/accounts/{account}/notes"]["post"]
    assert {*note["requestBody"]["content"]} == {"application/json", "multipart/form-data"}
    assert "application/problem+json" in note["responses"]["4XX"]["content"]
    assert client.get("/docs").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/accounts/{}/notes"])
def test_a_refused_request_is_never_repeated_to_its_sender(client: TestClient, account: str, path: str) -> None:
    words = "Karin holds the budget"
    for body in ({"text": {"said": words}}, {"name": [words]}, [words], words):
        answer = client.post(path.format(account), json=body)
        assert answer.status_code == 422
        assert words not in answer.text
