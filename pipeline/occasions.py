"""Whether a text records an occasion that is known already: another tool's record, a forward, a re-export, a recap.

| what speaks for one occasion | what else is needed |
|---|---|
| the same words in the same order | the same day, or more than a few words |
| one text holds most of the other | it is no reply, and adds little of its own |
| the texts share long stretches | the same day or its neighbour |
| a recap that names the call and its day | somebody who was there |
| one calendar entry, or one start | the same day, and somebody who was there |
| a summary beside the talk it tells of | the same day, the same title or people, and the same matters |

The same people on the same day, or under the same title, are not enough: they may meet twice. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pipeline.language.written import Written, written_days
from pipeline.names import same_person
from pipeline.records import Document, LineKind, Side, SourceKind

DAYS_AROUND = 14
"""Days before and after a text in which its occasion is looked for."""

LONGEST = 60_000
"""Words of a text that are compared; of a longer one only whether it is the very same."""

FEW_WORDS = 40
RUN = 3
"""Words in a row that make one stretch."""

SHARED, HELD, TOUCHING, MATTERS = 0.5, 0.7, 0.12, 0.5
"""Shares of stretches: of both texts together, of the one inside the other, of two records by different tools; and of
a summary's telling words that its talk has too.
"""
OWN_WORDS = 0.4
SAME_START = 20
OTHER_START = 90
"""Minutes between starts that are one start, and that are two."""

CALENDAR = ("icaluid", "calendar_event_id", "uid")
RECORDING = ("recording_id", "id", "message-id")
TALK = (SourceKind.note, SourceKind.transcript, SourceKind.summary, SourceKind.email, SourceKind.document)
RETOLD = (SourceKind.summary, SourceKind.note, SourceKind.email)
REPLY = re.compile(r"^\s*(?:re|aw|antw|sv|rif|ref|回复|返信)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|enc|vs|转发|転送)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
RECAP = re.compile(
    r"\b(?:recap(?:ping|ped)?|summary|summar(?:y|ising|izing)|minutes|notes|read-?out|follow(?:ing)?[- ]up|"
    r"zusammenfassung|protokoll|nachbereitung|compte[- ]rendu|résumé|resumen|acta|riassunto|verbale|verslag)\b"
    r"[^.!?\n]{0,40}?\b(?:call|meeting|session|visit|workshop|conversation|chat|talk|gespräch(?:s)?|termin(?:s)?|"
    r"besprechung|anruf(?:s)?|réunion|appel|entretien|reunión|llamada|incontro|riunione|gesprek|vergadering)\b"
    r"|(?:議事録|会議メモ|打ち合わせのまとめ)",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:h.]([0-5]\d)(?![\d.]|:\d)\s*([ap]\.?m)?", re.IGNORECASE)
CLOCK_LABEL = re.compile(
    r"\b(?:time|start(?:ed|s)?|when|date|uhrzeit|datum|beginn|heure|hora|ora|tijd)\b|日時|開始", re.IGNORECASE
)
WORD = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_]+")
PREFIX = re.compile(r"^(?:\s*(?:re|aw|fwd?|wg|tr|rv)\s*[:：])+", re.IGNORECASE)
HEAD_LINES = 12


@dataclass(frozen=True)
class Known:
    """A source that is there already, with the occasion that it records."""

    source: str
    occasion: str
    document: Document


@dataclass(frozen=True)
class Match:
    """The occasion that a text records too, by which source of it, and why."""

    occasion: str
    source: str
    reasons: tuple[str, ...]
    weight: float = 0.0


@dataclass(frozen=True)
class Text:
    """A document as it is compared."""

    document: Document

    @cached_property
    def words(self) -> list[str]:
        """All words that somebody wrote, also quoted ones."""
        return list(self._words({LineKind.body, LineKind.quoted}))

    @cached_property
    def stretches(self) -> frozenset[int]:
        """Every few words in a row, as numbers."""
        return _stretches(self.words[:LONGEST])

    @cached_property
    def own(self) -> frozenset[int]:
        """The stretches of what is not quoted."""
        return _stretches(list(self._words({LineKind.body}))[:LONGEST])

    @cached_property
    def matters(self) -> frozenset[str]:
        """The words that tell one talk from another: long ones, and numbers."""
        return frozenset(word for word in self.words[:LONGEST] if len(word) > 5 or word.isdecimal())

    @cached_property
    def title(self) -> str:
        """The title without what mail programs put before it."""
        return " ".join(WORD.findall(PREFIX.sub("", self.document.title or "").casefold()))

    @cached_property
    def start(self) -> int | None:
        """The minute of the day it began, where its head tells."""
        return _start(self.document)

    def _words(self, kinds: set[LineKind]) -> Iterator[str]:
        for line in self.document.lines:
            if line.kind in kinds:
                yield from WORD.findall(self.document.words(line).casefold())


def same_occasion(document: Document, known: Iterable[Known]) -> Match | None:
    """The occasion among the `known` that the document records too, or None: it is one of its own.

    Of several the one that most speaks for; two that nothing tells apart are no match.
    """
    new = Text(document)
    found = [match for each in known if (match := _match(new, each)) is not None]
    found.sort(key=lambda match: match.weight, reverse=True)
    if not found:
        return None
    first = found[0]
    tied = any(each.occasion != first.occasion and each.weight == first.weight for each in found[1:])
    return None if tied else first


def _match(new: Text, known: Known) -> Match | None:
    old = Text(known.document)
    filing = SourceKind.filing in (new.document.kind, old.document.kind)
    for rule in (_identical,) if filing else (_identical, _same_record, _held, _shared, _recap, _same_start, _retold):
        told = rule(new, old)
        if told is not None:
            weight, reason = told
            return Match(known.occasion, known.source, (reason,), weight)
    return None


Told = tuple[float, str] | None


def _identical(new: Text, old: Text) -> Told:
    if not new.words or new.words != old.words:
        return None
    if _apart(new, old) == 0 or len(new.words) > FEW_WORDS:
        return 10.0, "The words are the same."
    return None


def _same_record(new: Text, old: Text) -> Told:
    """One recording, one message, or one calendar entry of one day (a series has one entry for all its days)."""
    if _attribute(new, RECORDING) & _attribute(old, RECORDING):
        return 9.0, "They carry the same record number."
    if _attribute(new, CALENDAR) & _attribute(old, CALENDAR) and _apart(new, old) == 0:
        return 8.0, "They carry the same calendar entry, of the same day."
    return None


def _held(new: Text, old: Text) -> Told:
    """A forward, or an excerpt: nearly all of one stands in the other, which says little more. A reply says more."""
    small, large = sorted((new, old), key=lambda each: len(each.stretches))
    if len(small.words) < FEW_WORDS or REPLY.match(large.document.title or ""):
        return None
    share = _share(small.stretches, large.stretches)
    if share < HELD or _apart(new, old) > DAYS_AROUND:
        return None
    more = 1 - _share(large.own, small.stretches)
    if more > OWN_WORDS and not FORWARD.match(large.document.title or "") and _apart(new, old) > 1:
        return None
    return 6.0 + share, f"{share:.0%} of one text stands in the other."


def _shared(new: Text, old: Text) -> Told:
    if _apart(new, old) > 1 or _differs(new, old) or min(len(new.words), len(old.words)) < FEW_WORDS:
        return None
    if REPLY.match(new.document.title or "") or REPLY.match(old.document.title or ""):
        return None
    together = len(new.stretches & old.stretches) / max(1, len(new.stretches | old.stretches))
    if together >= SHARED or (together >= TOUCHING and _apart(new, old) == 0 and _people(new, old)):
        return 4.0 + together, f"The texts share {together:.0%} of their words in a row."
    return None


def _recap(new: Text, old: Text) -> Told:
    """One of them says that it sums up the call of a day: the other's, and somebody of the one was at the other."""
    for recap, talk in ((new, old), (old, new)):
        if recap.document.kind not in RETOLD or talk.document.said_on is None:
            continue
        if talk.document.said_on in _recapped(recap.document) and _people(recap, talk):
            weight = 3.0 + _share(recap.matters, talk.matters)
            return weight, f"It sums up the call of {talk.document.said_on:%d %B %Y}."
    return None


