"""Plain text: notes, minutes, transcripts and mails as people paste them."""

from pipeline.formats import Format, Reading, decode, prose, text_lines
from pipeline.formats._encoding import MAGIC, MARKS
from pipeline.records import Document, SourceKind


def sniff(data: bytes, filename: str | None) -> float:
    """Anything that is not known to be binary may be plain text, but every other format goes first."""
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in MARKS):
        return 0.1
    if any(len(magic) > 2 and head.startswith(magic) for magic, _ in MAGIC):
        return 0.0
    return 0.2 if filename and filename.lower().endswith(FORMAT.suffixes) else 0.1


def read(data: bytes, _filename: str | None) -> Document:
    """A note unless its shape says otherwise. Raises Unreadable, EmptyText."""
    reading = Reading(lines=text_lines(decode(data)))
    return prose(reading, FORMAT.name, SourceKind.note)


FORMAT = Format("text", (".txt", ".text", ".log", ".note"), sniff, read, direct_bytes=8_000_000)
