"""The plan's memory in words: the update log, differences, who says so."""

from datetime import UTC, date, datetime

import pytest

from evals.long import stage
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.errors import UnknownAccount, UnknownItem
from pipeline.records import Account, Decision, Draft, Op, Verdict
from pipeline.views import history

NOTE = b"Call, 3 March 2026\n\nKim Low is now Plant Manager.\n"


@pytest.fixture
def account(desk: Desk) -> Account:
    made = stage.set_up(desk, "Northwind Mills", "anything")
    flow.deliver(desk, made.id, NOTE, "call.txt")
    jobs.run_all(desk)
    with desk.account(made.id).read() as tx:
        proposal = tx.proposals()[-1]
    said = [Decision(change=c.id, verdict=Verdict.approve, by="ann", at=datetime.now(UTC)) for c in proposal.changes]
    flow.decide(desk, made.id, proposal.id, said)
    return made


def test_the_log_tells_who_when_why_and_what_newest_first(desk: Desk, account: Account) -> None:
    newest, start = history.update_log(desk.store, "ann", account.id)
    assert (newest.number, newest.author, newest.source is not None) == (2, "ann", True)
    (line,) = newest.lines
    assert (line.label, line.field, line.before, line.after) == ("Kim Low", "Title", "Controller", "Plant Manager")
    assert (start.number, start.reason, start.source) == (1, "Set up the account", None)
    assert [row.number for row in history.update_log(desk.store, "ann", account.id, newest=1)] == [2]


def test_an_entry_that_went_is_one_line_of_the_difference(desk: Desk, account: Account) -> None:
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.remove, item="Kim Low")], "direct", "Left")
    found = history.difference(desk.store, "ann", account.id, 1, 3)
    assert ("entry", "in the plan", "removed") in [(line.field, line.before, line.after) for line in found]
    assert history.difference(desk.store, "ann", account.id, 2, 2) == ()


def test_a_field_says_who_approved_it_and_on_which_words(desk: Desk, account: Account) -> None:
    (found,) = history.who_says(desk.store, "ann", account.id, "Kim Low", "title")
    assert (found.value, found.by, found.origin, found.revision) == ("Plant Manager", "ann", "approved", 2)
    assert [quote.words for quote in found.quotes] == ["Kim Low is now Plant Manager."]


def test_all_fields_of_an_entry_can_be_asked_for_at_once(desk: Desk, account: Account) -> None:
    found = history.who_says(desk.store, "ann", account.id, "Kim Low")
    assert {each.field for each in found} == {"", "name", "title", "department"}
    with pytest.raises(UnknownItem):
        history.who_says(desk.store, "ann", account.id, "Nobody")


def test_verifying_counts_what_agrees_and_tells_of_erasures(desk: Desk, account: Account) -> None:
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources()
    flow.erase(desk, account.id, source.id)
    (found,) = history.verify(desk.store, "ann")
    assert (found.name, found.revisions) == ("Northwind Mills", 3)
    assert found.erased > 0
    with pytest.raises(UnknownAccount):
        history.verify(desk.store, "ann", "No such account")


def test_a_change_says_from_which_day_on_it_holds_in_the_log_and_to_who_asks(desk: Desk, account: Account) -> None:
    day = date(2026, 5, 1)
    draft = Draft(section="stakeholders", op=Op.update, item="Kim Low", fields={"title": "CFO"}, effective=day)
    flow.adopt(desk, account.id, [draft], "direct", "Moves up in May")
    (line,) = history.update_log(desk.store, "ann", account.id)[0].lines
    assert (line.after, line.effective) == ("CFO", day)
    (found,) = history.who_says(desk.store, "ann", account.id, "Kim Low", "title")
    assert (found.value, found.effective) == ("CFO", day)
    with desk.account(account.id).read() as tx:
        change = tx.blame(found.item, "title").change
        assert change is not None
        assert change.effective == day
        today = tx.plan(as_of=datetime.now(UTC).date()).items[found.item]
    assert today.values["title"] == "CFO", "the plan of a day is by what was decided, not by what takes effect"
