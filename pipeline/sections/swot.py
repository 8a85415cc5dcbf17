"""SWOT: strengths, weaknesses, opportunities and threats of ours at this customer."""

from enum import StrEnum

from pipeline import names
from pipeline.sections import Entry, Section, Text


class Quadrant(StrEnum):
    """The four corners."""

    strength = "strength"
    weakness = "weakness"
    opportunity = "opportunity"
    threat = "threat"


class Point(Entry):
    """One entry of the SWOT."""

    quadrant: Quadrant
    statement: Text


SECTION = Section(
    name="swot",
    model=Point,
    title="SWOT",
    guidance="A strength, weakness, opportunity or threat of ours at this customer, concrete and named.",
    key=("quadrant", "statement"),
    prefix="swot",
    order=140,
    same=lambda a, b: (
        a.get("quadrant") == b.get("quadrant") and names.same_statement(a.get("statement"), b.get("statement"))
    ),
    marks=lambda values: names.marks.of_statement(values.get("statement")),
)
