"""Misperceptions: what they wrongly believe about us, what they don't know we can do, and what mends it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Kind(StrEnum):
    """A wrong belief, or something they have not heard of."""

    wrong_belief = "wrong_belief"
    unknown_capability = "unknown_capability"


class Misperception(Entry):
    """One thing that somebody there has wrong about us."""

    belief: Text
    kind: Kind | None = None
    truth: Text | None = Field(None, description="how it really is, as said by us")
    held_by: Annotated[Text, Ref("stakeholders")] | None = None
    mended_by: Annotated[Text, Ref("actions")] | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A misperception is mended by an action."""
    return () if values.get("mended_by") else ("No action mends it.",)


SECTION = Section(
    name="misperceptions",
    model=Misperception,
    title="Misperceptions",
    guidance="What somebody there wrongly believes about us, or does not know that we can do.",
    key=("belief",),
    prefix="mis",
    order=90,
    same=lambda a, b: names.same_statement(a.get("belief"), b.get("belief")),
    marks=lambda values: names.marks.of_statement(values.get("belief")),
    lint=lint,
)
