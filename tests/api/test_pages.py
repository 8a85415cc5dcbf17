"""The pages as a browser without scripts meets them."""

import re
from functools import partial

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.desk import awaited
from api.pages.accounts import lines, listed
from pipeline.errors import ModelUnavailable
from pipeline.settings import Settings
from tests.api.scripted import HOST, NOTE, paste, text_of


def test_an_empty_inbox_says_how_to_start(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing here yet" in page.text
    assert 'href="/accounts"' in page.text


def test_the_server_says_that_it_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_an_account_is_set_up_by_its_form(client: TestClient) -> None:
    form = {
        "name": "Weston Pump Works",
        "vendor": "Acme Sensors",
        "domains": "weston.example, weston-pumps.example",
        "reviewers": "bo, cleo",
        "departments": "Production\r\n\r\n Lund, site 2 \r\n",
        "offerings": "PumpGuard",
        "team": "Jo Hale (AE)",
        "time_zone": "Europe/Stockholm",
        "currency": "sek",
    }
    page = client.post("/accounts", data=form)
    assert page.status_code == 200
    assert re.fullmatch("/accounts/acc_[0-9a-f]+", page.url.path)
    for words in ("Weston Pump Works", "Lund, site 2", "PumpGuard", "Jo Hale", "need unknown", "Paste a note"):
        assert words in page.text
    (row,) = client.get("/api/v1/accounts").json()
    told = client.get(f"/api/v1/accounts/{row['id']}").json()
    assert told["domains"] == ["weston.example", "weston-pumps.example"]
    assert told["reviewers"] == ["bo", "cleo"]
    assert (told["currency"], told["time_zone"]) == ("SEK", "Europe/Stockholm")


def test_an_account_by_name_alone_is_a_good_start(client: TestClient) -> None:
    page = client.post("/accounts", data={"name": "Kessler AG"})
    assert "An empty plan" in page.text
    assert "Nothing in it yet" in page.text


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"name": " "}, 422, "the account has no name"),
        ({"name": "Kessler AG", "time_zone": "Bonn"}, 422, "there is no time zone"),
        ({"name": "Kessler AG", "currency": "marks"}, 422, "is no currency"),
    ],
)
def test_a_form_that_can_not_be_taken_keeps_what_was_typed(
    client: TestClient, form: dict[str, str], status: int, says: str
) -> None:
    page = client.post("/accounts", data={**form, "departments": "Hall <3>\nYard"})
    assert page.status_code == status
    assert says in page.text
    assert "Hall &lt;3&gt;\nYard</textarea>" in page.text
    assert f'value="{form["name"]}"' in page.text


def test_a_name_that_is_taken_is_told_beside_the_form(client: TestClient, account: str) -> None:
    page = client.post("/accounts", data={"name": "Weston Pump Works"})
    assert page.status_code == 409
    assert "there is an account Weston Pump Works already" in page.text


def test_a_pasted_note_leads_straight_to_its_proposal(client: TestClient, account: str) -> None:
    client.get(f"/accounts/{account}/notes/new").raise_for_status()
    found = paste(client, account)
    assert found.url.startswith("/proposals/prp_")
    said = text_of(found.html)
    assert "Marta Lindqvist" in said
    assert "Head of Production" in said
    assert "18 Nov 2026" in said
    assert "proposed by rules: no model is configured" in said
    assert "Changes are proposed by rules: no model is configured." in said


def test_a_note_is_shown_as_text_whatever_it_holds(client: TestClient, account: str) -> None:
    html = paste(client, account).html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    title = '"><img src=x onerror=alert(1)>'
    page = client.post(f"/accounts/{account}/notes", data={"text": f"{title}\nMarta Lindqvist runs production."})
    assert "<img src=x" not in page.text
    assert "<img src=x" not in client.get("/").text + client.get(f"/accounts/{account}").text


def test_no_hidden_mark_of_a_note_reaches_a_page(client: TestClient, account: str) -> None:
    html = paste(client, account, "Marta Lindqvist runs production. Pay \u202e000,1\u202c \u200bnow").html
    assert "Pay" in html
    assert not {"\u202e", "\u202c", "\u200b"} & {*html}


def test_no_page_has_a_script_or_style_of_its_own_or_from_elsewhere(client: TestClient, account: str) -> None:
    found = paste(client, account)
    for path in ("/", "/accounts", f"/accounts/{account}", f"/accounts/{account}/notes/new", found.url, "/nowhere"):
        html = client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html.replace(NOTE, "")), path
        assert all('src="/static/' in tag for tag in re.findall(r"<script[^>]*>", html))
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html), path


def test_an_empty_note_is_refused_and_the_day_kept(client: TestClient, account: str) -> None:
    page = client.post(f"/accounts/{account}/notes", data={"text": " ", "said_on": "2026-11-03"})
    assert page.status_code == 422
    assert "There is no text in it" in page.text
    assert 'value="2026-11-03"' in page.text


def test_a_note_over_the_limit_is_refused_and_kept_in_the_form(client: TestClient, account: str) -> None:
    page = client.post(f"/accounts/{account}/notes", data={"text": "long <words> " * 20_000})
    assert page.status_code == 413
    assert "the limit is 0.2 MB" in page.text
    assert page.text.count("long &lt;words&gt;") == 20_000


def test_a_day_that_is_none_is_told_and_the_text_kept(client: TestClient, account: str) -> None:
    page = client.post(f"/accounts/{account}/notes", data={"text": "Keep these words", "said_on": "soon"})
    assert page.status_code == 422
    assert "is not a day" in text_of(page.text)
    assert "Keep these words</textarea>" in page.text


