"""What becomes of the plan's own tasks: done, dropped, moved, handed on; in everyday words, tables and talks."""

from typing import Any

import pytest

from tests.proposers.rules.heard import Fields

TALK = ("Nell Corrie", "Olga Brandt")


def became(fields: Fields, text: str, speakers: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a text makes of the one open task, "Send PackPilot load figures" (Abe's, to Olga, by 20 April)."""
    found = fields(text, "actions", speakers)
    return [{name: value for name, value in each.items() if name != "item"} for each in found if each["item"] == "act1"]


@pytest.mark.parametrize(
    "text",
    [
        "Olga received the load figures on Monday and has read them.",
        "- load figures: handed them to Olga this morning",
        "Abe gave Olga the load figures yesterday as planned.",
        "Olga has had the load figures since Monday.",
        "The load figures went to Olga over the weekend.",
        "Load figures: showed her all of them last week.",
    ],
)
def test_what_was_given_or_has_arrived_is_done(fields: Fields, text: str) -> None:
    assert became(fields, text) == [{"status": "done"}]


@pytest.mark.parametrize(
    "text",
    [
        "Abe sent Olga a reminder for the load figures on Monday.",
        "The load figures are half finished.",
        "Olga asked yesterday when the load figures would come.",
        "Abe has the load figures on his list.",
        "Olga brought up the load figures yesterday.",
    ],
)
def test_what_is_only_spoken_of_is_not_done(fields: Fields, text: str) -> None:
    assert became(fields, text) == []


def test_an_answer_says_that_it_has_arrived(fields: Fields) -> None:
    asked = "Did the load figures get to you?"
    assert became(fields, f"{asked}\nThey did, thanks.", TALK) == [{"status": "done"}]
    assert became(fields, f"{asked}\nNot yet, no.", TALK) == []


@pytest.mark.parametrize(
    "text",
    [
        "The load figures we can forget, the line closes in May.",
        "No need for the load figures any longer.",
        "- load figures: off, nobody has time",
        "Olga says we needn't bother with the load figures.",
        "Please take the load figures off the list, nobody can read them.",
        "We agreed to skip the load figures.",
    ],
)
def test_what_nobody_needs_is_dropped(fields: Fields, text: str) -> None:
    assert became(fields, text) == [{"status": "dropped"}]


def test_what_leaves_the_list_after_it_was_done_is_done(fields: Fields) -> None:
    assert became(fields, "- load figures, gave them to her on Monday. cross off") == [{"status": "done"}]


def test_a_question_drops_a_task_once_the_other_side_agrees(fields: Fields) -> None:
    speakers = ("Olga Brandt", "Nell Corrie")
    asked = "We don't need the load figures any more, can we drop them?"
    assert became(fields, f"{asked}\nConsider it gone.", speakers) == [{"status": "dropped"}]
    assert became(fields, f"{asked}\nNo, please let us keep them.", speakers) == []


@pytest.mark.parametrize(
    "text",
    [
        "The load figures I'm doing myself.",
        "Abe is on leave, so I'll take the load figures.",
        "- load figures: me now, not Abe",
        "The load figures Abe is giving to me, date as planned.",
        "I have the load figures now.",
        "From today I look after the load figures.",
        "| What | Who | When |\n|---|---|---|\n| PackPilot load figures | Nell, was Abe's | 20 April |",
    ],
)
def test_a_task_changes_hands(fields: Fields, text: str) -> None:
    assert became(fields, text) == [{"owner": "Nell Corrie"}]


@pytest.mark.parametrize(
    "text",
    [
        "I helped Abe with the load figures.",
        "Abe still owns the load figures.",
        "I will ask Abe about the load figures.",
        "If Abe is ill, I'll take the load figures.",
    ],
)
def test_helping_hands_over_nothing(fields: Fields, text: str) -> None:
    assert became(fields, text) == []


def test_a_day_proposed_by_us_counts_once_it_suits(fields: Fields) -> None:
    asked = "The load figures, would 24 April suit you better?"
    assert became(fields, f"{asked}\nMuch better.", TALK) == [{"deadline": "2026-04-24"}]
    assert became(fields, f"{asked}\nI can't say yet.", TALK) == []


@pytest.mark.parametrize(
    "text",
    [
        "Their own load figures were sent last week.",
        "Olga feared we'd drop the load figures, but we won't.",
        "I've handed the load figures over to Nell.",
    ],
)
def test_what_is_theirs_or_taken_back_ends_no_task(fields: Fields, text: str) -> None:
    assert "status" not in (became(fields, text) or [{}])[0]


def test_a_bare_question_is_answered_by_what_they_got(fields: Fields) -> None:
    assert became(fields, "And the load figures?\nGot them on Friday, all fine.", TALK) == [{"status": "done"}]
    assert became(fields, "And the load figures?\nYes, what about them?", TALK) == []
