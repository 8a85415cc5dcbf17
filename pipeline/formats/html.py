"""Web pages and notes exported as HTML."""

import re

from pipeline.formats import Draft, Format, Losses, Reading, decode, page, prose
from pipeline.records import Document, SourceKind

TAGS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|ul|ol|h[1-6]|span|br|a\s|b>|i>|strong|em>|font|article|section)\b",
    re.IGNORECASE,
)
CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,60}encoding=[\"']([\w-]{2,30})", re.IGNORECASE
)


def sniff(data: bytes, filename: str | None) -> float:
    """An HTML head is certain; a few tags are enough when the name says so or the text begins with one."""
    head = data[:20_000].replace(b"\x00", b"")
    begin = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:600].lower()
    if begin.startswith((b"<!doctype html", b"<html")) or (begin.startswith(b"<?xml") and b"<html" in head.lower()):
        return 0.85
    tags = len(TAGS.findall(head))
    if tags >= 3 and (begin.startswith(b"<") or tags >= 20):
        return 0.6
    return 0.4 if tags and filename and filename.lower().endswith(FORMAT.suffixes) else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """A document unless its words look like a mail or a conversation. Raises Unreadable, EmptyText."""
    losses = Losses()
    shown = page(decode(data, declared(data)), losses)
    reading = Reading([Draft(block.words) for block in shown.blocks], title=shown.title, losses=losses)
    return prose(reading, FORMAT.name, SourceKind.document)


def declared(data: bytes) -> str | None:
    """The charset a page names in its head."""
    found = CHARSET.search(data[:4096])
    name = (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None
    return "cp1252" if name and name.lower() in {"iso-8859-1", "latin1", "us-ascii", "ascii"} else name


FORMAT = Format("html", (".html", ".htm", ".xhtml"), sniff, read, direct_bytes=1_000_000)
