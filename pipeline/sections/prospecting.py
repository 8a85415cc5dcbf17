"""Prospecting: programs that open new doors in the account, with weekly and monthly goals."""

from collections.abc import Mapping

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Program(Entry):
    """One prospecting program."""

    program: Text
    audience: Text | None = Field(None, description="who is addressed")
    channel: Text | None = None
    frequency: Text | None = None
    conversation_goal: Text | None = None
    weekly_goal: Text | None = None
    monthly_goal: Text | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A program is who, by which channel, how often, to what end."""
    wanted = ("audience", "channel", "frequency", "conversation_goal")
    missing = [name.replace("_", " ") for name in wanted if not values.get(name)]
    return (f"No {', '.join(missing)}.",) if missing else ()


SECTION = Section(
    name="prospecting",
    model=Program,
    title="Prospecting",
    guidance="A program of ours to open doors in the account: whom, by which channel, how often, to what end.",
    key=("program",),
    prefix="pro",
    order=155,
    same=lambda a, b: names.same_statement(a.get("program"), b.get("program")),
    marks=lambda values: names.marks.of_statement(values.get("program")),
    lint=lint,
)
