"""A document as paragraphs, bullets and sentences, each with its offsets, its heading and who says it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.proposers.rules.tokens import Sentence
from pipeline.records import Document, Line, LineKind, SourceKind

BULLET = re.compile(r"^\s*(?:>\s*)?((?:[-*•·–+o]|\d{1,2}[.)]|\[[ xX✓✔]?\]|[☐☑✅□■])\s+(?:\[[ xX✓✔]?\]\s*)?|\|)")
HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+(?P<hash>.+?)|[=*_~-]{2,}\s*(?P<rule>[^=*_~|-][^=*|]{2,60}?)\s*[=*_~-]{2,}:?"
    r"|(?P<colon>[^.!?:|>]{2,50}):|(?P<title>[^\W\d_](?:[^\W_]|[ '&/,–-]){2,48}))\s*$"
)
HIDDEN = re.compile(
    r"^[> \t]*```.*?^[> \t]*```[^\n]*$|<!--.*?(?:-->|\Z)|^[^\n~]{0,16}~~[^~\n]+~~[ \t]*$", re.DOTALL | re.MULTILINE
)
"""Code, remarks of mark-up, and lines struck out: nobody's talk."""
FENCE = re.compile(r"^\s*(?:[-=_*~]{3,}|```.*)\s*$")
STAMP = re.compile(
    r"^\s*(?:\[?\d{4}-\d\d-\d\d[T ,]+)?\[?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]m)?\]?\s*[-–:]?\s+", re.IGNORECASE
)
BREAK = re.compile(r"(?<=[.!?…。！？])[\"”'’»)\]]*\s+|(?<=[。！？])|\s+(?=\(P\.?S\.?)|;\s+")
NUMBERED = frozenset(["no", "nr"])
"""Short forms only before a number: "no. 7"; else "no." ends a sentence."""
SENDER = re.compile(r"^(?:From|Von|De|Da):[ \t]*\"?([^<\n\"]+)", re.MULTILINE)
DAY_MONTH = re.compile(r"\d{1,2}\.\d{1,2}")
LAST_WORD = re.compile(r"([\w.'’]+)\.[\"”'’»)\]]*\s*$")


@dataclass
class _Block:
    """Lines that belong together: a paragraph, one bullet, one turn."""

    lines: list[Line]
    heading: str
    bullet: str
    number: int
    level: int = 0


def sentences(
    document: Document,
    abbreviations: set[str],
    forwards: set[str],
    months: set[str] = frozenset(),  # type: ignore[assignment]
) -> list[Sentence]:
    """The sentences of the lines that count, in order. Offsets point into `document.text`.

    Of the mails below the newest one only the topmost counts, and only when it was forwarded (one of the words
    `forwards` stands above it, or in the subject): a reply carries older mails that its writer has answered.
    """
    found: list[Sentence] = []
    writer = (_head(document) or document.author) if document.kind is SourceKind.email else None
    for block in _blocks(document, _counting(document, forwards)):
        for start, end in _split(document.text, block, abbreviations, months):
            line = document.line_at(start)
            text = document.text[start:end]
            if not any(map(str.isalnum, text)):
                continue
            speaker = line.speaker or (_sender(document, line) if line.kind is LineKind.quoted else None) or writer
            sentence = Sentence(text, start, end, line, block.number, speaker, line.said_on, block.heading)
            sentence.bullet, sentence.number = block.bullet, len(found)
            found.append(sentence)
    return found


def _head(document: Document) -> str | None:
    """Who sent a mail, by its own head: whoever filed it may be named as its author."""
    headed = [line for line in document.lines if line.kind is LineKind.header]
    found = SENDER.search(document.text, headed[0].start, headed[-1].end) if headed else None
    return found.group(1).strip() if found else None


def _sender(document: Document, line: Line) -> str | None:
    """Who wrote a forwarded mail: the name in the nearest "From:" line above."""
    found = SENDER.findall(document.text, 0, line.start)
    return found[-1].strip() if found else None


def _counting(document: Document, forwards: set[str]) -> list[Line]:
    """The body lines, and those of a mail forwarded with them."""
    hidden = [(match.start(), match.end()) for match in HIDDEN.finditer(document.text)]
    counting = [
        line
        for line in document.lines
        if line.kind is LineKind.body and not any(start <= line.start < end for start, end in hidden)
    ]
    if document.kind is not SourceKind.email:
        return counting
    quoted = next(
        (line for line in document.lines if line.kind is LineKind.quoted and document.words(line).strip()), None
    )
    if quoted is None:
        return counting
    above = document.text[max(0, quoted.start - 400) : quoted.start].lower() + " " + (document.title or "").lower()[:8]
    if not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", above) for word in forwards):
        return counting
    topmost = [
        line
        for line in document.lines
        if line.kind is LineKind.quoted
        and line.number >= quoted.number
        and (line.speaker, line.said_on) == (quoted.speaker, quoted.said_on)
        and not document.words(line).lstrip().startswith(">")
    ]
    return sorted(counting + topmost, key=lambda line: line.number)


