"""Seconds: how long somebody waits for a proposal; the median, start-up of the first note included in the run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """The median over notes."""
    times = sorted(result.seconds for result in results)
    return Measured(times[len(times) // 2] if times else 0.0, count=len(times), better="neither")


METRIC = Metric("Median seconds per note", measure)
