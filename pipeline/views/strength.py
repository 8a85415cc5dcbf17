"""Strength instead of confidence: how well a change is borne out, from facts and in words, never as a number.

Independent occasions count, not records: two tools' notes of one meeting are one. Words of the customer weigh more than
our own, and both more than public material; what the checks found stands beside.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline.records import Effect, Evidence, Finding, Record, Side, Source, SourceClass, SourceKind
from pipeline.views.words import many

RECAPS = (SourceKind.summary,)
"""Kinds of text that retell an occasion; alone they are no first-hand words."""
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Strength(Record):
    """What a change rests on. `speaking` is who says it: "customer speaking", "own observation", "internal record",
    "public material" or "retold"; `said_on` the latest day it was said; `marks` how many findings weigh against it.
    """

    occasions: int
    speaking: str
    said_on: date | None = None
    marks: int = 0


def strength(evidence: Iterable[Evidence], sources: Mapping[str, Source], findings: Sequence[Finding] = ()) -> Strength:
    """The strength of a change from its evidence; `sources` by id, those unknown or withdrawn count for nothing."""
    pieces = [piece for piece in evidence if piece.tier.proof and _stands(sources.get(piece.source))]
    said = [sources[piece.source] for piece in pieces]
    days = [day for piece, source in zip(pieces, said, strict=True) if (day := piece.said_on or _day(source))]
    return Strength(
        occasions=len({source.occasion.id for source in said}),
        speaking=_speaking(pieces, said),
        said_on=max(days, default=None),
        marks=sum(1 for finding in findings if finding.effect is not Effect.support),
    )


def in_words(found: Strength, today: date) -> str:
    """The strength for a reviewer: "two occasions, customer speaking, last week; one mark against it"."""
    if not found.occasions:
        return "nothing that stands in a text"
    parts = [_counted(found.occasions, "occasion"), found.speaking, _when(found.said_on, today)]
    words = ", ".join(part for part in parts if part)
    return f"{words}; {_counted(found.marks, 'mark')} against it" if found.marks else words


def _stands(source: Source | None) -> bool:
    return source is not None and not source.withdrawn


def _day(source: Source) -> date | None:
    return source.occasion.said_on or source.document.said_on


def _speaking(pieces: Sequence[Evidence], said: Sequence[Source]) -> str:
    """The best of its voices."""
    kinds = [source.document.kind for source in said if source.document.kind not in RECAPS]
    if any(piece.side is Side.theirs for piece in pieces):
        return "customer speaking"
    classes = {source.source_class for source in said if source.document.kind in kinds}
    if SourceClass.conversation in classes:
        return "own observation"
    if SourceClass.internal in classes:
        return "internal record"
    return "public material" if SourceClass.public in classes else "retold"


def _counted(count: int, thing: str) -> str:
    told = many(count, thing)
    return told.replace(str(count), COUNTED[count], 1) if count < len(COUNTED) else told


def _when(day: date | None, today: date) -> str:
    if day is None:
        return "undated"
    ago = (today - day).days
    if ago < 0:
        return f"on {day:%d %B %Y}".replace(" 0", " ")
    steps = (
        (1, "today"),
        (2, "yesterday"),
        (7, "this week"),
        (14, "last week"),
        (31, "this month"),
        (62, "last month"),
    )
    near = next((words for limit, words in steps if ago < limit), None)
    return near or (f"{ago // 30} months ago" if ago < 365 else "over a year ago")
