"""KPI readings: what a goal's measure showed on a day, and the verdict."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Verdict(StrEnum):
    """Whether the goal was met."""

    achieved = "achieved"
    missed = "missed"
    unjudgable = "unjudgable"


class Reading(Entry):
    """One measurement of one goal."""

    goal: Annotated[Text, Ref("goals")]
    as_of: date
    value: Text | None = None
    verdict: Verdict | None = None
    missing_datum: Text | None = Field(None, description="what would be needed to judge")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """What can't be judged names the missing datum."""
    blind = values.get("verdict") == Verdict.unjudgable and not values.get("missing_datum")
    return ("Unjudgable, but the missing datum is not named.",) if blind else ()


SECTION = Section(
    name="kpi_readings",
    model=Reading,
    title="KPI readings",
    guidance="What a goal's measure showed on a day: the value and, if said, the verdict.",
    key=("goal", "as_of"),
    prefix="kpi",
    order=150,
    same=lambda a, b: bool(a.get("goal")) and (a["goal"], a.get("as_of")) == (b.get("goal"), b.get("as_of")),
    marks=lambda values: (f"{values.get('goal')}/{values.get('as_of')}",) if values.get("goal") else (),
    lint=lint,
)
