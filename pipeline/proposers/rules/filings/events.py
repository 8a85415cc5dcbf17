"""Comings and goings in marked sentences: who takes or gives up which title, by patterns."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.proposers.rules.filings import titles
from pipeline.proposers.rules.filings.days import Place, When, when
from pipeline.proposers.rules.filings.marking import Marked
from pipeline.proposers.rules.filings.patterns import Pattern, cue, patterns, succeeded
from pipeline.proposers.rules.filings.people import Person

MARK = re.compile(r"<([TRB])(\d*)>")
SEAT_BEFORE = re.compile(r"(?:\b(?:to|of|on|from|join|joins|joined|joining|leave|leaving|left|as)|^)\s*(?:the\s+)?$")
LONG_AGO = re.compile(r"^[^<;]{0,50}?(?:in|since|from|of|during)\s+(?:[a-z]+\s+)?<M>")
TO_COME = re.compile(r"\b(?:will|would|plans?|intends?|intention|intent|expects?|decision|decided)\b")
IN_PART = re.compile(r"\b(?:in|since|from|of|during)\s+(?:[a-z]+\s+)?<M>")
ONGOING = re.compile(r"\b(?:continu|remain|stay|ceas|declin|refus)\w*\b|\b(?:not?|never|no\s+longer)\b")
OTHER_HOUSE = re.compile(
    r"^\s*(?:,\s*)?(?:of|at|for|with|from)\s+(?:the\s+)?(?:<O>|an?other\b|an?\s+(?:\w+\s+)?company|(?!the\b)[A-Z][\w&]+(?:\s+[A-Z][\w&]+)*)"
)
FROM_OTHER = re.compile(r"\bfrom\s+(?:the\s+)?(?:<O>|[A-Z]\w+)")
HEADING = re.compile(
    r"^(?:items?\s*\d|departure\s+<R>|departure\s+of\s+(?:directors|certain)|compensatory\s+arrangements)",
    re.IGNORECASE,
)
FINAL_SEAT = "Director"
UNTITLED = frozenset({"appointed.followed", "appointed.successor"})
"""Rules whose title is that of the one who leaves."""


@dataclass(frozen=True)
class Event:
    """One person's coming or going. `title` is None where the sentence names none."""

    person: Person
    event: str
    title: str | None
    when: When
    marked: Marked
    rule: str
    strength: int
    reported: bool = False
    implied: bool = False
    remains: bool = False
    filled: bool = False
    """Whether the title was filled in from elsewhere."""
    proof: tuple[Marked, ...] = ()
    """Further sentences that say more of it."""


def events(sentences: Iterable[Marked], today: date | None) -> list[Event]:
    """All events of the sentences, in order, nothing settled yet."""
    return [event for marked in sentences for event in _of(marked, today)]


def _of(marked: Marked, today: date | None) -> Iterator[Event]:
    text = marked.text
    if "<P" not in text or HEADING.match(text) or cue("pointer").search(text):
        return
    found = [(pattern, match) for pattern in patterns() for match in pattern.regex.finditer(text)]
    found = [(pattern, match) for pattern, match in found if _meant(pattern, match, text)]
    found.sort(key=lambda pair: pair[1].start())
    for pattern, match in found:
        later = [
            other.start() for _, other in found if other.start() > match.start("who") and other["who"] != match["who"]
        ]
        limit = min([place for place in later if place >= match.end()] or [len(text)])
        yield from _read(marked, pattern, match, limit, today)
    yield from _followed(marked)


def _meant(pattern: Pattern, match: re.Match[str], text: str) -> bool:
    """Whether a match is news: nothing conditional, nothing from a biography or a contract."""
    verb = _verb(match)
    clause = text.rfind(";", 0, match.start()) + 1
    if pattern.needs and not pattern.needs.search(text[:verb]):
        return False
    if cue("unreal").search(text[clause:verb]) or cue("unreal").search(text[clause : match.start()]):
        return False
    if (LONG_AGO.match(text[match.end() :]) and not TO_COME.search(match.group())) or (
        cue("past").search(text[: match.start() + 30]) and "<D" not in text[: match.end() + 60]
    ):
        return False
    if pattern.event == "appointed" and IN_PART.search(match.groupdict().get("role") or match.group()):
        return False
    if pattern.event == "appointed" and ONGOING.search(text[match.start() : verb]):
        return False
    if OTHER_HOUSE.match(text[match.end() :]) and not text[match.end() :].lstrip(" ,").startswith(
        ("of the", "for the")
    ):
        return False
    if pattern.event != "appointed" and FROM_OTHER.match(text[match.end() :].lstrip()):
        return False
    return not (pattern.strength < 2 and cue("pay").search(text))


def _verb(match: re.Match[str]) -> int:
    """Where the verb of a match ends."""
    role = match.groupdict().get("role")
    return match.start("role") if role and match.start("role") > match.start("who") else match.end()


def _read(marked: Marked, pattern: Pattern, match: re.Match[str], limit: int, today: date | None) -> Iterator[Event]:
    leaving = pattern.event != "appointed"
    day = when(marked, Place(match.start(), _verb(match), match.end(), limit), leaving, today)
    reported = cue("reported").search(marked.text) is not None
    held = _roles(marked, match.groupdict().get("role") or (match.group() if pattern.titled else ""), pattern)
    if not held and pattern.aside and int(match["who"]) in marked.aside:
        held = [("T", marked.aside[int(match["who"])])]
    if not held and pattern.event == "appointed" and pattern.rule not in UNTITLED:
        return
    seat = "director_left" if leaving else "director_elected"
    rule = f"filing.5_02.{pattern.rule}"
    for person in marked.people(match["who"]):
        for kind, title in held or [("", None)]:
            if kind == "R" or (kind == "" and pattern.event == seat):
                yield Event(person, seat, FINAL_SEAT, day, marked, rule, pattern.strength, reported)
            elif pattern.event != seat:
                yield Event(person, pattern.event, title, day, marked, rule, pattern.strength, reported)


def _roles(marked: Marked, role: str, pattern: Pattern) -> list[tuple[str, str | None]]:
    """The titles ("T") and seats ("R") in the last part of a match."""
    found: list[tuple[str, str | None]] = []
    for mark in MARK.finditer(role):
        before = role[: mark.start()]
        if before.rstrip().endswith(("committee", "committee of", "committees of", "committee and")):
            continue
        if mark[1] == "T":
            found.append(("T", marked.title(mark[2])))
        elif (mark[1] == "R" or SEAT_BEFORE.search(before)) and ("R", FINAL_SEAT) not in found:
            if pattern.rule == "appointed.takes" and re.search(r"serve|act|be\b", role) and mark[1] == "B":
                continue
            found.append(("R", FINAL_SEAT))
    return found


def _followed(marked: Marked) -> Iterator[Event]:
    """Whom somebody follows gives up the title, though the sentence says only the other half."""
    for pattern in succeeded():
        for found in pattern.finditer(marked.text):
            if cue("unreal").search(marked.text[: found.start()]) or cue("past").search(marked.text[: found.start()]):
                continue
            for person in marked.people(found["whom"]):
                yield Event(person, "departed", None, When(), marked, "filing.5_02.departed.succeeded", 2, implied=True)


def single(title: str) -> list[str]:
    """The single titles in a joint one."""
    return titles.parts(title)


def dated(event: Event, day: When) -> Event:
    """The event with another day."""
    return replace(event, when=day)
