"""What a control holds is the value, and what was typed becomes one again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from api.pages.inputs import WIDGETS, as_text, changed, input_of, name_of
from api.rendering import visible
from pipeline.errors import BadValue
from pipeline.sections import sections
from pipeline.views.proposal import FieldView

WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)


def field(kind: str, value: Any, name: str = "x") -> FieldView:
    return FieldView(name=name, title="X", kind=kind, value=value)


def test_every_kind_of_field_has_a_control() -> None:
    kinds = {shape.kind for each in sections().values() for shape in each.fields.values()}
    assert kinds <= WIDGETS.keys()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "Head of Production"),
        ("choice", "deployed"),
        ("choices", ["champion", "evaluator"]),
        ("words", ["a, b", "c"]),
        ("date", "2026-11-18"),
        ("money", {"amount": "12500", "currency": "EUR"}),
        ("number", 12),
        ("ref", "dep_lund"),
        ("refs", ["stk_a", "stk_b"]),
        ("splits", [{"count": 2, "unit": "big plants", "status": "in_negotiation"}]),
        ("text", None),
    ],
)
def test_a_form_sent_back_as_it_came_changes_nothing(kind: str, value: Any) -> None:
    told = as_text(kind, value)
    sent = told.split("\n") if WIDGETS[kind] == "checks" else [told.replace("\n", "\r\n")]
    form = FormData([(name_of("c", "x"), each) for each in ("", *sent)[-len(sent) :]])
    assert changed("c", [field(kind, value)], form) == {}


@given(st.lists(WORDS, max_size=4, unique=True), st.lists(WORDS, max_size=4, unique=True))
def test_a_set_is_what_stands_on_its_lines(before: list[str], after: list[str]) -> None:
    form = FormData([(name_of("c", "x"), "\r\n".join(after))])
    found = changed("c", [field("words", sorted(before))], form)
    assert sorted(found.get("x", sorted(before))) == sorted(after)


def test_no_box_ticked_is_an_empty_set_and_no_box_shown_is_no_change() -> None:
    shown = FormData([(name_of("c", "x"), "")])
    assert changed("c", [field("choices", ["champion"])], shown) == {"x": []}
    assert changed("c", [field("choices", ["champion"])], FormData([])) == {}


def test_an_emptied_control_is_an_empty_value() -> None:
    assert changed("c", [field("text", "old")], FormData([(name_of("c", "x"), "  ")])) == {"x": None}


def test_parts_of_a_cell_are_read_from_their_lines() -> None:
    form = FormData([(name_of("c", "x"), "2 big plants in_negotiation\n\n3 depots untouched")])
    assert changed("c", [field("splits", None)], form) == {
        "x": [
            {"count": 2, "unit": "big plants", "status": "in_negotiation"},
            {"count": 3, "unit": "depots", "status": "untouched"},
        ]
    }


@pytest.mark.parametrize("typed", ["two plants untouched", "2 plants", "-1 plants untouched"])
def test_a_part_of_a_cell_that_is_none_says_what_it_takes(typed: str) -> None:
    with pytest.raises(BadValue) as caught:
        changed("c", [field("splits", None)], FormData([(name_of("c", "x"), typed)]))
    assert "how many" in caught.value.advice


def test_a_reference_is_chosen_by_name_and_sent_as_an_id() -> None:
    options = {"departments": [("dep_a", "Lund")]}
    made = input_of("c", "cells", field("ref", "dep_a", "department"), options, None)
    assert (made.widget, made.value, made.choices) == ("select", "dep_a", (("dep_a", "Lund"),))


@given(st.text())
def test_what_can_not_be_seen_is_shown_as_its_code(text: str) -> None:
    shown = visible(text)
    assert not {"\u202e", "\u200b", "\u2066", "\ufeff", "\x00", "\x1b"} & {*shown}


def test_ordinary_words_are_shown_as_they_are() -> None:
    assert visible("Ærøskøbing, 東京\tß\n") == "Ærøskøbing, 東京\tß\n"
    assert visible("safe\u202eevas") == "safe⟨U+202E⟩evas"
    assert visible(None) == ""
