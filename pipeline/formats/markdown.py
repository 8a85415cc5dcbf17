"""Markdown: kept as written, signs and all, so that quotes stay verbatim; the first heading is the title."""

import re

from pipeline.formats import Format, Reading, decode, prose, text_lines
from pipeline.records import Document, SourceKind

SIGNS = re.compile(rb"^(?:#{1,6} \S|[-*] \[[ xX]\] |\|.+\|\s*$|```|> )|\*\*[^*\n]{1,80}\*\*|\]\(https?:", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
FRONT_FIELD = re.compile(r"^([A-Za-z][\w -]{0,30}):\s*(.*)$")


def sniff(data: bytes, filename: str | None) -> float:
    """Headings, task lists, tables, links and bold words; one such sign is enough when the name says Markdown."""
    signs = len(SIGNS.findall(data[:20_000]))
    if filename and filename.lower().endswith(FORMAT.suffixes):
        return 0.3
    return 0.25 if signs >= 3 and re.search(rb"^#{1,6} \S", data[:20_000], re.MULTILINE) else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """A note unless its shape says otherwise. Raises Unreadable, EmptyText."""
    reading = Reading(lines=text_lines(decode(data)))
    reading.title = next((found[1] for line in reading.lines if (found := HEADING.match(line.words[:300]))), None)
    return prose(reading, FORMAT.name, SourceKind.note)


FORMAT = Format("markdown", (".md", ".markdown", ".mdown"), sniff, read, direct_bytes=8_000_000)
