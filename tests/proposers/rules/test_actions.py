"""Tasks promised, listed and asked for, and what became of the plan's own."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.proposers.rules.heard import Fields


@pytest.mark.parametrize(
    ("text", "owner", "deadline"),
    [
        ("I'll send Hector the price list by Friday.", "Nell Corrie", "2026-04-17"),
        ("Abe to send Hector the price list by Friday.", "Abe Lund", "2026-04-17"),
        ("AI: Abe -> price list to Hector 4/17", "Abe Lund", "2026-04-17"),
        ("Next steps:\n- price list to Hector - me - Friday", "Nell Corrie", "2026-04-17"),
        ("- [ ] Abe Lund: send price list to Hector Ruiz - due April 17", "Abe Lund", "2026-04-17"),
        ("Hector asked for the price list, I promised it for April 17.", "Nell Corrie", "2026-04-17"),
        ("Price list to Hector by April 17, Abe does it.", "Abe Lund", "2026-04-17"),
    ],
)
def test_a_task_has_owner_target_and_day(fields: Fields, text: str, owner: str, deadline: str) -> None:
    (found,) = fields(text, "actions")
    assert (found["owner"], found["target"], found["deadline"]) == (owner, "Hector Ruiz", deadline)
    assert "price list" in found["action"].lower()


@pytest.mark.parametrize(
    "text",
    [
        "If I hear nothing I'll send Hector the price list.",
        "I might send Hector the price list.",
        "I won't send Hector the price list.",
        "Should I send Hector the price list by Friday?",
        "Will try Hector again some other day.",
        "Somebody should send Hector the price list at some point.",
        "The load figures are due to Olga on April 20.",
    ],
)
def test_a_condition_a_hedge_a_denial_and_what_the_plan_holds_are_no_task(fields: Fields, text: str) -> None:
    assert fields(text, "actions") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Load figures went out on Monday.", {"status": "done"}),
        ("- [x] Abe Lund: send load figures", {"status": "done"}),
        ("The load figures: Olga doesn't need them any more.", {"status": "dropped"}),
        ("Load figures moved to April 28.", {"deadline": "2026-04-28"}),
        ("The load figures - push it two weeks.", {"deadline": "2026-05-04"}),
        ("Load figures can't be done by the 20th, Olga proposed the 27th.", {"deadline": "2026-04-27"}),
    ],
)
def test_the_outcome_of_a_task_is_heard(fields: Fields, text: str, expected: dict[str, str]) -> None:
    assert fields(text, "actions") == [{"item": "act1", **expected}]


@pytest.mark.parametrize(
    "text",
    [
        "Load figures will be sent on Monday.",
        "Load figures not sent yet.",
        "Load figures will have gone out by Monday.",
        "Are the load figures done?",
    ],
)
def test_what_is_still_to_be_done_is_not_done(fields: Fields, text: str) -> None:
    assert {"item": "act1", "status": "done"} not in fields(text, "actions")


def test_the_writer_corrects_whose_task_it_is(fields: Fields) -> None:
    summary = "## AI summary\n\nAction items\n- [ ] Nell Corrie: prepare rollout plan - due May 4"
    text = f"The rollout plan is Abe's, not mine.\n\n{summary}"
    (found,) = fields(text, "actions")
    assert (found["owner"], found["deadline"]) == ("Abe Lund", "2026-05-04")


def test_i_and_you_are_the_speaker_and_whom_they_speak_to(fields: Fields) -> None:
    text = "Hector, I still owe you the price list.\nYes please.\nI'll get it to you by Friday."
    found = fields(text, "actions", ["Abe Lund", "Hector Ruiz", "Abe Lund"])[-1]
    assert (found["owner"], found["target"], found["deadline"]) == ("Abe Lund", "Hector Ruiz", "2026-04-17")


def test_a_customers_own_promise_is_theirs(propose: Callable[..., Any]) -> None:
    (draft,) = propose("I'll send you the address list by Friday.\nThanks.", ["Olga Brandt", "Abe Lund"])
    assert (draft.fields["owner"], draft.fields["owner_side"], draft.optional) == ("Olga Brandt", "theirs", True)
