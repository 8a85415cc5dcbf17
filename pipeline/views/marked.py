"""A text cut at the words that prove something, so that they can be shown marked where they stand."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.records import Document, Record


class Mark(Record):
    """A stretch of the text that proves something: offsets, and the numbers of the changes."""

    start: int
    end: int
    changes: tuple[int, ...]


class LineView(Record):
    """A line of the text cut at its marks: (words, the changes they prove) pairs."""

    number: int
    kind: str
    speaker: str | None
    pieces: tuple[tuple[str, tuple[int, ...]], ...]


def marks(spans: Iterable[tuple[int, int, int]]) -> tuple[Mark, ...]:
    """Where the text proves something, from (start, end, number of the change), cut so that no two marks overlap."""
    found = list(spans)
    edges = sorted({edge for start, end, _ in found for edge in (start, end)})
    cut = []
    for start, end in pairwise(edges):
        numbers = tuple(sorted({number for low, high, number in found if low <= start and end <= high}))
        if numbers:
            cut.append(Mark(start=start, end=end, changes=numbers))
    return tuple(cut)


def lines(document: Document, spans: Iterable[tuple[int, int, int]]) -> tuple[LineView, ...]:
    """The lines of a text, each cut at the marks of these spans."""
    found = marks(spans)
    views, first = [], 0
    for line in document.lines:
        while first < len(found) and found[first].end <= line.start:
            first += 1
        pieces = _pieces(document.text, line.start, line.end, found[first:])
        views.append(LineView(number=line.number, kind=str(line.kind), speaker=line.speaker, pieces=pieces))
    return tuple(views)


def _pieces(text: str, start: int, end: int, found: Sequence[Mark]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    pieces: list[tuple[str, tuple[int, ...]]] = []
    at = start
    for mark in found:
        if mark.start >= end:
            break
        low, high = max(mark.start, start), min(mark.end, end)
        if low > at:
            pieces.append((text[at:low], ()))
        if high > low:
            pieces.append((text[low:high], mark.changes))
            at = high
    if at < end:
        pieces.append((text[at:end], ()))
    return tuple(pieces)
