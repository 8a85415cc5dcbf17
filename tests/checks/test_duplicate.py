"""What is proposed twice is asked once: in one proposal, in one that waits, or in the plan already."""

from collections.abc import Mapping

from pipeline import verify
from pipeline.records import Change, Effect
from tests.checks.test_golden_checks import context, drafted, tried

NOTE = "I will send Sunniva the mooring map by Friday.\nBerthBook: the Harbour Office still wants it.\n"
TASK = {
    "section": "actions",
    "op": "add",
    "fields": {"action": "Send the mooring map", "owner": "Nora Feld", "status": "not_started"},
    "quotes": [["I will send Sunniva the mooring map by Friday.", None]],
}
NO_NEWS = {"section": "cells", "op": "update", "item": "BB", "fields": {"status": "need_identified"}}


def found(change: Change) -> set[tuple[str, str]]:
    return {(str(each.effect), each.message) for each in change.findings if each.check == "duplicate"}


def waiting(draft: Mapping[str, object]) -> tuple[Change, set[tuple[str, str]]]:
    """A draft, tried while another proposal with the same one waits."""
    (other,) = tried(NOTE, dict(draft))
    (change,) = verify.verify([drafted(dict(draft))], context(NOTE), "prp_u", "src_u", {other.item: (other,)})
    return change, found(change)


def test_an_entry_proposed_twice_in_one_proposal_is_dropped_the_second_time() -> None:
    first, second = tried(NOTE, TASK, TASK)
    assert (found(first), found(second)) == (set(), {("drop", "The same entry is proposed above.")})


def test_an_entry_that_another_waiting_proposal_adds_is_flagged() -> None:
    _, said = waiting(TASK)
    assert said == {("flag", "Another waiting proposal adds the same entry.")}


def test_a_change_that_another_waiting_proposal_makes_is_flagged() -> None:
    _, said = waiting({**NO_NEWS, "fields": {"status": "deployed"}, "quotes": [["the Harbour Office", None]]})
    assert said == {("flag", "Another waiting proposal says the same.")}


def test_what_the_plan_says_already_is_no_change_even_without_a_proof() -> None:
    (change,) = tried(NOTE, {**NO_NEWS, "quotes": [["nobody said that in the text", None]]})
    assert not change.fields
    assert found(change) == {("support", "The plan already says so.")}
    assert any(each.effect is Effect.drop for each in change.findings)


def test_a_change_of_which_nothing_can_be_read_is_no_support() -> None:
    (change,) = tried(NOTE, {**NO_NEWS, "fields": {"status": "somewhere"}})
    assert found(change) == {("drop", "Nothing is left of it that can be read.")}
