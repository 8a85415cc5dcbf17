"""What every text has in common, whatever its format: a title, a language, a day, people."""

import re
from datetime import date

from pipeline.ingest.language import language
from pipeline.ingest.when import day_of
from pipeline.ingest.who import is_person_label, participants, speakers_trusted
from pipeline.records import CAME_IN, Document, LineKind, SourceKind

LONGEST_TITLE = 100

UNCLEAR = "The day is unclear"
NONE_WRITTEN = f"{UNCLEAR}; say which it was."
ASSUMED = "The text tells no day"
"""What people are told of a day that is unsure, or how that begins; programs ask `Document.said_on_sure`."""


def described(document: Document, filename: str | None, said_on: date | None, today: date | None) -> Document:
    """The document with title, language, day, participants and trust in its labels; what is unclear is a warning.

    A document that lists who attended is a note of a meeting.
    """
    spoken = language(document.text)
    warnings = list(document.warnings)
    day, where = document.said_on, document.said_on_from
    if said_on:
        day, where = said_on, "given with the text"
    elif day is None:
        day, where = day_of(document, filename, spoken, today)
        if day is None:
            warnings.append(f"{UNCLEAR} ({where}); say which it was." if where else NONE_WRITTEN)
            where = None
    trusted = speakers_trusted(document)
    if not trusted:
        warnings.append(_untrusted(document))
    there = participants(document)
    minutes = document.kind is SourceKind.document and len(there) > len(document.participants)
    return document.model_copy(
        update={
            "kind": SourceKind.note if minutes else document.kind,
            "title": document.title or _title(document),
            "language": spoken,
            "said_on": day,
            "said_on_from": where,
            "participants": there,
            "speakers_trusted": trusted,
            "warnings": tuple(dict.fromkeys(warnings)),
        }
    )


def assumed(document: Document, day: date) -> Document:
    """The document counted from the day it came in, which is told; why a written day is unclear stays told."""
    told = f"{ASSUMED}; it is taken to be of {day:%d %B %Y}, when it came in."
    kept = (each for each in document.warnings if each != NONE_WRITTEN)
    update = {"said_on": day, "said_on_from": CAME_IN, "said_on_assumed": True, "warnings": (*kept, told)}
    return document.model_copy(update=update)


def dated(document: Document, day: date, where: str) -> Document:
    """The document of a day that somebody told, `where` in words; nothing warns of its day any more."""
    kept = tuple(each for each in document.warnings if not each.startswith((UNCLEAR, ASSUMED)))
    update = {"said_on": day, "said_on_from": where, "said_on_assumed": False, "warnings": kept}
    return document.model_copy(update=update)


def _untrusted(document: Document) -> str:
    rooms = [label for label in document.speakers if not is_person_label(label)]
    if rooms:
        return f"The speaker labels can't be trusted: {', '.join(rooms[:4])} may be anybody."
    return f"The speaker labels can't be trusted: everything is under {document.speakers[0]}."


def _title(document: Document) -> str | None:
    """The first line, when it is short enough to be one."""
    if document.kind is SourceKind.transcript:
        return None
    for line in document.lines:
        words = re.sub(r"^[\W_]+|[\s=*_#]+$", "", document.words(line))
        if words and line.kind in {LineKind.body, LineKind.header}:
            return words if len(words) <= LONGEST_TITLE else None
    return None
