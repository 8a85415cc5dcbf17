"""A long text in parts that a model can read at once, cut where a topic or a turn ends."""

from collections.abc import Container, Sequence

from pipeline.records import Document, Line, LineKind

OVERLAP = 4
"""Lines of the part before that each part begins with, so that "she" and "that one" keep their meaning."""


def parts(document: Document, tokens: int, only: Container[int] | None = None) -> list[tuple[Line, ...]]:
    """The lines with words, in parts of at most about `tokens`; one part for a usual text.

    `only` are the numbers of the lines to take, where not all are.
    """
    lines = tuple(
        line for line in document.lines if document.words(line).strip() and (only is None or line.number in only)
    )
    return _cut(document, lines, tokens)


def halves(document: Document, lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Two parts instead of one, for an answer that did not fit; none when there is nothing to halve."""
    if len(lines) <= 2 * OVERLAP:
        return []
    total = sum(_cost(document, line) for line in lines)
    found = _cut(document, tuple(lines), total // 2 + 50)
    return found if len(found) > 1 else []


def _cut(document: Document, lines: tuple[Line, ...], tokens: int) -> list[tuple[Line, ...]]:
    found: list[tuple[Line, ...]] = []
    start = 0
    while start < len(lines):
        stop, used = start, 0
        while stop < len(lines) and (stop == start or used + _cost(document, lines[stop]) <= tokens):
            used += _cost(document, lines[stop])
            stop += 1
        if stop < len(lines):
            stop = _seam(lines, start, stop)
        found.append(lines[max(0, start - OVERLAP) : stop])
        start = stop
    return found


def _seam(lines: Sequence[Line], start: int, stop: int) -> int:
    """Where to cut before `stop`: a new item or heading, else a new speaker, in the last third; else right there."""
    earliest = start + max(1, (stop - start) * 2 // 3)
    for starts_anew in (_new_item, _new_speaker):
        for place in range(stop, earliest, -1):
            if starts_anew(lines[place - 1], lines[place]):
                return place
    return stop


def _new_item(before: Line, line: Line) -> bool:
    return line.item != before.item or (line.kind is LineKind.header and before.kind is not LineKind.header)


def _new_speaker(before: Line, line: Line) -> bool:
    return line.speaker != before.speaker


def _cost(document: Document, line: Line) -> int:
    """Tokens of a line, cautiously: letters beyond ASCII are taken for a token each and a half."""
    words = document.words(line)
    beyond = sum(1 for letter in words if ord(letter) > 0x2FF)
    return (len(words) - beyond) // 3 + beyond * 3 // 2 + 4
