"""Who has which role, who is new, who is gone; by what is said and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.proposers.rules.heard import Fields, roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Olga holds the budget for this.", {"evaluator", "economic_buyer"}),
        ("The money sits with Olga now.", {"evaluator", "economic_buyer"}),
        ("Olga has the final say.", {"evaluator", "economic_buyer"}),
        ("Olga is our champion.", {"evaluator", "champion"}),
        ("Olga will vote against it.", {"evaluator", "blocker"}),
        ("Olga will not sign off without a data map.", {"evaluator", "blocker"}),
    ],
)
def test_a_role_is_heard(fields: Fields, text: str, expected: set[str]) -> None:
    assert set(roles(fields, text) or []) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Olga might hold the budget.",
        "If Olga holds the budget we are done.",
        "Does Olga hold the budget?",
        "Olga does not hold the budget.",
        "Olga is not against us.",
        "I think Olga is our champion.",
        "Rumour has it that Olga will vote against it.",
        "Olga Brandt, Chief Procurement Officer, said hello.",
    ],
)
def test_a_hedge_a_condition_a_question_a_denial_and_a_title_give_nobody_a_role(fields: Fields, text: str) -> None:
    assert roles(fields, text) is None


def test_a_role_lost_is_taken_away(fields: Fields) -> None:
    assert roles(fields, "Hector can no longer approve spend.", "stk2") == []


def test_he_is_whoever_was_named_last(fields: Fields) -> None:
    assert roles(fields, "Hector joined late. He is not the budget owner any more.", "stk2") == []


def test_the_later_word_wins(fields: Fields) -> None:
    assert roles(fields, "Olga will vote against it.\nOlga dropped her objections.") is None


def test_a_new_person_comes_with_title_department_and_role(fields: Fields) -> None:
    (found,) = fields("The budget sits with Ingrid Vale (Head of Treasury).", "stakeholders")
    assert (found["name"], found["title"], found["department"]) == ("Ingrid Vale", "Head of Treasury", "dep2")
    assert found["roles"] == ["economic_buyer"]


@pytest.mark.parametrize(
    "text",
    [
        "Met Ingrid Vale, our new treasurer.",
        "Ingrid Vale joins as Treasurer.",
        "The treasurer, Ingrid Vale, was there.",
    ],
)
def test_a_title_is_found_beside_a_new_name(fields: Fields, text: str) -> None:
    (found,) = fields(text, "stakeholders")
    assert (found["name"], found["title"]) == ("Ingrid Vale", "Treasurer")


def test_a_name_without_title_or_role_is_nobody_to_propose(fields: Fields) -> None:
    assert fields("Ran into Ingrid Vale at the lift.", "stakeholders") == []


def test_another_person_of_a_known_surname_is_not_the_known_one(fields: Fields) -> None:
    assert [
        each["item"] for each in fields("Viktor Brandt (Head of Treasury) will vote against it.", "stakeholders")
    ] == [None]


def test_somebody_who_leaves_is_removed_on_the_day_named(propose: Callable[..., Any]) -> None:
    (draft,) = propose("Olga is leaving the company at the end of May.")
    assert (draft.op.value, draft.item, str(draft.effective)) == ("remove", "stk1", "2026-05-31")


@pytest.mark.parametrize("text", ["Olga left a message.", "Olga left the call early.", "Olga is on leave until June."])
def test_to_leave_a_message_is_not_to_leave(propose: Callable[..., Any], text: str) -> None:
    assert propose(text) == ()


def test_a_corrected_name_is_the_person_meant(fields: Fields) -> None:
    found = fields('Her name is Ingrid Vale, not "Ingrit Wale".\nIngrit Wale holds the budget.', "stakeholders")
    assert [each["name"] for each in found] == ["Ingrid Vale"]


def test_a_reason_begins_with_a_capital_and_writes_names_as_they_are(propose: Callable[..., Any]) -> None:
    (draft,) = propose("Olga Brandt is now Plant Director.")
    assert draft.reason == "Olga Brandt has a new title or place."
