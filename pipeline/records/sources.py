"""What comes in: deliveries, the texts read from them, and the words in those texts that prove a change."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from pipeline.records.shape import Record


class SourceClass(StrEnum):
    """Conversation is worth most, then an internal record, then public material."""

    conversation = "conversation"
    internal = "internal"
    public = "public"


class SourceKind(StrEnum):
    """What kind of text it is; decides how it is split and how much its word weighs."""

    note = "note"
    transcript = "transcript"
    email = "email"
    summary = "summary"
    document = "document"
    filing = "filing"
    table = "table"

    @property
    def source_class(self) -> SourceClass:
        """How much its word weighs."""
        if self is SourceKind.filing:
            return SourceClass.public
        talk = self in (SourceKind.note, SourceKind.transcript, SourceKind.email)
        return SourceClass.conversation if talk else SourceClass.internal


class Side(StrEnum):
    """Whose person somebody is."""

    ours = "ours"
    theirs = "theirs"
    unknown = "unknown"


class Tier(StrEnum):
    """How exactly a quote was found in its text."""

    exact = "exact"
    formatting = "formatting"
    stitched = "stitched"
    altered = "altered"
    none = "none"

    @property
    def proof(self) -> bool:
        """Only words that stand in the text prove anything (design section 2)."""
        return self in (Tier.exact, Tier.formatting, Tier.stitched)


class LineKind(StrEnum):
    """What part of the text a line is. Only `body` lines are what somebody says now."""

    header = "header"
    body = "body"
    quoted = "quoted"
    signature = "signature"
    boilerplate = "boilerplate"


class Line(Record):
    """One numbered line of the canonical text, with its place in the original."""

    number: int
    start: int
    end: int
    kind: LineKind = LineKind.body
    speaker: str | None = None
    said_on: date | None = None
    cue: str | None = None
    page: int | None = None
    item: str | None = None


class Participant(Record):
    """Somebody who was there, or who wrote or received the text."""

    name: str
    email: str | None = None
    title: str | None = None
    organisation: str | None = None
    side: Side = Side.unknown


class Dropped(Record):
    """What reading left out of the canonical text, so that nothing vanishes silently."""

    what: str
    count: int
    sample: str = ""


CAME_IN = "the day it came in"
"""`said_on_from` of an assumed day. Documents stored before `said_on_assumed` tell it by these words alone."""


class Document(Record):
    """What reading one delivery gives, without any store.

    `text` is canonical: stored once, hashed, never changed; every offset in the product points into it.
    `lines` tile it in order (line ends excluded). `said_on` is the day of the occasion, or None when unsure;
    `said_on_from` says in words where it was found; `said_on_assumed` that nobody told it, the text counts from it.
    """

    kind: SourceKind
    format: str
    text: str
    lines: tuple[Line, ...]
    title: str | None = None
    said_on: date | None = None
    said_on_from: str | None = None
    said_on_assumed: bool = False
    author: str | None = None
    language: str = "en"
    participants: tuple[Participant, ...] = ()
    speakers: tuple[str, ...] = ()
    speakers_trusted: bool = True
    attributes: dict[str, str] = Field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_stored_before(cls, given: Any) -> Any:
        if isinstance(given, dict) and "said_on_assumed" not in given and given.get("said_on_from") == CAME_IN:
            return given | {"said_on_assumed": True}
        return given

    @property
    def said_on_sure(self) -> bool:
        """Whether the text, its file or a person tells the day."""
        return self.said_on is not None and not self.said_on_assumed

    def line_at(self, offset: int) -> Line:
        """The line that holds the character at `offset` (the nearest one before it, between lines)."""
        low, high = 0, len(self.lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.lines[middle].start <= offset:
                low = middle
            else:
                high = middle - 1
        return self.lines[low]

    def words(self, line: Line) -> str:
        """The text of one line."""
        return self.text[line.start : line.end]


class Delivery(Record):
    """Raw bytes as they came, stored before anything is parsed."""

    id: str
    account: str | None
    origin: str
    filename: str | None
    received_at: datetime
    received_by: str
    sha256: str
    size: int
    state: str = "accepted"
    problem: str | None = None
    said_on: date | None = None


class Occasion(Record):
    """One real meeting, however many records of it arrive."""

    id: str
    said_on: date | None
    title: str | None = None
    calendar_id: str | None = None


class Source(Record):
    """One version of one note, transcript or filing of one account."""

    id: str
    account: str
    delivery: str
    version: int
    sha256: str
    document: Document
    source_class: SourceClass
    occasion: Occasion
    read_at: datetime
    withdrawn: bool = False


class Passage(Record):
    """A stretch of a source that is indexed and found as one."""

    id: str
    source: str
    number: int
    start: int
    end: int
    text: str
    speaker: str | None = None
    item: str | None = None
    said_on: date | None = None


class Evidence(Record):
    """Words of a source that a change rests on: `words` is the slice [start, end) of its canonical text."""

    source: str
    start: int
    end: int
    words: str
    tier: Tier
    line: int
    quote: str | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    occurrences: int = 1
    speaker: str | None = None
    side: Side = Side.unknown
    said_on: date | None = None
