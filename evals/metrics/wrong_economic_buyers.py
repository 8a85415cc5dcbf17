"""Wrong economic buyers: the mistake that costs most trust."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """People made economic buyer whom the gold does not name so."""
    wrong = 0
    for result in results:
        asked = {str(each.get("key")) for each in result.case.wanted if "economic_buyer" in str(each.get("fields"))}
        for pair in result.matched.pairs:
            named = "economic_buyer" in str((pair.answer.get("fields") or {}).get("roles"))
            wrong += named and "roles" in pair.wrong and str(pair.gold.get("key")) not in asked
        wrong += sum("economic_buyer" in str((each.get("fields") or {}).get("roles")) for each in result.matched.extra)
    return Measured(float(wrong), count=len(results), better="lower")


METRIC = Metric("Wrong economic buyers", measure)
