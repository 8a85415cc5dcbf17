"""A plan is the fold of its deltas, and each revision's hash seals what it holds. Pure.

The hash does not cover the contents themselves but a salted digest of each, so that erasing can take bytes and salt
away and the chain still verifies. What was masked gets a second digest, which the erasing revision seals in turn.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.errors import BrokenChain
from pipeline.records import Item, Json
from pipeline.store.columns import canonical, instant

START = "0" * 64
"""What stands for the parent of the first revision."""


@dataclass
class Folded:
    """An item while it is being folded. `born` is the first place in the log that names it: its place in the plan."""

    section: str
    version: int
    born: tuple[int, int]
    values: dict[str, Json] = field(default_factory=dict)

    def item(self, identity: str) -> Item:
        """As a record."""
        return Item.model_construct(id=identity, section=self.section, version=self.version, values=self.values)


@dataclass
class Fold:
    """The plan so far: items that are there, and where each id was born."""

    items: dict[str, Folded] = field(default_factory=dict)
    born: dict[str, tuple[int, int]] = field(default_factory=dict)

    def step(self, row: Mapping[str, Any]) -> None:
        """Applies one row of the log. Raises BrokenChain when its old value is not the one that stands."""
        here = self.items.get(row["item"])
        if row["field"] == "":
            self._come_or_go(row, here)
            return
        if here is None or here.values.get(row["field"]) != row["before"]:
            raise BrokenChain(f"revision {row['revision']}: {row['item']}.{row['field']} was not what it says it was")
        if row["after"] is None:
            here.values.pop(row["field"], None)
        else:
            here.values[row["field"]] = row["after"]

    def _come_or_go(self, row: Mapping[str, Any], here: Folded | None) -> None:
        if (here.version if here else None) != row["before"]:
            raise BrokenChain(f"revision {row['revision']}: {row['item']} was not there as it says")
        if row["after"] is None:
            del self.items[row["item"]]
        elif here is not None:
            here.version = row["after"]
        else:
            born = self.born.setdefault(row["item"], (row["revision"], row["ordinal"]))
            self.items[row["item"]] = Folded(row["section"], row["after"], born)

    def plan(self) -> dict[str, Item]:
        """The items in the order that they were first added."""
        ordered = sorted(self.items.items(), key=lambda pair: pair[1].born)
        return {identity: folded.item(identity) for identity, folded in ordered}


def folded(rows: Iterable[Mapping[str, Any]]) -> Fold:
    """The fold of the log's rows, which come in order."""
    fold = Fold()
    for row in rows:
        fold.step(row)
    return fold


def new_salt() -> str:
    """A salt, so that nobody can guess a short content from its digest."""
    return secrets.token_hex(16)


def digest(salt: str, content: Json) -> str:
    """The commitment to one content."""
    return hashlib.sha256(f"{salt}\n{canonical(content)}".encode()).hexdigest()


def revision_hash(row: Mapping[str, Any]) -> str:
    """The hash of a revision: over its parent's, its own data, and the digests it seals. The reason is sealed apart."""
    plain = {name: row[name] for name in ("account", "number", "parent", "author", "proposal", "key", "sealed")}
    at: datetime = row["at"]
    return hashlib.sha256(canonical(plain | {"at": instant(at)}).encode()).hexdigest()
