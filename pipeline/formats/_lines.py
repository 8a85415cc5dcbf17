"""Canonical text as it grows: lines with their places, invisible characters taken out, everything left out counted."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.errors import EmptyText
from pipeline.records import Document, Dropped, Line, LineKind, Participant, SourceKind

LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
SAMPLE = 80

# Joiners shape letters in the scripts of the first look-behind and build emoji; elsewhere they only hide things.
# A variation selector after a CJK character picks its written form; elsewhere it can carry hidden bytes.
INVISIBLE = {
    "zero-width characters": re.compile(
        "[\u200b\u2060-\u2064\ufeff\u180e\u115f\u1160\u3164\uffa0\ufff9-\ufffb]"
        "|(?<![\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
    ),
    "direction marks": re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]"),
    "soft hyphens": re.compile("\u00ad"),
    "hidden tag characters": re.compile("[\U000e0000-\U000e007f]|(?<![\u3400-\u9fff])[\U000e0100-\U000e01ef]"),
    "control characters": re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]"),
    "broken characters": re.compile("[\ud800-\udfff]"),
}
ANY_INVISIBLE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in INVISIBLE.values()))


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(text.split())


@dataclass(slots=True)
class Draft:
    """One line while it is being read. `words` may still hold invisible characters and line ends."""

    words: str
    kind: LineKind = LineKind.body
    speaker: str | None = None
    said_on: date | None = None
    cue: str | None = None
    page: int | None = None
    item: str | None = None


@dataclass
class Losses:
    """What reading leaves out: how often, and the beginning of the first piece."""

    counts: dict[str, int] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, sample: str = "", count: int = 1) -> None:
        """Counts `count` pieces of a kind. The sample is folded to one printable line of 80 characters."""
        self.counts[what] = self.counts.get(what, 0) + count
        if not self.samples.get(what):
            self.samples[what] = " ".join(ANY_INVISIBLE.sub("", sample[:400]).split())[:SAMPLE]

    def told(self) -> tuple[Dropped, ...]:
        """All of it, in the order first met."""
        return tuple(Dropped(what=what, count=n, sample=self.samples.get(what, "")) for what, n in self.counts.items())


@dataclass
class Reading:
    """What a format hands over before it becomes a document."""

    lines: list[Draft] = field(default_factory=list)
    title: str | None = None
    said_on: date | None = None
    said_on_from: str | None = None
    author: str | None = None
    participants: list[Participant] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    losses: Losses = field(default_factory=Losses)
    warnings: list[str] = field(default_factory=list)

    def dated(self, day: date | None, where: str) -> None:
        """Sets the day and where it was found, unless there is one already."""
        if day is not None and self.said_on is None:
            self.said_on, self.said_on_from = day, where

    def add(self, words: str, kind: LineKind = LineKind.body) -> None:
        """Appends a line that needs no more than its kind."""
        self.lines.append(Draft(words, kind))


def visible(text: str, losses: Losses) -> str:
    """`text` without characters nobody sees; what they were goes into `losses`."""
    if not ANY_INVISIBLE.search(text):
        return text
    for what, pattern in INVISIBLE.items():
        found = pattern.findall(text)
        if found:
            losses.add(what, " ".join(sorted({_named(char) for char in found})[:4]), len(found))
            text = pattern.sub("", text)
    # Taking one away may leave a joiner without the letter that excused it.
    return visible(text, losses) if ANY_INVISIBLE.search(text) else text


def _named(char: str) -> str:
    name = "" if "\ud800" <= char <= "\udfff" else unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".strip()


def document(reading: Reading, kind: SourceKind, name: str) -> Document:
    """The document of a reading: its lines cleaned, cut at line ends, numbered, with true offsets.

    name: of the format. Raises EmptyText when no line holds a visible word.
    """
    drafts = split(reading)
    while drafts and not drafts[-1].words.strip():
        drafts.pop()
    if not drafts:
        raise EmptyText
    speakers = tuple(dict.fromkeys(draft.speaker for draft in drafts if draft.speaker and draft.kind is LineKind.body))
    return Document(
        kind=kind,
        format=name,
        text="\n".join(draft.words for draft in drafts),
        lines=_placed(drafts),
        title=_short(reading.title, reading.losses),
        said_on=reading.said_on,
        said_on_from=reading.said_on_from,
        author=_short(reading.author, reading.losses),
        participants=tuple(reading.participants),
        speakers=speakers,
        attributes={key: value for key, value in reading.attributes.items() if value},
        dropped=reading.losses.told(),
        warnings=tuple(dict.fromkeys(reading.warnings)),
    )


def split(reading: Reading) -> list[Draft]:
    """The lines of a reading without invisible characters, cut at line ends. Doing it twice changes nothing."""
    return list(_split(reading.lines, reading.losses))


def _split(lines: Iterable[Draft], losses: Losses) -> Iterable[Draft]:
    for draft in lines:
        draft.words = visible(draft.words, losses)
        draft.speaker = _short(draft.speaker, losses)
        if LINE_END.search(draft.words) is None:
            yield draft
            continue
        for words in LINE_END.split(draft.words):
            yield Draft(words, draft.kind, draft.speaker, draft.said_on, draft.cue, draft.page, draft.item)


def _placed(drafts: Sequence[Draft]) -> tuple[Line, ...]:
    placed, start = [], 0
    for number, draft in enumerate(drafts, start=1):
        end = start + len(draft.words)
        placed.append(
            Line(
                number=number,
                start=start,
                end=end,
                kind=draft.kind,
                speaker=draft.speaker,
                said_on=draft.said_on,
                cue=draft.cue,
                page=draft.page,
                item=draft.item,
            )
        )
        start = end + 1
    return tuple(placed)


def _short(text: str | None, losses: Losses) -> str | None:
    """A name or title on one line, or None when nothing is left of it."""
    if not text:
        return None
    return " ".join(visible(text, losses).split())[:300] or None
