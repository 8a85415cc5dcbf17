"""Who is meant, spoken to and taken at their word across sentences."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.proposers.rules.heard import Fields


def test_what_was_asked_and_taken_in_the_next_words_is_a_task(fields: Fields) -> None:
    (found,) = fields("Could you show us CashLens?\nGladly, by Thursday.", "actions", ["Olga Brandt", "Abe Lund"])
    assert (found["owner"], found["target"], found["deadline"]) == ("Abe Lund", "Olga Brandt", "2026-04-16")


def test_what_was_asked_and_not_taken_is_none(fields: Fields) -> None:
    speakers = ["Olga Brandt", "Abe Lund"]
    assert fields("Could you show us CashLens?\nNot before the summer, sorry.", "actions", speakers) == []


@pytest.mark.parametrize(
    "text",
    [
        "Abe sends Hector the price list by Friday.",
        "Abe: price list to Hector by Friday",
        "Hector gets the price list from Abe by Friday.",
        "Price list to Hector: Abe, by Friday.",
    ],
)
def test_a_task_in_the_present_tense_or_behind_a_colon(fields: Fields, text: str) -> None:
    (found,) = fields(text, "actions")
    assert (found["owner"], found["target"], found["deadline"]) == ("Abe Lund", "Hector Ruiz", "2026-04-17")


def test_what_is_done_in_the_talk_itself_is_no_task(fields: Fields) -> None:
    assert fields("I'll just send you the link now.\nThanks.", "actions", ["Abe Lund", "Olga Brandt"]) == []


def test_a_new_day_in_the_sentence_after(fields: Fields) -> None:
    found = fields("The load figures were promised for Monday and are not done. New date: April 28.", "actions")
    assert found == [{"item": "act1", "deadline": "2026-04-28"}]


def test_not_needed_any_more_is_dropped_even_when_sent_back(fields: Fields) -> None:
    assert fields("Load figures sent back as not needed.", "actions") == [{"item": "act1", "status": "dropped"}]


def test_a_namesake_from_elsewhere_does_not_leave_for_somebody_we_know(propose: Callable[..., Any]) -> None:
    assert propose("Hector from Group Shipping is leaving.") == ()
    assert [draft.op for draft in propose("Hector is leaving.")] == ["remove"]


def test_the_colleague_of_somebody_is_somebody_else(propose: Callable[..., Any]) -> None:
    assert propose("An old colleague of Hector has left the company.") == ()


def test_went_live_on_monday_is_the_monday_before(fields: Fields) -> None:
    assert fields("PackPilot went live in Fulfilment on Monday.", "cells") == [{"item": "cell1", "status": "deployed"}]


def test_a_possessive_is_heard(propose: Callable[..., Any]) -> None:
    (draft,) = propose("It comes out of Olga's budget.")
    assert "economic_buyer" in draft.fields["roles"]


def test_a_day_with_a_german_ordinal_does_not_end_the_sentence(propose: Callable[..., Any]) -> None:
    (draft,) = propose("Herr Ruiz geht zum 30. Juni in den Ruhestand, das ist sicher und nicht neu.")
    assert (draft.op, draft.effective.isoformat()) == ("remove", "2026-06-30")
