"""What a note says that the plan says already: no change, no question; first-hand words stand beside the value."""

from datetime import UTC, date, datetime

import pytest

from api.cli.adding import told_of
from evals.long.stage import OWNER
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.exports.plain import plain_changes
from pipeline.flow import confirming as confirming_words
from pipeline.records import Account, Decision, Draft, FieldHead, Op, Outcome, Proposal, Verdict
from pipeline.views import history, inbox
from pipeline.views.history import SaysSo
from pipeline.views.reads import one_plan, one_proposal
from tests.noting import noted

TITLE = "Kim Low is now Plant Manager.\n"
SAME = "Kim Low is now Controller.\n"
"""What the plan that the account starts with says."""


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def approve(desk: Desk, account: Account, proposal: Proposal) -> None:
    now = datetime.now(UTC)
    said = [Decision(change=each.id, verdict=Verdict.approve, by=OWNER, at=now) for each in proposal.changes]
    assert not flow.decide(desk, account.id, proposal.id, said).conflicts


def kim(desk: Desk, account: Account) -> str:
    with desk.account(account.id).read() as tx:
        return next(item.id for item in tx.plan().section("stakeholders") if item.values["name"] == "Kim Low")


def head(desk: Desk, account: Account, field: str = "title") -> FieldHead:
    item = kim(desk, account)
    with desk.account(account.id).read() as tx:
        found: FieldHead = tx.heads([item])[item, field]
    return found


def says(desk: Desk, account: Account, field: str = "title") -> SaysSo:
    (told,) = history.who_says(desk.store, OWNER, account.id, kim(desk, account), field)
    return told


def confirming(desk: Desk, account: Account, field: str = "title") -> list[str]:
    return [quote.title for quote in says(desk, account, field).quotes if quote.confirms]


def test_a_note_that_only_repeats_the_plan_proposes_nothing_and_says_what_it_confirms(
    desk: Desk, account: Account
) -> None:
    proposal = noted(desk, account, 2, SAME)
    assert proposal.outcome is Outcome.nothing
    assert proposal.why == "It says nothing new. The plan has already: Kim Low (title)."
    assert inbox.inbox(desk.store, OWNER) == ()
    with desk.account(account.id).read() as tx:
        assert tx.proposals("open") == []
    shown = one_proposal(desk.store, OWNER, proposal.id)
    assert (shown.changes, shown.open) == ((), 0)
    (known,) = shown.support
    assert [(field.title, field.old, field.new, field.now) for field in known.fields] == [
        ("Title", "", "Controller", None)
    ]
    assert [finding.message for finding in known.findings] == ["It confirms what the plan says."]


def test_its_words_stand_beside_the_value_whose_age_counts_from_them(desk: Desk, account: Account) -> None:
    noted(desk, account, 2, SAME)
    assert (head(desk, account).confirmed_on, head(desk, account).origin) == (date(2026, 3, 2), "imported")
    assert confirming(desk, account) == ["2 March 2026"]
    assert says(desk, account).confirmed_on == date(2026, 3, 2)
    with desk.account(account.id).read() as tx:
        assert tx.plan().revision == 1
        tx.verify()


def test_the_age_of_a_value_is_that_of_the_latest_words_whichever_came_first(desk: Desk, account: Account) -> None:
    approve(desk, account, noted(desk, account, 16, TITLE))
    noted(desk, account, 2, TITLE)
    shown = one_plan(desk.store, OWNER, account.id, date(2026, 3, 18))
    (person,) = [each for one in shown.sections for each in one.entries if each.label == "Kim Low"]
    assert [value.age for value in person.values if value.name == "title"] == ["2 days"]
    assert confirming(desk, account) == ["2 March 2026"]


OURS = "From: Jo Hale <jo@larkfield.example>\nTo: Kim Low <kim@northwind.example>\nSubject: As we said\n"
THEIRS = "From: Kim Low <kim@northwind.example>\nTo: Jo Hale <jo@larkfield.example>\nSubject: My new post\n"
MAIL = "Date: Mon, 9 Mar 2026 10:00:00 +0000\nContent-Type: text/plain\n\n" + TITLE


