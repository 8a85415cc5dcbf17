"""Measuring: matching is optimal, metrics mean what they say, the cases are well made."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import dataset, report, run
from evals.matching import asserts, assign, match, wrong
from evals.metrics import clustered, share
from evals.run import Result, measured
from pipeline import ingest, settings

CELL = {
    "target": "cell",
    "op": "update",
    "key": {"department": "Finance", "offering": "Insights"},
    "fields": {"status": "deployed"},
    "quote": "live",
}


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_assignment_is_the_best_there_is(weights: list[list[int]]) -> None:
    found = sum(weights[i][j] for i, j in assign(weights).items())
    rows = range(len(weights))
    best = max(
        sum(weights[i][j] for i, j in zip(rows, order, strict=False)) for order in itertools.permutations(range(4))
    )
    assert found == best


def test_gold_against_itself_is_right_everywhere() -> None:
    for case in dataset.own("all"):
        found = match(case.wanted, case.wanted)
        assert not found.missed, case.name
        assert all(pair.right for pair in found.pairs), case.name
        assert not any(asserts(trap, change) for trap in case.traps for change in case.gold["changes"]), case.name


def test_a_gold_quote_stands_in_its_note() -> None:
    for case in dataset.own("all"):
        document = ingest.read(case.note.read_bytes(), case.note.name, settings.load())
        text = " ".join(document.text.split())
        for change in case.wanted:
            assert " ".join(change["quote"].split()) in text, (case.name, change["quote"])


def test_every_core_section_is_the_point_of_eight_cases_and_every_other_of_two() -> None:
    points = [point for case in dataset.own("all") for point in case.gold.get("point", ())]
    for name in ("overview", "goals", "departments", "offerings", "cells", "stakeholders", "actions"):
        assert points.count(name) >= 8, name


def test_a_wrong_value_is_named() -> None:
    assert wrong(CELL, {**CELL, "fields": {"status": "in_negotiation"}}) == ("status",)


def test_what_an_answer_says_in_its_key_is_said() -> None:
    gold = {"section": "influence", "op": "add", "key": {"who": "Ana"}, "fields": {"kind": "defers_to"}}
    answer = {"section": "influence", "op": "add", "key": {"who": "Ana", "kind": "defers_to"}, "fields": {}}
    assert wrong(gold, answer) == ()


def test_an_open_action_may_be_not_started_or_in_progress() -> None:
    action: dict[str, Any] = {
        "target": "action",
        "op": "update",
        "key": {"id": "A1"},
        "fields": {"status": "in_progress"},
    }
    assert wrong(action, {**action, "fields": {"status": "not_started"}}) == ()


def test_a_trap_without_fields_is_hit_by_any_change_on_its_key() -> None:
    trap = {"target": "cell", "key": CELL["key"]}
    assert asserts(trap, CELL)
    assert not asserts({**trap, "fields": {"status": "out_of_scope"}}, CELL)


def result(answers: tuple[dict[str, Any], ...], case: dataset.Case) -> Result:
    return Result(case=case, answers=answers, outcome="changes", seconds=0.1, text="")


def test_perfect_answers_score_one_and_empty_ones_nothing() -> None:
    cases = dataset.own("dev")
    perfect = measured(run.Run("gold", tuple(result(tuple(case.wanted), case) for case in cases)))
    empty = measured(run.Run("none", tuple(result((), case) for case in cases)))
    assert perfect.measured["change_f1"].value == pytest.approx(1.0)
    assert perfect.measured["traps"].value == 0
    assert empty.measured["key_recall"].value == 0
    assert empty.measured["abstention"].value == 1


def test_a_run_worse_than_its_baseline_is_told() -> None:
    case = dataset.own("dev")[0]
    good = measured(run.Run("gold", (result(tuple(case.wanted), case),))).summary()
    poor = measured(run.Run("none", (result((), case),))).summary()
    assert run.worse(json.loads(json.dumps(poor)), good)
    assert not run.worse(good, good)
    assert "better" in report.markdown(good, poor)
    assert "<table>" in report.page(good, poor)


def test_each_section_is_counted_apart() -> None:
    (case,) = [each for each in dataset.own("dev") if each.name.startswith("01")]
    some = tuple(change for change in case.wanted if change.get("target") != "action")
    found = run.by_section([result((*some, CELL), case)])
    assert all(each["f1"] == 1 for name, each in found.items() if name not in ("actions", "cells"))
    assert (found["actions"]["right"], found["actions"]["proposed"]) == (0, 0)
    assert found["cells"]["proposed"] == found["cells"]["right"] + 1
    assert "| actions | 0.00 |" in report.markdown(measured(run.Run("some", (result(some, case),))).summary())


def test_kept_answers_are_measured_like_a_run(tmp_path: Path) -> None:
    case, other = dataset.own("dev")[:2]
    told = {"changes": case.wanted, "more": [], "findings": []}
    (tmp_path / f"{case.name}.json").write_text(json.dumps(told))
    (tmp_path / f"{case.name}.usage.json").write_text(json.dumps({"outcome": "changes", "usage": []}))
    kept = run.kept([case, other], tmp_path)
    assert [each.case.name for each in kept.results] == [case.name]
    assert kept.measured["change_f1"].value == 1


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_proportion_lies_in_its_interval(hits: int, count: int) -> None:
    found = share(min(hits, count), count)
    assert found.low is not None
    assert found.high is not None
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9


def test_an_interval_over_cases_narrows_with_more_of_them() -> None:
    few, many = clustered([(1, 2), (2, 2)]), clustered([(1, 2), (2, 2)] * 20)
    assert few.low is not None
    assert many.low is not None
    assert many.low > few.low
