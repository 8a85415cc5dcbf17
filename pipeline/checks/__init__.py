"""Checks: each tries to refute a change, in code, and says what it found in a sentence for the reviewer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.checks._reading import Reading, Stretch
from pipeline.records import Change, Context, Draft, Finding, Json, Op
from pipeline.sections import section

__all__ = ["Case", "Check", "Reading", "Stretch"]


@dataclass(frozen=True)
class Case:
    """One change before the court: the change with located evidence, the draft it came from, what the proposer saw,
    the other changes of the same proposal, and those of other pending proposals by item.

    `shared` is the text as read for the whole proposal; a case alone reads for itself.
    """

    change: Change
    draft: Draft
    context: Context
    others: tuple[Change, ...] = ()
    pending: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    shared: Reading | None = None

    @cached_property
    def reading(self) -> Reading:
        """The text and what it names."""
        return self.shared or Reading(self.context, self.others or (self.change,))

    @cached_property
    def proven(self) -> bool:
        """Whether any of its quotes stands in the text; without one there is nothing to hold the values against."""
        return any(piece.tier.proof for piece in self.change.evidence)

    @cached_property
    def quoted(self) -> Stretch:
        """The quoted words that stand in the text."""
        return self.reading.quoted([piece for piece in self.change.evidence if piece.tier.proof])

    @cached_property
    def said(self) -> Stretch:
        """The sentences that the quotes stand in."""
        return self.reading.near(self.quoted, 0)

    @cached_property
    def near(self) -> Stretch:
        """Those sentences and what leads to them."""
        return self.reading.near(self.quoted, 3, 1)

    @cached_property
    def lines(self) -> Stretch:
        """The whole paragraphs, list points or turns that the quotes stand in."""
        return self.reading.lines(self.quoted)

    @cached_property
    def now(self) -> Mapping[str, Json]:
        """The item's values as the plan has them; empty for a new one."""
        item = self.context.plan.get(self.change.item)
        return section(item.section).values(item) if item else {}

    @cached_property
    def after(self) -> Mapping[str, Json]:
        """The item's values as they would be."""
        return {**self.now, **self.change.new_values()}

    @cached_property
    def claims(self) -> Mapping[str, Json]:
        """The values that are news: those of the change, empty ones left out."""
        return {name: value for name, value in self.change.new_values().items() if value not in (None, [], "")}

    @property
    def removes(self) -> bool:
        """Whether it takes the item out of the plan."""
        return self.change.op is Op.remove


@dataclass(frozen=True)
class Check:
    """name: as findings carry it. order: cheap and decisive ones first. run: the findings, none when all is well."""

    name: str
    order: int
    run: Callable[[Case], Iterable[Finding]]
