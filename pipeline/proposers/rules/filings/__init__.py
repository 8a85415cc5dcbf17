"""Filings with the SEC: comings and goings of people in 8-Ks, the executive list of 10-Ks and proxies, and news.

text (sentences) → people (names) → marking, asides (a sentence in marks) → events (patterns, days) → settle → moves
(drafts of stakeholders); roster → moves; news (drafts of overview, agenda, competitors). What is known lies in
data/filings/.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pipeline.proposers.rules.filings import asides, events, marking, moves, news, roster, settle
from pipeline.proposers.rules.filings.people import Cast
from pipeline.proposers.rules.filings.settle import Settled
from pipeline.proposers.rules.filings.text import Sentence, sentences
from pipeline.records import Context, Document, Draft

__all__ = ["drafts", "findings"]

# Where comings and goings are told; votes, results and exhibits name people too, but change nothing.
LISTING = ("10-K", "20-F", "DEF 14", "DEFR14", "PRE 14")
TELLING = ("5.02", "7.01", "8.01", "5.01", "5", "6", "1")


def findings(document: Document) -> dict[str, list[dict[str, Any]]]:
    """What a filing says of people.

    "events" of an 8-K: {person, title, event, effective_date, quote}, event one of appointed, departed,
    director_elected, director_left, effective_date ISO or None. "roster" of a 10-K or proxy: {person, title, quote}.
    Quotes are slices of the document's text.
    """
    return {
        "events": [_shown(document, each) for each in changes_of(document)],
        "roster": [
            {"person": row.person, "title": row.title, "quote": quote_of(document, row)} for row in roster_of(document)
        ],
    }


def roster_of(document: Document) -> list[roster.Row]:
    """The executives an annual report or proxy lists; nothing for other forms."""
    if not document.attributes.get("form", "").startswith(LISTING):
        return []
    return roster.roster(document)


def quote_of(document: Document, row: roster.Row) -> str:
    """The lines of a row, as they stand in the text."""
    return document.text[document.lines[row.first - 1].start : document.lines[row.last - 1].end]


def drafts(context: Context) -> tuple[Draft, ...]:
    """What a filing would change in the plan: people first, then what it says of the company."""
    return tuple(_drafts(context))


def _drafts(context: Context) -> Iterator[Draft]:
    document = context.document
    told = sentences(document)
    yield from moves.changes(context, changes_of(document, told))
    yield from moves.listed(context, [(row, quote_of(document, row)) for row in roster_of(document)])
    yield from news.changes(context, told)


def _shown(document: Document, each: Settled) -> dict[str, Any]:
    return {
        "person": each.person.name,
        "title": each.title,
        "event": each.event,
        "effective_date": each.day.isoformat() if each.day else None,
        "quote": document.text[each.start : each.end],
    }


def changes_of(document: Document, told: list[Sentence] | None = None) -> list[Settled]:
    """The comings and goings an 8-K reports; nothing for other forms."""
    if not document.attributes.get("form", "").startswith(("8-K", "6-K")):
        return []
    telling = [each for each in (told or sentences(document)) if each.item in TELLING]
    reported = document.attributes.get("event_date") or document.attributes.get("report_date")
    day = date.fromisoformat(reported) if reported else None
    return settle_all(telling, document.attributes.get("company", ""), document.said_on, day)


def settle_all(
    telling: list[Sentence], company: str, today: date | None, reported: date | None = None
) -> list[Settled]:
    """The events that these sentences tell."""
    whole = " ".join(each.text for each in telling)
    setting = marking.Setting(
        Cast(whole, company), marking.company_pattern(company), marking.defined_days(whole), today
    )
    marked = []
    for sentence in telling:
        one = marking.mark(sentence, setting)
        asides.taken(one)
        marked.append(one)
    return settle.settle(events.events(marked, today), marked, today, reported)
