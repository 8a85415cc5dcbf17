"""Competitors: who else is there, where, and how close to whom."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Competitor(Entry):
    """One competitor in one place."""

    name: Text
    department: Annotated[Text, Ref("departments")] | None = None
    offering: Annotated[Text, Ref("offerings")] | None = Field(None, description="which of ours it competes with")
    standing: Text | None = Field(None, description="incumbent, in trial, ousted; now, not in the past")
    relationship: Text | None = Field(None, description="whom they are close to")


def same(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """The same company in the same place."""
    places = [(values.get("department"), values.get("offering")) for values in (one, other)]
    return places[0] == places[1] and names.same_term(names.written(one), names.written(other))


SECTION = Section(
    name="competitors",
    model=Competitor,
    title="Competitors",
    guidance="A competitor that is at the customer or bids there now, in which department, against which offering of "
    "ours. A past one only as an update that it is gone.",
    key=("name", "department", "offering"),
    prefix="cmp",
    order=145,
    same=same,
    marks=lambda values: names.marks.of_terms(names.written(values)),
    names=names.written,
)
