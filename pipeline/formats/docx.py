"""Word documents (.docx): paragraphs and tables in order, headers, footnotes and comments; deleted text left out."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pipeline.errors import TooLarge, Unreadable
from pipeline.formats import Draft, Format, Losses, Reading, prose
from pipeline.language.written import first_day
from pipeline.records import Document, LineKind, SourceKind

MOST_UNPACKED = 300_000_000
MOST_PART = 120_000_000
MOST_PARTS = 5_000
MOST_RATIO = 250
MAIN = "word/document.xml"
# In the order they are read; what stands in a page's head or foot is repeated on each page.
PARTS = (
    (re.compile(r"word/header\d*\.xml"), LineKind.boilerplate),
    (re.compile(r"word/document\.xml"), LineKind.body),
    (re.compile(r"word/(?:footnotes|endnotes)\.xml"), LineKind.body),
    (re.compile(r"word/comments\.xml"), LineKind.quoted),
    (re.compile(r"word/footer\d*\.xml"), LineKind.boilerplate),
)
GONE = frozenset({"del", "moveFrom", "Fallback"})
BROKEN = frozenset({"br", "cr"})


def sniff(data: bytes, filename: str | None) -> float:
    """A zip archive that names Word's main part near its end or its beginning."""
    if data[:4] != b"PK\x03\x04":
        if data[:4] == b"\xd0\xcf\x11\xe0" and filename and filename.lower().endswith(FORMAT.suffixes):
            return 0.5  # Word wraps an encrypted document in its old container
        return 0.0
    if b"word/document" in data[:4096] or b"word/document" in data[-65_536:] or b"word/" in data[:400_000]:
        return 0.95
    return 0.3 if filename and filename.lower().endswith(FORMAT.suffixes) else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """A document unless its words look like a note, mail or talk. Raises Unreadable, TooLarge, EmptyText."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable("the document is protected by a password; save it without one")
    with _opened(data) as archive:
        reading = Reading()
        for name, kind in _parts(archive):
            root = _parsed(archive, name)
            drafts = list(_comments(root)) if name == "word/comments.xml" else list(_lines(root, reading.losses, kind))
            reading.lines += drafts
        _properties(archive, reading)
    return prose(reading, FORMAT.name, SourceKind.document)


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive, refused before anything is unpacked when it would grow too large."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise Unreadable("its zip archive is damaged") from None
    if len(entries) > MOST_PARTS:
        raise TooLarge(f"it is made of {len(entries):,} parts, the limit is {MOST_PARTS:,}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or any(
        entry.file_size > MOST_PART or entry.file_size > MOST_RATIO * (entry.compress_size + 4_000) for entry in entries
    ):
        raise TooLarge(
            f"it unpacks to {unpacked / 1e6:,.0f} MB from {len(data) / 1e6:,.1f} MB; it may be made to do harm"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("the document is protected by a password; save it without one")
    return archive


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, LineKind]]:
    names = sorted(archive.namelist())
    if MAIN not in names:
        raise Unreadable("the zip archive holds no Word document")
    for pattern, kind in PARTS:
        yield from ((name, kind) for name in names if pattern.fullmatch(name))


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "unknown error" in str(error):
            raise MemoryError from None  # what libxml2 says when it gets no more
        raise Unreadable(f"its part {name} is damaged ({str(error)[:80]})") from None
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, KeyError):
        raise Unreadable(f"its part {name} is damaged") from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Unreadable(f"its part {name} is damaged") from None
        raise


def _lines(root: Any, losses: Losses, kind: LineKind) -> Iterator[Draft]:
    """A line for each paragraph and each row of a table, line breaks inside a paragraph kept."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name == "p":
            if kind is LineKind.body or _words(element, losses).strip():
                yield Draft(_words(element, losses), kind)
        elif name == "tr":
            yield Draft("\t".join(_cell(cell, losses) for cell in element if _local(cell) == "tc").rstrip("\t"), kind)
        elif name in GONE:
            losses.add("deleted text", "".join(element.itertext()))
        elif isinstance(element.tag, str):
            stack.extend(reversed(element))


def _cell(cell: Any, losses: Losses) -> str:
    words = (_words(paragraph, losses) for paragraph in cell.iter() if _local(paragraph) == "p")
    return " ".join(" ".join(filter(None, (one.strip() for one in words))).split())


def _words(paragraph: Any, losses: Losses) -> str:
    """The visible words of a paragraph. Tracked deletions and hidden text are left out and counted."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name in GONE or (name == "r" and _vanished(element)):
            lost = "".join(one.text or "" for one in element.iter() if _local(one) in {"t", "delText"})
            if lost.strip():
                losses.add("hidden text" if name == "r" else "deleted text", lost)
        elif name == "t":
            parts.append(element.text or "")
        elif name in BROKEN:
            parts.append("\n" if element.get(_type(element)) != "page" else "")
        elif name == "tab":
            parts.append("\t")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif name == "drawing" and not any(_local(one) == "t" for one in element.iter()):
            losses.add("images")
        elif name not in {"pPr", "rPr"} and isinstance(element.tag, str):
            stack.extend(reversed(element))
    return "".join(parts)


def _type(element: Any) -> str:
    return f"{{{element.tag.partition('}')[0].lstrip('{')}}}type"


def _vanished(run: Any) -> bool:
    for properties in run:
        if _local(properties) == "rPr":
            for one in properties:
                if _local(one) in {"vanish", "webHidden"}:
                    return next((value for key, value in one.attrib.items() if key.endswith("val")), "1") not in {
                        "0",
                        "false",
                    }
    return False


def _comments(root: Any) -> Iterator[Draft]:
    """Remarks in the margin: their own author and day."""
    for comment in root:
        author = next((value for key, value in comment.attrib.items() if key.endswith("author")), None)
        written = next((value for key, value in comment.attrib.items() if key.endswith("}date")), "")
        losses = Losses()
        for paragraph in comment.iter():
            if _local(paragraph) == "p" and (words := _words(paragraph, losses)).strip():
                yield Draft(words, LineKind.quoted, author, first_day(written[:10]))


def _properties(archive: zipfile.ZipFile, reading: Reading) -> None:
    """Title and author as the document's own properties tell them; their dates are of the file, not of a meeting."""
    if "docProps/core.xml" not in archive.namelist():
        return
    try:
        root = _parsed(archive, "docProps/core.xml")
    except Unreadable:
        return
    found = {_local(element): (element.text or "").strip() for element in root}
    reading.title = found.get("title") or None
    reading.attributes["file_author"] = found.get("creator", "")[:200]
    reading.attributes["file_created"] = found.get("created", "")[:10]


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


FORMAT = Format("docx", (".docx", ".docm", ".dotx"), sniff, read)
