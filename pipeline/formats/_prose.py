"""Lines of plain words to a document: pasted mails, conversations, generated summaries and footers are recognised."""

import re
from collections.abc import Sequence

from pipeline.formats._lines import Draft, Reading, document, split
from pipeline.formats._mail import Marked, marked, people, person
from pipeline.formats._talk import Turn, turns
from pipeline.language.written import first_day
from pipeline.records import Document, LineKind, SourceKind

GENERATED = re.compile(
    r"\b(?:auto(?:matically)?[- ]?generated|(?:ai|ki|ia)[- ](?:generated|generiert|générée?)|generated (?:by|with)|"
    r"(?:ai|ki)[- ](?:meeting |call )?(?:summary|notes|recap|overview|zusammenfassung|notizen)|"
    r"(?:summary|notes|recap) (?:by|from) (?:ai|copilot|gemini|otter|fathom|fireflies|zoom|read ai|tl;dv|circleback|"
    r"granola)|"
    r"(?:copilot|gemini|otter|fathom|fireflies|zoom ai)\S* (?:summary|notes|recap)|résumé automatique|自動生成|AI要約)",
    re.IGNORECASE,
)
SUMMARY_HEADING = re.compile(
    r"(?:meeting |executive |short )?(?:overview|summary|purpose)|(?:key )?(?:points|takeaways|questions)|highlights|"
    r"topics(?: discussed)?|discussion points|next steps|action items|chapters|recap|tl;dr|outline|zusammenfassung|"
    r"kernpunkte|nächste schritte|aufgaben",
    re.IGNORECASE,
)


def prose(reading: Reading, name: str, kind: SourceKind) -> Document:
    """The document of a reading whose lines are plain words. `kind`: what it is unless its shape says otherwise."""
    reading.lines = split(reading)
    words = [draft.words for draft in reading.lines]
    mail = marked(words, is_mail=False)
    _apply(reading.lines, mail)
    if mail.fields:
        head(reading, mail.fields)
    talk = turns([draft.words if draft.kind is LineKind.body else "" for draft in reading.lines])
    if talk:
        _speak(reading.lines, talk)
    return document(reading, _kind(reading, mail, talk, kind), name)


def head(reading: Reading, fields: dict[str, str]) -> None:
    """Takes author, day, subject and people from the header of a mail written out as text."""
    author = person(fields.get("from", ""))
    if author:
        reading.author = reading.author or author.name
        reading.participants.append(author)
    reading.participants += people(fields.get("to", "")) + people(fields.get("cc", ""))
    reading.title = reading.title or fields.get("subject")
    reading.dated(first_day(fields.get("sent", "")), "the mail's date line")


def _apply(lines: Sequence[Draft], mail: Marked) -> None:
    for draft, mark in zip(lines, mail.marks, strict=True):
        if draft.kind is LineKind.body:
            draft.kind = mark.kind
            draft.speaker = draft.speaker or mark.author
            draft.said_on = draft.said_on or mark.said_on


def _speak(lines: Sequence[Draft], talk: Sequence[Turn | None]) -> None:
    for draft, turn in zip(lines, talk, strict=True):
        if turn and draft.kind is LineKind.body:
            draft.speaker, draft.cue = turn.speaker, turn.cue
            if turn.head:
                draft.kind = LineKind.header


def _kind(reading: Reading, mail: Marked, talk: object, otherwise: SourceKind) -> SourceKind:
    if talk:
        return SourceKind.transcript
    generated = _generated_from(reading.lines)
    if generated is not None:
        total = sum(len(draft.words) for draft in reading.lines)
        after = sum(len(draft.words) for draft in reading.lines[generated:])
        reading.attributes["summary_from_line"] = str(generated + 1)
        if after >= 0.4 * total:
            return SourceKind.summary
        reading.warnings.append(f"From line {generated + 1} on it is a generated summary, not somebody's own words.")
    if mail.fields or (mail.mail and otherwise is SourceKind.note):
        return SourceKind.email
    return otherwise


def _generated_from(lines: Sequence[Draft]) -> int | None:
    """The line where a tool's summary begins, or None."""
    headings = set()
    first = None
    for at, draft in enumerate(lines):
        bare = draft.words.strip(" \t#*=-_:【】[]")
        if not bare or len(bare) > 90:
            continue
        if GENERATED.search(bare) and _headed(draft.words, bare):
            return at
        if SUMMARY_HEADING.fullmatch(bare):
            headings.add(bare.casefold())
            first = at if first is None else first
    return first if len(headings) >= 3 else None


def _headed(words: str, bare: str) -> bool:
    """Whether a line stands like a heading or a note of origin, not like a sentence about a summary."""
    written = words.strip()
    return written != bare or len(bare.split()) <= 6
