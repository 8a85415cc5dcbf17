"""Key recall: of the gold changes, how many are found at all, whatever their values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, clustered

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Found of asked, clustered by case."""
    parts = []
    for result in results:
        asked = sum(1 for wanted in result.case.wanted if not wanted.get("optional"))
        found = sum(1 for pair in result.matched.pairs if not pair.gold.get("optional"))
        parts.append((float(found), float(asked)))
    return clustered(parts)


METRIC = Metric("Key recall", measure)
