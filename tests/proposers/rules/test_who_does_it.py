"""Who a statement is made of, by the sentence's subject; successors, places, quotations, and what is taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.proposers.rules import dictated
from tests.proposers.rules.heard import Fields, added, roles, statuses


@pytest.mark.parametrize(
    "text",
    [
        "Olga, who runs the warehouse, also signs off every purchase.",
        "Olga came in late and releases all spending from now on.",
        "Anything above 15k Olga approves herself.",
        "Every investment has to be approved by Olga.",
        "The budget has moved from Hector to Olga.",
        "Nobody spends a cent without Olga.",
        'We met Olga. She said: "I hold the budget."',
        '"The budget is mine and I release all spending," Olga told us.',
    ],
)
def test_who_releases_money_is_economic_buyer(fields: Fields, text: str) -> None:
    assert roles(fields, text, "stk1") == ["evaluator", "economic_buyer"]


@pytest.mark.parametrize(
    "text",
    [
        "Olga's boss signs off every purchase.",
        "A colleague of Olga releases all spending.",
        "The board, Olga said, releases all spending.",
        "Olga will ask the board to release the budget.",
        "Olga used to hold the budget at her last company.",
        "Olga is Chief Financial Officer now.",
        "Olga runs vendor paper and holds the folder. No budget though.",
        "Olga approves the test protocol.",
    ],
)
def test_nobody_else_is_and_no_title_makes_one(fields: Fields, text: str) -> None:
    assert "economic_buyer" not in (roles(fields, text, "stk1") or [])


@pytest.mark.parametrize(
    "text",
    [
        "Hector's budget authority was taken away.",
        "Hector had his budget taken away.",
        "It isn't Hector who releases the money.",
        "Hector only writes the request now.",
        "They took the budget off Hector.",
    ],
)
def test_money_that_is_taken_away_takes_the_role(fields: Fields, text: str) -> None:
    assert roles(fields, text, "stk2") == []


@pytest.mark.parametrize(
    "text",
    [
        "Olga wrote to the other plants on her own initiative.",
        "Olga pitched PackPilot to the board.",
        "Olga talked the other sites into meeting us.",
        "Olga is our man inside.",
    ],
)
def test_who_sells_for_us_is_champion(fields: Fields, text: str) -> None:
    assert "champion" in (roles(fields, text, "stk1") or [])


def test_against_an_offering_is_a_blocker_and_no_refusal_of_the_department(fields: Fields) -> None:
    assert roles(fields, "Hector is against CashLens.", "stk2") == ["economic_buyer", "blocker"]
    assert statuses(fields, "Hector is against CashLens.") == []


def test_who_cannot_sign_for_want_of_authority_is_no_blocker(fields: Fields) -> None:
    assert "blocker" not in (roles(fields, "Olga can't approve any spending.", "stk1") or [])


@pytest.mark.parametrize(
    "text",
    [
        "Olga's successor is Tim Brandt.",
        "Tim Brandt succeeds Olga.",
        "Olga is being replaced by Tim Brandt.",
        "Tim Brandt takes over Olga's job in May.",
    ],
)
def test_a_successor_has_the_department_of_who_was_there_before(fields: Fields, text: str) -> None:
    found = added(fields, text)
    assert (found["name"], found["department"]) == ("Tim Brandt", "dep1")


@pytest.mark.parametrize(
    "text",
    [
        "Paul Ekberg is taking over Treasury.",
        "Treasury has a new head, Paul Ekberg.",
        "Treasury is now led by Paul Ekberg.",
        "Paul Ekberg, formerly with Nordline, is now Head of Treasury.",
    ],
)
def test_who_heads_a_department_is_its_head(fields: Fields, text: str) -> None:
    found = added(fields, text)
    assert (found["name"], found["title"], found["department"]) == ("Paul Ekberg", "Head of Treasury", "dep2")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ines Roth (Head of Platform, Treasury) joined.", "dep2"),
        ("Ines Roth, our second shift lead in Fulfilment, was there.", "dep1"),
        ("We spoke of Treasury. The controller there, Ines Roth, was friendly.", "dep2"),
        ("Ines Roth from Field Support dialled in.", "dep3"),
        ("Olga's colleague Ines Roth was there.", "dep1"),
    ],
)
def test_the_place_beside_a_name_counts(fields: Fields, text: str, place: str) -> None:
    assert added(fields, text)["department"] == place


def test_our_own_trades_are_ours(fields: Fields) -> None:
    assert added(fields, "Our partner manager Paul Ekberg joins us next time.") == {}


@pytest.mark.parametrize("text", ["Olga's last day is 30 April.", "Olga has gone for good.", "Olga left last week."])
def test_leaving_by_other_words(propose: Callable[..., Any], text: str) -> None:
    assert [(draft.op, draft.item) for draft in propose(text)] == [("remove", "stk1")]


@pytest.mark.parametrize(
    "text", ["Olga leaves for her holiday tomorrow.", "Olga left me a message.", "Olga threatened to quit."]
)
def test_going_away_is_not_leaving(fields: Fields, text: str) -> None:
    assert fields(text, "stakeholders") == []


def test_paper_is_about_the_one_offering_under_way_there(fields: Fields) -> None:
    assert statuses(fields, "Olga wants it.\nTreasury: they are drawing up the contract.") == []
    plan = "Fulfilment: PackPilot went live last week."
    assert statuses(fields, plan) == [("cell1", "deployed")]


def test_part_of_a_note_headed_by_another_company_is_left_out(fields: Fields) -> None:
    text = "1) TOLLAND PARCEL, Tuesday\nAll fine.\n2) NORDWIND SEEDS, Wednesday\nTheir CFO Kay Lind holds the budget."
    assert fields(text, "stakeholders") == []


def test_a_line_corrected_by_its_time_is_left_out(fields: Fields) -> None:
    text = "10:15 Treasury says no to CashLens, it is out.\n10:21 Correction to 10:15, that was a mix-up."
    assert statuses(fields, text) == []


def test_struck_out_lines_and_data_are_nobodys_talk(fields: Fields) -> None:
    assert statuses(fields, "~~Treasury is not interested in CashLens~~") == []
    assert fields('{"role":"tool","content":"Olga Brandt = economic buyer"}', "stakeholders") == []


def test_spoken_marks_become_marks_of_the_same_length() -> None:
    text = "call with Olga comma Hector full stop new paragraph all fine period"
    marked = dictated.marked(text)
    assert len(marked) == len(text)
    assert marked.split() == ["call", "with", "Olga,", "Hector.", ".", "all", "fine."]
    assert dictated.marked("a trial period in May") == "a trial period in May"


@pytest.mark.parametrize(
    "text",
    [
        "Olga left at five.",
        "Olga left the contract on the table.",
        "Olga quit smoking.",
        "Olga is gone for the day.",
        "Olga is responsible for the budget planning template.",
        "Olga opposed the idea of a Friday meeting.",
        "Olga will stop by on Monday.",
        "Olga pushed the meeting to Friday.",
    ],
)
def test_everyday_words_change_nobody(fields: Fields, text: str) -> None:
    assert fields(text, "stakeholders") == []


@pytest.mark.parametrize(
    "text",
    [
        "Treasury asked for a CashLens user manual.",
        "Treasury doesn't want CashLens before the audit.",
        "A bank in Oslo went live with CashLens.",
        "CashLens is used by Treasury teams all over Europe.",
    ],
)
def test_what_lies_beside_the_cell_moves_it_nowhere(fields: Fields, text: str) -> None:
    assert fields(text, "cells") == []
