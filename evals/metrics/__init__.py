"""Metrics, one a file, named by what they would cost a user. Each looks at all results of a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.run import Result

Z = 1.96
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Measured:
    """A value with its 95 % interval (None where there is none), of how many, and which way is better."""

    value: float
    low: float | None = None
    high: float | None = None
    count: int = 0
    better: str = "higher"
    note: str = ""


@dataclass(frozen=True)
class Metric:
    """title: in a report. measure: over all results."""

    title: str
    measure: Callable[[Sequence["Result"]], Measured]


def share(hits: int, count: int, better: str = "higher", note: str = "") -> Measured:
    """A proportion with its Wilson interval, which holds near 0 and 1 and for small counts."""
    if not count:
        return Measured(1.0 if better == "higher" else 0.0, None, None, 0, better, note or "nothing to count")
    p = hits / count
    middle = (p + Z * Z / (2 * count)) / (1 + Z * Z / count)
    width = Z * sqrt(p * (1 - p) / count + Z * Z / (4 * count * count)) / (1 + Z * Z / count)
    return Measured(p, max(0.0, middle - width), min(1.0, middle + width), count, better, note)


def clustered(parts: Sequence[tuple[float, float]], better: str = "higher", note: str = "") -> Measured:
    """A ratio of sums over cases, (numerator, denominator) each, with an interval that takes a case as one draw.

    Linearised variance of a ratio estimator with cases as clusters.
    """
    total = sum(d for _, d in parts)
    if not total:
        return Measured(0.0, None, None, len(parts), better, note or "nothing to count")
    ratio = sum(n for n, _ in parts) / total
    count = len(parts)
    if count < 2:
        return Measured(ratio, None, None, count, better, note)
    variance = count / (count - 1) * sum((n - ratio * d) ** 2 for n, d in parts) / total**2
    width = Z * sqrt(variance)
    return Measured(ratio, max(0.0, ratio - width), min(1.0, ratio + width), count, better, note)
