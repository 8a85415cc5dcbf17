"""Calls: how often a model is asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Attempts per note."""
    return Measured(
        sum(len(result.usage) for result in results) / max(1, len(results)), count=len(results), better="neither"
    )


METRIC = Metric("Model calls per note", measure)
