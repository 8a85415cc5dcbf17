"""Overview: what kind of company the customer is, where it is heading, and our history with it."""

import re
from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from pipeline.records import Json
from pipeline.sections import Entry, Section, Text, Words


class Industry(StrEnum):
    """What trade the customer is in; each has its own rhythm and its own people to win."""

    saas_tech = "saas_tech"
    manufacturing = "manufacturing"
    financial_services = "financial_services"
    healthcare = "healthcare"
    government = "government"


class Strength(StrEnum):
    """How strong the relationship with the account as a whole is."""

    strong = "strong"
    medium = "medium"
    weak = "weak"


class Overview(Entry):
    """The account in general; one per plan."""

    company: Text | None = None
    industry: Industry | None = None
    size: Text | None = None
    headquarters: Text | None = None
    offices: Words = ()
    revenue: Text | None = Field(None, description="with its period and currency")
    headcount: Text | None = None
    earnings: Text | None = Field(None, description="the trend of sales and profit, with the period")
    news: Words = Field((), description="one dated sentence each")
    mid_term_plan: Text | None = None
    executive_agenda: Text | None = None
    organisation: Text | None = None
    reorganisations: Words = Field((), description="one dated sentence each")
    competitive_position: Text | None = None
    history: Text | None = Field(None, description="our business with them so far")
    relationship_strength: Strength | None = None


NAMED = re.compile(r"\d|(?<=[\w,;:] )[A-ZÀ-Þ]\w|\b[A-Z]{2,}\b")
TELLING = ("earnings", "mid_term_plan", "executive_agenda", "organisation", "competitive_position")


def concrete(text: str) -> bool:
    """Whether it holds a number, or a name inside a sentence."""
    return bool(NAMED.search(text))


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Generic praise helps nobody: each telling field needs a number, a named unit or a date."""
    vague = [name for name in TELLING if values.get(name) and not concrete(values[name])]
    return tuple(f"{name}: no number, no named organisation, no date." for name in vague)


SECTION = Section(
    name="overview",
    model=Overview,
    title="Overview",
    guidance="Facts about the customer as a company: numbers with their period, named units, dated news and "
    "reorganisations. No praise, nothing about a single deal.",
    key=("company",),
    prefix="ovw",
    order=10,
    single=True,
    core=True,
    lint=lint,
)
