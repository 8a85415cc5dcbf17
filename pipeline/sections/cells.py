"""Cells of the potential map: how far one offering is in one department, on what evidence, and the next move."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline.records import Json
from pipeline.sections import Count, Entry, Money, Ref, Section, Split, Text


class Status(StrEnum):
    """How far it is; the plain plan form writes need_unknown for `untouched` too."""

    deployed = "deployed"
    in_negotiation = "in_negotiation"
    need_identified = "need_identified"
    need_unknown = "need_unknown"
    untouched = "untouched"
    out_of_scope = "out_of_scope"


def plain(status: str | None) -> str:
    """The status in the plain plan form, which knows five: what nobody touched is a need unknown."""
    return Status.need_unknown if status in (None, Status.untouched) else Status(str(status))


def known_statuses(splits: tuple[Split, ...]) -> tuple[Split, ...]:
    """Each part of a split cell carries one of the cell statuses."""
    for split in splits:
        Status(split.status)
    return splits


class Cell(Entry):
    """One department with one offering."""

    department: Annotated[Text, Ref("departments")]
    offering: Annotated[Text, Ref("offerings")]
    status: Status | None = None
    value: Money | None = Field(None, description="a year")
    splits: Annotated[tuple[Split, ...], AfterValidator(known_statuses)] = Field(
        (), description="when parts differ: 2 plants in_negotiation, 3 untouched"
    )
    competitor: Text | None = None
    grounds: Text | None = Field(None, description="what the status rests on, in words")
    next_move: Text | None = None
    signed_on: date | None = None
    live_on: date | None = None
    contract_end: date | None = None
    revisit_on: date | None = None
    users: Count | None = None
    adoption: Text | None = None
    revisit: Text | None = Field(None, description="parked until when, in their words")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A cell is status, evidence and next move; a blank one is a risk."""
    found = []
    status = values.get("status")
    if not status:
        found.append("No status.")
    if status and status != Status.untouched and not values.get("grounds"):
        found.append("No evidence for the status.")
    if status in (Status.need_unknown, Status.untouched) and not values.get("next_move"):
        found.append("Need unknown: plan how to find out.")
    elif status in (Status.need_identified, Status.in_negotiation) and not values.get("next_move"):
        found.append("No next move.")
    return tuple(found)


def same(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """One cell per department and offering."""
    return bool(one.get("department") and one.get("offering")) and (one.get("department"), one.get("offering")) == (
        other.get("department"),
        other.get("offering"),
    )


def marks(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Department and offering together."""
    pair = (values.get("department"), values.get("offering"))
    return (f"{pair[0]}/{pair[1]}",) if all(pair) else ()


SECTION = Section(
    name="cells",
    model=Cell,
    title="Potential map",
    guidance="deployed = live in use (a signature alone is not enough); in_negotiation = commercial paper is moving; "
    "need_identified = they want it, or ask for a demo, quote, trial or tender; need_unknown = nobody asked yet; "
    "out_of_scope = a clear no, an own solution, a competitor signed. Parked or postponed is not out of scope: "
    "keep the status, fill revisit.",
    key=("department", "offering"),
    prefix="cell",
    order=40,
    core=True,
    same=same,
    marks=marks,
    lint=lint,
)
