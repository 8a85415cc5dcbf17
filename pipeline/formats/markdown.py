"""Markdown: kept as written, signs and all, so that quotes stay verbatim; a title by its head or first heading."""

import re

from pipeline.formats import Format, Reading, decode, prose, text_lines
from pipeline.records import Document, SourceKind

SIGNS = re.compile(rb"^(?:#{1,6} \S|[-*] \[[ xX]\] |\|.+\|\s*$|```|> )|\*\*[^*\n]{1,80}\*\*|\]\(https?:", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
UNDERLINE = re.compile(r"^={2,}\s*$")
FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
RULE = "---"
FRONT_LINES = 60
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
    reading.title = _title([line.words[:300] for line in reading.lines])
    return prose(reading, FORMAT.name, SourceKind.note)


def _title(lines: list[str]) -> str | None:
    """The title that the file's head tells, else the first heading that is not in a block of code."""
    start = 0
    if lines and lines[0].strip() == RULE and RULE in map(str.strip, lines[1:FRONT_LINES]):
        start = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == RULE) + 1
        for line in lines[1:start]:
            if (field := FRONT_FIELD.match(line)) and field[1].casefold() == "title":
                return field[2].strip().strip("\"'") or None
    fence = ""
    for line, below in zip(lines[start:], [*lines[start + 1 :], ""], strict=True):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and (found := HEADING.match(line)):
            return found[1]
        elif not fence and line.strip() and UNDERLINE.match(below):
            return line.strip()
    return None


FORMAT = Format("markdown", (".md", ".markdown", ".mdown"), sniff, read, direct_bytes=8_000_000)
