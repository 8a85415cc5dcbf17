"""Agenda: what the customer itself is after: its goals, challenges, initiatives, measures, its leadership's table."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pipeline import names
from pipeline.sections import Entry, Ref, Section, Text


class Kind(StrEnum):
    """What the topic is to them."""

    goal = "goal"
    challenge = "challenge"
    initiative = "initiative"
    kpi = "kpi"
    leadership = "leadership"


class Topic(Entry):
    """One thing on the customer's agenda."""

    topic: Text
    kind: Kind | None = None
    owner: Annotated[Text, Ref("stakeholders")] | None = None
    by: date | None = None
    detail: Text | None = None


SECTION = Section(
    name="agenda",
    model=Topic,
    title="Customer's agenda",
    guidance="What the customer wants to accomplish, in its own words, whether or not we sell it: goals, challenges, "
    "initiatives, the measures it steers by, what its leadership will have on the table.",
    key=("topic",),
    prefix="agd",
    order=80,
    same=lambda a, b: names.same_statement(a.get("topic"), b.get("topic")),
    marks=lambda values: names.marks.of_statement(values.get("topic")),
)
