"""Wrong values: of the changes that are about the right thing, how many say something wrong of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, share

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Pairs with at least one wrong field, of all pairs."""
    pairs = [pair for result in results for pair in result.matched.pairs if not pair.gold.get("optional")]
    return share(sum(not pair.right for pair in pairs), len(pairs), "lower")


METRIC = Metric("Wrong values", measure)
