"""Tokens: what a note costs at a model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.metrics import Measured, Metric

if TYPE_CHECKING:
    from evals.run import Result


def measure(results: "Sequence[Result]") -> Measured:
    """Prompt and completion tokens per note, every attempt counted."""
    spent = sum(use["prompt_tokens"] + use["completion_tokens"] for result in results for use in result.usage)
    return Measured(spent / max(1, len(results)), count=len(results), better="neither")


METRIC = Metric("Tokens per note", measure)
