"""One claim from several notes is one question: asked once, answered once, each note's words kept."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from evals.long.stage import OWNER, REVIEWER
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.records import Account, Change, Decision, Draft, Json, Op, Plan, Proposal, Verdict
from pipeline.views import history, inbox
from pipeline.views.cases import lessons
from pipeline.views.proposal import ChangeView, ProposalView
from pipeline.views.reads import one_proposal
from tests.noting import noted

TITLE = "Kim Low is now Plant Manager.\n"
PERSON = "New name: Ines Okafor, Controller.\n"


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def say(change: Change, verdict: Verdict = Verdict.approve, **fields: Json) -> Decision:
    return Decision(change=change.id, verdict=verdict, by=OWNER, at=datetime.now(UTC), fields=fields)


def decide(desk: Desk, account: Account, proposal: Proposal, *said: Decision, key: str | None = None) -> flow.Decided:
    return flow.decide(desk, account.id, proposal.id, list(said), key)


def states(desk: Desk, account: Account, *proposals: Proposal) -> list[str]:
    with desk.account(account.id).read() as tx:
        return [state for each in proposals for state in tx.states(each.id).values()]


def plan_of(desk: Desk, account: Account) -> Plan:
    with desk.account(account.id).read() as tx:
        plan: Plan = tx.plan()
    return plan


def view(desk: Desk, proposal: Proposal) -> ProposalView:
    return one_proposal(desk.store, OWNER, proposal.id)


def only(desk: Desk, proposal: Proposal) -> ChangeView:
    (change,) = view(desk, proposal).changes
    return change


def waits(desk: Desk) -> list[tuple[str, int]]:
    return [(row.proposal, row.open) for row in inbox.inbox(desk.store, OWNER)]


def kim(desk: Desk, account: Account) -> str:
    return next(item.id for item in plan_of(desk, account).section("stakeholders") if item.values["name"] == "Kim Low")


def test_one_claim_from_three_notes_is_asked_once_by_the_newest(desk: Desk, account: Account) -> None:
    first, second, third = (noted(desk, account, day, TITLE) for day in (2, 9, 16))
    assert waits(desk) == [(third.id, 1)]
    asking = only(desk, third)
    assert (asking.waits, asking.notes, asking.asked_in) == (True, 3, None)
    assert [each.proposal for each in asking.also] == [second.id, first.id]
    assert [each.quotes[0].words for each in asking.also] == [TITLE.strip()] * 2
    assert [each.said_on for each in asking.also] == ["2026-03-09", "2026-03-02"]
    assert asking.strength.startswith("three occasions")
    assert not any("Another waiting proposal" in finding.message for finding in asking.findings)
    for other in (first, second):
        asked = only(desk, other)
        assert asked.asked_in is not None
        assert (asked.waits, asked.bulk, asked.asked_in.proposal) == (False, False, third.id)
        assert view(desk, other).open == 0


def test_approving_it_approves_all_in_one_revision_and_keeps_the_words_of_each(desk: Desk, account: Account) -> None:
    first, second, third = (noted(desk, account, day, TITLE) for day in (2, 9, 16))
    done = decide(desk, account, third, say(third.changes[0]))
    assert states(desk, account, first, second, third) == ["approved"] * 3
    assert done.revision is not None
    assert plan_of(desk, account).revision == done.revision.number == 2
    assert {each.change for each in done.answered} == {first.changes[0].id, second.changes[0].id}
    (told,) = history.who_says(desk.store, OWNER, account.id, kim(desk, account), "title")
    assert [quote.title for quote in told.quotes] == ["16 March 2026", "2 March 2026", "9 March 2026"]
    assert waits(desk) == []
    with desk.account(account.id).read() as tx:
        assert tx.proposals("open") == []
        tx.verify()
    assert only(desk, first).answered_in == third.id


def test_the_value_stands_while_one_of_the_notes_does(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    decide(desk, account, second, say(second.changes[0]))
    assert flow.withdraw(desk, account.id, second.source or "").changes == ()
    undo = flow.withdraw(desk, account.id, first.source or "")
    assert [change.new_values() for change in undo.changes] == [{"title": "Controller"}]


def test_rejecting_it_rejects_all_and_none_comes_again_from_the_same_words(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    decide(desk, account, second, say(second.changes[0], Verdict.reject))
    assert states(desk, account, first, second) == ["rejected"] * 2
    assert plan_of(desk, account).revision == 1
    with desk.account(account.id).read() as tx:
        assert [lesson.change.id for lesson in lessons(tx, 10)] == [second.changes[0].id]
    flow.propose_again(desk, account.id, first.source or "")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert tx.proposals(source=first.source)[-1].changes == ()


def test_an_edit_answers_all_and_words_for_the_other_value_support_nothing(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    decide(desk, account, second, say(second.changes[0], Verdict.edit, title="Plant Director"))
    assert states(desk, account, first, second) == ["edited"] * 2
    (told,) = history.who_says(desk.store, OWNER, account.id, kim(desk, account), "title")
    assert (told.value, told.origin) == ("Plant Director", "edited")
    assert [quote.title for quote in told.quotes] == ["9 March 2026"]


def test_what_one_note_says_twice_is_blocked_twice(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, "Rosa Keller reports to Kim Low.\n")
    decide(desk, account, first, *map(say, first.changes))
    made = noted(desk, account, 9, "Kim Low has left.\n" * 2)
    done = decide(desk, account, made, *map(say, made.changes))
    assert {each.change for each in done.conflicts} == {each.id for each in made.changes}
    assert (done.revision, done.decisions, done.answered) == (None, (), ())
    assert states(desk, account, made) == ["pending"] * 2
    assert kim(desk, account)


def test_what_is_blocked_in_a_call_is_not_answered_by_it(desk: Desk, account: Account) -> None:
    made = noted(desk, account, 2, TITLE * 2)
    first, second = made.changes
    done = decide(desk, account, made, say(first, Verdict.edit, title="Plant Director"), say(second))
    assert [each.change for each in done.conflicts] == [second.id]
    assert states(desk, account, made) == ["edited", "pending"]


def test_a_question_to_the_author_answers_nothing(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    decide(desk, account, second, say(second.changes[0], Verdict.ask))
    assert states(desk, account, first, second) == ["pending", "asked"]
    assert waits(desk) == [(second.id, 1)]


def test_whichever_is_decided_answers_the_others(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    decide(desk, account, first, say(first.changes[0]))
    assert states(desk, account, first, second) == ["approved"] * 2


def test_two_people_who_decide_it_at_once_make_one_revision(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    one = decide(desk, account, second, say(second.changes[0]), key="call-of-one")
    other = decide(desk.as_(REVIEWER), account, first, say(first.changes[0], Verdict.reject), key="call-of-other")
    assert one.revision is not None
    assert (other.revision, other.decisions, other.answered) == (None, (), ())
    again = decide(desk, account, second, say(second.changes[0]), key="call-of-one")
    assert (again.revision, again.decisions, again.answered) == (one.revision, one.decisions, one.answered)
    assert plan_of(desk, account).revision == 2
    with desk.account(account.id).read() as tx:
        assert len([said for each in (first, second) for said in tx.decisions(each.id)]) == 2


def test_a_conflict_answers_nothing(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    typed = Draft(section="stakeholders", op=Op.update, item=kim(desk, account), fields={"title": "Fellow"})
    flow.adopt(desk, account.id, [typed], "direct", "Typed")
    done = decide(desk, account, second, say(second.changes[0]))
    assert done.conflicts
    assert states(desk, account, first, second) == ["pending"] * 2


def test_a_new_person_from_two_notes_is_one_person(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, PERSON) for day in (2, 9))
    assert waits(desk) == [(second.id, 1)]
    decide(desk, account, second, say(second.changes[0]))
    named = [item for item in plan_of(desk, account).section("stakeholders") if item.values["name"] == "Ines Okafor"]
    assert len(named) == 1
    assert states(desk, account, first, second) == ["approved"] * 2


def test_what_names_a_new_entry_is_compared_by_what_that_is(desk: Desk, account: Account) -> None:
    words = "New area: Foundry.\nFlowWatch in Foundry is live.\n"
    first, second = (noted(desk, account, day, words) for day in (2, 9))
    assert waits(desk) == [(second.id, 2)]
    decide(desk, account, second, *(say(change) for change in second.changes))
    assert states(desk, account, first, second) == ["approved"] * 4
    cells = [item.values for item in plan_of(desk, account).section("cells")]
    assert [cell["status"] for cell in cells] == ["in_negotiation", "deployed"]


def test_another_change_finds_the_entry_that_another_proposal_brought_in(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, "New area: Foundry.\nFlowWatch in Foundry is live.\n")
    second = noted(desk, account, 9, "New area: Foundry.\n")
    decide(desk, account, second, say(second.changes[0]))
    area, cell = first.changes
    assert states(desk, account, first) == ["approved", "pending"]
    assert waits(desk) == [(first.id, 1)]
    done = decide(desk, account, first, say(cell))
    assert not done.conflicts
    (made,) = [item for item in plan_of(desk, account).section("cells") if item.values["status"] == "deployed"]
    assert made.values["department"] == second.changes[0].item != area.item


def test_a_change_that_says_more_stands_alone_and_is_not_asked_again_once_it_is_true(
    desk: Desk, account: Account
) -> None:
    first = noted(desk, account, 2, "New name: Ines Okafor, Controller.\n")
    second = noted(desk, account, 9, "New area: Foundry.\n")
    more = {"name": "Ines Okafor", "title": "Controller", "cadence": "monthly"}
    assert sorted(waits(desk)) == sorted([(first.id, 1), (second.id, 1)])
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.add, fields=more)], "direct", "Typed")
    assert waits(desk) == [(second.id, 1)]
    told = only(desk, first)
    assert (told.waits, told.standing) == (False, "already_true")
    assert view(desk, first).open == 0


def test_a_change_with_one_more_field_is_asked_for_that_field(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, "New name: Ines Okafor, Controller.\n")
    fields = {"name": "Ines Okafor", "cadence": "monthly"}
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.add, fields=fields)], "direct", "Typed")
    assert waits(desk) == [(first.id, 1)]
    assert only(desk, first).standing == "applies"
    assert not decide(desk, account, first, say(first.changes[0])).conflicts
    (made,) = [item for item in plan_of(desk, account).section("stakeholders") if item.values["name"] == "Ines Okafor"]
    assert (made.values["title"], made.values["cadence"]) == ("Controller", "monthly")


def test_two_proposals_of_one_note_are_one_note(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, TITLE)
    flow.propose_again(desk, account.id, first.source or "")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        again = tx.proposals(source=first.source)[-1]
    asking = only(desk, again)
    assert (asking.notes, asking.strength.startswith("one occasion")) == (1, True)
    decide(desk, account, again, say(again.changes[0]))
    with desk.account(account.id).read() as tx:
        assert tx.support(kim(desk, account), "title") == []


def test_what_a_check_refuted_asks_nothing_together(desk: Desk, account: Account) -> None:
    proven = noted(desk, account, 2, TITLE)
    refuted = noted(desk, account, 9, f"*{TITLE}{PERSON}")
    assert refuted.changes[0].dropped
    assert [each.asked_in for each in view(desk, refuted).changes] == [None, None]
    assert only(desk, proven).also == ()


def test_the_withdrawal_of_the_asking_note_lets_the_other_ask(desk: Desk, account: Account) -> None:
    first, second = (noted(desk, account, day, TITLE) for day in (2, 9))
    flow.withdraw(desk, account.id, second.source or "")
    assert waits(desk) == [(first.id, 1)]
    assert only(desk, first).also == ()


def test_the_inbox_asks_the_store_as_often_for_many_notes_as_for_two(desk: Desk, account: Account) -> None:
    asked: list[str] = []
    sa.event.listen(desk.store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def questions() -> int:
        asked.clear()
        inbox.inbox(desk.store, OWNER)
        return len(asked)

    for day in (1, 2):
        noted(desk, account, day, f"{TITLE}{PERSON}New area: Quality {day}.\n")
    few = questions()
    for day in range(3, 7):
        noted(desk, account, day, f"{TITLE}{PERSON}New area: Quality {day}.\n")
    assert questions() == few
