"""Obstacles: risks outside our control and challenges within it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Control(StrEnum):
    """A risk is outside our control, a challenge within it."""

    risk = "risk"
    challenge = "challenge"


class Obstacle(Entry):
    """One thing that stands in the way."""

    obstacle: Text
    control: Control | None = None
    owner: Text | None = None
    threatens: Text | None = Field(None, description="the goal, cell or deal at stake")
    mitigation: Text | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A general threat helps nobody: it needs an owner and something done about it."""
    found = [f"No {name}." for name in ("owner", "mitigation") if not values.get(name)]
    return tuple(found)


SECTION = Section(
    name="obstacles",
    model=Obstacle,
    title="Risks and challenges",
    guidance="Something that threatens a goal, cell or deal: a risk if outside our control, a challenge if within it.",
    key=("obstacle",),
    prefix="obs",
    order=125,
    same=lambda a, b: names.same_statement(a.get("obstacle"), b.get("obstacle")),
    marks=lambda values: names.marks.of_statement(values.get("obstacle")),
    lint=lint,
)
