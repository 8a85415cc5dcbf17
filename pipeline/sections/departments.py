"""Departments, sites and subsidiaries: one axis of the potential map."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pipeline import names
from pipeline.sections import Entry, Ref, Section, Text, Words


class Kind(StrEnum):
    """What part of the customer it is."""

    department = "department"
    site = "site"
    subsidiary = "subsidiary"


class Department(Entry):
    """A part of the customer that can use something of ours."""

    name: Text
    kind: Kind | None = None
    aliases: Words = Field((), description="other ways people write it, former names too")
    parent: Annotated[Text, Ref("departments")] | None = None


SECTION = Section(
    name="departments",
    model=Department,
    title="Departments",
    guidance="A part of the customer (department, site, subsidiary). Propose one only when the text names a new one, "
    "or says that one was renamed.",
    key=("name",),
    prefix="dep",
    order=30,
    core=True,
    same=lambda a, b: names.same_term(names.written(a), names.written(b)),
    marks=lambda values: names.marks.of_terms(names.written(values)),
    names=names.written,
)
