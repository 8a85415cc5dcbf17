"""What every answer keeps to, whatever the text."""

import string
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.proposers.rules import lexicon
from pipeline.records import Outcome
from tests.proposers.rules.conftest import answer

NOTE = """Call with Olga and Hector, long one
- PackPilot went live in Fulfilment last week
- Ingrid Vale (Head of Treasury) holds the budget for CashLens
- AI: Abe -> price list to Hector by Friday"""
SPOKEN = "Olga Hector Ingrid Vale (CFO) PackPilot CashLens holds the budget not if will send by Friday went live"
MARKS = (":", "-", "|", "```", "<!--", "“", "”", "ß", "健", "\n", "- [ ]")
WORDS = (*SPOKEN.split(), *MARKS)


def test_every_quote_stands_in_the_text_and_every_draft_names_its_rule_and_reason() -> None:
    drafts = answer(NOTE).drafts
    assert len(drafts) == 3
    assert all(words in NOTE for draft in drafts for words, _ in draft.quotes)
    assert all(draft.quotes and draft.rule and draft.reason.endswith(".") for draft in drafts)


@pytest.mark.parametrize("text", ["", "   ", "Voicemail again. Nothing new."])
def test_no_news_is_an_answer_with_a_reason(text: str) -> None:
    given_back = answer(text)
    assert (given_back.outcome, given_back.drafts) == (Outcome.nothing, ())
    assert given_back.why


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS) | st.text(string.printable, max_size=6), max_size=40).map(" ".join))
def test_no_text_makes_it_fail_and_no_quote_is_made_up(text: str) -> None:
    assert (
        all(words in text for draft in answer(text.replace("\r", " ")).drafts for words, _ in draft.quotes)
        or "\r" in text
    )


def test_a_quote_of_a_transcript_lies_within_one_line() -> None:
    lines = ["So Hector told us that the budget", "sits with Ingrid Vale, our new treasurer, since May."]
    drafts = answer("\n".join(lines), ["Olga Brandt", "Olga Brandt"]).drafts
    assert drafts
    assert all("\n" not in words for draft in drafts for words, _ in draft.quotes)


def test_german_is_read_by_its_own_data(propose: Callable[..., Any]) -> None:
    text = (
        "Besuch bei Tolland. Das Budget liegt bei Olga.\n"
        "CashLens: Treasury hat keinen Bedarf, die haben selbst etwas gebaut."
    )
    found = {draft.item: draft.fields for draft in propose(text)}
    assert set(found["stk1"]["roles"]) == {"evaluator", "economic_buyer"}
    assert found["cell2"]["status"] == "out_of_scope"


@pytest.mark.parametrize("name", lexicon.languages())
def test_every_cue_of_every_language_compiles(name: str) -> None:
    data = lexicon.language(name).data
    groups = [
        f"{file}.{group}" for file in ("roles", "cells", "actions", "people", "scope") for group in data.get(file, {})
    ]
    assert sum(len(lexicon.language(name).group(group)) for group in groups) > 0


def test_a_note_of_500_words_takes_no_long_time() -> None:
    text = "\n".join(f"{NOTE}\nAbe will send Olga the plan for site {number}." for number in range(11))
    answer(text)
    started = time.perf_counter()
    answer(text)
    assert time.perf_counter() - started < 5, "a guard against growth; the speed itself is in evals/benchmarks"
