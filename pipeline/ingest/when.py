"""The day of the occasion: found in the text's head, labelled lines or the file's name, or left open when unsure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.language.written import Written, written_days
from pipeline.records import Document, LineKind

LABEL = re.compile(
    r"^\W*(?:(?:meeting|call|visit|session|besprechungs?)[ -]?)?(?:date(?: (?:and|&) time)?|day|when|datum|termin|"
    r"fecha|data|jour|日付|日時|開催日|recorded(?: on)?|held(?: on)?|time|start(?:ed)?(?: at)?|created(?: at)?)"
    r"\W*[:：]\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
TOLD = re.compile(
    r"\b(?:recorded|held|took place|aufgezeichnet|enregistré|meeting (?:of|on|from)|call (?:of|on|from)|met on)\b"
    r".{0,24}$",
    re.IGNORECASE,
)
DEADLINE = re.compile(
    r"(?:\b(?:by|due|until|till|til|before|after|since|from|starting|effective|next|bis|vor|nach|seit|ab|zum|avant|depuis|"
    r"jusqu.au|dès|hasta|antes|desde|entro|dal|voor|vanaf|live|starts?|ends?|on|for)|[→>-]>)\W*(?:the |den |le |el )?$"
    r"|(?:まで|から)$",
    re.IGNORECASE,
)
STAMP = re.compile(r"\s*\[?(?P<day>[\d./-]{5,10}),?\s+\d{1,2}[:.]\d\d")
"""What chats write before every message: "[14.04.26, 08:12]", "14/04/2026, 08:12 -"."""
HEADING = re.compile(r"\s*(?:#{1,3}\s|={2,}|\*\*)")
HEAD_LINES = 3
LONG_TITLE = 140
LABELLED_LINES = 40
LONG_LINE = 90
NEAR = timedelta(days=45)
FAR = timedelta(days=120)


@dataclass(frozen=True)
class Found:
    """A day written somewhere that may be the day of the occasion."""

    written: Written
    where: str


def day_of(document: Document, filename: str | None, language: str, today: date | None) -> tuple[date | None, str]:
    """The day of the occasion and where it was found; without a day, the reason (empty when nothing was written)."""
    named = _in_name(filename)
    unsure = ""
    for found in _candidates(document):
        day, why = _resolved(found.written, document, language, today, named)
        if day:
            return day, found.where
        unsure = unsure or f"{found.where}: {why}"
    if named and named.day:
        return named.day, f"the file's name {filename!r}"
    return None, unsure


def _candidates(document: Document) -> Iterator[Found]:
    own = [line for line in document.lines if line.kind in {LineKind.body, LineKind.header} and line.end > line.start]
    own = [line for line in own if not line.said_on]
    for line in own[:LABELLED_LINES]:
        words = document.words(line)[:400]
        labelled = LABEL.match(words)
        for written in written_days(labelled["rest"])[:1] if labelled else ():
            yield Found(written, f"line {line.number}: {words.strip()[:60]}")
    yield from _in_title(document.title or "")
    for line in own[:LABELLED_LINES]:
        words = document.words(line)[:400]
        for written in written_days(words):
            if TOLD.search(words[: written.start]):
                yield Found(written, f"line {line.number}: {words.strip()[:60]}")
    for line in own[:LABELLED_LINES]:
        words = document.words(line)[:400]
        if HEADING.match(words) and len(words) <= LONG_TITLE:
            yield from _in_head(words, 0, line.number)
    for place, line in enumerate(own[:HEAD_LINES]):
        if line.speaker or line.cue:
            break
        yield from _in_head(document.words(line), place, line.number)
    stamped = [(line, STAMP.match(document.words(line))) for line in own[:LABELLED_LINES]]
    stamps = [(line, found) for line, match in stamped if match for found in written_days(match["day"])[:1]]
    if len(stamps) > 1:
        yield Found(stamps[0][1], f"line {stamps[0][0].number}, the stamp of a message")


def _in_title(title: str) -> Iterator[Found]:
    for written in written_days(title[:LONG_TITLE]):
        if not DEADLINE.search(title[: written.start]):
            yield Found(written, f"the title: {title[:60]}")


def _in_head(words: str, place: int, number: int) -> Iterator[Found]:
    """A day in the first lines: anywhere in a short one, only at the very beginning of a long one."""
    if place and (len(words) > LONG_LINE or re.match(r"\s*(?:[-*•–]|\[|\d+[.)]\s)", words)):
        return
    for written in written_days(words[:200]):
        before = words[: written.start]
        if DEADLINE.search(before) and not (place == 0 and re.search(r"\bon\W*$", before)):
            continue
        if len(words) > LONG_LINE and len(before) > LONG_LINE * 2 // 3:
            continue
        yield Found(written, f"line {number}: {words.strip()[:60]}")


def _in_name(filename: str | None) -> Written | None:
    if not filename:
        return None
    stem = re.sub(r"[_]+", " ", filename.rpartition("/")[2].rpartition(".")[0] or filename)
    return next(iter(written_days(stem)), None)


def _resolved(
    written: Written, document: Document, language: str, today: date | None, named: Written | None
) -> tuple[date | None, str]:
    """The one day meant, or None with the reason."""
    if written.year:
        days = sorted({*written.on(written.year)}) or []
    else:
        days = _with_year(written, document, today, named)
    if len(days) == 2:
        days = _in_order(days, written, document, language, today, named)
    if len(days) == 1:
        return days[0], ""
    if len(days) > 1:
        return None, "it may be " + " or ".join(f"{day.day} {day:%B}" for day in days)
    return None, "the year is missing" if not written.year else "no such day"


def _with_year(written: Written, document: Document, today: date | None, named: Written | None) -> list[date]:
    """The days meant, one for each reading, in the year that the file's name, the delivery or a weekday gives."""
    if named and named.year:
        years = [named.year]
    elif today:
        return sorted({day for reading in written.readings if (day := _latest(reading, written.weekday, today))})
    else:
        years = sorted({day.year for found in written_days(document.text[:20_000]) if (day := found.day)})
        if len(years) != 1 or written.weekday is None:
            return []
    return sorted({day for year in years for day in written.on(year)})


def _latest(reading: tuple[int, int], weekday: int | None, today: date) -> date | None:
    """The last time that day came before tomorrow, this year or last; 29 February and weekdays may not have come."""
    once = Written(0, 0, (reading,), None, weekday)
    for year in (today.year, today.year - 1):
        days = [day for day in once.on(year) if day <= today + timedelta(days=1)]
        if days:
            return days[0]
    return None


def _in_order(
    days: list[date], written: Written, document: Document, language: str, today: date | None, named: Written | None
) -> list[date]:
    """3/4 is settled by the file's name, by the language, by other days in the text, or by the day of delivery."""
    if named and named.day in days:
        return [named.day]
    month_first = _order(document, language)
    if month_first is not None:
        month, day = written.readings[0] if month_first else written.readings[-1]
        return [one for one in days if (one.month, one.day) == (month, day)]
    if today:
        ages = sorted((abs(today - day), day) for day in days)
        if ages[0][0] <= NEAR and ages[1][0] >= FAR:
            return [ages[0][1]]
    return days


def _order(document: Document, language: str) -> bool | None:
    """Whether the text writes the month first; None when it does not show."""
    if language in {"ja", "zh", "ko"}:
        return True
    if language != "en":
        return False
    shown = {found.month_first for found in written_days(document.text[:20_000])} - {None}
    return shown.pop() if len(shown) == 1 else None
