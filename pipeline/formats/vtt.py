"""WebVTT transcripts, as meeting tools export them: each cue a line, with its voice and time."""

from pipeline.formats import Draft, Format, Loose, Reading, blocks, cue_labels, decode, document, spoken
from pipeline.language.written import first_day
from pipeline.records import Document, LineKind, SourceKind

FRAGMENTS = ("STYLE", "REGION")


def sniff(data: bytes, _filename: str | None) -> float:
    """Every such file begins with its own name."""
    return 0.95 if b"WEBVTT" in data[:12] or "WEBVTT".encode("utf-16-le") in data[:24] else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """A transcript. Words of the head line and of notes are kept as header lines; a day in them dates the meeting."""
    reading = Reading()
    cues: list[Draft] = []
    for number, block in enumerate(blocks(decode(data))):
        if not isinstance(block, Loose):
            spoken_lines = spoken(block, reading.losses)
            cues += spoken_lines
            reading.lines += spoken_lines
        elif number == 0 and block.lines[0].lstrip("\ufeff").startswith("WEBVTT"):
            _head(reading, block.lines)
        elif block.lines[0].split(maxsplit=1)[:1] == ["NOTE"]:
            _note(reading, "\n".join(block.lines).removeprefix("NOTE").strip())
        elif block.lines[0].startswith(FRAGMENTS):
            reading.losses.add("style sheets", block.lines[0])
        else:
            reading.losses.add("lines without a time", " ".join(block.lines))
    cue_labels(cues)
    return document(reading, SourceKind.transcript, FORMAT.name)


def _head(reading: Reading, lines: tuple[str, ...]) -> None:
    title = lines[0].lstrip("\ufeff").removeprefix("WEBVTT").strip(" -–:\t")
    if title:
        _note(reading, title)
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if value and name.strip().isalpha():
            reading.attributes[name.strip().casefold()] = value.strip()[:200]
            reading.dated(first_day(value), f"the file's head: {line.strip()[:60]}")


def _note(reading: Reading, words: str) -> None:
    if not words:
        return
    reading.add(words, LineKind.header)
    reading.title = reading.title or words.splitlines()[0]
    reading.dated(first_day(words), f"a note in the file: {' '.join(words.split())[:80]}")


FORMAT = Format("vtt", (".vtt", ".webvtt"), sniff, read, direct_bytes=8_000_000)
