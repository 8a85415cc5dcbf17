"""Goal build: the growth objective as components that add up."""

from pydantic import Field

from pipeline import names
from pipeline.sections import Entry, Money, Section, Text


class Component(Entry):
    """One part of the growth objective."""

    component: Text
    amount: Money | None = None
    basis: Text | None = Field(None, description="what the amount rests on")


SECTION = Section(
    name="goal_build",
    model=Component,
    title="Goal build",
    guidance="A part of our growth objective at this account with its amount; the parts add up.",
    key=("component",),
    prefix="gb",
    order=25,
    careful=frozenset(Component.model_fields),
    same=lambda a, b: names.same_statement(a.get("component"), b.get("component")),
    marks=lambda values: names.marks.of_statement(values.get("component")),
)
