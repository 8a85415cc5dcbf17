"""The law of precedence: an example for every row, and a proof that every case has exactly one result."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.precedence import LAW, Claim, Head, Refused, Result, Ruling, by_field, foremost, head_of, rule, table
from pipeline.records import FieldHead, Op, Standing

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def claim(value: Any = "VP", expected: Any = "Director", **more: Any) -> Claim:
    return Claim(
        **(
            {"section": "stakeholders", "field": "title", "value": value, "expected": expected, "said_on": TUESDAY}
            | more
        )
    )


def head(value: Any = "Director", origin: str = "approved", said_on: date | None = MONDAY, **more: Any) -> Head:
    return Head(value=value, origin=origin, said_on=said_on, revision=3, **more)


GONE = claim(None, None, op=Op.remove, field="", base_revision=3)
REFUSED = (Refused("VP", occasion="monday call", text="abc"),)

EXAMPLES = [
    (1, Result.not_proposed, claim(refusals=REFUSED, occasion="monday call"), head()),
    (1, Result.not_proposed, claim(refusals=REFUSED, text="abc", occasion="another"), head()),
    (2, Result.refused_before, claim(refusals=REFUSED, occasion="tuesday call", text="def"), head()),
    (3, Result.support, claim("Director", first_hand=True), head()),
    (4, Result.no_change, claim("Director"), head()),
    (4, Result.no_change, claim(None, None, op=Op.remove, field=""), Head(exists=False)),
    (5, Result.conflict, claim(None, None, op=Op.remove, field="", base_revision=2), head()),
    (5, Result.conflict, claim(None, None, op=Op.join, field="", base_revision=2), head(references=("c1",))),
    (6, Result.blocked_by_references, GONE, head(references=("c1",))),
    (7, Result.conflict, claim(), head("CFO")),
    (7, Result.conflict, claim(expected=None), head()),
    (8, Result.ordinary, claim(expected=None), Head()),
    (9, Result.ordinary, claim(), head(origin="imported")),
    (9, Result.ordinary, claim(), head(origin="imported", said_on=None)),
    (9, Result.ordinary, claim("done", "not_started", section="actions", field="status"), head("not_started", "typed")),
    (10, Result.older, claim(said_on=MONDAY), head(origin="imported", said_on=TUESDAY)),
    (10, Result.older, claim("Ann", "Bo", section="actions", field="owner", said_on=None), head("Bo", "edited")),
    (11, Result.supersedes, claim(), head()),
    (11, Result.supersedes, claim(said_on=MONDAY), head()),
    (11, Result.supersedes, claim(said_on=MONDAY), head(origin="imported", confirmed_on=MONDAY)),
    (12, Result.older, claim(said_on=MONDAY), head(said_on=TUESDAY)),
    (12, Result.older, claim(said_on=MONDAY), head(confirmed_on=TUESDAY)),
    (12, Result.older, claim(said_on=None), head()),
    (13, Result.challenge, claim(), head(origin="typed")),
    (13, Result.challenge, claim(), head(origin="edited")),
    (13, Result.challenge, GONE, head(origin="typed")),
]


@pytest.mark.parametrize(("row", "result", "said", "now"), EXAMPLES)
def test_each_row_rules_its_own_cases(row: int, result: Result, said: Claim, now: Head) -> None:
    assert rule(said, now) == Ruling(result, row)


def test_every_row_has_an_example() -> None:
    assert {row for row, *_ in EXAMPLES} == set(range(1, len(LAW) + 1))


def test_the_table_prints_the_rows_that_rule() -> None:
    assert len(table()) == len(LAW) == 13
    assert table()[7] == ("field empty", "ordinary change")
    assert all(when and then for when, then in table())


values = st.sampled_from([None, "a", "b", "c"])
sets = st.sampled_from([None, ["a"], ["b"], ["a", "b"], ["a", "c"]])
days = st.sampled_from([None, MONDAY, TUESDAY])
origins = st.sampled_from(["", "approved", "edited", "typed", "imported"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Claim, Head]:
    is_set = draw(st.booleans())
    value = sets if is_set else values
    occasions = st.sampled_from([None, "x", "y"])
    refused = st.builds(Refused, value=value, occasion=occasions, text=occasions)
    field = draw(st.sampled_from([("stakeholders", "title"), ("actions", "status"), ("actions", "owner")]))
    said = Claim(
        section=field[0],
        field=field[1],
        value=draw(value),
        expected=draw(value),
        op=draw(st.sampled_from(list(Op))),
        base_revision=draw(st.integers(0, 5)),
        said_on=draw(days),
        first_hand=draw(st.booleans()),
        occasion=draw(occasions),
        text=draw(occasions),
        is_set=is_set,
        refusals=tuple(draw(st.lists(refused, max_size=2))),
    )
    now = Head(
        value=draw(value),
        revision=draw(st.integers(0, 5)),
        origin=draw(origins),
        said_on=draw(days),
        confirmed_on=draw(days),
        references=tuple(draw(st.lists(st.just("c1"), max_size=1))),
        exists=draw(st.booleans()),
    )
    return said, now


@given(cases())
def test_every_case_has_exactly_one_result_and_it_is_that_of_the_first_row_that_holds(case: tuple[Claim, Head]) -> None:
    said, now = case
    holding = [number for number, row in enumerate(LAW, 1) if row.holds(said, now)]
    assert holding[-1] == len(LAW), "the last row always holds"
    assert rule(said, now) == rule(said, now) == Ruling(LAW[holding[0] - 1].result, holding[0])


@given(cases())
def test_a_value_that_is_not_the_one_the_proposer_saw_is_never_an_ordinary_change(case: tuple[Claim, Head]) -> None:
    said, now = case
    if said.op in (Op.add, Op.update) and not said.is_set and now.value not in (said.expected, said.value):
        assert rule(said, now).result not in (Result.ordinary, Result.supersedes, Result.challenge, Result.older)


@given(cases())
def test_what_a_person_typed_only_gives_way_as_a_challenge_unless_the_field_is_loose(case: tuple[Claim, Head]) -> None:
    said, now = case
    if now.origin in ("typed", "edited") and now.value is not None and said.section == "stakeholders":
        assert rule(said, now).result not in (Result.ordinary, Result.supersedes)


def test_a_set_is_already_so_when_all_that_was_to_come_is_there() -> None:
    said = claim(["a", "b"], ["a"], is_set=True, field="interests")
    assert rule(said, head(["a", "b", "z"])).result is Result.no_change
    assert rule(said, head(["a", "z"])).result is Result.supersedes


def test_a_head_of_the_store_is_read_as_it_is_and_none_is_empty() -> None:
    stored = FieldHead(
        item="s1",
        section="stakeholders",
        field="title",
        value="VP",
        revision=7,
        origin="typed",
        by="ann",
        at=datetime(2026, 3, 2, tzinfo=UTC),
        said_on=MONDAY,
    )
    assert head_of(stored, ["c1"]) == Head("VP", 7, "typed", MONDAY, None, ("c1",))
    assert head_of(None).value is None


def test_a_change_of_several_fields_stands_as_its_most_doubtful_one() -> None:
    rulings = by_field({"title": claim(), "notes": claim(expected=None)}, {"title": head(origin="typed")})
    assert foremost(each.result for each in rulings.values()) is Result.challenge
    assert foremost([]) is Result.no_change


def test_each_result_has_a_standing() -> None:
    assert {result: result.standing for result in Result} == {
        Result.not_proposed: Standing.refused,
        Result.refused_before: Standing.refused,
        Result.conflict: Standing.conflict,
        Result.blocked_by_references: Standing.conflict,
        Result.challenge: Standing.challenge,
        Result.older: Standing.older,
        Result.supersedes: Standing.applies,
        Result.ordinary: Standing.applies,
        Result.support: Standing.already_true,
        Result.no_change: Standing.already_true,
    }


def test_the_readme_prints_the_very_rows_that_rule() -> None:
    readme = Path(__file__).resolve().parent.parent.joinpath("README.md").read_text(encoding="utf-8")
    for when, then in table():
        assert f"| {when} | {then} |" in readme
