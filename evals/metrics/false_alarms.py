"""False alarms: changes proposed from notes that hold no news."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Changes that answer nothing, per note that should change nothing."""
    quiet = [result for result in results if result.case.no_news]
    extra = sum(len(result.matched.extra) for result in quiet)
    return Measured(extra / len(quiet) if quiet else 0.0, count=len(quiet), better="lower")


METRIC = Metric("False alarms per no-news note", measure)
