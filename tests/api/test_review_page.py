"""The review page as a browser without scripts meets it: what it shows, and what its form does."""

import re
from html import unescape

from fastapi.testclient import TestClient

from api.app import create_app
from pipeline.settings import Settings
from tests.api.scripted import HOST, look, paste, text_of


def test_the_words_that_prove_a_change_are_marked_and_linked_both_ways(client: TestClient, account: str) -> None:
    html = paste(client, account).html
    assert 'id="c1"' in html
    assert 'href="#m1"' in html
    assert 'id="m1"' in html
    assert '<mark data-changes="1">Marta Lindqvist runs production</mark><sup><a href="#c1"' in html


def test_what_a_check_refuted_is_held_back_with_its_reason(client: TestClient, account: str) -> None:
    html = paste(client, account).html
    assert "held back" in html
    assert "words that nobody said here" in html
    assert html.index("Held back <small>") < html.index("Nobody Said</h3>")


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
    assert f"{len(ids) - 3} changes left." in said, "nobody is asked for what a check refuted"
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
    one, other = (paste(client, account, words) for words in ("We hear Marta.", "We meet Marta again."))
    form = {f"verdict.{one.changes['Marta Lindqvist']}": "approve"}
    assert "1 approved" in client.post(f"{one.url}/decisions", data=form).text
    change = other.changes["Marta Lindqvist"]
    late = client.post(f"{other.url}/decisions", data={f"verdict.{change}": "approve"})
    assert "1 change could not be merged" in text_of(late.text)
    said = text_of(late.text)
    for value in ("Head of Production", "Head of Everything", "the plan says by now: Chief &lt;of&gt; Pumps"):
        assert value in said
    assert late.status_code == 409
    assert "The plan says by now Chief &lt;of&gt; Pumps." in said
    hidden = re.search(rf'name="(seen.{change}.title)" value="([^"]*)"', late.text)
    assert hidden
    form = {f"verdict.{change}": "approve", hidden[1]: unescape(hidden[2])}
    assert "1 approved" in client.post(f"{other.url}/decisions", data=form).text
    assert "Head of Everything" in client.get(f"/accounts/{account}").text


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


def test_a_long_note_shows_the_lines_around_its_marks_and_the_rest_on_demand(client: TestClient, account: str) -> None:
    filler = "\n".join(f"Line {number} of the long part." for number in range(500))
    found = paste(client, account, f"{filler}\nMarta Lindqvist runs production.\n{filler.replace('long', 'last')}")
    assert "Line 499 of the long part." in found.html
    assert "Line 250 of the long part." not in found.html
    assert "lines not shown: show all" in found.html
    whole = client.get(f"{found.url}?whole=1").text
    assert "Line 250 of the long part." in whole
    assert "not shown" not in whole


def test_a_new_entry_that_is_in_the_plan_by_now_is_settled_in_the_same_way(client: TestClient, account: str) -> None:
    one, other = paste(client, account, "We hear Marta."), paste(client, account)
    form = {f"verdict.{one.changes['Marta Lindqvist']}": "approve"}
    assert "1 approved" in client.post(f"{one.url}/decisions", data=form).text
    change = other.changes["Marta Lindqvist"]
    late = client.post(f"{other.url}/decisions", data={f"verdict.{change}": "approve"})
    assert late.status_code == 409
    shown = re.findall(rf'name="(seen.{change}.\w*)" value="([^"]*)"', late.text)
    form = {f"verdict.{change}": "approve", **{name: unescape(value) for name, value in shown}}
    assert "1 approved" in client.post(f"{other.url}/decisions", data=form).text
    plan = text_of(client.get(f"/accounts/{account}").text)
    assert "Head of Production" in plan
    assert plan.count("Marta Lindqvist") == 1


def test_every_change_says_in_words_what_it_rests_on(client: TestClient, account: str) -> None:
    assert "One occasion, " in paste(client, account).html


def test_what_two_notes_say_is_asked_by_the_newest_with_the_words_of_both(client: TestClient, account: str) -> None:
    first = paste(client, account, "Call on 3 November 2026\nMarta Lindqvist runs production.")
    second = paste(client, account, "Call on 4 November 2026\nMarta Lindqvist runs production, they say.")
    assert "Said in 2 notes" in second.html
    assert f'href="{first.url}"' in second.html
    asked = look(client, first.url).html
    assert "Asked together with" in asked
    assert f'href="{second.url}"' in asked
    assert "Save decisions" not in asked
    assert "1 said in other notes too" in client.get("/").text
    assert first.url not in client.get("/").text
    form = {"key": second.key, f"verdict.{second.changes['Marta Lindqvist']}": "approve"}
    said = text_of(client.post(f"{second.url}/decisions", data=form).text)
    assert "Saved: 1 approved. 1 change of other notes that says the same is answered too. The plan is now at" in said
    assert "answered together with another note" in look(client, first.url).html
    assert '<strong id="revision">2</strong>' in client.get(f"/accounts/{account}").text


def test_the_safe_ones_of_a_note_are_not_those_that_another_asks(client: TestClient, account: str) -> None:
    first = paste(client, account, "Call on 3 November 2026\nMarta Lindqvist runs production.")
    paste(client, account, "Call on 4 November 2026\nMarta Lindqvist runs production, they say.")
    told = client.post(f"{first.url}/decisions", data={"bulk": "safe", "key": "of-the-first"})
    assert told.status_code == 400


def test_what_the_plan_says_by_now_is_asked_no_more(client: TestClient, account: str) -> None:
    first = paste(client, account, "Call on 3 November 2026\nMarta Lindqvist runs production.")
    other = paste(client, account, "We hear Marta.")
    form = {f"verdict.{other.changes['Marta Lindqvist']}": "edit", "key": "edited-to-it"}
    form[f"field.{other.changes['Marta Lindqvist']}.title"] = "Head of Production"
    assert "1 edited" in client.post(f"{other.url}/decisions", data=form).text
    page = look(client, first.url).html
    assert "In the plan already (1)" in text_of(page)
    assert "Save decisions" not in page
    assert first.url not in client.get("/").text


def test_when_all_is_decided_what_a_check_refuted_is_closed_and_offers_no_buttons(
    client: TestClient, account: str
) -> None:
    found = paste(client, account)
    form = {"key": found.key} | {f"verdict.{change}": "approve" for change in found.changes.values()}
    form[f"verdict.{found.changes['Nobody Said']}"] = ""
    said = text_of(client.post(f"{found.url}/decisions", data=form).text)
    assert "Nothing is left here." in said
    assert "Closed undecided (1)" in said
    assert "Save decisions" not in said
