"""Checks: each tries to refute a change, in code, and says what it found in a sentence for the reviewer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.records import Change, Context, Draft, Finding


@dataclass(frozen=True)
class Case:
    """One change before the court: the change with located evidence, the draft it came from, what the proposer saw,
    the other changes of the same proposal, and those of other pending proposals by item.
    """

    change: Change
    draft: Draft
    context: Context
    others: tuple[Change, ...] = ()
    pending: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """name: as findings carry it. order: cheap and decisive ones first. run: the findings, none when all is well."""

    name: str
    order: int
    run: Callable[[Case], Iterable[Finding]]
