"""New tasks as people note them: whose it is behind a line, bold, in tables; what somebody will have, in talks."""

from typing import Any

import pytest

from tests.proposers.rules.heard import Fields


def new(fields: Fields, text: str, speakers: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """(owner, target, deadline) of each new task."""
    found = fields(text, "actions", speakers)
    return [(each.get("owner"), each.get("target"), each.get("deadline")) for each in found if each["item"] is None]


@pytest.mark.parametrize(
    "text",
    [
        "- spare parts list to Olga by Tuesday -> Abe",
        "- **Abe**: spare parts list for Olga, Tuesday 21 April",
        "- Abe > Olga, spare parts list, by Tuesday",
        "| No. | Task | Who | By |\n|---|---|---|---|\n| 1 | Spare parts list to O. Brandt | A. Lund | 21 Apr |",
        "Abe please send Olga the spare parts list by Tuesday.",
        "Olga will get the spare parts list from Abe on Tuesday.",
    ],
)
def test_a_line_says_whose_task_it_is(fields: Fields, text: str) -> None:
    assert new(fields, text) == [("Abe Lund", "Olga Brandt", "2026-04-21")]


@pytest.mark.parametrize(
    "text",
    [
        "- call Olga about the ramps before 1 May, me",
        "- ask Olga for the ramp plan by 30 April (me)",
    ],
)
def test_an_order_with_a_name_behind_is_a_task(fields: Fields, text: str) -> None:
    assert new(fields, text) == [("Nell Corrie", "Olga Brandt", "2026-04-30")]


def test_a_row_that_is_done_is_no_task(fields: Fields) -> None:
    head = "| Action | Owner | Due | Status |\n|---|---|---|---|\n"
    assert new(fields, f"{head}| Ramp plan to Olga | Abe | 21 April | done |") == []
    assert new(fields, f"{head}| Ramp plan to Olga | Abe | 21 April | open |") == [
        ("Abe Lund", "Olga Brandt", "2026-04-21")
    ]


def test_a_table_of_something_else_holds_no_tasks(fields: Fields) -> None:
    assert new(fields, "| Site | Vans | Since |\n|---|---|---|\n| Dover | Abe | 21 April |") == []


def test_what_is_asked_falls_to_whoever_answers(fields: Fields) -> None:
    asked, speakers = "Could you send me the ramp plan by Monday?", ("Olga Brandt", "Abe Lund")
    assert new(fields, f"{asked}\nOf course.", speakers) == [("Abe Lund", "Olga Brandt", "2026-04-20")]
    assert new(fields, f"{asked}\nNo, I'm afraid that's too soon.", speakers) == []


def test_an_answer_that_says_what_they_will_have_is_the_task(fields: Fields) -> None:
    text = "Can I see something on the hosting?\nYou'll have the hosting paper by Friday."
    assert new(fields, text, ("Olga Brandt", "Abe Lund")) == [("Abe Lund", "Olga Brandt", "2026-04-17")]


def test_german_puts_what_they_get_last(fields: Fields) -> None:
    text = "Ich habe Olga zugesagt, dass sie bis Freitag die Teileliste von mir bekommt."
    assert new(fields, text) == [("Nell Corrie", "Olga Brandt", "2026-04-17")]


@pytest.mark.parametrize(
    "text",
    [
        "Twenty minutes on the phone with Olga this afternoon.",
        "I write this before the train leaves today.",
        "Last year Abe promised Olga a new ramp and it never came.",
        "Abe please don't tell Olga before Friday.",
        "- rain until Friday, vans late, Abe",
    ],
)
def test_what_goes_on_or_is_past_is_no_task(fields: Fields, text: str) -> None:
    assert new(fields, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "- send Olga the ramp plan (Abe, by Tue)",
        "- ramp plan to Olga - Abe, 21 April",
        "Abe to Olga: ramp plan by Tuesday.",
        "Olga is waiting for the ramp sketches, Abe brings them on Tuesday.",
        "Abe told Olga she would have the ramp plan by Tuesday.",
    ],
)
def test_whose_it_is_may_stand_in_brackets_or_with_whom_it_is_for(fields: Fields, text: str) -> None:
    assert new(fields, text) == [("Abe Lund", "Olga Brandt", "2026-04-21")]
