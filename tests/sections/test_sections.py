"""Sections: golden pairs, and what holds for every section and every field."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadValue
from pipeline.records import Item, Plan
from pipeline.sections import Section, money, new_id, of, references, section, sections, stored
from pipeline.sections.cells import plain
from pipeline.sections.stakeholders import Stakeholder
from tests.sections import making

ALL = list(sections().values())
CORE = {"overview", "goals", "departments", "offerings", "cells", "stakeholders", "actions"}


def name_of(kind: Section) -> str:
    return kind.name


@pytest.mark.parametrize("path", making.cases(), ids=lambda path: path.parent.name)
def test_an_entry_is_stored_judged_and_refused_as_its_golden_pair_says(path: Path) -> None:
    assert making.shown(path) == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


def test_the_plan_has_all_its_sections_and_the_core_ones_are_marked() -> None:
    assert len(ALL) == 26
    assert {kind.name for kind in ALL if kind.core} == CORE
    assert [kind.name for kind in ALL if kind.single] == ["overview", "definition", "trajectory", "journey"]
    assert len({kind.prefix for kind in ALL}) == len({kind.order for kind in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL, ids=name_of)
def test_a_section_fits_together(kind: Section) -> None:
    assert {*kind.key, *kind.careful, *kind.required} <= {*kind.fields}
    assert kind.key
    assert 0 < len(kind.guidance) < 520
    assert all(shape.ref is None or shape.ref in sections() for shape in kind.fields.values())
    assert kind.lint({}) is not None
    assert kind.names({}) is not None
    assert not kind.same({}, {})


def test_roles_and_goals_are_never_part_of_a_bulk_approval() -> None:
    assert section("stakeholders").careful == {"roles", "potential_roles", "candidate_roles"}
    assert section("goals").careful == {*section("goals").fields}


def values_for(kind: Section, name: str) -> st.SearchStrategy[Any]:
    shape = kind.fields[name]
    text = st.text(min_size=1, max_size=12)
    return {
        "choice": st.sampled_from(shape.choices or ("",)),
        "choices": st.lists(st.sampled_from(shape.choices or ("",)), max_size=3),
        "words": st.lists(text, max_size=3),
        "refs": st.lists(text, max_size=3),
        "date": st.dates(),
        "number": st.integers(-5, 200),
        "money": st.builds(
            dict, amount=st.decimals(allow_nan=False, allow_infinity=False), currency=st.sampled_from(["EUR", "USD"])
        ),
        "splits": st.lists(
            st.builds(dict, count=st.integers(1, 9), unit=text, status=st.sampled_from(["deployed", "untouched"])),
            max_size=2,
        ),
    }.get(shape.kind, text)


fields = st.sampled_from([(kind, name) for kind in ALL for name in kind.fields])


@given(fields, st.data())
def test_what_is_stored_parses_to_itself_and_is_json(field: tuple[Section, str], data: st.DataObject) -> None:
    kind, name = field
    try:
        once = kind.parse(name, data.draw(values_for(kind, name)))
    except BadValue:
        return
    assert kind.parse(name, once) == once
    assert json.loads(json.dumps(once)) == once
    assert once not in ("", [])


@given(fields, st.data())
def test_any_value_is_taken_or_refused_with_what_the_field_takes(
    field: tuple[Section, str], data: st.DataObject
) -> None:
    kind, name = field
    anything = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()), st.binary()
    )
    try:
        kind.parse(name, data.draw(anything | values_for(kind, name)))
    except BadValue as refused:
        message, advice = refused.message, refused.advice
        assert name in message
        assert advice


def test_words_are_kept_as_a_reader_sees_them() -> None:
    parse = section("stakeholders").parse
    assert parse("name", "  Mi\u200bra\u202e Falk\n") == "Mira Falk"
    assert parse("name", "Nun\u0303ez") == "Nu\u00f1ez"
    assert parse("name", "Falk\ud800") == "Falk"
    assert parse("notes", "one\ntwo") == "one\ntwo"
    with pytest.raises(BadValue):
        parse("name", "\u200b \u2066")


def test_a_set_has_no_order_and_no_doubles() -> None:
    parse = section("stakeholders").parse
    assert parse("interests", ["b", "a", "b", " a "]) == parse("interests", "a; b") == ["a", "b"]
    assert parse("interests", "a; b;") == parse("interests", ["a", " ", "b", None]) == ["a", "b"]
    assert parse("roles", "champion;") == parse("roles", ["champion", ""]) == ["champion"]
    assert parse("interests", " ; ") is None
    assert parse("interests", []) is None


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("$40K/yr", "40000", "USD"),
        ("EUR 12,500", "12500", "EUR"),
        ("12.500 EUR", "12500", "EUR"),
        ("1,234.56 USD", "1234.56", "USD"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("1.5m €", "1500000", "EUR"),
        ("£2bn", "2000000000", "GBP"),
        ("-5 EUR", "-5", "EUR"),
    ],
)
def test_money_is_read_as_people_write_it(written: str, amount: str, currency: str) -> None:
    assert section("cells").parse("value", written) == {"amount": amount, "currency": currency}


@pytest.mark.parametrize("written", ["40", "a lot", "EUR", "40 XX", "1e999 EUR", "NaN EUR"])
def test_money_without_amount_or_currency_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        section("cells").parse("value", written)


@given(st.text(max_size=20))
def test_reading_money_never_breaks(words: str) -> None:
    assert money(words) is not None


def test_a_day_is_a_day_and_no_number() -> None:
    parse = section("goals").parse
    assert parse("due", date(2026, 3, 31)) == parse("due", datetime(2026, 3, 31)) == "2026-03-31"  # noqa: DTZ001
    with pytest.raises(BadValue):
        parse("due", 0)


def test_the_plain_form_knows_five_statuses() -> None:
    assert plain("untouched") == plain(None) == plain("need_unknown") == "need_unknown"
    assert plain("deployed") == "deployed"


def test_new_ids_are_readable_and_never_taken() -> None:
    kind = section("stakeholders")
    assert new_id(kind, "Mira Falk", ()) == "stk_mira_falk"
    assert new_id(kind, "Mira Falk", {"stk_mira_falk", "stk_mira_falk_2"}) == "stk_mira_falk_3"
    assert new_id(kind, "José Núñez", ()) == "stk_jose_nunez"
    assert new_id(kind, "森春香", ()).startswith("stk_")
    assert new_id(kind, "森春香", ()) != new_id(kind, "森健太", ())
    assert new_id(section("overview"), "Overview", ()) == "ovw"


def test_a_plan_is_read_typed_and_its_items_are_called_by_their_names() -> None:
    made = [
        stored("d1", "departments", {"name": "Weaving"}),
        stored("o1", "offerings", {"name": "Loomwatch"}),
        stored("c1", "cells", {"offering": "o1", "department": "d1", "status": None}),
        stored("s1", "stakeholders", {"name": "Mira Falk", "roles": ["champion"], "department": "d1"}),
    ]
    plan = Plan(account="a", items={item.id: item for item in made})
    assert of(plan, Stakeholder)["s1"].roles == ("champion",)
    assert section("cells").label(plan.items["c1"].values, plan) == "Weaving × Loomwatch"
    assert list(plan.items["c1"].values) == ["department", "offering"]
    assert references(plan.items["c1"]) == (("department", "d1"), ("offering", "o1"))


def test_an_entry_stored_by_an_older_version_is_read_in_the_form_of_today() -> None:
    kind = section("goals")
    renamed = Section(
        name=kind.name,
        model=kind.model,
        title=kind.title,
        guidance=kind.guidance,
        key=kind.key,
        prefix=kind.prefix,
        order=kind.order,
        version=2,
        upcast=lambda values, _version: {("statement" if name == "goal" else name): v for name, v in values.items()},
    )
    old = Item(id="g1", section="goals", version=1, values={"goal": "Five plants"})
    assert renamed.values(old) == {"statement": "Five plants"}
    assert old.values == {"goal": "Five plants"}


def test_an_unknown_section_or_field_is_refused_with_what_there_is() -> None:
    with pytest.raises(BadValue, match="weather"):
        section("weather")
    with pytest.raises(BadValue) as refused:
        section("goals").parse("colour", "blue")
    assert "statement" in refused.value.advice
