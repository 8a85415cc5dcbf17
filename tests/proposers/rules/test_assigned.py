"""Tasks given out in a talk among ourselves, and tasks in minutes, replies and everyday wordings."""

import pytest

from pipeline.proposers.rules import meaning
from tests.proposers.rules.heard import Fields

NELL, ABE = "Nell Corrie", "Abe Lund"
TALK = (
    (NELL, "So people press the button and the lid will open."),
    (ABE, "You could have a second lid, you know."),
    (NELL, "I'll show you the slide now."),
    (ABE, "It will cost less than twelve."),
    (NELL, "The red one looks nicer."),
    (ABE, "It does."),
    (NELL, "Okay, that's it for today."),
    (NELL, "Abe will work out the drawings of the case."),
    (NELL, "I'd like you to look into the price of the batteries."),
    (ABE, "Sure."),
    (ABE, "I'll put the minutes in the folder after the meeting."),
    (NELL, "We are going to each fill in the form after the meeting."),
)


def heard(fields: Fields, *turns: tuple[str, str]) -> list[tuple[str, str | None]]:
    found = fields("\n".join(words for _, words in turns), "actions", [speaker for speaker, _ in turns])
    return [(each["action"], each.get("owner")) for each in found]


def test_what_is_given_out_at_the_end_of_a_talk_among_ourselves_is_found_with_whose_it_is(fields: Fields) -> None:
    assert heard(fields, *TALK) == [
        ("Work out the drawings of the case", ABE),
        ("Look into the price of the batteries", ABE),
        ("Put the minutes in the folder after the meeting", ABE),
        ("Fill in the form after the meeting", None),
    ]


def test_what_a_product_does_and_what_goes_on_in_the_talk_are_no_tasks(fields: Fields) -> None:
    assert heard(fields, *TALK[:6]) == []


def test_with_somebody_of_the_customer_in_the_call_only_what_is_promised_in_so_many_words_counts(
    fields: Fields,
) -> None:
    turns = [("Olga Brandt", words) if speaker == ABE else (speaker, words) for speaker, words in TALK]
    assert ("Fill in the form after the meeting", None) not in heard(fields, *turns)


def test_a_talk_gives_out_few_tasks(fields: Fields) -> None:
    things = ("drawings", "labels", "forecast", "batteries", "leaflet", "catalogue", "samples", "survey")
    turns = [(NELL, f"Abe will work on the {thing}.") for thing in things]
    assert len(heard(fields, *turns, (ABE, "That's it for now."))) == 4


def test_the_classifier_of_tasks_has_its_numbers() -> None:
    assert meaning.stored_in("actions").exists()


@pytest.mark.parametrize(
    ("line", "action", "owner"),
    [
        ("- Abe takes action to merge the draft", "Merge the draft", ABE),
        ("- Price sheet to be uploaded by Abe", "Price sheet to be uploaded", ABE),
        ("- ACTION: Abe to rework and then mail the draft", "Rework", ABE),
    ],
)
def test_action_lines_of_minutes(fields: Fields, line: str, action: str, owner: str) -> None:
    found = fields(line, "actions")
    assert [(each["action"], each["owner"]) for each in found] == [(action, owner)]


def test_a_bare_verb_in_minutes_comes_with_the_item_that_it_stands_below(fields: Fields) -> None:
    found = fields("Minutes\n\n- Draft charter [#8](https://example.org/8)\n  - Abe takes action to merge", "actions")
    assert [each["action"] for each in found] == ["Merge: Draft charter #8"]


@pytest.mark.parametrize("line", ["ACTION: none.", "To do\n- new goal: 40 sites by 30 June", "No action needed."])
def test_lines_without_a_task(fields: Fields, line: str) -> None:
    assert fields(line, "actions") == []


@pytest.mark.parametrize(
    ("text", "owner", "deadline"),
    [
        ("Olga now wants a written offer for PackPilot. From me, by Monday.", NELL, "2026-04-20"),
        ("Olga asked whether CashLens could be shown in Treasury. Abe does it, on 28 April.", ABE, "2026-04-28"),
        ("AL - CashLens offer to Hector, 28 April", ABE, "2026-04-28"),
        ("Abe reworks the clause for Hector, 28 April.", ABE, "2026-04-28"),
        ("Need to send the CashLens offer to Hector by 28 April.", NELL, "2026-04-28"),
        ("Offer to Hector: Abe, 28 April. No: 30 April, Legal needs a week.", ABE, "2026-04-30"),
    ],
)
def test_who_takes_a_task_and_by_when(fields: Fields, text: str, owner: str, deadline: str) -> None:
    heading = "To do\n- " if text.startswith("AL") else ""
    found = fields(heading + text, "actions")
    assert [(each["owner"], each["deadline"]) for each in found] == [(owner, deadline)]


@pytest.mark.parametrize(
    "text",
    [
        "Hector wants us to aim higher, by 28 April.",
        "Since you will ask: Treasury runs its own system.",
        "Olga has what she needs from us.",
        "Olga asked me whether you do that sort of thing.",
        "Abe spent the time telling me how it went on 28 April.",
    ],
)
def test_what_is_no_task(fields: Fields, text: str) -> None:
    assert [each for each in fields(text, "actions") if each["item"] is None] == []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("Abe sent the load figures to Olga.", {"status": "done"}),
        ("The load figures are through.", {"status": "done"}),
        ("The load figures can go in the bin.", {"status": "dropped"}),
        ("The load figures are on the 27th now, not the 20th.", {"deadline": "2026-04-27"}),
        ("Olga wants the load figures on 27 April instead of the 20th.", {"deadline": "2026-04-27"}),
        ("The load figures go from Abe to Nell.", {"owner": NELL}),
        ("The load figures come on the 20th, not a day earlier.", {}),
    ],
)
def test_what_became_of_a_task_of_the_plan(fields: Fields, text: str, changed: dict[str, str]) -> None:
    found = [each for each in fields(text, "actions") if each["item"] == "act1"]
    assert found == ([{"item": "act1", **changed}] if changed else [])


def test_frau_is_no_friday(fields: Fields) -> None:
    text = "Abe: Angebot CashLens an Fr. Brandt bis kommenden Mittwoch und die Liste für die Kollegen"
    assert [each["deadline"] for each in fields(text, "actions")] == ["2026-04-22"]


def test_a_sentence_on_one_task_of_the_plan_may_give_out_another(fields: Fields) -> None:
    found = fields("The load figures went out, and Abe will send Hector the CashLens offer by 28 April.", "actions")
    assert [(each["item"], each.get("status"), each.get("deadline")) for each in found] == [
        ("act1", "done", None),
        (None, "not_started", "2026-04-28"),
    ]
