"""Reading: Delivery -> Source version. Bytes become canonical text with lines, speakers, people, a day and a language.

The format is chosen by content; the name only decides between equals. Formats that lean on other people's parsers are
read in a child process with limits (`child`). What every text has in common is found here, whatever its format.
"""

from datetime import date

from pipeline.errors import EmptyText, TooLarge
from pipeline.formats import Format, choose
from pipeline.ingest.child import guarded
from pipeline.ingest.cut import passages
from pipeline.ingest.describe import assumed, dated, described
from pipeline.ingest.who import is_person_label, sides
from pipeline.records import Document
from pipeline.settings import Settings

__all__ = ["assumed", "dated", "is_person_label", "passages", "read", "sides"]

MEGABYTE = 1_000_000


def read(
    data: bytes,
    filename: str | None,
    settings: Settings,
    said_on: date | None = None,
    today: date | None = None,
) -> Document:
    """The document that a file's bytes hold.

    said_on: the day of the occasion when the sender knows it (a calendar, a form); it wins over what the text says.
    today: the day it was delivered; lets a day without a year be understood. Without it such a day stays unknown.
    Raises TooLarge, EmptyText or Unreadable, each with the reason and what to do.
    """
    named = filename or "the text"
    if len(data) > settings.max_file_mb * MEGABYTE:
        raise TooLarge(f"{named} has {len(data) / MEGABYTE:.1f} MB, the limit is {settings.max_file_mb:g} MB")
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise EmptyText(filename or "")
    chosen = choose(data, filename)
    document = guarded(chosen, data, filename, settings)
    if len(document.text) > settings.max_text_chars:
        raise TooLarge(
            f"{named} has {len(document.text):,} characters of text, the limit is {settings.max_text_chars:,}"
        )
    return described(_with_name_warning(document, chosen, filename), filename, said_on, today)


def _with_name_warning(document: Document, chosen: Format, filename: str | None) -> Document:
    """Says so when the name promises another format than the content is."""
    suffix = f".{filename.rpartition('.')[2].lower()}" if filename and "." in filename else ""
    if not suffix or suffix in chosen.suffixes or not _promises(suffix, chosen):
        return document
    warning = f"Its name ends in {suffix}, but its content is {chosen.name}; it was read as that."
    return document.model_copy(update={"warnings": (*document.warnings, warning)})


def _promises(suffix: str, chosen: Format) -> bool:
    """Whether a suffix belongs to another format that is not as good as the same (text is text, a filing is a page)."""
    alike = ({".txt", ".text", ".log", ".note", ".md", ".markdown", ".mdown"}, {".html", ".htm", ".xhtml", ".txt"})
    return not any(suffix in group and group & set(chosen.suffixes) for group in alike)
