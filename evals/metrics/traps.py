"""Traps: how many of the things that must not be proposed were."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, share

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Traps stepped into, of all traps."""
    hit = sum(len(result.trapped) for result in results)
    return share(hit, sum(len(result.case.traps) for result in results), "lower")


METRIC = Metric("Trap hits", measure)