SOUP = "We met in the canteen and had soup. " * 9


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("recap.txt", f"9 March 2026\n\n# AI-generated summary\n\n{TITLE}"),
        ("tail.txt", f"9 March 2026\n\n{SOUP}\n\n# AI-generated summary\n\n{TITLE}"),
        ("recap.eml", OURS + MAIL),
    ],
)
def test_our_own_retelling_confirms_nothing(desk: Desk, account: Account, name: str, text: str) -> None:
    us = Draft(section="team", op=Op.add, fields={"name": "Jo Hale", "email": "jo@larkfield.example"})
    flow.adopt(desk, account.id, [us], "direct", "")
    approve(desk, account, noted(desk, account, 2, TITLE))
    delivery = flow.deliver(desk, account.id, text.encode(), name)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
        proposal = tx.proposals(source=source.id)[-1]
    assert proposal.outcome is Outcome.nothing
    assert [finding.message for change in proposal.changes for finding in change.findings] == [
        "The plan says so already; words that only retell add nothing."
    ], source.document.kind
    assert confirming(desk, account) == []
    assert head(desk, account).confirmed_on is None


def test_a_mail_of_the_customers_confirms(desk: Desk, account: Account) -> None:
    approve(desk, account, noted(desk, account, 2, TITLE))
    flow.deliver(desk, account.id, (THEIRS + MAIL).encode(), "new-post.eml")
    jobs.run_all(desk)
    assert len(confirming(desk, account)) == 1


def test_a_source_does_not_confirm_itself_however_often_it_is_read(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, TITLE)
    approve(desk, account, first)
    for _ in range(2):
        flow.propose_again(desk, account.id, first.source or "")
        jobs.run_all(desk)
    assert confirming(desk, account) == []
    other = noted(desk, account, 9, TITLE)
    flow.propose_again(desk, account.id, other.source or "")
    jobs.run_all(desk)
    assert confirming(desk, account) == ["9 March 2026"]


def test_a_value_stands_on_what_confirms_it_when_the_note_it_came_from_is_withdrawn(
    desk: Desk, account: Account
) -> None:
    first = noted(desk, account, 2, TITLE)
    approve(desk, account, first)
    other = noted(desk, account, 9, TITLE)
    assert flow.withdraw(desk, account.id, first.source or "").changes == ()
    assert [quote.title for quote in says(desk, account).quotes] == ["9 March 2026"]
    undo = flow.withdraw(desk, account.id, other.source or "")
    assert [change.new_values() for change in undo.changes] == [{"title": "Controller"}]


def test_a_withdrawn_note_takes_its_support_and_the_age_with_it(desk: Desk, account: Account) -> None:
    noted(desk, account, 2, SAME)
    other = noted(desk, account, 9, SAME)
    assert head(desk, account).confirmed_on == date(2026, 3, 9)
    flow.withdraw(desk, account.id, other.source or "")
    assert head(desk, account).confirmed_on == date(2026, 3, 2)
    assert confirming(desk, account) == ["2 March 2026"]
    item = kim(desk, account)
    with desk.account(account.id).read() as tx:
        assert [each.said_on for each in tx.support(item, "title")] == [date(2026, 3, 2)]


def test_an_erased_note_takes_its_support_with_it_and_leaves_what_others_say(desk: Desk, account: Account) -> None:
    approve(desk, account, noted(desk, account, 2, TITLE))
    other = noted(desk, account, 9, TITLE)
    flow.erase(desk, account.id, other.source or "")
    assert confirming(desk, account) == []
    assert (head(desk, account).value, head(desk, account).confirmed_on) == ("Plant Manager", None)
    with desk.account(account.id).read() as tx:
        tx.verify()