def _blocks(document: Document, body: list[Line]) -> Iterator[_Block]:
    width = _wrap_width(body)
    heading, number, current = "", 0, None
    previous: Line | None = None
    before: Line | None = None
    for line in body:
        words = document.words(line)
        apart = (
            previous is None or previous.kind != line.kind or document.text[previous.end : line.start].count("\n") > 1
        )
        if not words.strip() or FENCE.match(words):
            if current:
                yield current
            current, previous = None, None
            number += 1
            continue
        follows = next((document.words(each) for each in body if each.number == line.number + 1), "")
        titled = _heading(document, line, words, current is None or apart, bool(BULLET.match(follows)))
        joins = current is not None and not apart and not titled and _joins(document, current, line, words, width)
        if current and not joins:
            yield current
            current = None
        if titled is not None:
            heading = titled
            number += 1
            yield _Block([line], titled, "heading", number)
        elif joins and current:
            current.lines.append(line)
        else:
            bullet = BULLET.match(words)
            if apart or not bullet:
                number += 1
            listed = current is None and before is not None and bool(BULLET.match(document.words(before)))
            heading = "" if apart and not bullet and heading and (listed or _over(document, heading)) else heading
            current = _Block([line], heading, bullet.group(1).strip() if bullet else "", number)
        previous = before = line
    if current:
        yield current


def _over(document: Document, heading: str) -> bool:
    """Whether a heading no longer counts: a colon heading rules until the next blank line."""
    return document.kind is not SourceKind.transcript and heading.endswith(":")


def _wrap_width(body: list[Line]) -> int:
    """The width at which the writer's mail program broke the lines, or 0."""
    widest = max((line.end - line.start for line in body), default=0)
    return widest if 50 <= widest <= 100 else 0


def _joins(document: Document, block: _Block, line: Line, words: str, width: int) -> bool:
    before = block.lines[-1]
    if line.cue is not None or document.kind is SourceKind.transcript:
        return line.speaker == before.speaker and line.speaker is not None
    if BULLET.match(words) or STAMP.match(words) or not width:
        return False
    said = document.words(before)
    return len(said) + 1 + len(words.split(maxsplit=1)[0]) > width and not said.rstrip().endswith((".", "!", "?", ":"))


def _heading(document: Document, line: Line, words: str, fresh: bool, leads: bool) -> str | None:
    if document.kind is SourceKind.transcript or line.kind is LineKind.signature or BULLET.match(words):
        return None
    found = HEADING.match(words)
    if not found:
        return None
    if found.group("title"):
        return words.strip() if fresh and _titled(found.group("title"), leads) else None
    if found.group("colon"):
        return words.strip()
    return (found.group("hash") or found.group("rule") or "").strip(" *_") or None


def _titled(title: str, leads: bool) -> bool:
    """Whether a short line alone is a heading: few words, with a capital or with bullets below (`leads`)."""
    return len(title.split()) <= 6 and (title[:1].isupper() or leads) and not title.rstrip().endswith(",")


def _split(text: str, block: _Block, abbreviations: set[str], months: set[str]) -> Iterator[tuple[int, int]]:
    start, end = block.lines[0].start, block.lines[-1].end
    label = block.lines[0].speaker and re.match(
        rf"\s*(?:\[[^\]]*\]\s*|\d[\d:.]*\s+)?{re.escape(block.lines[0].speaker)}[^:\n]{{0,20}}:\s*", text[start:end]
    )
    start += label.end() if label else 0
    words = text[start:end]
    lead = BULLET.match(words)
    if lead and lead.group(1) != "|":
        start += lead.end()
    lead = STAMP.match(text[start:end])
    if lead:
        start += lead.end()
    if block.bullet == "|":
        yield start, end
        return
    at = start
    for match in BREAK.finditer(text, start, end):
        if _real_break(text[at : match.start()], text[match.end() : end], match.group(), abbreviations, months):
            yield from _trimmed(text, at, match.start() if match.group().strip() == ";" else match.end())
            at = match.end()
    yield from _trimmed(text, at, end)


def _real_break(before: str, after: str, mark: str, abbreviations: set[str], months: set[str]) -> bool:
    if ";" in mark:
        return True
    last = LAST_WORD.search(before)
    if last is None:
        return True
    word = last.group(1).lower()
    if word in NUMBERED and not after[:1].isdigit():
        return True
    if word.isdigit() and len(word) <= 2 and after.split(" ", 1)[0].strip(",.").lower() in months:
        return False
    if (DAY_MONTH.fullmatch(word) or (word.isdigit() and len(word) <= 2)) and after[:1].islower():
        return False
    if word in abbreviations or (len(word) == 1 and word.isalpha()):
        return False
    if word.isdigit() and len(word) <= 2 and after[:1].isalpha() and before.strip() == last.group(0).strip():
        return False
    return not (
        word.isdigit()
        and len(word) <= 2
        and after[:1].isupper()
        and before.rstrip().endswith(word + ".")
        and "." in abbreviations
    )


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end
