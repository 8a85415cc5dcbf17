"""Support: how many matched changes cite the words that the gold cites."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.matching import Change, overlap
from evals.metrics import Measured, Metric, share

if TYPE_CHECKING:
    from evals.run import Result


ENOUGH = 0.5


def measure(results: "Sequence[Result]") -> Measured:
    """Pairs whose quote holds, is held by, or shares half its words with a gold quote."""
    pairs = [pair for result in results for pair in result.matched.pairs]
    hits = 0
    for pair in pairs:
        said, gold = _quotes(pair.answer), _quotes(pair.gold)
        hits += any(a and b and (a in b or b in a or overlap(a, b) >= ENOUGH) for a in said for b in gold)
    return share(hits, len(pairs))


def _quotes(change: Change) -> list[str]:
    return [" ".join(str(each).split()) for each in (change.get("quote"), *change.get("extra_quotes", ()))]


METRIC = Metric("Evidence meets gold", measure)