def test_erasing_the_note_that_a_confirmed_value_came_from_leaves_the_value(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, TITLE)
    approve(desk, account, first)
    noted(desk, account, 9, TITLE)
    flow.erase(desk, account.id, first.source or "")
    assert head(desk, account).value == "Plant Manager"
    assert confirming(desk, account) == ["9 March 2026"]


def test_words_for_an_older_value_do_not_hold_the_next_one(desk: Desk, account: Account) -> None:
    noted(desk, account, 2, SAME)
    changed = noted(desk, account, 9, TITLE)
    approve(desk, account, changed)
    assert confirming(desk, account) == []
    undo = flow.withdraw(desk, account.id, changed.source or "")
    assert [change.new_values() for change in undo.changes] == [{"title": "Controller"}]


def test_a_note_with_news_keeps_aside_what_it_confirms(desk: Desk, account: Account) -> None:
    fields = {"interests": ["uptime"], "cadence": "monthly"}
    flow.adopt(
        desk,
        account.id,
        [Draft(section="stakeholders", op=Op.update, item=kim(desk, account), fields=fields)],
        "direct",
        "",
    )
    proposal = noted(desk, account, 2, SAME + "Kim Low cares about training.\nKim Low cares about uptime.\n")
    assert proposal.outcome is Outcome.changes
    assert [each.new_values() for each in proposal.changes if not each.confirms] == [
        {"interests": ["training", "uptime"]}
    ]
    assert confirming(desk, account) == ["2 March 2026"]


def test_a_folder_of_notes_that_only_repeats_the_plan_is_nothing_new(desk: Desk, account: Account) -> None:
    files = [(f"{day}.txt", f"{day} March 2026\n\n{SAME}".encode()) for day in (2, 9)]
    proposal = flow.backfill(desk, account.id, files)
    assert proposal.outcome is Outcome.nothing
    assert "Kim Low (title)" in proposal.why
    assert head(desk, account).confirmed_on == date(2026, 3, 9)
    assert confirming(desk, account) == ["2 March 2026", "9 March 2026"]
    assert inbox.inbox(desk.store, OWNER) == ()


def test_in_a_folder_what_a_later_note_repeats_is_one_change_with_the_words_of_both(
    desk: Desk, account: Account
) -> None:
    files = [(f"{day}.txt", f"{day} March 2026\n\n{TITLE}".encode()) for day in (2, 9)]
    (change,) = flow.backfill(desk, account.id, files).changes
    assert not change.confirms
    assert [piece.said_on for piece in change.evidence] == [date(2026, 3, 9), date(2026, 3, 2)]


def test_what_a_quote_does_not_bear_out_confirms_nothing(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, f"*{SAME}")
    assert all(each.fields == () for each in proposal.changes)
    assert confirming(desk, account) == []


def test_words_for_a_value_that_stands_no_more_are_not_kept_beside_the_one_that_does(
    desk: Desk, account: Account
) -> None:
    words = noted(desk, account, 2, TITLE).changes[0].evidence
    item = kim(desk, account)
    with desk.account(account.id).write() as tx:
        assert not confirming_words.confirm(tx, item, "title", "Plant Manager", words)
        assert confirming_words.confirm(tx, item, "title", "Controller", words)


def test_what_is_only_confirmed_is_no_change_for_programs(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, SAME)
    with desk.account(account.id).read() as tx:
        told = plain_changes(proposal.changes, tx.plan())
    assert (told["changes"], told["more"]) == ([], [])


def test_the_command_that_delivers_a_note_counts_no_confirmation_as_a_change(desk: Desk, account: Account) -> None:
    def told(day: int, words: str) -> str | None:
        source = noted(desk, account, day, words).source
        with desk.account(account.id).read() as tx:
            return told_of(desk, account.id, tx.delivery(tx.source(source).delivery))["says"]

    assert (told(2, SAME) or "").startswith("It says nothing new.")
    assert (told(3, SAME + "New name: Ines Okafor, Buyer.\n") or "").startswith("1 change proposed, see ")
