"""Bytes to characters: byte order marks, UTF-8, UTF-16 without a mark, and what charset-normalizer says otherwise."""

import codecs
import re

from pipeline.errors import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of files that are no text, with what to call them.
MAGIC = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BM", "an image"),
    (b"II*\x00", "an image"),
    (b"RIFF", "a sound, film or image"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"fLaC", "a sound recording"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\xfd7zXZ", "a compressed archive"),
    (b"\x28\xb5\x2f\xfd", "a compressed archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls, .msg); save it in the newer form"),
    (b"SQLite format 3", "a database"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "rich text (.rtf); save it as .docx"),
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
PROBE = 200_000
"""How much of a text is looked at to guess its encoding."""


def decode(data: bytes, declared: str | None = None) -> str:
    """The characters of a text file. `declared`: the charset its envelope names, tried after UTF-8 and the marks.

    Raises Unreadable for what is no text: a known binary file, or one with too many control characters.
    """
    refuse_binary(data)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(name, "replace"))
    wide = _wide(data)
    if wide:
        return _checked(data.decode(wide, "replace"))
    for candidate in ("utf-8", declared):
        text = _strict(data, candidate)
        if text is not None:
            return _checked(text)
    return _checked(_guessed(data))


def refuse_binary(data: bytes) -> None:
    """Raises Unreadable when the first bytes are those of a file that holds no text."""
    for magic, what in MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:512]):
            raise Unreadable(f"the file is {what}")
    if data[4:8] == b"ftyp":
        raise Unreadable("the file is a film or sound recording")


def _strict(data: bytes, name: str | None) -> str | None:
    if not name:
        return None
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in every other byte."""
    head = data[:2000]
    if len(head) < 8 or len(data) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even < 0.05 * len(head) / 2:
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and odd < 0.05 * len(head) / 2:
        return "utf-16-be"
    return None


def _guessed(data: bytes) -> str:
    """Windows-1252 is what most old notes are; another guess must be clearly better."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:PROBE], steps=5, chunk_size=1024).best()
    western = _strict(data, "cp1252")
    if best is None:
        return western if western is not None else data.decode("utf-8", "replace")
    if western is not None and _reads_western(western):
        return western
    return data.decode(best.encoding, "replace")


def _reads_western(text: str) -> bool:
    """Whether high characters stand singly inside words of letters, as accents, or as typographic signs."""
    high = [char for char in text[:PROBE] if char > "\x7f"]
    runs = re.findall("[\x80-\uffff]{3,}", text[:PROBE])
    letters = sum(char in "äöüÄÖÜßéèêëàâçñóòôõíìîïúùûåæøÅÆØÉáÁ’‘“”–—…€•£§°« »¿¡½·®™©" for char in high)
    return not runs and letters >= 0.7 * len(high)


def _checked(text: str) -> str:
    sample = text[:PROBE]
    strange = len(CONTROL.findall(sample)) + sample.count("\ufffd")
    if strange > 3 and strange > 0.02 * len(sample):
        raise Unreadable("the file is not a text (it is full of control or undecodable characters)")
    return text
