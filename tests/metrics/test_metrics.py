"""Metrics: a golden pair each, two notes of which one holds no news."""

import json
from pathlib import Path

import pytest

from evals.dataset import Case
from evals.metrics import Metric
from evals.run import Result
from pipeline.registry import plugins

CASES = Path(__file__).resolve().parent.parent / "cases" / "metrics"
METRICS: dict[str, Metric] = plugins("evals.metrics", "METRIC")


def results(path: Path) -> list[Result]:
    """The results that a golden input tells."""
    return [_result(told, number) for number, told in enumerate(json.loads(path.read_text(encoding="utf-8"))["cases"])]


def _result(told: dict[str, object], number: int) -> Result:
    case = Case(Path(f"case-{number}"))
    case.__dict__["gold"] = told["gold"]
    return Result(
        case=case,
        answers=tuple(told["answers"]),  # type: ignore[arg-type]
        outcome="changes",
        seconds=float(str(told["seconds"])),
        usage=tuple(told["usage"]),  # type: ignore[arg-type]
        text=str(told["text"]),
    )


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_measures_what_its_golden_pair_says(name: str) -> None:
    for path in CASES.joinpath(name).glob("*.expected.json"):
        expected = json.loads(path.read_text(encoding="utf-8"))
        found = METRICS[name].measure(results(path.with_name(path.name.replace(".expected", ""))))
        assert {"value": round(found.value, 6), "count": found.count, "better": found.better} == expected