def _same_start(new: Text, old: Text) -> Told:
    if _apart(new, old) or new.start is None or old.start is None or not _people(new, old):
        return None
    if abs(new.start - old.start) <= SAME_START and new.document.kind in TALK and old.document.kind in TALK:
        return 2.0, "They began at the same time, with the same people."
    return None


def _retold(new: Text, old: Text) -> Told:
    """A tool's summary beside the transcript: other words, the same matters, one title or the same people."""
    kinds = {new.document.kind, old.document.kind}
    if kinds != {SourceKind.summary, SourceKind.transcript} or _apart(new, old) or _differs(new, old):
        return None
    summary, talk = (new, old) if new.document.kind is SourceKind.summary else (old, new)
    share = _share(summary.matters, talk.matters)
    if share >= MATTERS and (_people(new, old) or (new.title and new.title == old.title)):
        return 1.0 + share, f"One sums up the other: {share:.0%} of its telling words are said there."
    return None


def _apart(new: Text, old: Text) -> int:
    """Days between the two; far apart when one has none."""
    if new.document.said_on is None or old.document.said_on is None:
        return DAYS_AROUND + 1
    return abs((new.document.said_on - old.document.said_on).days)


def _differs(new: Text, old: Text) -> bool:
    """Whether both tell when they began, and it is not the same time."""
    return new.start is not None and old.start is not None and abs(new.start - old.start) >= OTHER_START


