"""Needs: what the customer needs most, and what we have for it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text


class Need(Entry):
    """One need of the customer."""

    need: Text
    department: Annotated[Text, Ref("departments")] | None = None
    our_answer: Text | None = None
    priority: Annotated[int, Field(ge=1)] | None = Field(None, description="1 is highest")


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """A need wants an answer."""
    return () if values.get("our_answer") else ("No answer of ours.",)


SECTION = Section(
    name="needs",
    model=Need,
    title="Needs",
    guidance="A pain or wish that the customer voiced, by department, and what of ours answers it.",
    key=("need",),
    prefix="need",
    order=135,
    same=lambda a, b: (
        names.same_statement(a.get("need"), b.get("need"))
        and len({a.get("department"), b.get("department")} - {None}) < 2
    ),
    marks=lambda values: names.marks.of_statement(values.get("need")),
    lint=lint,
)
