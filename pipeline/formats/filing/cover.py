"""What a filing's cover says: form, company, when it was filed and what day it reports on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.formats import Draft
from pipeline.language.written import first_day, full_days

FORM = re.compile(
    r"\bform\s+(def\s14a|(?:8|10|20|40|6|11)-?\s?[kqf](?:/?a\b|sb|405)?|s-[1348])(?![\w-])", re.IGNORECASE
)
PROXY = re.compile(r"\bschedule\s+14a\b|\bproxy statement pursuant to section 14", re.IGNORECASE)
FORM_IN_NAME = re.compile(r"(?<![a-z0-9])(8-?k|10-?k|10-?q|20-?f|6-?k|def[ _-]?14a)(?![a-z0-9])", re.IGNORECASE)
NAMED = re.compile(
    r"\(?\s*exact name of (?:the )?registrant|\(?\s*name of (?:the )?registrant as specified", re.IGNORECASE
)
REPORTED = re.compile(r"date of (?:earliest )?(?:report|event)", re.IGNORECASE)
PERIOD = re.compile(
    r"for the (?:fiscal |transition )?(?:year|quarter(?:ly)?|period|quarterly period)s? (?:period )?end(?:ed|ing)",
    re.IGNORECASE,
)
FILED = re.compile(r"^\W*(?:filing date|filed(?: on)?)\W*(?P<rest>.{0,60})$", re.IGNORECASE)
STATE = re.compile(r"\s*/[A-Z]{2,4}/?$")
SIGNED = re.compile(r"^\W*(?:dated?)\b\W*(?:as of\W*)?(?P<rest>.{0,80})", re.IGNORECASE)
ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
COVER_LINES = 120
SIGNATURE_LINES = 160
LONGEST_WAIT = timedelta(days=400)
NOT_A_NAME = re.compile(
    r"^[\W_]*$|securities and exchange|washington|current report|pursuant to|date of|form \d|commission file|"
    r"\(mark one\)|exact name|united states|securities exchange act|☒|☐|^\W*(?:or|and)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cover:
    """What is known of a filing; None where it does not say."""

    form: str | None = None
    company: str | None = None
    cik: str | None = None
    accession: str | None = None
    filed: date | None = None
    report_date: date | None = None
    event_date: date | None = None
    signed: date | None = None


def cover(
    lines: Sequence[Draft], facts: Mapping[str, str], fields: Mapping[str, str], type_: str, filename: str | None
) -> Cover:
    """What the envelope's fields, the page's tagged facts, its cover and its name say, the surest first."""
    words = [line.words for line in lines[: COVER_LINES * 2] if line.words.strip()][:COVER_LINES]
    form = fields.get("form") or type_ or facts.get("dei:DocumentType") or _form(words, filename)
    named = ACCESSION.search(" ".join([filename or "", *words[:30]]))
    company = fields.get("company") or facts.get("dei:EntityRegistrantName") or _company(words)
    reported = _reported(words, facts, fields, form)
    return Cover(
        form=form.upper() if form else None,
        company=STATE.sub("", " ".join(company.split())) or None if company else None,
        cik=(fields.get("cik") or facts.get("dei:EntityCentralIndexKey", "")).lstrip("0") or None,
        accession=fields.get("accession") or (named.group() if named else None),
        filed=first_day(fields.get("filed", "")) or _labelled(words, FILED),
        report_date=reported[0],
        event_date=reported[1] if (form or "").upper().startswith("8-K") else None,
        signed=_in_time(max(filter(None, [_signed(lines), first_day(filename or "")]), default=None), reported[0])
        or _in_time(first_day(filename or ""), reported[0]),
    )


def _in_time(signed: date | None, reported: date | None) -> date | None:
    """A day of signing that can be right: not before what is reported, nor long after it (years are mistyped)."""
    if signed and reported and not reported <= signed <= reported + LONGEST_WAIT:
        return None
    return signed


def _form(words: Sequence[str], filename: str | None) -> str | None:
    for line in words[:60]:
        found = FORM.search(line)
        if found:
            return _hyphened(found.group(1))
        if PROXY.search(line):
            return "DEF 14A"
    named = FORM_IN_NAME.search(filename or "")
    if not named:
        return None
    return _hyphened(named.group(1))


def _hyphened(written: str) -> str:
    """`10 k/a` as the Commission writes it: 10-K/A."""
    plain = re.sub(r"[\s_-]", "", written).upper()
    return "DEF 14A" if plain.startswith("DEF") else re.sub(r"^(\d+|S)([A-Z0-9])", r"\1-\2", plain)


def _company(words: Sequence[str]) -> str | None:
    """The line above "(Exact name of registrant as specified in its charter)", or what stands before it on its line."""
    for at, line in enumerate(words):
        label = NAMED.search(line)
        if not label:
            continue
        before = line[: label.start()].strip(" \t_(")
        for candidate in (before, *reversed(words[max(0, at - 4) : at])):
            name = candidate.strip(" \t_*")
            if name and len(name) < 120 and not NOT_A_NAME.search(name):
                return " ".join(name.split())
        after = re.split(r"charter\)?\W*", line[label.start() :], maxsplit=1, flags=re.IGNORECASE)[1:]
        return " ".join(after[0].split()) or None if after else None
    return None


def _reported(
    words: Sequence[str], facts: Mapping[str, str], fields: Mapping[str, str], form: str | None
) -> tuple[date | None, date | None]:
    """The day of report, and that of the earliest event where it stands beside it in brackets."""
    told = first_day(fields.get("report_date", "")) or first_day(facts.get("dei:DocumentPeriodEndDate", ""))
    wanted = REPORTED if (form or "").upper().startswith(("8-K", "6-K")) else PERIOD
    for at, line in enumerate(words):
        label = wanted.search(line)
        if label:
            around = (line[label.end() :], *words[at + 1 : at + 3], line[: label.start()], *words[max(0, at - 1) : at])
            for near in around:
                days = list(full_days(near))[:2]
                if days:
                    return told or days[0], min(days)
    return told, None


def _labelled(words: Sequence[str], label: re.Pattern[str]) -> date | None:
    for at, line in enumerate(words):
        found = label.match(line)
        if found:
            day = first_day(found["rest"]) or first_day(" ".join(words[at + 1 : at + 2])[:40])
            if day:
                return day
    return None


def _signed(lines: Sequence[Draft]) -> date | None:
    """The last day beside "Date:" near the end."""
    tail = [line.words[:200] for line in lines[-SIGNATURE_LINES:] if line.words.strip()]
    found = (_labelled(tail[at : at + 2], SIGNED) for at in range(len(tail) - 1, -1, -1) if SIGNED.match(tail[at]))
    return next((day for day in found if day), None)