def _people(new: Text, old: Text) -> bool:
    """Whether somebody is in both, by address or by name; where both name people who are not ours, one of these."""
    here, there = _guests(new.document), _guests(old.document)
    if not here or not there:
        here, there = _everybody(new.document), _everybody(old.document)
    mails = {mail.casefold() for _, mail in here if mail} & {mail.casefold() for _, mail in there if mail}
    return bool(mails) or any(same_person((one,), (other,)) for one, _ in here for other, _ in there)


def _everybody(document: Document) -> list[tuple[str, str | None]]:
    named = [(who.name, who.email) for who in document.participants]
    known = {name for name, _ in named}
    more = [*document.speakers, *([document.author] if document.author else [])]
    return named[:60] + [(name, None) for name in more if name not in known][:60]


def _guests(document: Document) -> list[tuple[str, str | None]]:
    """Who is not ours, as far as it shows."""
    ours = {who.name for who in document.participants if who.side is Side.ours}
    return [(name, mail) for name, mail in _everybody(document) if name not in ours] if ours else []


def _recapped(document: Document) -> set[date]:
    """The days of the calls that a text says, in its title or first lines, that it sums up."""
    said = document.said_on
    lines = [line for line in document.lines if line.kind in (LineKind.body, LineKind.header)]
    found: set[date] = set()
    for words in [document.title or "", *(document.words(line)[:300] for line in lines[:HEAD_LINES])]:
        match = RECAP.search(words)
        if match is None:
            continue
        rest = words[match.start() :]
        days = {day for one in written_days(rest) for day in _days_of(one, said)}
        if days:
            found |= days
        elif said is not None and re.search(
            r"\b(?:yesterday|gestern|hier|ayer|ieri|gisteren)\b|昨日", rest, re.IGNORECASE
        ):
            found.add(said - timedelta(days=1))
        elif said is not None:
            found.add(said)
    return found


def _days_of(written: Written, said: date | None) -> tuple[date, ...]:
    """The days that a written one may be, in the year of the text when it names none."""
    year = written.year or (said.year if said else None)
    return written.on(year) if year else ()


def _attribute(text: Text, keys: Sequence[str]) -> set[tuple[str, str]]:
    told = {key.casefold(): value.strip() for key, value in text.document.attributes.items()}
    return {(key, told[key]) for key in keys if told.get(key)}


def _start(document: Document) -> int | None:
    lines = [line for line in document.lines if line.kind in (LineKind.body, LineKind.header)]
    if document.kind is SourceKind.email:
        return None
    for words in [document.title or "", *(document.words(line)[:120] for line in lines[:HEAD_LINES])]:
        match = CLOCK.search(words)
        if match and (CLOCK_LABEL.search(words[: match.start()]) or written_days(words)):
            hour = int(match[1]) % 12 + 12 * match[3].lower().startswith("p") if match[3] else int(match[1])
            return hour * 60 + int(match[2])
    return None


def _stretches(words: Sequence[str]) -> frozenset[int]:
    return frozenset(hash(tuple(words[at : at + RUN])) for at in range(max(0, len(words) - RUN + 1)))


def _share(part: frozenset[int] | frozenset[str], whole: frozenset[int] | frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0
