"""Trajectory: where the account is heading over the next two years."""

from collections.abc import Mapping
from enum import StrEnum

from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Direction(StrEnum):
    """Where it goes."""

    expanding = "expanding"
    stabilising = "stabilising"
    in_organisational_change = "in_organisational_change"
    steady = "steady"


class Trajectory(Entry):
    """The account's course; one per plan."""

    direction: Direction | None = None
    horizon: Text | None = None
    because: Text | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A direction needs its reason."""
    return ("No reason for the direction.",) if values.get("direction") and not values.get("because") else ()


SECTION = Section(
    name="trajectory",
    model=Trajectory,
    title="Trajectory",
    guidance="Where the account as a whole is heading over the next two years, and because of what.",
    key=("direction",),
    prefix="trj",
    order=85,
    single=True,
    lint=lint,
)
