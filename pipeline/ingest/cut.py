"""A document cut into passages: stretches that stand together by speaker, section, paragraph and filing item."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.records import Document, Line, LineKind, Passage

FEWEST, MOST = 60, 170
"""Tokens of a passage: shorter ones are joined with their neighbour where that is sensible, longer ones cut."""
WIDE = re.compile("[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]")
HEADING = re.compile(r"^\s*(?:#{1,6}\s|={2,}|\*\*[^*]+\*\*:?\s*$|[A-Z][A-Z0-9 &/-]{3,60}:?$)")
SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"'”’)]*\s+|(?<=[。！？])|\t|\s[-–—]\s")
LEFT_OUT = frozenset({LineKind.boilerplate})


@dataclass(frozen=True)
class _Piece:
    """A line, or a part of a long one, with its size."""

    start: int
    end: int
    line: Line
    tokens: int
    heading: bool


def tokens(text: str) -> int:
    """About how many tokens a text has: four letters each, one for each wide character."""
    wide = len(WIDE.findall(text))
    return wide + (len(text) - wide + 3) // 4


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order, without overlap; `id` and `source` are left empty for the caller.

    `text` is the slice [start, end) of the canonical text. Footers are in no passage; every other word is in one.
    """
    return tuple(
        Passage(
            id="",
            source="",
            number=number,
            start=group[0].start,
            end=group[-1].end,
            text=document.text[group[0].start : group[-1].end],
            speaker=_same([piece.line.speaker for piece in group]),
            item=group[0].line.item,
            said_on=group[0].line.said_on or document.said_on,
        )
        for number, group in enumerate(_groups(document), start=1)
    )


def _groups(document: Document) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    size = 0
    blank = False
    before: Line | None = None
    for line in document.lines:
        if line.kind in LEFT_OUT or not document.words(line).strip():
            blank = blank or line.kind not in LEFT_OUT
            if line.kind in LEFT_OUT and group:
                yield group
                group, size = [], 0
            continue
        for piece in _pieces(document, line):
            if group and _ends(group, size, piece, blank, before):
                yield group
                group, size = [], 0
            group.append(piece)
            size += piece.tokens
            blank, before = False, line
    if group:
        yield group


def _ends(group: Sequence[_Piece], size: int, piece: _Piece, blank: bool, before: Line | None) -> bool:
    """Whether a passage ends before `piece`."""
    first, last = group[0].line, group[-1].line
    if (piece.line.item, piece.line.said_on) != (first.item, first.said_on) or size + piece.tokens > MOST:
        return True
    if (piece.line.kind is LineKind.quoted) != (last.kind is LineKind.quoted) and LineKind.body in {
        piece.line.kind,
        last.kind,
    }:
        return True
    if piece.heading and not group[-1].heading:
        return size >= FEWEST // 2
    if before is not None and piece.line.speaker != last.speaker:
        return size >= FEWEST
    return blank and size >= FEWEST


def _pieces(document: Document, line: Line) -> Iterator[_Piece]:
    words = document.words(line)
    size = tokens(words)
    heading = bool(HEADING.match(words[:200])) and size <= FEWEST
    if size <= MOST:
        yield _Piece(line.start, line.end, line, size, heading)
        return
    for start, end in _cuts(words):
        yield _Piece(line.start + start, line.start + end, line, tokens(words[start:end]), heading=False)


def _cuts(words: str) -> Iterator[tuple[int, int]]:
    """Cuts a long line at sentence ends into parts of at most MOST tokens, or between words where none comes."""
    begin = fits = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(words)), len(words)]:
        if fits > begin and not _fits(words, begin, end):
            yield begin, fits
            begin = fits
        while not _fits(words, begin, end):
            cut = _between_words(words, begin)
            yield begin, cut
            begin = cut
        fits = end
    if begin < len(words):
        yield begin, len(words)


def _fits(words: str, begin: int, end: int) -> bool:
    return end - begin <= MOST * 4 and tokens(words[begin:end]) <= MOST


def _between_words(words: str, begin: int) -> int:
    """The last space before which everything still fits; in a word without end, where it no longer fits."""
    high = begin + MOST * 4
    while tokens(words[begin:high]) > MOST:
        high -= max(1, tokens(words[begin:high]) - MOST)
    space = words.rfind(" ", begin + 1, high)
    return space + 1 if space > begin + (high - begin) // 2 else high


def _same(names: Sequence[str | None]) -> str | None:
    """The one speaker of a passage, or None when several speak in it."""
    named = set(names)
    return named.pop() if len(named) == 1 else None
