"""Goals: what is to be reached by when, for revenue and for the relationship, and what shows it on the way."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Kind(StrEnum):
    """The goal itself (KGI), or a sign on the way to it (interim KPI)."""

    kgi = "kgi"
    interim_kpi = "interim_kpi"


class Category(StrEnum):
    """Relationship goals stand beside revenue goals."""

    revenue = "revenue"
    relationship = "relationship"


class Goal(Entry):
    """One goal of ours at this account."""

    statement: Text
    kind: Kind | None = None
    category: Category | None = None
    measure: Text | None = Field(None, description="what is counted")
    level: Text | None = Field(None, description="how much of it")
    due: date | None = None
    owner: Text | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A goal says by when, what, and to what level."""
    found = []
    if not values.get("due"):
        found.append("No date.")
    if not values.get("measure") and not values.get("level"):
        found.append("No measure.")
    return tuple(found)


SECTION = Section(
    name="goals",
    model=Goal,
    title="Goals",
    guidance="Our own goals at this account: by when, what, to what level. Propose one only when somebody of ours sets "
    "or moves a goal.",
    key=("statement",),
    prefix="goal",
    order=20,
    careful=frozenset(Goal.model_fields),
    core=True,
    same=lambda a, b: names.same_statement(a.get("statement"), b.get("statement")),
    marks=lambda values: names.marks.of_statement(values.get("statement")),
    lint=lint,
)
