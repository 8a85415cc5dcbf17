"""What the guard lets through, and what every answer carries."""

import logging

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.guard import host_name
from pipeline.settings import Settings
from tests.api.scripted import HOST

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/accounts", "/healthz", "/static/style.css", "/api/v1/accounts", "/nowhere", "/api/v1/nowhere"]
)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert HEADERS.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("host", ["127.0.0.1:8770", "localhost", "LocalHost:1", "[::1]:8770"])
def test_the_loopback_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["notes.example", "127.0.0.1.notes.example", "", "127.0.0.2", "localhost.example:1"])
def test_another_name_that_leads_here_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/v1/accounts", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert HEADERS.items() <= dict(answer.headers).items()


def test_the_host_of_the_settings_is_served_too(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"host": "plans.internal"}), worker=False)
    with TestClient(app, base_url="http://plans.internal:8770") as found:
        assert found.get("/healthz").text == "ok\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://notes.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site", "origin": HOST},
        {"cookie": "session=1"},
    ],
)
@pytest.mark.parametrize("path", ["/accounts", "/api/v1/accounts"])
def test_another_site_can_not_change_anything(client: TestClient, headers: dict[str, str], path: str) -> None:
    answer = client.post(path, headers=headers, data={"name": "Taken"})
    assert answer.status_code == 403
    assert client.get("/api/v1/accounts").json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "cookie": "a=1"},
        {"sec-fetch-site": "none"},
        {"origin": HOST, "cookie": "a=1"},
        {},
    ],
)
def test_our_own_pages_and_programs_can(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/accounts", headers=headers, json={"name": "Ours"}).status_code == 201


def test_another_site_may_still_link_here(client: TestClient) -> None:
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not(client: TestClient) -> None:
    large = b"x" * 1_500_000
    kind = {"content-type": "application/json"}
    told = client.post("/api/v1/accounts", content=large, headers=kind)
    untold = client.post("/api/v1/accounts", content=iter([large]), headers=kind)
    for answer in (told, untold):
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"
        assert "NOTES2PLAN_MAX_FILE_MB" in answer.json()["advice"]
    page = client.post("/accounts", content=large, headers={"content-type": "application/x-www-form-urlencoded"})
    assert page.status_code == 413
    assert "<h1>It is larger than the limit" in page.text


@pytest.mark.parametrize(
    ("given", "name"),
    [("[::1]:8770", "[::1]"), ("localhost:1", "localhost"), ("A.B", "a.b"), ("", ""), ("[::1", "[::1]")],
)
def test_the_name_is_taken_without_its_port(given: str, name: str) -> None:
    assert host_name(given) == name


def test_a_fault_of_ours_is_told_without_its_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("words of a note")

    monkeypatch.setattr("api.pages.inbox.inbox", fail)
    monkeypatch.setattr("api.routes.proposals.inbox_view", fail)
    with caplog.at_level(logging.ERROR):
        page, told = client.get("/"), client.get("/api/v1/inbox")
    assert page.status_code == told.status_code == 500
    assert told.json()["code"] == "error"
    assert "words of a note" not in page.text + told.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert HEADERS.items() <= dict(page.headers).items()
