"""The sections of the plan as its page shows them: what a heading says is not said again, nor one author per field."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.rendering import day
from pipeline.sections import Section, section
from pipeline.views.plan import EntryView, PlanView, ValueView


@dataclass(frozen=True)
class Shown:
    """One entry: the values that say more than its heading, and, when all came the same way, whose they are."""

    id: str
    label: str
    rest: tuple[ValueView, ...]
    by: ValueView | None
    lint: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """One section."""

    name: str
    title: str
    entries: tuple[Shown, ...]


def shelves(plan: PlanView) -> tuple[Shelf, ...]:
    """All sections of a plan that have entries."""
    return tuple(
        Shelf(each.name, each.title, tuple(_shown(section(each.name), entry) for entry in each.entries))
        for each in plan.sections
    )


def _shown(kind: Section, entry: EntryView) -> Shown:
    named = entry.label.split(" × ")
    rest = tuple(_in_words(kind, value) for value in entry.values if value.words not in named)
    return Shown(entry.id, entry.label, rest, _author(rest), entry.lint)


def _in_words(kind: Section, value: ValueView) -> ValueView:
    return value.model_copy(update={"words": day(value.words)}) if kind.fields[value.name].kind == "date" else value


def _author(values: Sequence[ValueView]) -> ValueView | None:
    same = {(value.origin, value.by, value.age, value.stale) for value in values}
    return values[0] if len(same) == 1 and values[0].by else None
