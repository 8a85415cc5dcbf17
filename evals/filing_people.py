"""Proposed changes of stakeholders as what a filing says of people: comings and goings, or the list of executives.

The plan holds what is so from now on, one change a person; the scored form holds an event for each post and seat.
What somebody gives up stands in the notes, in the words that prompts/filing.md asks for: "Gives up: TITLE (DAY)",
"Joins the board (DAY)", "Leaves the board (DAY)".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.records import Change, Op, Plan

LISTING = ("10-K", "20-F", "DEF 14", "DEFR14", "PRE 14")
DAY = r"(?:\s*\((?P<day>\d{4}-\d\d-\d\d)\))?"
GIVES_UP = re.compile(rf"gives?\s+up:?\s*(?P<title>.+?){DAY}", re.IGNORECASE)
JOINS = re.compile(rf"joins\s+the\s+board{DAY}", re.IGNORECASE)
LEAVES = re.compile(rf"leaves\s+the\s+board{DAY}", re.IGNORECASE)
PARTS = re.compile(r";\s*(?=gives?\s+up|joins\s+the|leaves\s+the|$)", re.IGNORECASE)
SEAT = re.compile(
    r"(?:(?:independent|lead|non-employee|outside)\s+)*(?:director|trustee|(?:board\s+)?member\s*(?:of\s+the\s+board\b.*)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What one change says of a person; days ISO or None."""

    person: str
    title: str
    before: str
    notes: tuple[str, ...]
    day: str | None
    leaving: str | None
    removed: bool
    quote: str


def people(changes: Sequence[Change], plan: Plan, form: str) -> dict[str, list[dict[str, Any]]]:
    """{"events": [...], "roster": [...]} of the kept changes; the one or the other, by the form that was filed."""
    told = [_told(each, plan) for each in changes if each.section == "stakeholders" and not each.demoted]
    told = [each for each in told if each.person]
    if form.startswith(LISTING):
        listed = [each for each in told if each.title]
        rows = [{"person": each.person, "title": each.title, "quote": each.quote} for each in listed]
        return {"events": [], "roster": rows}
    return {"events": [event for each in told for event in _events(each)], "roster": []}


def _told(change: Change, plan: Plan) -> Told:
    item = plan.get(change.item)
    before = dict(item.values) if item else {}
    now = change.new_values()
    old_notes = PARTS.split(str(before.get("notes") or ""))
    notes = [each.strip(" .") for each in PARTS.split(str(now.get("notes") or ""))]
    return Told(
        person=str(now.get("name") or before.get("name") or ""),
        title=str(now.get("title") or ""),
        before=str(before.get("title") or ""),
        notes=tuple(each for each in notes if each and each not in old_notes),
        day=change.effective.isoformat() if change.effective else None,
        leaving=str(now["leaving_on"]) if now.get("leaving_on") else None,
        removed=change.op is Op.remove,
        quote=next((piece.words for piece in change.evidence if piece.words), ""),
    )


def _events(told: Told) -> Iterator[dict[str, Any]]:
    goes = told.removed or told.leaving is not None
    last_day = told.leaving or (told.day if goes else None)
    given_up = [found for each in told.notes if (found := GIVES_UP.fullmatch(each))]
    left = next((found for each in told.notes if (found := LEAVES.fullmatch(each))), None)
    joined = next((found for each in told.notes if (found := JOINS.fullmatch(each))), None)
    for found in given_up:
        yield _event(told, "departed", found["title"], found["day"] or last_day)
    if left:
        yield _event(told, "director_left", "Director", left["day"] or last_day)
    if goes and not given_up and not left:
        title = told.before or told.title
        seat = SEAT.fullmatch(title)
        yield _event(told, "director_left" if seat else "departed", title, last_day)
    if told.title and not goes and SEAT.fullmatch(told.title):
        if not left and not joined:
            yield _event(told, "director_elected", "Director", told.day)
    elif told.title and not goes and not any(_within(told.title, found["title"]) for found in given_up):
        yield _event(told, "appointed", told.title, told.day)
    if joined:
        yield _event(told, "director_elected", "Director", joined["day"] or told.day)


def _event(told: Told, event: str, title: str, day: str | None) -> dict[str, Any]:
    return {"person": told.person, "title": title, "event": event, "effective_date": day, "quote": told.quote}


def _within(title: str, other: str) -> bool:
    """Whether a title says nothing beyond another one, which may spell its initials out."""
    mine, theirs = (re.findall(r"\w+", each.casefold()) for each in (title, other))
    return set(mine) <= {*theirs, "".join(word[0] for word in theirs)}
