"""Quotes: how many proposed changes rest on words that stand in the text, white space folded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric, share

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """First quotes that are in their text, of all changes."""
    kept = [(answer["quote"], " ".join(result.text.split())) for result in results for answer in result.answers]
    return share(sum(bool(quote) and " ".join(quote.split()) in text for quote, text in kept), len(kept))


METRIC = Metric("Quotes verbatim", measure)
