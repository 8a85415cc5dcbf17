"""Opportunities: deals that are open, won or lost; the deal history too."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Money, Percent, Ref, Section, Text


class Stage(StrEnum):
    """How a deal stands."""

    open = "open"
    won = "won"
    lost = "lost"


class Opportunity(Entry):
    """One deal."""

    name: Text
    department: Annotated[Text, Ref("departments")] | None = None
    offering: Annotated[Text, Ref("offerings")] | None = None
    amount: Money | None = None
    stage: Stage | None = None
    likelihood: Percent | None = Field(None, description="percent, only when somebody named it")
    close_date: date | None = None
    reason: Text | None = Field(None, description="why it was won or lost")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """An open deal has a date; a lost one a reason."""
    found = []
    if values.get("stage") == Stage.open and not values.get("close_date"):
        found.append("No close date.")
    if values.get("stage") == Stage.lost and not values.get("reason"):
        found.append("No reason for the loss.")
    return tuple(found)


SECTION = Section(
    name="opportunities",
    model=Opportunity,
    title="Opportunities",
    guidance="A deal with a name, amount or close date, open, won or lost; why it was won or lost.",
    key=("name",),
    prefix="opp",
    order=115,
    same=lambda a, b: names.same_statement(a.get("name"), b.get("name")),
    marks=lambda values: names.marks.of_statement(values.get("name")),
    lint=lint,
)
