"""Objections: what speaks against us in their eyes, and what we answer."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Basis(StrEnum):
    """Whether somebody raised it or we expect it."""

    actual = "actual"
    anticipated = "anticipated"


class Objection(Entry):
    """One objection."""

    objection: Text
    basis: Basis | None = Field(None, description="actual only when somebody of theirs raised it")
    raised_by: Annotated[Text, Ref("stakeholders")] | None = None
    talking_point: Text | None = Field(None, description="what we answer")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """An objection that somebody raised needs an answer."""
    open_one = values.get("basis") == Basis.actual and not values.get("talking_point")
    return ("No talking point.",) if open_one else ()


SECTION = Section(
    name="objections",
    model=Objection,
    title="Objections",
    guidance="What somebody of theirs holds against buying from us, or what we expect them to.",
    key=("objection",),
    prefix="obj",
    order=105,
    same=lambda a, b: names.same_statement(a.get("objection"), b.get("objection")),
    marks=lambda values: names.marks.of_statement(values.get("objection")),
    lint=lint,
)
