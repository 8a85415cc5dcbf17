"""Assertion: what is guessed, asked, put on a condition, meant in jest, long past or only heard of is no fact.

Only claims that a weakened sentence would make wrong are looked at: a status, a role, somebody leaving, a deal's stage.
"""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks import Case, Check
from pipeline.checks._stance import ACTIONS, CELLS
from pipeline.checks._terms import hints, people
from pipeline.checks._words import Words
from pipeline.language.days import Day
from pipeline.records import Effect, Finding, Op

CLAUSE = re.compile(r"[.;:!?\n]\s")
SMALL = ("the", "den", "dem", "am", "zum", "end", "of")
DIGIT = re.compile(r"\d")
LEAD = 30
"""How far before a day the word stands that says how it is meant."""
FIRSTHAND = ("deployed", "in_negotiation", "need_identified")
"""What only those concerned can know."""
WANTED = ("need_identified", "need_unknown", "untouched")


def run(case: Case) -> Iterator[Finding]:
    """Findings for what weakens the words that a change rests on."""
    if not case.proven:
        return
    if _claims_fact(case):
        yield from _weakened(case)
        yield from _second_hand(case)
    yield from _holding(case)


def _finding(effect: Effect, message: str, field: str | None = None) -> Finding:
    return Finding(check="assertion", effect=effect, message=message, field=field)


def _claims_fact(case: Case) -> bool:
    claims, section = case.claims, case.change.section
    if section == "cells":
        return claims.get("status") in CELLS
    if section == "stakeholders":
        gained = set(claims.get("roles") or ()) - set(case.now.get("roles") or ())
        return case.removes or bool(gained) or bool(claims.get("leaving_on"))
    if section == "actions":
        return claims.get("status") in ACTIONS
    if section == "opportunities":
        return claims.get("stage") in ("won", "lost")
    return section == "competitors" and case.change.op is Op.add


def _scope(case: Case) -> str:
    """The quotes, each with what stands before it in its clause; days are left out, for "May 6" is no guess."""
    text = case.reading.flat
    parts = []
    for start, end in case.quoted.spans:
        sentence = case.reading.around(start, end)[0]
        lead = CLAUSE.split(text[sentence.start : start])[-1]
        parts.append(_without_days(case, start - len(lead), end))
    return "\n".join(parts)


def _without_days(case: Case, start: int, end: int) -> str:
    text = case.reading.flat[start:end]
    for day in case.reading.days:
        if start <= day.start and day.end <= end and DIGIT.search(case.reading.flat, day.start, day.end):
            text = text[: day.start - start] + "-" * (day.end - day.start) + text[day.end - start :]
    return text


def _weakened(case: Case) -> Iterator[Finding]:
    words, scope = case.reading.words, _scope(case)
    status = case.claims.get("status")
    bare = words.pattern("asides").sub(" ", scope)
    hedge = words.pattern("hedges").search(bare) or words.pattern("should").search(bare)
    if hedge:
        yield _finding(Effect.demote, f'It is said with "{hedge.group()}", not as a fact.')
    condition = words.pattern("conditions").search(bare) if "blocker" not in (case.claims.get("roles") or ()) else None
    if condition and not _settled(words, bare, condition.end()):
        yield _finding(Effect.demote, f'It holds on a condition: "{_from(bare, condition.start())}".')
    joke = words.pattern("sarcasm").search(case.reading.near(case.quoted, 0, 1).flat)
    if joke:
        yield _finding(Effect.demote, f'It may be meant in jest ("{joke.group()}").')
    if status not in WANTED and all(part.rstrip(" \"'").endswith("?") for part in scope.split("\n")):
        yield _finding(Effect.flag, "It is asked, not said.")
    past = words.pattern("past").search(scope)
    if (
        past
        and all(words.says(part, "past") for part in scope.split("\n"))
        and status in ("deployed", "need_identified", "in_negotiation", None)
        and not case.removes
        and case.change.section != "stakeholders"
    ):
        yield _finding(Effect.flag, f'It is said of the past ("{past.group()}").')
    if status == "deployed" and _ahead(case, scope):
        yield _finding(Effect.flag, "It is said of a day to come.", "status")


def _settled(words: Words, scope: str, at: int) -> bool:
    return words.says(scope[at:], "anyway")


def _from(text: str, at: int) -> str:
    return " ".join(text[at : at + 60].split()[:7])


def _ahead(case: Case, scope: str) -> bool:
    days = [said for said in case.reading.days_in(case.quoted) if said.spans]
    return bool(days and case.reading.words.says(scope, "will")) and all(
        _later(case.context.said_on, span) for said in days for span in said.spans[-1:]
    )


def _later(today: date, span: tuple[date, date]) -> bool:
    return span[0] > today


def _second_hand(case: Case) -> Iterator[Finding]:
    """Somebody of another department tells it, and nobody of the department concerned is there to say so."""
    reading = case.reading
    department = case.after.get("department")
    if case.claims.get("status") not in FIRSTHAND or not isinstance(department, str):
        return
    if not reading.words.says(case.said.flat, "reports"):
        return
    tellers = {key for key in people(case, case.said) if reading.values(key).get("department")}
    elsewhere = {key for key in tellers if reading.values(key).get("department") != department}
    own = {key for key in people(case, case.near) if reading.values(key).get("department") == department}
    if elsewhere and not own and department in hints(case, case.near, "departments"):
        who = " and ".join(sorted(reading.label(key) for key in elsewhere))
        yield _finding(Effect.flag, f"It is second-hand: {who} is not of {reading.label(department)}.")


def _holding(case: Case) -> Iterator[Finding]:
    """What is put off "until June" has no deadline in June, and what is due "by June" is not put off."""
    for name, wrong, said in (
        ("deadline", "until", "The words put it off until then; it is not due by then."),
        ("revisit_on", "due", "The words want it by then; it is not put off until then."),
    ):
        value = case.claims.get(name)
        if not isinstance(value, str):
            continue
        day = date.fromisoformat(value)
        fits = [each for each in case.reading.days_in(case.quoted) if each.may_be(day)]
        leads = [_led(case, each, wrong) for each in fits]
        if leads and all(leads) and not _moved(case, name):
            yield _finding(Effect.flag, said, name)


def _led(case: Case, day: Day, entry: str) -> bool:
    """Whether the word right before a day is of a list."""
    around = case.reading.flat[max(0, day.start - LEAD) : day.end]
    rest = (around[match.end() :].split() for match in case.reading.words.pattern(entry).finditer(around))
    size = len(case.reading.flat[day.start : day.end])
    return any(0 < len(" ".join(word for word in words_ if word not in SMALL)) <= size for words_ in rest)


def _moved(case: Case, name: str) -> bool:
    """An action that has a day and gets another one is moved there, however that is worded."""
    return name == "deadline" and bool(case.now.get("deadline"))


CHECK = Check("assertion", 30, run)
