"""Precision: of what is proposed, how much is right in every field."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, clustered

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Right of proposed, clustered by case; answers to optional gold are left out."""
    parts = []
    for result in results:
        found = result.matched
        pairs = [pair for pair in found.pairs if not pair.gold.get("optional")]
        parts.append((float(sum(pair.right for pair in pairs)), float(len(pairs) + len(found.extra))))
    return clustered(parts)


METRIC = Metric("Precision", measure)
