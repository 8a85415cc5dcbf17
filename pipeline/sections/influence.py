"""Influence: who shifts whose opinion, and who must be aligned first. Reporting lines are another thing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Kind(StrEnum):
    """What passes from one person to another."""

    defers_to = "defers_to"
    talks_to = "talks_to"
    must_align_before = "must_align_before"
    conflicts_with = "conflicts_with"


class Certainty(StrEnum):
    """Whether somebody said so."""

    assumed = "assumed"
    confirmed = "confirmed"


class Influence(Entry):
    """One edge of the influence map."""

    who: Annotated[Text, Ref("stakeholders")]
    whom: Annotated[Text, Ref("stakeholders")]
    kind: Kind
    certainty: Certainty | None = None
    about: Text | None = None


MUTUAL = (Kind.talks_to, Kind.conflicts_with)


def same(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """One edge per pair and kind; talking and conflicting have no direction."""
    if one.get("kind") is None or one.get("kind") != other.get("kind"):
        return False
    ends, others = (one.get("who"), one.get("whom")), (other.get("who"), other.get("whom"))
    return ends == others or (one.get("kind") in MUTUAL and ends == others[::-1])


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Nobody influences themselves."""
    who = values.get("who")
    return ("Both ends are the same person.",) if who and who == values.get("whom") else ()


def marks(values: Mapping[str, Json]) -> tuple[str, ...]:
    """The kind and both ends, in either direction."""
    ends = sorted(str(values.get(name)) for name in ("who", "whom"))
    return ("/".join((str(values["kind"]), *ends)),) if values.get("kind") else ()


SECTION = Section(
    name="influence",
    model=Influence,
    title="Influence map",
    guidance="Who defers to, talks to, conflicts with or must be aligned before whom; confirmed only when somebody "
    "said so. Not the reporting line.",
    key=("who", "kind", "whom"),
    prefix="inf",
    order=55,
    same=same,
    marks=marks,
    lint=lint,
)
