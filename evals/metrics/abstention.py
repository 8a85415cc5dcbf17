"""Abstention: how many notes without news get no change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, share

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """No-news notes with no answer but to optional gold, of all of them."""
    quiet = [result for result in results if result.case.no_news]
    return share(sum(not result.matched.extra for result in quiet), len(quiet))


METRIC = Metric("No-news notes left alone", measure)
