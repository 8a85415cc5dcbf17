"""Days as headers, labels and file names write them, in words and figures of any language there are words for.

A day may lack its year, and 3/4 may be in March or in April: `written_days` gives every reading and leaves the choice
to whoever knows more.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pipeline.language.arithmetic import made
from pipeline.language.words import codes, either, entries, values

SHAPES = (
    r"(?<![\d.])(?P<year>CENTURY)([-/._])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d)",
    (
        r"(?:(?P<era>令和|平成)\s?(?P<era_year>\d{1,2}|元)\s?年|(?P<year>CENTURY)\s?年)?\s?"
        r"(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日KANJI"
    ),
    (
        r"(?<![\w.])(?:WEEKDAY(?:(?:the|den|le)\s+)?)?(?:(?P<from>\d{1,2})\.?\s*(?:-|–|to|bis|au|and|&|\+)\s*)?"
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s*(?:of\s+|de\s+|-)?MONTH"
        r"(?:(?:,|\s+del?|-)?\s*(?P<year>CENTURY|'\d\d)(?!\d))?"
    ),
    (
        r"(?<![\w.])(?:WEEKDAY)?MONTH\s*(?:(?P<from>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|and|&|\+)\s*)?"
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:%])(?:,?\s+(?P<year>CENTURY)(?!\d))?"
    ),
    (
        r"(?<![\d.,])(?:WEEKDAY(?:den\s+)?)?(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\."
        r"(?:\s?(?P<year>(?:19|20)?\d\d)(?!\d))?(?![\d])"
    ),
    (
        r"(?<![\d/.])(?:WEEKDAY)?(?!24/7)(?P<one>\d{1,2})/(?P<two>\d{1,2})"
        r"(?:/(?P<year>(?:19|20)?\d\d))?(?![\d/%])KANJI"
    ),
    r"(?<![\d-])(?P<one>\d{1,2})-(?P<two>\d{1,2})-(?P<year>CENTURY)(?![\d-])",
)
"""The ways of writing a day, surest first; words in capitals stand for the pieces in `_patterns`."""
ERAS = {"令和": 2018, "平成": 1988}


@cache
def months() -> Mapping[str, Any]:
    """The names of months in any language, in small letters, and their numbers."""
    return values("months", codes())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    spaced = tuple(code for code in codes() if not entries(code).get("joined"))
    pieces = {
        "MONTH": rf"(?P<month>{either('months', spaced)})\b\.?",
        "WEEKDAY": rf"(?P<weekday>{either('weekdays', spaced)})\.?,?\s+",
        "KANJI": r"(?:\s*[（(](?P<kanji>[月火水木金土日])(?:曜日?)?[)）])?",
        "CENTURY": r"(?:19|20)\d\d",
    }
    return tuple(
        re.compile(re.sub("[A-Z]{5,}", lambda piece: pieces[piece[0]], shape), re.IGNORECASE) for shape in SHAPES
    )


@dataclass(frozen=True)
class Written:
    """A day as written: every (month, day) it may mean, the year when given, the weekday (Monday is 0) when given."""

    start: int
    end: int
    readings: tuple[tuple[int, int], ...]
    year: int | None = None
    weekday: int | None = None
    month_first: bool | None = None

    def on(self, year: int) -> tuple[date, ...]:
        """The days it may be in that year, contradicting weekdays left out."""
        days = (made(year, month, day) for month, day in self.readings)
        return tuple(day for day in days if day and self.weekday in {None, day.weekday()})

    @property
    def day(self) -> date | None:
        """The one day it means, or None when the year is missing or two days are possible."""
        days = set(self.on(self.year)) if self.year else set()
        return days.pop() if len(days) == 1 else None


def written_days(text: str) -> tuple[Written, ...]:
    """Every day written in `text`, in order, without overlaps."""
    found: list[Written] = []
    taken: list[tuple[int, int]] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            day = _written(match)
            if day:
                found.append(day)
                taken.append((day.start, day.end))
    return tuple(sorted(found, key=lambda day: day.start))


def full_days(text: str) -> Iterator[date]:
    """The days of `text` that leave no doubt, in order."""
    return (written.day for written in written_days(text) if written.day)


def first_day(text: str) -> date | None:
    """The first day of `text` that leaves no doubt."""
    return next(full_days(text), None)


def _written(match: re.Match[str]) -> Written | None:
    parts = match.groupdict()
    readings, month_first = _readings(parts)
    if not readings:
        return None
    weekday = values("weekdays", codes()).get((parts.get("kanji") or parts.get("weekday") or "").casefold())
    return Written(match.start(), match.end(), readings, _year(parts), weekday, month_first)


def _readings(parts: dict[str, str | None]) -> tuple[tuple[tuple[int, int], ...], bool | None]:
    if parts.get("one"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        both = tuple(dict.fromkeys((month, day) for month, day in ((one, two), (two, one)) if _fits(month, day)))
        return both, (None if len(both) != 1 or one == two else both[0] == (one, two))
    name = (parts["month"] or "").casefold()
    month = int(name) if name.isdigit() else months()[name]
    day = int(parts["day"] or 0)
    return (((month, day),) if _fits(month, day) else ()), None


def _year(parts: dict[str, str | None]) -> int | None:
    era, era_year = parts.get("era"), parts.get("era_year")
    if era and era_year:
        return ERAS[era] + (1 if era_year == "元" else int(era_year))
    written = (parts.get("year") or "").lstrip("'")
    if not written:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)


def _fits(month: int, day: int) -> bool:
    return made(2024, month, day) is not None
