"""`notes2plan eval`: cases through a proposer, metrics over what came back, a report, an exit code.

A run is kept as JSON, so that two can be compared case by case and a baseline can be held.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.dataset import Case, read_json
from evals.matching import Matched, asserts, match, place
from evals.metrics import Measured, Metric
from pipeline import offline
from pipeline.exports.plain import plain_changes
from pipeline.registry import plugins
from pipeline.settings import Settings

Hears = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """What one case came to. `answers` are the kept changes, core and other sections alike, in the plain form."""

    case: Case
    answers: tuple[dict[str, Any], ...]
    outcome: str
    seconds: float
    findings: tuple[dict[str, Any], ...] = ()
    usage: tuple[dict[str, Any], ...] = ()
    text: str = ""

    @property
    def matched(self) -> Matched:
        """Answers set against gold."""
        return match(self.case.wanted, self.answers)

    @property
    def trapped(self) -> list[str]:
        """Why each trap that was stepped into is one."""
        return [
            f"{trap.get('target')} {trap.get('key')}: {trap.get('why', '')}"
            for trap in self.case.traps
            if any(asserts(trap, answer) for answer in self.answers)
        ]


@dataclass(frozen=True)
class Run:
    """All results of one proposer, and what was measured on them."""

    proposer: str
    results: tuple[Result, ...]
    measured: dict[str, Measured] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """The measures and the counts of each case, as JSON."""
        return {
            "proposer": self.proposer,
            "measures": {name: asdict(each) for name, each in self.measured.items()},
            "sections": by_section(self.results),
            "cases": {each.case.name: _counts(each) for each in self.results},
        }


def _counts(result: Result) -> dict[str, Any]:
    found = result.matched
    right = sum(1 for pair in found.pairs if pair.right and not pair.gold.get("optional"))
    asked = sum(1 for wanted in result.case.wanted if not wanted.get("optional"))
    wrong = sum(1 for pair in found.pairs if not pair.right and not pair.gold.get("optional"))
    return {"right": right, "asked": asked, "extra": len(found.extra) + wrong, "traps": result.trapped}


def by_section(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Section -> how many changes of it were asked for, proposed and right, and the F1; the most asked first."""
    asked, proposed, right = Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        found = result.matched
        due = [pair for pair in found.pairs if not pair.gold.get("optional")]
        asked.update(place(wanted) for wanted in result.case.wanted if not wanted.get("optional"))
        proposed.update([*(place(pair.gold) for pair in due), *(place(answer) for answer in found.extra)])
        right.update(place(pair.gold) for pair in due if pair.right)
    return {
        name: {
            "asked": asked[name],
            "proposed": proposed[name],
            "right": right[name],
            "f1": 2 * right[name] / (asked[name] + proposed[name]),
        }
        for name, _ in (asked + proposed).most_common()
    }


def run(cases: Sequence[Case], proposer: str, settings: Settings, hears: Hears = lambda _done, _all: None) -> Run:
    """Every case through the proposer, the way `notes2plan propose` goes; then every metric."""
    results = []
    for number, case in enumerate(cases, 1):
        results.append(_result(case, proposer, settings))
        hears(number, len(cases))
    return measured(Run(proposer, tuple(results)))


def kept(cases: Sequence[Case], folder: Path) -> Run:
    """What was proposed before, as `evals.relay_notes` keeps it, measured like a run; a case without is left out."""
    results = []
    for case in cases:
        if (file := folder / f"{case.name}.json").exists():
            told, took = read_json(file), read_json(folder / f"{case.name}.usage.json")
            results.append(
                Result(
                    case=case,
                    answers=(*told["changes"], *told["more"]),
                    outcome=took["outcome"],
                    seconds=sum(each["seconds"] for each in took["usage"]),
                    findings=tuple(told["findings"]),
                    usage=tuple(took["usage"]),
                    text=case.note.read_text(encoding="utf-8"),
                )
            )
    return measured(Run(folder.name, tuple(results)))


def measured(done: Run) -> Run:
    """The run with every metric of evals/metrics measured on it."""
    metrics: dict[str, Metric] = plugins("evals.metrics", "METRIC")
    found = {name: metric.measure(done.results) for name, metric in metrics.items()}
    return Run(done.proposer, done.results, found)


def _result(case: Case, proposer: str, settings: Settings) -> Result:
    started = time.perf_counter()
    preview = offline.preview(case.note.read_bytes(), case.note.name, case.plan, settings, None, proposer)
    told = plain_changes(preview.proposal.changes, preview.plan)
    return Result(
        case=case,
        answers=(*told["changes"], *told["more"]),
        outcome=str(preview.proposal.outcome),
        seconds=time.perf_counter() - started,
        findings=tuple(told["findings"]),
        usage=tuple(each.model_dump(mode="json") for each in preview.proposal.usage),
        text=preview.document.text,
    )


def worse(summary: dict[str, Any], baseline: dict[str, Any], slack: float = 0.005) -> list[str]:
    """The measures that are worse than the stored baseline's by more than `slack`, in words."""
    found = []
    for name, was in baseline["measures"].items():
        now = summary["measures"].get(name)
        if now is None or was["better"] == "neither":
            continue
        change = now["value"] - was["value"]
        if (change if was["better"] == "lower" else -change) > slack:
            found.append(f"{name}: {was['value']:.3f} before, {now['value']:.3f} now")
    return found
