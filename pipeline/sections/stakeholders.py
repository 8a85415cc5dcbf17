"""Stakeholders: the people of the customer, what they decide, and how we stand with them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Ref, Section, Text, Words, as_set, listed


class Role(StrEnum):
    """What somebody is in the decision. Nobody's role is unknown by a value: an empty set says it."""

    economic_buyer = "economic_buyer"
    champion = "champion"
    evaluator = "evaluator"
    blocker = "blocker"


class Warmth(StrEnum):
    """How warm the relationship is."""

    strong = "strong"
    medium = "medium"
    weak = "weak"
    no_contact = "no_contact"


Roles = Annotated[tuple[Role, ...], BeforeValidator(listed), PlainSerializer(as_set)]


class Stakeholder(Entry):
    """One person of the customer."""

    name: Text
    aliases: Words = Field((), description="other ways people write the name")
    title: Text | None = None
    department: Annotated[Text, Ref("departments")] | None = None
    email: Text | None = None
    roles: Roles = Field((), description="only what was said: who holds the money, sells for us, tests, opposes")
    potential_roles: Roles = Field((), description="a role they may have, as far as we can tell")
    candidate_roles: Roles = Field((), description="a role they could be won for")
    warmth: Warmth | None = None
    cadence: Text | None = Field(None, description="how often we are in touch")
    touchpoints: Words = Field((), description="where and with whom of us they meet")
    interests: Words = Field((), description="what they care about")
    next_approach: Text | None = None
    reports_to: Annotated[Text, Ref("stakeholders")] | None = None
    leaving_on: date | None = None
    notes: Text | None = None


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """People: an economic buyer needs contact, everybody a title."""
    found = []
    if "economic_buyer" in (values.get("roles") or []) and values.get("warmth") in (None, "no_contact"):
        found.append("An economic buyer without contact: plan an approach.")
    if not values.get("title"):
        found.append("No title.")
    return tuple(found)


SECTION = Section(
    name="stakeholders",
    model=Stakeholder,
    title="Stakeholders",
    guidance="economic_buyer holds or releases the money (needs a statement, a title is not enough); champion sells "
    "for us inside; evaluator tests or runs the trial; blocker says they will oppose, veto or refuse to sign off. "
    "`roles` is the full new list. Remove only somebody who left or leaves.",
    key=("name",),
    prefix="stk",
    order=50,
    careful=frozenset({"roles", "potential_roles", "candidate_roles"}),
    core=True,
    same=lambda a, b: names.same_person(names.written(a), names.written(b)),
    marks=lambda values: names.marks.of_people(names.written(values)),
    names=names.written,
    lint=lint,
)
