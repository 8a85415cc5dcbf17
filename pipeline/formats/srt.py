"""SubRip subtitles: numbered cues with times and comma fractions."""

import re

from pipeline.formats import Format, Loose, Reading, blocks, cue_labels, decode, document, spoken
from pipeline.records import Document, SourceKind

CUE = re.compile(
    rb"^\s{0,3}\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->\s*\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{1,3}", re.MULTILINE
)


def sniff(data: bytes, _filename: str | None) -> float:
    """A cue's time near the beginning; the file of another tool that shows times is only a little less likely."""
    head = data[:4096].replace(b"\r", b"\n").replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if head[:6] == b"WEBVTT" or not CUE.search(head):
        return 0.0
    return 0.9 if re.match(rb"\s*\d{1,9}\s*\n", head) else 0.6


def read(data: bytes, _filename: str | None) -> Document:
    """A transcript: each cue a line. Raises Unreadable, EmptyText."""
    reading = Reading()
    for block in blocks(decode(data)):
        if isinstance(block, Loose):
            reading.losses.add("lines without a time", " ".join(block.lines))
        else:
            reading.lines += spoken(block, reading.losses)
    cue_labels(reading.lines)
    return document(reading, SourceKind.transcript, FORMAT.name)


FORMAT = Format("srt", (".srt",), sniff, read, direct_bytes=8_000_000)
