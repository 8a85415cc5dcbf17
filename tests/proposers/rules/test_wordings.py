"""Everyday wordings: new people however introduced, money that moved or was held once, tasks behind "me:"."""

import pytest

from tests.proposers.rules.heard import Fields, added, roles


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("New name: Dev Anand, Head of Purchasing.", "Dev Anand"),
        ("Met Will Parker (Head of Purchasing) today.", "Will Parker"),
        ("There is a new face: April Jones.", "April Jones"),
        ("Our counterpart in Treasury is now Faith Okoro.", "Faith Okoro"),
    ],
)
def test_a_given_name_may_be_a_word(fields: Fields, text: str, name: str) -> None:
    assert added(fields, text)["name"] == name


@pytest.mark.parametrize("text", ["Will Parker Street be open?", "We meet in May Tuesdays only."])
def test_a_question_or_a_month_is_nobody(fields: Fields, text: str) -> None:
    assert added(fields, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Olga introduced Carla Moss, who runs Treasury.",
        "Carla Moss joined Treasury last week.",
        "Carla Moss is our new contact at Treasury.",
    ],
)
def test_a_new_person_comes_with_the_department_that_the_words_name(fields: Fields, text: str) -> None:
    found = added(fields, text)
    assert (found["name"], found["department"]) == ("Carla Moss", "dep2")


def test_who_takes_over_gets_the_title_taken_over(fields: Fields) -> None:
    found = added(fields, "Nadia Petrov takes over from Olga Brandt as Head of Fulfilment.")
    assert (found["name"], found["title"]) == ("Nadia Petrov", "Head of Fulfilment")


def test_a_title_is_written_without_their(fields: Fields) -> None:
    found = added(fields, "Their Head of Treasury, Ivy Stone, signs off on every purchase.")
    assert (found["title"], found["roles"]) == ("Head of Treasury", ["economic_buyer"])


@pytest.mark.parametrize(
    "text",
    ["Hector no longer holds the budget; it moved to Olga.", "Hector does not hold the budget any more, Olga does."],
)
def test_the_money_goes_to_whom_the_next_words_name(fields: Fields, text: str) -> None:
    assert "economic_buyer" in (roles(fields, text) or [])
    assert roles(fields, text, "stk2") == []


@pytest.mark.parametrize(
    "text",
    [
        "Olga held the budget until March.",
        "Olga was the budget holder at her last job.",
        "Olga has the final say on the training schedule.",
        "Olga signs off the test protocol.",
        "It moved to Olga.",
    ],
)
def test_money_held_once_or_a_word_on_something_else_makes_no_economic_buyer(fields: Fields, text: str) -> None:
    assert roles(fields, text) is None


def test_a_paragraph_headed_by_another_company_in_capitals_is_left_out(fields: Fields) -> None:
    text = (
        "TOLLAND PARCEL (Mon). Treasury wants a demo of PackPilot.\n\n"
        "HARLOW MILLS (Tue). Their Finance Director Ada Lint holds the purse."
    )
    assert added(fields, text) == {}
    assert fields(text, "cells")


def test_a_list_without_this_account_at_its_head_leaves_nothing_out(fields: Fields) -> None:
    assert added(fields, "MONEY: Ada Lint (Finance Director) holds the purse.")["name"] == "Ada Lint"


def test_me_before_a_colon_is_whose_task_it_is_and_not_its_words(fields: Fields) -> None:
    found = fields("me: set up a first call with Olga before the end of the month", "actions")[0]
    assert (found["action"], found["owner"]) == ("Set up a first call with Olga", "Nell Corrie")


def test_something_promised_to_somebody_is_a_task(fields: Fields) -> None:
    found = fields("I promised Hector a business case by Friday.", "actions")[0]
    assert (found["target"], found["deadline"]) == ("Hector Ruiz", "2026-04-17")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Treasury chose Acme Flow over PackPilot.", "out_of_scope"),
        ("Treasury is drafting the contract for PackPilot.", "in_negotiation"),
    ],
)
def test_a_cell_moves_by_everyday_words(fields: Fields, text: str, status: str) -> None:
    assert [each["status"] for each in fields(text, "cells")] == [status]


@pytest.mark.parametrize("mark", ["AI Nell:", "Todo for me:", "me:"])
def test_a_mark_may_name_whose_task_it_is(fields: Fields, mark: str) -> None:
    found = fields(f"{mark} call Olga by Friday", "actions")[0]
    assert (found["action"].lower(), found["owner"]) == ("call olga", "Nell Corrie")


def test_who_retired_at_the_end_of_a_month_did_so_at_the_last_one(fields: Fields) -> None:
    assert fields("Olga retired at the end of February.", "stakeholders")[0]["leaving_on"] == "2026-02-28"


def test_who_opposes_no_longer_says_no_to_nothing(fields: Fields) -> None:
    assert fields("Hector has come round, he no longer opposes CashLens.", "cells") == []
