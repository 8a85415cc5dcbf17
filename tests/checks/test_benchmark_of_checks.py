"""The benchmark of the checks on one small case of its own: nothing right is marked, what contradicts the words is."""

import json
from pathlib import Path

import pytest

from evals.benchmarks import checks
from evals.benchmarks.checks_cases import Gold, case

PLAN = Path(__file__).resolve().parents[1] / "cases" / "checks" / "plan.json"
NOTE = """Harbour call, 10 March

Sunniva wants GalleyStock for Catering, 40 tablets.
I will send Sunniva the GalleyStock quote, 40 tablets, by Friday.
The mooring report went out to Torvald, done.
New face: Ragna Moe, purchasing director, she releases the money.
"""
CHANGES = [
    {
        "target": "cell",
        "op": "update",
        "key": {"department": "Catering", "offering": "GalleyStock"},
        "fields": {"status": "need_identified"},
        "quote": "Sunniva wants GalleyStock for Catering, 40 tablets.",
    },
    {
        "target": "action",
        "op": "add",
        "key": {"action": "Send GalleyStock quote, 40 tablets"},
        "fields": {"deadline": "2026-03-13", "target": "Sunniva Dahl", "owner": "Nora Feld", "status": "not_started"},
        "quote": "I will send Sunniva the GalleyStock quote, 40 tablets, by Friday.",
    },
    {
        "target": "action",
        "op": "update",
        "key": {"id": "A1"},
        "fields": {"status": "done"},
        "quote": "The mooring report went out to Torvald, done.",
    },
    {
        "target": "stakeholder",
        "op": "add",
        "key": {"name": "Ragna Moe"},
        "fields": {"title": "Purchasing Director", "roles": ["economic_buyer"]},
        "quote": "Ragna Moe, purchasing director, she releases the money.",
    },
]


@pytest.fixture
def gold(tmp_path: Path) -> Gold:
    (tmp_path / "note.txt").write_text(NOTE)
    (tmp_path / "plan.json").write_text(PLAN.read_text())
    (tmp_path / "gold.json").write_text(json.dumps({"changes": CHANGES}))
    return case(tmp_path)


def test_no_right_change_is_marked(gold: Gold) -> None:
    tally = checks.false_alarms([gold])
    assert (tally.found, tally.tried) == (0, 4), tally.checks


def test_what_contradicts_its_words_is_marked(gold: Gold) -> None:
    kinds = checks.contradictions([gold])
    tried, found = sum(each.tried for each in kinds.values()), sum(each.found for each in kinds.values())
    missed = {name: each.missed for name, each in kinds.items() if each.missed}
    assert len([name for name, each in kinds.items() if each.tried + each.elsewhere]) >= 24
    assert found / tried >= 26 / 28, missed


def test_the_benchmark_tells_the_same_twice(gold: Gold, capsys: pytest.CaptureFixture[str]) -> None:
    checks.report([gold], show=False)
    once = capsys.readouterr().out.split("20 changes")[0]
    checks.report([gold], show=False)
    assert capsys.readouterr().out.split("20 changes")[0] == once
    assert "gold changes marked: 0 of 4" in once
