"""What the store hands out beside the records: plain frozen values, free of any database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from pipeline.records import (
    Change,
    Decision,
    Document,
    Effect,
    Evidence,
    FieldHead,
    Item,
    Json,
    Passage,
    Plan,
    Revision,
    Source,
    SourceKind,
)

FIRST_WORDS = 9

Alike = Callable[[str, Mapping[str, Json]], Sequence[Item]]
"""Section and values of a new item -> the items of the plan that it may be the same as, in the plan's order."""


def called(document: Document) -> str:
    """What lists call a text: its title, else its first words; "" for one without any."""
    return document.title or " ".join(document.text[:1000].split()[:FIRST_WORDS])


def is_set(value: Json) -> bool:
    """Whether a value is one of a set field."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def says(said: Json, now: Json) -> bool:
    """Whether words said with a value speak for the one that stands: it is the same, or of a set they said a part."""
    return set(said) <= set(now) if is_set(said) and is_set(now) else bool(said == now)


class DeltaLike(Protocol):
    """What a merge changed in one field of one item. Field "" is the item itself: None when it is not there."""

    @property
    def item(self) -> str:
        """The item's id."""

    @property
    def section(self) -> str:
        """The item's section."""

    @property
    def field(self) -> str:
        """The field's name, or ""."""

    @property
    def before(self) -> Json:
        """The value before; None is empty."""

    @property
    def after(self) -> Json:
        """The value after; None is empty."""


@dataclass(frozen=True)
class Delta:
    """One step of the history in one field. For field "" the values are the item's section version, or None."""

    item: str
    section: str
    field: str
    before: Json = None
    after: Json = None
    change: str | None = None
    decision: str | None = None
    revision: int = 0
    origin: str = ""
    version: int = 1
    """The item's section version when it was written."""
    said_on: date | None = None

    def inverse(self, stood: "Delta | None" = None) -> "Delta":
        """What undoes it; the value that comes back comes as it came when it `stood`: how, and said when."""
        back = stood if self.before is not None and stood else Delta(self.item, self.section, self.field)
        return replace(back, before=self.after, after=self.before, change=None, decision=None, revision=0,
                       section=self.section, field=self.field, version=self.version)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """What was done to items, oldest first, what leaves by a join before where it goes; which of the changes are joins;
    and by (item, field) the values that words of sources that stand confirm.
    """

    steps: tuple[Delta, ...]
    joins: frozenset[str]
    said: Mapping[tuple[str, str], Sequence[Json]]


@dataclass(frozen=True)
class Blame:
    """Who says so: the head of a field, and all that it rests on. `change` is None when a person typed it."""

    head: FieldHead
    revision: Revision
    decision: Decision | None
    change: Change | None
    sources: Mapping[str, Source] = field(default_factory=dict)
    support: tuple["Support", ...] = ()


@dataclass(frozen=True)
class Support:
    """Later words that confirm a value without changing it; outside fold and hash."""

    item: str
    field: str
    value: Json
    evidence: Evidence
    said_on: date | None
    at: datetime
    by: str


@dataclass(frozen=True)
class Refusal:
    """A change that a person rejected, with the occasion and the text (by hash) that it came from."""

    change: Change
    decision: Decision
    proposal: str
    source: str | None
    occasion: str | None
    text_sha256: str | None


@dataclass(frozen=True)
class Pending:
    """A change that waits. `state` is "pending" or "asked"; `made_at` and `source` are its proposal's."""

    proposal: str
    change: Change
    state: str
    made_at: datetime
    source: str | None = None


@dataclass(frozen=True)
class SourceOutline:
    """A source without its text. `title` is its own, or else its first words."""

    id: str
    delivery: str
    version: int
    title: str
    kind: SourceKind
    said_on: date | None
    occasion: str
    read_at: datetime
    withdrawn: bool


@dataclass(frozen=True)
class ProposalOutline:
    """A proposal without values and proof. `changes` holds of each change its state and what was found against it."""

    id: str
    origin: str
    source: str | None
    proposer: str
    model: str
    outcome: str
    why: str
    created_at: datetime
    created_by: str
    state: str
    changes: tuple[tuple[str, frozenset[Effect]], ...] = ()


@dataclass(frozen=True)
class Job:
    """A row of the outbox. `state` is one of queued, running, done, failed; instants are UTC."""

    id: str
    account: str | None
    kind: str
    subject: str
    state: str
    created_at: datetime
    created_by: str
    tries: int = 0
    progress: str = ""
    error: str | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    payload: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Filters:
    """What a search may find. None means no limit; withdrawn and erased sources are never found.

    `kinds` of sources, `speakers` and `items` are as written there: see `speakers` and `filing_items`.
    """

    sources: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    kinds: frozenset[str] | None = None
    speakers: frozenset[str] | None = None
    items: frozenset[str] | None = None

    @property
    def nothing(self) -> bool:
        """Whether one of them lets nothing through."""
        return any(each is not None and not each for each in (self.sources, self.kinds, self.speakers, self.items))


@dataclass(frozen=True)
class Hit:
    """A found passage. `how` says by what: "words", "meaning" or "both"."""

    passage: Passage
    score: float
    how: str

    def __iter__(self) -> Any:
        """So that it unpacks: `for passage, score, how in hits`."""
        return iter((self.passage, self.score, self.how))


@dataclass(frozen=True)
class Verified:
    """A history that agrees with itself: how many revisions, the head's hash, how many items, and what was erased."""

    revisions: int
    head: str
    items: int
    erased: int


@dataclass(frozen=True)
class Difference:
    """What differs between two revisions: per item and field the value at each. Field "" is the item itself."""

    before: Plan
    after: Plan
    deltas: tuple[Delta, ...]


@dataclass(frozen=True)
class Erased:
    """What an erasure did: the revision that seals it, and counts of what was masked or deleted."""

    revision: int
    sources: int
    deliveries: int
    passages: int
    sealed: int
