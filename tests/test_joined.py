"""What waits when two entries turn out to be one is a change of that one; nothing goes stale by it."""

import pytest

from pipeline import flow
from pipeline.desk import Desk
from pipeline.records import Account, Draft, Item, Op, Standing, Verdict
from pipeline.views.reads import one_proposal
from tests.noting import noted
from tests.test_answering import decide, plan_of, say

LINES = "Ines Okafor is now Controller.\nKim Low reports to Ines Okafor.\nInes Okafor cares about uptime.\n"


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def person(desk: Desk, account: Account, name: str) -> Item:
    return next(each for each in plan_of(desk, account).section("stakeholders") if each.values["name"] == name)


def join(desk: Desk, account: Account, one: str, into: str) -> int:
    ids = (person(desk, account, name).id for name in (one, into))
    draft = Draft(section="stakeholders", op=Op.join, item=next(ids), into=next(ids))
    done = flow.adopt(desk, account.id, [draft], "direct", "They are one")
    assert done.revision is not None
    return done.revision.number


@pytest.fixture
def ines(desk: Desk, account: Account) -> None:
    fields = {"name": "Ines Okafor"}
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.add, fields=fields)], "direct", "Typed")


@pytest.mark.usefixtures("ines")
def test_changes_that_wait_when_their_person_is_joined_are_changes_of_the_other(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, LINES)
    join(desk, account, "Ines Okafor", "Rosa Keller")
    shown = one_proposal(desk.store, desk.actor, proposal.id).changes
    assert [each.label for each in shown] == [
        "Ines Okafor (now Rosa Keller)",
        "Kim Low",
        "Ines Okafor (now Rosa Keller)",
    ]
    assert shown[1].fields[0].new == "Ines Okafor (now Rosa Keller)"
    title, reports, interest = (each.standing for each in shown)
    assert (title, reports, interest) == (Standing.conflict, Standing.applies, Standing.applies)
    done = decide(desk, account, proposal, *(say(each) for each in proposal.changes))
    assert [(each.field, each.current, each.proposed) for each in done.conflicts] == [
        ("title", "VP Production", "Controller")
    ]
    rosa, kim = person(desk, account, "Rosa Keller"), person(desk, account, "Kim Low")
    assert rosa.values["interests"] == ["uptime"]
    assert kim.values["reports_to"] == rosa.id


@pytest.mark.usefixtures("ines")
def test_joins_of_joins_are_followed_and_what_was_parted_again_is_not(desk: Desk, account: Account) -> None:
    ids = {name: person(desk, account, name).id for name in ("Ines Okafor", "Rosa Keller", "Kim Low")}
    first = join(desk, account, "Ines Okafor", "Rosa Keller")
    second = join(desk, account, "Rosa Keller", "Kim Low")
    with desk.account(account.id).read() as tx:
        assert tx.joined(ids.values()) == {ids["Ines Okafor"]: ids["Kim Low"], ids["Rosa Keller"]: ids["Kim Low"]}
    flow.revert(desk, account.id, second)
    with desk.account(account.id).read() as tx:
        assert tx.joined(ids.values()) == {ids["Ines Okafor"]: ids["Rosa Keller"]}
    flow.revert(desk, account.id, first)
    with desk.account(account.id).read() as tx:
        assert tx.joined(ids.values()) == {}


@pytest.mark.usefixtures("ines")
def test_a_removal_of_who_was_joined_is_for_a_person_to_settle(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, "Ines Okafor has left.\n")
    join(desk, account, "Ines Okafor", "Rosa Keller")
    done = decide(desk, account, proposal, say(proposal.changes[0]))
    assert [each.field for each in done.conflicts] == [""]
    assert person(desk, account, "Rosa Keller").values["title"] == "VP Production"
    assert decide(desk, account, proposal, say(proposal.changes[0], Verdict.reject)).decisions


def test_who_left_the_plan_is_still_called_by_name_where_that_was_decided(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, "Kim Low has left.\n")
    decide(desk, account, proposal, say(proposal.changes[0]))
    (left,) = one_proposal(desk.store, desk.actor, proposal.id).changes
    assert left.label == "Kim Low"
