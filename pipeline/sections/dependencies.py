"""Dependencies: what the plan needs from others, at the customer, in the market or in our own house."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Side(StrEnum):
    """Whether it lies outside our company or within."""

    external = "external"
    internal = "internal"


class Area(StrEnum):
    """External: market, client, political or environmental. Internal: the rest."""

    market = "market"
    client = "client"
    political_environmental = "political_environmental"
    delivery = "delivery"
    innovation = "innovation"
    marketing = "marketing"
    finance = "finance"
    legal = "legal"
    hr = "hr"


EXTERNAL = (Area.market, Area.client, Area.political_environmental)


class Dependency(Entry):
    """One thing that others must do or that must happen."""

    dependency: Text
    side: Side | None = None
    area: Area | None = None
    owner: Text | None = None
    due: date | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A dependency has an owner, and an area of its own side."""
    found = [] if values.get("owner") else ["No owner."]
    side, area = values.get("side"), values.get("area")
    if side and area and (area in EXTERNAL) != (side == Side.external):
        found.append(f"{area} is not {side}.")
    return tuple(found)


SECTION = Section(
    name="dependencies",
    model=Dependency,
    title="Dependencies",
    guidance="Something that the plan needs from others: external (market, client, political or environmental) or from "
    "our own delivery, innovation, marketing, finance, legal or HR.",
    key=("dependency",),
    prefix="dpd",
    order=130,
    same=lambda a, b: names.same_statement(a.get("dependency"), b.get("dependency")),
    marks=lambda values: names.marks.of_statement(values.get("dependency")),
    lint=lint,
)
