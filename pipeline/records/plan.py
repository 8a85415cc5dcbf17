"""The plan and its memory: items, revisions, and who last set each field."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field

from pipeline.records.shape import Record

Json = Any
"""A JSON value in canonical form: str, int, bool, None, a list or a dict of these. Days are ISO, money {"amount",
"currency"}, sets sorted lists."""


class Member(Record):
    """One of our people who works on an account."""

    name: str
    role: str | None = None
    email: str | None = None


class Account(Record):
    """One customer company."""

    id: str
    name: str
    vendor: str = ""
    domains: tuple[str, ...] = ()
    owner: str
    reviewers: tuple[str, ...] = ()
    time_zone: str = "UTC"
    currency: str = "USD"
    created_at: datetime


class Item(Record):
    """One entry of a section, as stored: `values` holds only the fields that are filled, in canonical JSON."""

    id: str
    section: str
    version: int = 1
    values: Mapping[str, Json] = Field(default_factory=dict)


class Plan(Record):
    """All items of an account at one revision, by id. A plan is the fold of its revisions."""

    account: str
    revision: int = 0
    as_of: date | None = None
    items: Mapping[str, Item] = Field(default_factory=dict)

    def section(self, name: str) -> Iterator[Item]:
        """The items of one section, in the order they were added."""
        return (item for item in self.items.values() if item.section == name)

    def get(self, item: str) -> Item | None:
        """The item with that id, or None."""
        return self.items.get(item)


class FieldHead(Record):
    """Who last set a field. Field "" stands for the item itself (added or removed)."""

    item: str
    section: str
    field: str
    value: Json = None
    revision: int
    change: str | None = None
    origin: str
    """How the value came: "approved", "edited", "typed" or "imported"."""
    by: str
    at: datetime
    said_on: date | None = None
    confirmed_on: date | None = None


class Revision(Record):
    """One step of the plan's history, chained by hash to its parent. Append only."""

    account: str
    number: int
    parent: str
    hash: str
    author: str
    at: datetime
    reason: str
    proposal: str | None = None
    key: str | None = None
