"""Definition: how the account is classed, how often the plan is gone through, and what it takes for granted."""

from collections.abc import Mapping

from pydantic import Field

from pipeline.records import Json
from pipeline.sections import Entry, Section, Text, Words


class Definition(Entry):
    """How we treat the account; one per plan."""

    tier: Text | None = None
    segment: Text | None = None
    cadence: Text | None = Field(None, description="how often the plan is reviewed")
    update_owner: Text | None = Field(None, description="who of us keeps the plan")
    assumptions: Words = Field((), description="what must stay true for the goals to hold")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Cadence and update owner are fixed when the plan is made."""
    missing = [name.replace("_", " ") for name in ("cadence", "update_owner") if not values.get(name)]
    return tuple(f"No {name}: a plan that nobody is due to update goes stale." for name in missing)


SECTION = Section(
    name="definition",
    model=Definition,
    title="Definition",
    guidance="How we class the account, who of us keeps the plan and how often, and what its goals take for granted.",
    key=("tier",),
    prefix="def",
    order=15,
    single=True,
    lint=lint,
)
