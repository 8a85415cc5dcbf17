"""Change F1: right in every field, over all sections; a wrong value counts as missed and as extra."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, clustered

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """2 × right / (asked + proposed), clustered by case. Optional gold is neither asked nor extra."""
    parts = []
    for result in results:
        found = result.matched
        pairs = [pair for pair in found.pairs if not pair.gold.get("optional")]
        right = sum(pair.right for pair in pairs)
        asked = sum(1 for wanted in result.case.wanted if not wanted.get("optional"))
        parts.append((2.0 * right, float(asked + len(pairs) + len(found.extra))))
    return clustered(parts)


METRIC = Metric("Change F1 (every field right)", measure)
