"""The slice of a plan holds what a text touches, never more than its budget; what is worth reading is found."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.big_plan import grown
from pipeline.imports import json_plan
from pipeline.records import Context, Document, Line, Passage, Plan, SourceKind
from pipeline.retrieve import cost, earlier, narrow, worth_reading
from pipeline.retrieve.words import Vocabulary
from pipeline.sections import references

DAY = date(2026, 3, 3)
BUDGET = 2500
PLAIN: dict[str, Any] = {
    "account": "Orrin Ceramics",
    "vendor": "Lindqvist Softworks",
    "as_of": "2026-02-20",
    "team": ["Bea Nolan (AE)", "Ivo Marsh (SE)"],
    "departments": [
        {"name": "Kiln Operations", "aliases": ["KO"]},
        {"name": "Zentraleinkauf"},
        {"name": "Glaze Laboratory"},
    ],
    "offerings": [{"name": "HeatScope", "aliases": ["HS2"]}, {"name": "StockLoom"}],
    "stakeholders": [
        {"name": "Margaret Thornbury", "department": "Kiln Operations", "roles": ["champion"]},
        {"name": "Jürgen Müller", "title": "Head of Purchasing", "department": "Zentraleinkauf"},
        {"name": "Tanaka Misaki (田中美咲)", "title": "Chemist", "department": "Glaze Laboratory"},
        {"name": "Anneliese Voss", "title": "CFO", "reports_to": "Margaret Thornbury"},
    ],
    "cells": [
        {"department": "Kiln Operations", "offering": "HeatScope", "status": "in_negotiation"},
        {"department": "Zentraleinkauf", "offering": "StockLoom", "status": "need_identified"},
        {"department": "Glaze Laboratory", "offering": "HeatScope", "status": "untouched"},
    ],
    "actions": [
        {"id": "A1", "action": "Architecture review of the sensor network", "target": "Margaret Thornbury",
         "owner": "Ivo Marsh", "deadline": "2026-03-10", "status": "not_started"},
        {"id": "A2", "action": "Supplier questionnaire", "target": "Jürgen Müller", "owner": "Bea Nolan",
         "deadline": "2026-03-20", "status": "in_progress"},
    ],
    "more": {
        "journey": {"stage": "evaluation"},
        "objections": [{"objection": "Sensors drift after a year", "raised_by": "Anneliese Voss"}],
    },
}  # fmt: skip
SMALL = json_plan.plan_of(PLAIN).plan
LARGE = grown(SMALL, 600, seed=3)
IDS = {
    str(item.values.get("name") or item.values.get("action") or item.section): item.id for item in SMALL.items.values()
}
CELLS = {
    (
        SMALL.items[item.values["department"]].values["name"],
        SMALL.items[item.values["offering"]].values["name"],
    ): item.id
    for item in SMALL.section("cells")
}


def document(text: str) -> Document:
    lines, start = [], 0
    for number, words in enumerate(text.split("\n"), 1):
        lines.append(Line(number=number, start=start, end=start + len(words)))
        start += len(words) + 1
    return Document(kind=SourceKind.note, format="text", text=text, lines=tuple(lines))


def context(text: str, plan: Plan = LARGE) -> Context:
    return Context(document=document(text), plan=plan, account="Orrin Ceramics", said_on=DAY)


def shown(text: str, plan: Plan = LARGE, budget: int = BUDGET) -> set[str]:
    return set(narrow(context(text, plan), budget).plan.items)


def tokens_of(seen: Context, plan: Plan) -> int:
    return sum(cost(item, plan) for item in seen.plan.items.values())


# What the text touches


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lunch with Margaret Thornbury.", "Margaret Thornbury"),
        ("Maggie was in a good mood.", "Margaret Thornbury"),
        ("M. Thornbury will sign.", "Margaret Thornbury"),
        ("Ms Thornbury called twice.", "Margaret Thornbury"),
        ("met Margaret Thornburry at the fair", "Margaret Thornbury"),
        ("spoke w thornburry again", "Margaret Thornbury"),
        ("Herr Mueller fragt nach dem Preis.", "Jürgen Müller"),
        ("Misaki-san tests the probe.", "Tanaka Misaki (田中美咲)"),
        ("田中さんは来週です。", "Tanaka Misaki (田中美咲)"),
        ("KO is moving to a new hall.", "Kiln Operations"),
        ("The kiln people are happy.", "Kiln Operations"),
        ("Der Einkauf will ein Angebot.", "Zentraleinkauf"),
        ("They opened HS2 this morning.", "HeatScope"),
        ("heatscop is down again", "HeatScope"),
        ("arch review moves to April", "Architecture review of the sensor network"),
        ("suplier questionaire went out", "Supplier questionnaire"),
        ("Sensors drifting after a year, she says", "objections"),
        ("Nothing of note.", "journey"),
    ],
)
def test_what_a_text_names_in_whatever_way_is_in_the_slice_of_a_large_plan(text: str, name: str) -> None:
    assert IDS[name] in shown(text)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("HeatScope in Kiln Operations went live.", ("Kiln Operations", "HeatScope")),
        ("HeatScope: Margaret Thornbury wants the contract.", ("Kiln Operations", "HeatScope")),
        ("Zentraleinkauf\n- asked for a StockLoom quote", ("Zentraleinkauf", "StockLoom")),
        (
            "The Glaze Laboratory looked at three tools.\nHeatScope was not among them.",
            ("Glaze Laboratory", "HeatScope"),
        ),
        ("StockLoom needs a new price.", ("Zentraleinkauf", "StockLoom")),
    ],
)
def test_a_cell_is_found_by_its_two_axes_a_person_of_its_department_or_its_offering_alone(
    text: str, cell: tuple[str, str]
) -> None:
    assert CELLS[cell] in shown(text)


def test_of_people_with_one_name_all_are_shown() -> None:
    people = [f"{given} Halloway" for given in ("Ada", "Ben", "Cy", "Dot", "Eli")]
    others = [f"Person{letter} Marlowe" for letter in "abcdefghijklmnopqrstuvwxyz"]
    stakeholders = [{"name": name, "title": "Clerk"} for name in (*others, *people)]
    plan = json_plan.plan_of({**PLAIN, "stakeholders": stakeholders, "more": {}}).plan
    seen = narrow(context("Halloway signs with the Persona people.", plan), 150)
    assert {*people} <= {item.values["name"] for item in seen.plan.section("stakeholders")}


def test_forty_namesakes_do_not_crowd_out_what_is_to_be_done() -> None:
    people = [{"name": f"Person{number} Halloway", "title": "Regional Manager of Plants"} for number in range(150)]
    plan = json_plan.plan_of({**PLAIN, "stakeholders": [*PLAIN["stakeholders"], *people]}).plan
    kept = shown("Halloway: architecture review is done", plan, 1000)
    assert "A1" in kept


def test_somebody_who_took_part_is_touched_without_a_word_of_it() -> None:
    told = context("All agreed.").model_copy(
        update={"document": document("All agreed.").model_copy(update={"speakers": ("Jürgen Müller",)})}
    )
    assert IDS["Jürgen Müller"] in narrow(told, 400).plan.items


def test_a_plan_that_fits_is_shown_whole() -> None:
    told = context("Nothing of note.", SMALL)
    assert narrow(told, BUDGET) is told


def test_what_is_left_out_is_told() -> None:
    seen = narrow(context("Nothing of note."), BUDGET)
    gone = sum(int(line.split()[0]) for line in seen.left_out)
    assert gone == len(LARGE.items) - len(seen.plan.items) > 0
    assert any("actions that the text does not touch" in line for line in seen.left_out)


def test_a_larger_plan_takes_no_more_tokens_and_less_than_a_second() -> None:
    text = "Maggie: HeatScope goes live in KO, arch review done. Müller wants a StockLoom quote."
    plans = [grown(SMALL, size) for size in (100, 1600)]
    begun = time.process_time()
    few, many = (tokens_of(narrow(context(text, plan), BUDGET), plan) for plan in plans)
    assert time.process_time() - begun < 2
    assert many <= 1.1 * few


# What always holds

WORDS = [
    "Maggie",
    "Müller",
    "KO",
    "HeatScope",
    "StockLoom",
    "review",
    "signed",
    "Halloway",
    "quote",
    "田中さん",
    "\n",
    ". ",
]


@settings(max_examples=40, deadline=None)
@given(
    text=st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=30).map(" ".join),
    others=st.integers(0, 120),
    seed=st.integers(0, 5),
    budget=st.integers(1, 2600),
)
def test_a_slice_keeps_its_budget_its_references_and_its_order(text: str, others: int, seed: int, budget: int) -> None:
    plan = grown(SMALL, others, seed)
    told = context(text, plan)
    seen = narrow(told, budget)
    assert tokens_of(seen, plan) <= budget
    for item in seen.plan.items.values():
        assert {target for _, target in references(item)} <= seen.plan.items.keys()
    assert [*seen.plan.items] == [ident for ident in plan.items if ident in seen.plan.items]
    assert narrow(told, budget) == seen


@settings(max_examples=30, deadline=None)
@given(chosen=st.sets(st.sampled_from([item.id for item in LARGE.section("stakeholders")]), min_size=1, max_size=6))
def test_whoever_is_named_in_full_is_in_the_slice(chosen: set[str]) -> None:
    text = "\n".join(f"Call with {LARGE.items[ident].values['name']} about the plan." for ident in sorted(chosen))
    assert chosen <= shown(text)


# The large plan itself


@given(seed=st.integers(0, 50), others=st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_a_large_plan_holds_the_real_entries_as_they_are_in_their_order(seed: int, others: int) -> None:
    plan = grown(SMALL, others, seed)
    assert len(plan.items) == len(SMALL.items) + others
    assert [item for ident, item in plan.items.items() if ident in SMALL.items] == [*SMALL.items.values()]
    assert grown(SMALL, others, seed) == plan
    for item in plan.items.values():
        assert {target for _, target in references(item)} <= plan.items.keys()


# Meaning


class Scripted:
    """Vectors by hand: one axis for each theme that a text holds a word of."""

    name = "scripted"
    THEMES = (("architecture", "blueprint"), ("appointed",), ("compet",))

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        rows = [[1.0 * any(word in text.lower() for word in theme) for theme in self.THEMES] for text in texts]
        return np.array(rows, np.float32)


def test_meaning_brings_in_what_words_do_not() -> None:
    actions = [{"id": f"B{n}", "action": f"Errand number {n}", "deadline": "2026-03-09"} for n in range(30)]
    plan = json_plan.plan_of({**PLAIN, "actions": [*actions, *PLAIN["actions"]]}).plan
    text = "We walked them through our blueprint today"
    assert "A1" not in narrow(context(text, plan), 300).plan.items
    assert "A1" in narrow(context(text, plan), 300, Scripted()).plan.items


def test_an_entry_is_embedded_once_however_many_notes_come() -> None:
    embedder = Scripted()
    embedder.name = "scripted once"
    narrow(context("The blueprint is done for now"), BUDGET, embedder)
    before = len(embedder.asked)
    narrow(context("The blueprint is done for now"), BUDGET, embedder)
    assert embedder.asked[before:] == ["The blueprint is done for now"]


# Words


def test_a_rare_word_says_more_than_a_common_one() -> None:
    said = Vocabulary({"a": ["quote kiln"], "b": ["quote loom"], "c": ["quote tray"]}).said(["the kiln", "a quote"])
    assert said["a"][0] > said["a"][1]


@pytest.mark.parametrize(("written", "known"), [("form", "reform"), ("may", "mayor")])
def test_words_that_merely_look_alike_count_for_less_than_half_at_most(written: str, known: str) -> None:
    assert Vocabulary({"a": [known]}).said([written]).get("a", {0: 0.0})[0] < 0.5


# Earlier passages


def passage(ident: str, text: str) -> Passage:
    return Passage(id=ident, source="old", number=1, start=0, end=len(text), text=text, said_on=DAY - timedelta(30))


def test_earlier_passages_are_asked_for_by_what_is_touched_and_the_best_come_within_the_budget() -> None:
    asked: list[str] = []

    def find(questions: Sequence[str]) -> list[list[Passage]]:
        asked.extend(questions)
        return [[passage("best", "word " * 40), passage(f"only-{n}", "word " * 40)] for n, _ in enumerate(questions)]

    seen = narrow(context("HeatScope in Kiln Operations: Margaret Thornbury signed."), BUDGET)
    told = earlier(seen, find, budget=160)
    assert "Margaret Thornbury" in asked
    assert "Kiln Operations × HeatScope" in asked
    assert [each.id for each in told.earlier] == ["best", "only-0", "only-1"]


def test_nothing_is_asked_when_nothing_is_touched() -> None:
    def find(questions: Sequence[str]) -> list[list[Passage]]:
        raise AssertionError(questions)

    seen = narrow(context("Nothing of note."), BUDGET)
    assert earlier(seen, find).earlier == ()


# What is worth reading in a long text

LONG = [
    f"Paragraph {n} tells of clay, water and sand, as every year, in many words that say little." for n in range(400)
]
LONG[0] = "ANNUAL REPORT of Orrin Ceramics"
LONG[250] = "On 1 May the board appointed Vera Okonjo as Chief Financial Officer; Anneliese Voss will retire."
LONG[310] = "We compete with two rivals; competition for glazes is strong and competitors cut prices."


@pytest.mark.parametrize("embedder", [None, Scripted()])
def test_a_long_text_is_read_where_it_answers_what_a_section_asks(embedder: Any) -> None:
    spans = worth_reading(document("\n".join(LONG)), ["stakeholders", "competitors"], embedder, 2000)
    read = {number for first, last in spans for number in range(first, last + 1)}
    assert {1, 251, 311} <= read
    assert len(read) < 150


@settings(max_examples=40, deadline=None)
@given(budget=st.integers(0, 3000), names=st.lists(st.sampled_from(["stakeholders", "agenda", "swot"]), max_size=3))
def test_lines_worth_reading_come_in_order_without_overlap_within_the_budget(budget: int, names: list[str]) -> None:
    told = document("\n".join(LONG))
    spans = worth_reading(told, names, None, budget)
    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    letters = sum(len(LONG[number - 1]) for first, last in spans for number in range(first, last + 1))
    assert letters // 4 <= budget


def test_an_empty_text_has_nothing_worth_reading() -> None:
    assert worth_reading(document(""), ["stakeholders"], None, 1000) == ()
