"""Selling points: why this customer should buy, and what it gains."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class SellingPoint(Entry):
    """One argument for us."""

    point: Text
    roi: Text | None = Field(None, description="the gain in numbers")
    offering: Annotated[Text, Ref("offerings")] | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A selling point without a number persuades nobody."""
    return () if values.get("roi") else ("No return in numbers.",)


SECTION = Section(
    name="selling_points",
    model=SellingPoint,
    title="Selling points",
    guidance="An argument for us that worked or is prepared for this customer, with the gain in numbers if said.",
    key=("point",),
    prefix="sp",
    order=110,
    same=lambda a, b: names.same_statement(a.get("point"), b.get("point")),
    marks=lambda values: names.marks.of_statement(values.get("point")),
    lint=lint,
)
