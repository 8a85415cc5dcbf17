"""Filings with the SEC: full submissions (.txt) and single pages, 8-K, 10-K, 10-Q, proxy statements and exhibits.

`Line.item` is the filing item a line stands under: "5.02", "1A", "II.1A" (the second part of a 10-Q), "signatures",
or for an exhibit its type, "EX-99.1". `attributes` has form, company, cik, accession, filed, report_date and event_date
(ISO days) and `items`, the items in order.
"""

import re

from pipeline.errors import Unreadable
from pipeline.formats import Draft, Format, Losses, Reading, decode, document, page, text_lines
from pipeline.formats.filing.cover import Cover, cover
from pipeline.formats.filing.envelope import Part, header, is_envelope, parts
from pipeline.formats.filing.items import itemised
from pipeline.records import Document, LineKind, SourceKind

COMMISSION = re.compile(rb"securities\s+and\s+exchange\s+commission", re.IGNORECASE)
FORM = re.compile(
    rb"\bform\s+(?:8|10|20|6)-?\s?[kqf]\b|\bschedule\s+14a\b|\bproxy statement\b|\bform\s+s-\d", re.IGNORECASE
)
INDEX_PAGE = re.compile(rb"\bform\s.{3,80}sec accession no", re.IGNORECASE)
MARKUP = re.compile(rb"<[^<>]{0,3000}>|&nbsp;|&#160;|&#xa0;|\xc2\xa0|\s+", re.IGNORECASE)
FURNITURE = re.compile(
    r"(?:table of contents|index to .{3,40}|(?:page\s)?[-–]?\s?[a-z]?-?\d{1,3}\s?[-–]?|back to (?:top|contents))",
    re.IGNORECASE,
)


def sniff(data: bytes, _filename: str | None) -> float:
    """An EDGAR envelope, the namespaces of inline XBRL filings, or the Commission's name on the first page."""
    if is_envelope(data[:20_000]):
        return 0.97
    head = data[:20_000]
    if b"xbrl.sec.gov/dei" in head or (b"2013/inlineXBRL" in head and b":dei=" in head):
        return 0.95
    begin = MARKUP.sub(b" ", data[:120_000])
    begin = re.sub(rb" {2,}", b" ", begin).lstrip()[:2_500]
    if INDEX_PAGE.search(begin):
        return 0.9
    named = COMMISSION.search(begin)
    return 0.9 if named and named.start() < 1_200 and FORM.search(begin) else 0.0


def read(data: bytes, filename: str | None) -> Document:
    """The filing with all its readable parts, the main one first. Raises Unreadable, EmptyText."""
    text = decode(data)
    reading = Reading()
    found = list(parts(text, reading.losses))
    if not found:
        raise Unreadable("the submission holds no readable part")
    about: Cover | None = None
    for number, part in enumerate(found):
        lines, facts = _lines(part, reading.losses)
        if number == 0:
            about = cover(lines, facts, header(text), part.type, filename)
        if number == 0 and not part.type.upper().startswith("EX"):
            lines = itemised(lines, about.form if about else None)
        else:
            _under(part, lines)
        reading.lines += lines
    assert about is not None
    _describe(reading, about)
    return document(reading, SourceKind.filing, FORMAT.name)


def _lines(part: Part, losses: Losses) -> tuple[list[Draft], dict[str, str]]:
    """The lines of a part and the facts its tags tell."""
    if not part.is_html:
        drafts = text_lines(part.text)
        facts: dict[str, str] = {}
    else:
        shown = page(part.text, losses, facts=True)
        drafts, facts = [Draft(block.words) for block in shown.blocks], shown.facts
    for draft in drafts:
        if FURNITURE.fullmatch(draft.words.strip()):
            draft.kind = LineKind.boilerplate
    return drafts, facts


def _under(part: Part, lines: list[Draft]) -> None:
    for line in lines:
        line.item = part.type


def _describe(reading: Reading, about: Cover) -> None:
    items = dict.fromkeys(line.item for line in reading.lines if line.item)
    reading.attributes = {
        "form": about.form or "",
        "company": about.company or "",
        "cik": about.cik or "",
        "accession": about.accession or "",
        "filed": about.filed.isoformat() if about.filed else "",
        "report_date": about.report_date.isoformat() if about.report_date else "",
        "event_date": about.event_date.isoformat() if about.event_date else "",
        "items": ", ".join(items),
    }
    reading.title = " ".join(filter(None, [about.company, about.form])) or None
    reading.dated(about.filed, "the filing's date in its envelope")
    reading.dated(about.signed, "the day it was signed, or that in the file's name")
    if about.form and about.form.startswith("8-K"):
        reading.dated(about.report_date, "the filing's date of report")


FORMAT = Format("filing", (".txt", ".htm", ".html", ".nc"), sniff, read, direct_bytes=1_000_000)
