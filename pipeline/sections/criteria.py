"""Criteria: what the customer will decide by."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.sections import Entry, Ref, Section, Text


class Basis(StrEnum):
    """Whether they said it or we infer it."""

    explicit = "explicit"
    inferred = "inferred"


class Criterion(Entry):
    """One decision criterion."""

    criterion: Text
    basis: Basis | None = Field(None, description="explicit only when they said it")
    weight: Text | None = None
    held_by: Annotated[Text, Ref("stakeholders")] | None = None


SECTION = Section(
    name="criteria",
    model=Criterion,
    title="Decision criteria",
    guidance="What they will decide by, and whether they said so or we infer it.",
    key=("criterion",),
    prefix="crt",
    order=100,
    same=lambda a, b: names.same_statement(a.get("criterion"), b.get("criterion")),
    marks=lambda values: names.marks.of_statement(values.get("criterion")),
)
