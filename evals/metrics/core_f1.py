"""Core F1: change F1 over stakeholders, cells and actions alone, the sections that notes change most."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, clustered

if TYPE_CHECKING:
    from evals.run import Result


CORE = ("stakeholder", "cell", "action")


def measure(results: "Sequence[Result]") -> Measured:
    """Change F1 of the core sections in their short form."""
    parts = []
    for result in results:
        found = result.matched
        pairs = [pair for pair in found.pairs if not pair.gold.get("optional") and pair.gold.get("target") in CORE]
        asked = [each for each in result.case.gold.get("changes", ()) if not each.get("optional")]
        extra = [answer for answer in found.extra if answer.get("target") in CORE]
        right = sum(pair.right for pair in pairs)
        parts.append((2.0 * right, float(len(asked) + len(pairs) + len(extra))))
    return clustered(parts)


METRIC = Metric("Core F1 (stakeholders, cells, actions)", measure)
