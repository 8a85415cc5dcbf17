"""Offerings: what we sell, the other axis of the potential map."""

from pydantic import Field

from pipeline import names
from pipeline.sections import Entry, Section, Text, Words


class Offering(Entry):
    """One thing of ours that a part of the customer can use."""

    name: Text
    aliases: Words = Field((), description="other ways people write it, former names too")
    description: Text | None = None


SECTION = Section(
    name="offerings",
    model=Offering,
    title="Offerings",
    guidance="What we sell. Propose one only when the text names an offering of ours that the plan does not hold.",
    key=("name",),
    prefix="off",
    order=35,
    core=True,
    same=lambda a, b: names.same_term(names.written(a), names.written(b)),
    marks=lambda values: names.marks.of_terms(names.written(values)),
    names=names.written,
)
