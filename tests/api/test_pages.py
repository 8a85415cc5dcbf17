"""The pages as a browser without scripts meets them."""

import re
from functools import partial
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.desk import awaited
from api.pages.accounts import lines, listed
from pipeline.errors import ModelUnavailable
from pipeline.settings import Settings
from tests.api.scripted import HOST, NOTE, look, paste


def text_of(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


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


def test_the_words_that_prove_a_change_are_marked_and_linked_both_ways(client: TestClient, account: str) -> None:
    html = paste(client, account).html
    assert 'id="c1"' in html
    assert 'href="#m1"' in html
    assert 'id="m1"' in html
    assert '<mark data-changes="1">Marta Lindqvist runs production</mark><sup><a href="#c1"' in html


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


def test_what_a_check_refuted_is_held_back_with_its_reason(client: TestClient, account: str) -> None:
    html = paste(client, account).html
    assert "held back" in html
    assert "words that nobody said here" in html
    assert html.index("Held back <small>") < html.index("Nobody Said</h3>")


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


def test_a_note_for_an_unknown_account_is_a_404_page(client: TestClient) -> None:
    assert client.post("/accounts/acc_none/notes", data={"text": NOTE}).status_code == 404


def test_decisions_by_the_form_make_a_revision_and_say_what_is_left(client: TestClient, account: str) -> None:
    found = paste(client, account)
    ids = found.changes
    form = {
        "key": found.key,
        f"verdict.{ids['Marta Lindqvist']}": "approve",
        f"verdict.{ids['Karin Holm']}": "reject",
        f"why.{ids['Karin Holm']}": "Only hearsay.",
        f"verdict.{ids['Send the quote']}": "",
    }
    page = client.post(f"{found.url}/decisions", data=form)
    said = text_of(page.text)
    assert "Saved: 1 approved, 1 rejected." in said
    assert "revision 2" in said
    assert f"{len(ids) - 2} changes left." in said
    assert "Rejected by ana" in said
    assert "Only hearsay." in said
    plan = client.get(f"/accounts/{account}").text
    assert '<strong id="revision">2</strong>' in plan
    assert "Head of Production" in plan
    assert "Karin Holm" not in plan
    again = client.post(f"{found.url}/decisions", data=form)
    assert '<strong id="revision">2</strong>' in client.get(f"/accounts/{account}").text
    assert again.status_code in (200, 422)


def test_the_safe_ones_are_approved_by_one_button_and_roles_are_not_among_them(
    client: TestClient, account: str
) -> None:
    found = paste(client, account)
    form = {"key": found.key, "bulk": "safe", f"verdict.{found.changes['Send the quote']}": "reject"}
    said = text_of(client.post(f"{found.url}/decisions", data=form).text)
    assert "Saved: 3 approved, 1 rejected." in said
    plan = client.get(f"/accounts/{account}").text
    assert "Marta Lindqvist" in plan
    assert "Karin Holm" not in plan
    assert "Nobody Said" not in plan
    assert "Send the quote" not in plan


def test_an_edit_is_saved_with_its_values(client: TestClient, account: str) -> None:
    found = paste(client, account)
    change = found.changes["Send the quote"]
    form = {
        "key": found.key,
        f"verdict.{change}": "edit",
        f"field.{change}.action": "Send the quote",
        f"field.{change}.deadline": "2026-11-25",
        f"field.{change}.owner": "Jo Hale",
    }
    assert "1 edited" in client.post(f"{found.url}/decisions", data=form).text
    assert "25 Nov 2026" in text_of(client.get(f"/accounts/{account}").text)


def test_an_edit_that_changes_nothing_is_an_approval(client: TestClient, account: str) -> None:
    found = paste(client, account)
    change = found.changes["Marta Lindqvist"]
    form = {f"verdict.{change}": "edit", f"field.{change}.name": "Marta Lindqvist"}
    assert "1 approved" in client.post(f"{found.url}/decisions", data=form).text


def test_a_value_that_does_not_fit_saves_nothing_and_loses_nothing(client: TestClient, account: str) -> None:
    found = paste(client, account)
    marta, action = found.changes["Marta Lindqvist"], found.changes["Send the quote"]
    form = {
        "key": found.key,
        f"verdict.{marta}": "approve",
        f"verdict.{action}": "edit",
        f"field.{action}.deadline": "soon",
        f"why.{action}": "They said <soon>",
    }
    page = client.post(f"{found.url}/decisions", data=form)
    assert page.status_code == 422
    assert "Nothing was saved yet" in page.text
    assert "YYYY-MM-DD" in page.text
    assert re.search(rf'name="verdict.{marta}" value="approve"[^>]* checked', page.text)
    assert re.search(rf'name="field.{action}.deadline" value="soon"', page.text)
    assert 'value="They said &lt;soon&gt;"' in page.text
    assert '<strong id="revision">1</strong>' in client.get(f"/accounts/{account}").text


def test_saving_with_nothing_marked_says_what_to_do(client: TestClient, account: str) -> None:
    found = paste(client, account)
    page = client.post(f"{found.url}/decisions", data={"key": found.key})
    assert page.status_code == 400
    assert "no change is marked" in page.text


def test_asking_keeps_the_change_open(client: TestClient, account: str) -> None:
    found = paste(client, account)
    change = found.changes["Marta Lindqvist"]
    form = {f"verdict.{change}": "ask", f"why.{change}": "Which plant?"}
    page = client.post(f"{found.url}/decisions", data=form)
    assert "1 asked" in page.text
    assert "Which plant?" in page.text
    assert f'name="verdict.{change}"' in page.text
    form = {f"verdict.{change}": "approve"}
    assert "1 approved" in client.post(f"{found.url}/decisions", data=form).text


def test_a_conflict_shows_three_values_and_is_settled_by_who_saw_them(client: TestClient, account: str) -> None:
    client.post(f"{(found := paste(client, account)).url}/decisions", data={"bulk": "safe", "key": found.key})
    one, other = (paste(client, account, f"We meet Marta again. Version {number}.") for number in (1, 2))
    change = one.changes["Marta Lindqvist"]
    form = {f"verdict.{change}": "edit", f"field.{change}.title": "Chief <of> Pumps"}
    assert "1 edited" in client.post(f"{one.url}/decisions", data=form).text
    change = other.changes["Marta Lindqvist"]
    late = client.post(f"{other.url}/decisions", data={f"verdict.{change}": "approve"})
    assert "1 change could not be merged" in text_of(late.text)
    said = text_of(late.text)
    for value in ("Head of Production", "Head of Everything", "the plan says by now: Chief &lt;of&gt; Pumps"):
        assert value in said
    hidden = re.search(rf'name="(seen.{change}.title)" value="([^"]*)"', late.text)
    assert hidden
    form = {f"verdict.{change}": "approve", hidden[1]: unescape(hidden[2])}
    assert "1 approved" in client.post(f"{other.url}/decisions", data=form).text
    assert "Head of Everything" in client.get(f"/accounts/{account}").text


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


def test_a_question_beside_an_approval_is_recorded_once(client: TestClient, account: str) -> None:
    found = paste(client, account)
    marta, karin = found.changes["Marta Lindqvist"], found.changes["Karin Holm"]
    form = {"key": found.key, f"verdict.{marta}": "approve", f"verdict.{karin}": "ask"}
    assert "Saved: 1 approved, 1 asked." in text_of(client.post(f"{found.url}/decisions", data=form).text)


def test_who_may_only_read_sees_no_buttons_and_is_told_whom_to_ask(
    settings: Settings, client: TestClient, account: str
) -> None:
    found = paste(client, account)
    with TestClient(create_app(settings.model_copy(update={"user": "bo"}), worker=False), base_url=HOST) as bo:
        page = bo.get(found.url)
        assert "ana owns the account" in page.text
        assert "Save decisions" not in page.text
        refused = bo.post(f"{found.url}/decisions", data={f"verdict.{found.changes['Marta Lindqvist']}": "approve"})
        assert refused.status_code == 403


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


def test_another_proposal_of_the_same_note_is_opened_and_the_first_points_to_it(
    client: TestClient, account: str
) -> None:
    found = paste(client, account)
    place = re.search(r'action="(/accounts/[^"]+/sources/[^"]+/proposals)"', found.html)
    assert place
    page = client.post(place[1], data={"proposer": "rules"})
    assert page.status_code == 200
    assert page.url.path != found.url
    assert page.url.path in look(client, found.url).html


def test_the_inbox_lists_what_waits_by_account(client: TestClient, account: str) -> None:
    found = paste(client, account)
    html = client.get("/").text
    assert f'href="{found.url}"' in html
    said = text_of(html)
    assert "6 to decide" in said
    assert "said 3 Nov 2026" in said
    assert "waits since today" in said
    assert "proposed by rules" in said


def test_a_long_note_shows_the_lines_around_its_marks_and_the_rest_on_demand(client: TestClient, account: str) -> None:
    filler = "\n".join(f"Line {number} of the long part." for number in range(500))
    found = paste(client, account, f"{filler}\nMarta Lindqvist runs production.\n{filler.replace('long', 'last')}")
    assert "Line 499 of the long part." in found.html
    assert "Line 250 of the long part." not in found.html
    assert "lines not shown: show all" in found.html
    whole = client.get(f"{found.url}?whole=1").text
    assert "Line 250 of the long part." in whole
    assert "not shown" not in whole


def test_the_proposers_that_the_product_ships_answer_too(
    real_proposer: None, client: TestClient, account: str
) -> None:
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
