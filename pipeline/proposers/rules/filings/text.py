"""A filing's words as sentences: lines that a page broke are joined, sentences cut, each with its place and item."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.records import Document, Line, LineKind

# A full stop after one of these ends no sentence, unless a word follows that only begins one.
ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Messrs|Mses|Dr|Prof|Jr|Sr|Inc|Corp|Co|Ltd|INC|CORP|CO|LTD|No|Nos|St|Gen|Hon|Esq|vs|al|approx|Bros|"
    r"Ph\.D|M\.D|U\.S|N\.A|L\.P|L\.L\.C|S\.A|N\.V|p\.m|a\.m|i\.e|e\.g|D\.C)|\b[A-Z])\.$"
)
NAME_FOLLOWS = re.compile(r"\b(?:Mr|Mrs|Ms|Messrs|Mses|Dr|Prof|St|Gen|Hon|No|Nos)\.$")
OPENS = re.compile(
    r"(?:The|On|In|At|As|He|She|His|Her|They|This|These|There|It|Its|Mr|Mrs|Ms|Messrs|Dr|Effective|Pursuant|Also|Prior|"
    r"Following|Since|From|Upon|Under|Each|A|An|For|With|Before|After|Additionally|Subject|Such|During|Most|Until)\b"
)
END = re.compile(r"[.!?][”\"’')]*(?=\s+[\"“(‘]?[A-Z0-9•])")
TERMINAL = re.compile(r"[.!?:;][”\"’')]*\s*$")
CARRIES_ON = re.compile(
    r"(?:,|\b(?:of|and|or|the|a|an|to|as|for|in|on|by|with|from|at|that|which|certain|its|form)|\$|-)\s*$",
    re.IGNORECASE,
)
HARD_WRAP = 100
LONGEST = 2_500


@dataclass(frozen=True)
class Sentence:
    """A sentence: its slice [start, end) of the document's text, and the filing item it stands under."""

    start: int
    end: int
    text: str
    line: int
    item: str
    heading: bool = False
    block: int = 0


def sentences(document: Document) -> list[Sentence]:
    """Every sentence of the filing's body, in order."""
    found: list[Sentence] = []
    for number, block in enumerate(_blocks(document)):
        start, end = block[0].start, block[-1].end
        words = document.text[start:end]
        heading = len(words) < 150 and not TERMINAL.search(words)
        for left, right in _cuts(words):
            place = start + left
            line = document.line_at(place)
            found.append(
                Sentence(place, start + right, words[left:right], line.number, block[0].item or "", heading, number)
            )
    return found


def _blocks(document: Document) -> Iterator[list[Line]]:
    """Lines that belong together: a paragraph."""
    wrapped = _is_wrapped(document)
    block: list[Line] = []
    gap = False
    for line in document.lines:
        words = document.words(line)
        if line.kind is not LineKind.body or not words.strip():
            gap = gap or (wrapped and line.kind is LineKind.body)
            continue
        if block and (line.item != block[-1].item or not _joins(document.words(block[-1]), words, wrapped and not gap)):
            yield block
            block = []
        block.append(line)
        gap = False
    if block:
        yield block


def _is_wrapped(document: Document) -> bool:
    """Whether the text was broken into lines of a fixed width, as in plain text filings."""
    lengths = [line.end - line.start for line in document.lines if line.item and line.end > line.start]
    long = [line for line in document.lines if line.item and line.end - line.start > 55]
    broken = sum(not TERMINAL.search(document.words(line)) for line in long)
    return bool(lengths) and max(lengths) <= HARD_WRAP and len(long) * 4 > len(lengths) and broken >= 3


def _joins(before: str, after: str, wrapped: bool) -> bool:
    """Whether a line goes on in the next one."""
    if ABBREVIATED.search(before.rstrip()) and NAME_FOLLOWS.search(before.rstrip()):
        return True
    if wrapped:
        return True
    if "\t" in before or "\t" in after or TERMINAL.search(before):
        return False
    return bool(after[:1].islower() or CARRIES_ON.search(before))


def _cuts(words: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences in a paragraph."""
    begin = 0
    for found in END.finditer(words):
        if found.start() < begin or not _ends(words, found):
            continue
        yield from _bounded(words, begin, found.end())
        begin = found.end() + len(words[found.end() :]) - len(words[found.end() :].lstrip())
    if words[begin:].strip():
        yield from _bounded(words, begin, len(words))


def _bounded(words: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """One sentence, cut at semicolons where it is longer than anybody writes."""
    if end - begin <= LONGEST:
        yield begin, end
        return
    for piece in re.finditer(r"[^;]{1,2500}(?:;|$)?", words[begin:end]):
        yield begin + piece.start(), begin + piece.end()


def _ends(words: str, found: re.Match[str]) -> bool:
    until = words[max(0, found.start() - 12) : found.start() + 1]
    if not ABBREVIATED.search(until):
        return True
    if NAME_FOLLOWS.search(until):
        return False
    return bool(OPENS.match(words[found.end() :].lstrip().lstrip('“"(‘')))
