"""Whose a task in a list is, offers that are taken, days put right further down, outcomes in few words."""

from typing import Any

import pytest

from tests.proposers.rules.heard import Fields

NELL, ABE, OLGA = "Nell Corrie", "Abe Lund", "Olga Brandt"


def new(found: list[dict[str, Any]]) -> list[tuple[str | None, str | None]]:
    return [(each.get("owner"), each.get("deadline")) for each in found if each["item"] is None]


@pytest.mark.parametrize(
    ("text", "owner", "deadline"),
    [
        ("Next steps\n- al: price list to Olga by Friday", ABE, "2026-04-17"),
        ("Next steps\n- Action 3.1: Nell, offer to Olga, 24 April", NELL, "2026-04-24"),
        ("mine: revised offer for CashLens, to Olga by Friday", NELL, "2026-04-17"),
        ("Next steps\n1. CashLens offer, Abe to Olga, by 24 April.", ABE, "2026-04-24"),
        ("Offene Punkte\n- Preisliste an Fr. Brandt: Lund, bis Freitag.", ABE, "2026-04-17"),
        ("I promised Olga that Abe would put together the price list by Friday.", ABE, "2026-04-17"),
        ("Abe will send Olga the price list before Christmas.", ABE, "2026-12-24"),
        ("Abe liefert Olga bis Freitag die Preisliste und ist für den Rest nicht zu haben.", ABE, "2026-04-17"),
        ("Abe will price the scanner in time for the next meeting.\n\nNext meeting: 12 May.", ABE, "2026-05-12"),
        ("I owe Olga the price list by Friday.\nScrap what I said about the price list, the 24th is plenty.", NELL,
         "2026-04-24"),
    ],
)  # fmt: skip
def test_whose_a_task_is_and_by_when(fields: Fields, text: str, owner: str, deadline: str) -> None:
    assert new(fields(text, "actions")) == [(owner, deadline)]


def test_an_offer_that_the_customer_takes_is_a_task(fields: Fields) -> None:
    text = "Could I show you the price list on 24 April?\nThat works."
    assert new(fields(text, "actions", [ABE, OLGA])) == [(ABE, "2026-04-24")]
    text = "Could I show you the price list on 24 April?\nNo, not then."
    assert new(fields(text, "actions", [ABE, OLGA])) == []


def test_what_a_colleague_is_asked_for_by_a_day_is_a_task_unless_refused(fields: Fields) -> None:
    text = "Abe, could you prepare the price list by Friday?\nSure."
    assert new(fields(text, "actions", [NELL, ABE])) == [(ABE, "2026-04-17")]
    text = "Abe, could you prepare the price list by Friday?\nNo, I am not in."
    assert new(fields(text, "actions", [NELL, ABE])) == []


@pytest.mark.parametrize(
    "text",
    [
        "We'll appeal within ten days, but we won't.",
        "Nell, you asked me to write it down.",
        "Abe is to look after the matter.",
    ],
)
def test_what_is_taken_back_or_only_recalled_is_no_task(fields: Fields, text: str) -> None:
    assert new(fields(text, "actions")) == []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("- Load figures off, Olga is away", {"status": "dropped"}),
        ("Load figures: nobody asked. Struck off.", {"status": "dropped"}),
        ("No load figures needed after all.", {"status": "dropped"}),
        ("The load figures were confirmed as received.", {"status": "done"}),
        ("PackPilot load figures: new date 27 April.", {"deadline": "2026-04-27"}),
        ("so load figures not the 20th -> 27 April", {"deadline": "2026-04-27"}),
    ],
)
def test_what_became_of_a_task_in_few_words(fields: Fields, text: str, changed: dict[str, str]) -> None:
    found = [each for each in fields(text, "actions") if each["item"] == "act1"]
    assert found == [{"item": "act1", **changed}]


def test_another_day_that_the_customer_asks_for_counts_once_one_of_ours_agrees(fields: Fields) -> None:
    talk = "The load figures are next.\nWould 27 April be all right?\n"
    found = fields(talk + "Works for me.", "actions", [ABE, OLGA, ABE])
    assert found == [{"item": "act1", "deadline": "2026-04-27"}]
    assert fields(talk + "No, it can't be done.", "actions", [ABE, OLGA, ABE]) == []


def test_a_task_passes_to_whoever_is_asked_to_take_it_and_says_yes(fields: Fields) -> None:
    talk = "Abe has the load figures.\nNell, can you take it?\n"
    assert fields(talk + "Got it.", "actions", [NELL, ABE, NELL]) == [{"item": "act1", "owner": NELL}]
    assert fields(talk + "I am away then.", "actions", [NELL, ABE, NELL]) == []
