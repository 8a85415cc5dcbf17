"""Team: our people who work on the account."""

from pydantic import Field

from pipeline import names
from pipeline.sections import Entry, Section, Text, Words


class Colleague(Entry):
    """One of our people."""

    name: Text
    role: Text | None = None
    email: Text | None = None
    aliases: Words = Field((), description="other ways people write the name")


SECTION = Section(
    name="team",
    model=Colleague,
    title="Our team",
    guidance="Our own people on the account. Propose one only when the text says that somebody of ours joins, "
    "leaves or changes role.",
    key=("name",),
    prefix="team",
    order=60,
    same=lambda a, b: names.same_person(names.written(a), names.written(b)),
    marks=lambda values: names.marks.of_people(names.written(values)),
    names=names.written,
)
