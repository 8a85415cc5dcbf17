"""PDF files with a text layer: a page's lines joined to paragraphs, repeated page heads and feet set apart."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

from pipeline.errors import EmptyText, TooLarge, Unreadable
from pipeline.formats import LINE_END, Draft, Format, Reading, prose
from pipeline.records import Document, LineKind, SourceKind

MOST_PAGES = 1_000
PASSWORD = "the PDF is protected by a password; save it without one"  # noqa: S105 - a message
BULLET = re.compile(r"^\s*(?:[-*•·–▪◦●]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
PAGE_NUMBER = re.compile(
    r"^\s*(?:page|seite|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?\s*(?:(?:of|von|/)\s*\d{1,4})?\s*$", re.IGNORECASE
)
END = re.compile(r"[.!?:;。！？]['\"”’)]*\s*$")


def sniff(data: bytes, _filename: str | None) -> float:
    """The name of the format stands in the first kilobyte."""
    return 0.99 if b"%PDF-" in data[:1024] else 0.0


def read(data: bytes, _filename: str | None) -> Document:
    """A document unless its words look like a note, mail or talk. Raises Unreadable, TooLarge, EmptyText."""
    pages, title = _pages(data)
    repeated = _repeated(pages)
    reading = Reading(title=title)
    known = _words(pages)
    for number, lines in enumerate(pages, start=1):
        reading.lines += _paragraphs(lines, number, repeated, known)
    if not any(draft.words.strip() for draft in reading.lines):
        raise EmptyText("the PDF holds only images of its pages; send it with a text layer")
    return prose(reading, FORMAT.name, SourceKind.document)


def _pages(data: bytes) -> tuple[list[list[str]], str | None]:
    """The lines of each page, and the title in the file's properties."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(PASSWORD)
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise TooLarge(f"it has {count:,} pages, the limit is {MOST_PAGES:,}")
        title = str(reader.metadata.title) if reader.metadata and reader.metadata.title else None
        return [LINE_END.split(page.extract_text() or "") for page in reader.pages], title
    except (DependencyError, FileNotDecryptedError):
        raise Unreadable(PASSWORD) from None
    except LimitReachedError:
        raise TooLarge("it unpacks to more than is allowed; it may be made to do harm") from None
    except PyPdfError as error:
        raise Unreadable(f"the PDF is damaged ({str(error)[:80]})") from None


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """First and last lines that stand on most pages: heads and feet, their page numbers taken off."""
    if len(pages) < 3:
        return set()
    counts = Counter(
        key for lines in pages for key in {_key(line) for line in (*_filled(lines)[:2], *_filled(lines)[-2:])} if key
    )
    return {key for key, count in counts.items() if count >= 0.6 * len(pages)}


def _filled(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).strip("# ")


def _words(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    return frozenset(word for lines in pages for line in lines for word in re.findall(r"\w+", line.casefold()))


def _paragraphs(lines: Sequence[str], number: int, repeated: set[str], known: frozenset[str]) -> list[Draft]:
    """The lines of a page, a line that runs on joined with the next one."""
    filled = _filled(lines)
    edges = {id(line) for line in (*filled[:2], *filled[-2:])}
    width = max((len(line.strip()) for line in filled), default=0)
    drafts: list[Draft] = []
    runs_on = False
    for line in lines:
        words = line.strip()
        if id(line) in edges and (PAGE_NUMBER.match(words) or _key(words) in repeated):
            drafts.append(Draft(words, LineKind.boilerplate, page=number))
            continue
        if runs_on and words and not BULLET.match(words) and drafts[-1].kind is LineKind.body:
            drafts[-1].words = _joined(drafts[-1].words, words, known)
        else:
            drafts.append(Draft(words, page=number))
        runs_on = len(words) >= 0.7 * width and width > 40 and not END.search(words)
    return drafts


def _joined(before: str, words: str, known: frozenset[str]) -> str:
    """Two parts of a paragraph; a word parted at the line's end is made whole when it stands whole elsewhere."""
    if not before.endswith("-") or len(before) < 2 or not before[-2].isalpha() or not words[:1].islower():
        return f"{before} {words}"
    first = re.search(r"(\w+)-$", before)
    rest = re.match(r"\w+", words)
    whole = f"{first[1]}{rest[0]}".casefold() if first and rest else ""
    return f"{before[:-1]}{words}" if whole in known else f"{before}{words}"


FORMAT = Format("pdf", (".pdf",), sniff, read)