def test_a_binary_file_says_what_to_send_instead(client: TestClient, account: str) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
    page = client.post(f"/accounts/{account}/notes", data={"text": ""}, files={"file": ("photo.png", picture)})
    assert page.url.path.startswith("/deliveries/")
    assert "It could not be read." in page.text
    assert "Send plain text" in page.text
    assert "Send another note" in page.text
    assert "needs a look" in client.get("/").text


def test_a_file_goes_before_pasted_text(client: TestClient, account: str) -> None:
    sent = {"file": ("call.txt", NOTE.encode())}
    page = client.post(f"/accounts/{account}/notes", data={"text": "other words"}, files=sent)
    assert "Marta Lindqvist" in page.text


def test_the_same_words_again_lead_to_the_proposal_they_have(client: TestClient, account: str) -> None:
    first = paste(client, account)
    again = client.post(f"/accounts/{account}/notes", data={"text": NOTE.replace("\n", "\r\n")})
    assert again.url.path == first.url
    assert "were added before" in again.text


def test_a_note_without_news_says_so(client: TestClient, account: str) -> None:
    page = client.post(f"/accounts/{account}/notes", data={"text": "Nothing new was said on 3 November 2026."})
    assert "Nothing to propose" in page.text
    assert "No news." in page.text
    assert "Save decisions" not in page.text


def test_a_note_that_takes_longer_waits_on_a_page_that_looks_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.notes.awaited", partial(awaited, seconds=0))
    with TestClient(create_app(settings, worker=False), base_url=HOST) as idle:
        made = idle.post("/api/v1/accounts", json={"name": "Kessler AG"}).json()["id"]
        page = idle.post(f"/accounts/{made}/notes", data={"text": NOTE})
        assert page.url.path.startswith("/deliveries/")
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.text
        assert "It is being read" in page.text
        assert "on the way" in idle.get("/").text
        assert "on the way" in idle.get(f"/accounts/{made}").text


@pytest.mark.parametrize(
    "path",
    ["/accounts/acc_none", "/accounts/acc_none/notes/new", "/proposals/prp_none", "/deliveries/del_none", "/nowhere"],
)
def test_what_is_not_there_is_a_page_that_leads_on(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert '<a class="button"' in page.text
    assert "`" not in page.text


def test_the_address_of_an_answered_form_leads_back_to_the_form(client: TestClient, account: str) -> None:
    assert client.get(f"/accounts/{account}/notes").url.path == f"/accounts/{account}/notes/new"
    found = paste(client, account)
    assert client.get(f"{found.url}/decisions").url.path == found.url


def test_a_note_for_an_unknown_account_is_a_404_page(client: TestClient) -> None:
    assert client.post("/accounts/acc_none/notes", data={"text": NOTE}).status_code == 404


def test_a_failed_proposal_is_told_and_can_be_asked_for_again(
    client: TestClient, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelUnavailable("it timed out")

    with monkeypatch.context() as broken:
        broken.setattr("pipeline.propose.propose", fail)
        page = client.post(f"/accounts/{account}/notes", data={"text": NOTE})
    assert "No proposal came of it." in page.text
    assert "it timed out" in page.text
    assert "needs a look" in client.get("/").text
    place = re.search(r'action="(/accounts/[^"]+/sources/[^"]+/proposals)"', page.text)
    assert place
    again = client.post(place[1], data={"proposer": "rules"})
    assert again.url.path.startswith("/proposals/")
    assert "Marta Lindqvist" in again.text


def test_the_plan_shows_who_set_what_and_can_be_seen_as_it_was(client: TestClient, account: str) -> None:
    found = paste(client, account)
    client.post(f"{found.url}/decisions", data={"bulk": "safe"})
    now = text_of(client.get(f"/accounts/{account}").text)
    assert "approved by ana" in now
    assert "need identified" in now
    then = client.get(f"/accounts/{account}?as_of=2020-01-01")
    assert "This is the plan as it was" in then.text
    assert "Marta Lindqvist" not in then.text
    assert client.get(f"/accounts/{account}?revision=1").status_code == 200


@pytest.mark.parametrize("asked", ["as_of=soon", "revision=x", "revision=-1", "revision=99999999999"])
def test_a_day_or_revision_that_is_none_says_so(client: TestClient, account: str, asked: str) -> None:
    assert client.get(f"/accounts/{account}?{asked}").status_code == 400


def test_the_inbox_lists_what_waits_by_account(client: TestClient, account: str) -> None:
    found = paste(client, account)
    html = client.get("/").text
    assert f'href="{found.url}"' in html
    said = text_of(html)
    assert "6 to decide" in said
    assert "said 3 Nov 2026" in said
    assert "waits since today" in said
    assert "proposed by rules" in said


def test_the_proposers_that_the_product_ships_answer_too(real_proposer: None, client: TestClient, account: str) -> None:
    page = client.post(f"/accounts/{account}/notes", data={"text": NOTE})
    for _ in range(40):
        if "/proposals/" in page.url.path:
            break
        page = client.get(page.url.path)
    assert page.url.path.startswith("/proposals/")
    assert "proposed by rules" in page.text


def test_lists_are_read_by_line_or_comma() -> None:
    assert lines(" a, b \r\n\n c") == ("a, b", "c")
    assert listed("a, b,\nc ,") == ("a", "b", "c")
