"""The executives that an annual report or proxy lists: a table, a list with ages, or failing these the signatures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.proposers.rules.filings import titles
from pipeline.proposers.rules.filings.knowledge import table, words
from pipeline.proposers.rules.filings.marking import MONTHS
from pipeline.records import Document, Line, LineKind

NAME = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Hon|Sir|Gen|Adm|Prof)\.?\s+)?"
    r"(?P<name>[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:[A-ZÀ-Þ][\w’'.-]*|[“\"(][A-ZÀ-Þ]\w+[”\")]|(?:de|del|della|der|den|di|da|dos|du|van|von|la|le|el|bin)(?=\s))){1,5}"
    r"(?:,?\s+(?:Jr|Sr|II|III|IV|Ph\.?\s?D|M\.?\s?D|Esq|CPA|CFA|J\.?D)\b\.?){0,2})"
)
AGE = re.compile(r"\W{0,3}(?:\(?\s*(?:age[sd]?:?\s*)?(?P<age>[2-9]\d)\s*\)?)(?!\d|%)(?=\W|$)", re.IGNORECASE)
NOTE = re.compile(r"\s*(?:\(\w{1,2}\)|\[\w{1,2}\]|[*†‡]+)\s*")
SUFFIX = re.compile(r",?\s+(?:Jr|Sr|II|III|IV)\b\.?")
SIGNED = re.compile(r"^\W*(?:By:?\s*)?\W*/s/\s*", re.IGNORECASE)
BY = re.compile(r"^\s*By:?\s*|^\s*(?:Name|Title):\s*", re.IGNORECASE)
SINCE = re.compile(
    r"\s*(?:[,;(–—-]\s*)?\b(?:since|from|effective|prior\s+to|previously|formerly|until|joined|age)\b.*$|\s*\b(?:19|20)\d\d\b.*$|\s*;\s*(?:and\s+)?(?:formerly|previously).*$",
    re.IGNORECASE | re.DOTALL,
)
MONTH_END = re.compile(rf"\s*\(?\b(?:{MONTHS})\b\W*$")
SERVES = re.compile(
    r"^\W*(?:(?:has|is|was|Mr|Ms|Mrs|Dr)\b\.?\s+(?:\w+\s+)?)?(?:(?:has\s+)?(?:served|been|serves|is|became|was\s+\w+)\s+)(?:as\s+)?(?:the\s+|our\s+|an?\s+)?(?:Company[’']s\s+)?"
)
NUMBER = re.compile(r"^\W*\d[\d,./%]*\W*$")
FEWEST, NEAR = 3, 6
LONGEST_NAME_LINE = 300


@dataclass(frozen=True)
class Row:
    """One person of a list: where name and title stand, by the numbers of their lines."""

    person: str
    title: str
    first: int
    last: int
    aged: bool = False
    signed: bool = False


def roster(document: Document) -> list[Row]:
    """The best list there is: executives with titles before signatures; each person once."""
    lines = [line for line in document.lines if line.kind is LineKind.body and line.end > line.start]
    begin = next((at for at, line in enumerate(lines) if line.item), 0)
    rows = list(_rows(document, lines[begin:]))
    signed = [row for row in rows if row.signed]
    lists = [_once(run) for run in _runs(document, [row for row in rows if not row.signed])]
    good = [run for run in lists if len(run) >= FEWEST and _worth(document, run)]
    if good:
        return max(good, key=lambda run: (_worth(document, run), len(run)))
    return _once(signed) if len(signed) >= 2 else []


def _rows(document: Document, lines: Sequence[Line]) -> Iterator[Row]:
    """Every line that names a person with a title, alone or with the lines that follow."""
    at = 0
    while at < len(lines):
        row, used = _row(document, lines, at)
        if row:
            yield row
        at += used


def _row(document: Document, lines: Sequence[Line], at: int) -> tuple[Row | None, int]:
    text = document.words(lines[at])
    if (not text[:1].strip() and not text.strip()) or (len(text) > LONGEST_NAME_LINE and not AGE.search(text[:80])):
        return None, 1
    signed = SIGNED.search(text) is not None
    cells = [cell.strip() for cell in BY.sub("", SIGNED.sub("", text)).split("\t") if cell.strip()]
    if not cells:
        return None, 1
    found = _named(cells[0])
    if not found:
        return None, 1
    name, rest = found
    aged = bool(AGE.match(rest)) or any(NUMBER.match(cell) and AGE.fullmatch(cell) for cell in cells[1:3])
    title = _in_cells(AGE.sub("", rest, count=1) if AGE.match(rest) else rest, cells[1:], signed)
    last = at
    if not title and len(cells) <= 2:
        title, last = _below(document, lines, at, name, signed, aged)
    if not title:
        return None, 1
    inside = lines[at].item == "signatures"
    return Row(name, title, lines[at].number, lines[last].number, aged, signed or inside), last - at + 1


def _named(cell: str) -> tuple[str, str] | None:
    """The name a cell begins with, and what follows it."""
    found = NAME.match(NOTE.sub(" ", cell).strip())
    if not found:
        return None
    text = NOTE.sub(" ", cell).strip()
    pieces: list[str] = []
    for piece in found["name"].split():
        bare = piece.strip(".,;:()“”\"'’").lower()
        if bare in words("never_names") and not re.fullmatch(r"[A-Z]\.", piece):
            break
        pieces.append(piece)
        if piece.endswith(",") or re.search(r"[’']s$", piece):
            break
    # A name printed twice, as signed and as typed, is one.
    half = len(pieces) // 2
    lowered = [piece.lower().rstrip(".,") for piece in pieces]
    if len(pieces) >= 4 and len(pieces) % 2 == 0 and lowered[:half] == lowered[half:]:
        pieces = pieces[half:]
        start = text.find(pieces[0], len(pieces[0]))
        text = text[start:] if start > 0 else text
    if len(pieces) < 2 or len(pieces[-1].strip(".,")) < 2:
        return None
    name = " ".join(pieces).rstrip(",;:")
    place = re.search(r"\s+".join(map(re.escape, pieces)), text)
    rest = text[place.end() :] if place else ""
    suffix = SUFFIX.match(rest)
    if suffix:
        name, rest = f"{name}{',' * pieces[-1].endswith(',')}{suffix.group()}", rest[suffix.end() :]
    if rest[:1].islower() or re.match(r"\s+(?:Inc|LLC|Corp|LLP|L\.P|Plan|Fund|Trust|Company)\b", rest):
        return None
    return name, rest


def _in_cells(rest: str, cells: Sequence[str], signed: bool) -> str | None:
    """The title behind the name, or in one of the other cells."""
    behind = rest.strip(" ,;:-–—\t")
    if behind:
        found = _title(behind, signed)
        if found:
            return found
    for cell in cells:
        found = None if NUMBER.match(cell) else _title(cell, signed)
        if found:
            return found
    return None


def _below(
    document: Document, lines: Sequence[Line], at: int, name: str, signed: bool, aged: bool
) -> tuple[str | None, int]:
    """The title on the lines under a name, the name once more and an age left out."""
    for place in range(at + 1, min(at + 4, len(lines))):
        text = BY.sub("", document.words(lines[place])).strip()
        cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
        if not cells or SIGNED.search(text):
            break
        again = _named(cells[0])
        if again and _alike(again[0], name):
            title = _in_cells(again[1], cells[1:], signed)
            if title:
                return title, place
            continue
        if all(NUMBER.match(cell) or AGE.fullmatch(cell) for cell in cells):
            continue
        if not (signed or aged) and len(text) > 160:
            break
        title = _title(cells[0], signed)
        return title, place if title else at
    return None, at


def _title(text: str, whole: bool) -> str | None:
    """The words as a title when they begin with one."""
    plain = SERVES.sub("", NOTE.sub(" ", text).strip(" ,;:-–—"))
    found = titles.grammar().match(plain) or re.match(r"(?i:director|trustee|advisory\s+director|member)\b", plain)
    if not found:
        return None
    kept = (
        plain if len(plain) < 260 and not re.search(r"[.]\s+[A-Z]", plain) else plain[: _sentence(plain, found.end())]
    )
    kept = MONTH_END.sub("", SINCE.sub("", kept)) if not whole else re.sub(r"\s+\w+\s+\d{1,2},\s+\d{4}$", "", kept)
    kept = kept.strip(" ,;:-–—(.")
    return kept if kept and len(kept) < 260 else None


def _sentence(text: str, end: int) -> int:
    stop = re.search(r"[.](?=\s+[A-Z]|$)", text[end:])
    return end + stop.start() if stop and stop.start() < 200 else end


def _alike(one: str, other: str) -> bool:
    a, b = one.lower().split(), other.lower().split()
    return a[-1].strip(".,") == b[-1].strip(".,") and a[0][:1] == b[0][:1]


def _heading(words: str) -> bool:
    """Whether a line is the heading of another list."""
    return len(words) < 90 and not words.rstrip().endswith((".", ";")) and bool(re.search(_cue("headings"), words))


def _runs(document: Document, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that stand near each other, under one heading."""
    run: list[Row] = []
    for row in rows:
        between = document.lines[run[-1].last : row.first - 1] if run else ()
        headed = any(_heading(document.words(line)) for line in between)
        if run and (headed or row.first - run[-1].last > NEAR):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _worth(document: Document, run: Sequence[Row]) -> int:
    """How surely a run is the executive list: it has titles beyond "Director", a heading before it, ages."""
    officers = sum(not re.match(r"(?i)(?:\w+\s+)?(?:director|trustee|member)\b", row.title) for row in run)
    if officers * 2 < len(run):
        return 0
    first = run[0].first
    before = " ".join(document.words(line) for line in document.lines[max(0, first - 7) : first - 1])[-1200:]
    headed = bool(
        re.search(_cue("headings"), before)
        or any(
            re.search(_cue("headings"), document.words(line)) for line in document.lines[max(0, first - 7) : first - 1]
        )
    )
    cells = [
        cell for line in document.lines[max(0, first - 4) : first - 1] for cell in document.words(line).split("\t")
    ]
    tabled = any(re.search(_cue("name_cells"), cell) for cell in cells) and any(
        re.search(_cue("other_cells"), cell) for cell in cells
    )
    aged = sum(row.aged for row in run) * 2 >= len(run)
    return 4 * headed + 2 * tabled + 3 * aged


def _cue(name: str) -> str:
    return re.sub(r"(?<=\|)\s+", "", str(table("roster")[name]).strip())


def _once(rows: Sequence[Row]) -> list[Row]:
    """Each person once, the first row that tells a title."""
    kept: list[Row] = []
    for row in rows:
        if not any(_alike(row.person, other.person) for other in kept):
            kept.append(row)
    return kept
