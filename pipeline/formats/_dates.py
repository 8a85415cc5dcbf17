"""Days written in words and figures, in English, German, French, Spanish, Italian, Dutch, Portuguese and Japanese.

A day may lack its year, and 3/4 may be in March or in April: `written_days` gives every reading and leaves the choice
to whoever knows more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro",
    "february feb februar februari février fevrier févr fevr febrero febbraio fevereiro",
    "march mar märz maerz mrz mars marzo maart mrt março",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout agosto ago augustus",
    "september sept sep septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes maandag 月",
    "tuesday tue tues dienstag di mardi mar martes mar dinsdag 火",
    "wednesday wed weds mittwoch mi mercredi mer miércoles mié woensdag 水",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue donderdag 木",
    "friday fri freitag fr vendredi ven viernes vie vrijdag 金",
    "saturday sat samstag sa sonnabend samedi sam sábado sáb zaterdag 土",
    "sunday sun sonntag so dimanche dim domingo dom zondag 日",
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted((name for name in WEEKDAYS if name.isascii() or len(name) > 1), key=len, reverse=True))

WORDED = re.compile(
    rf"(?<![\w.])(?:(?P<weekday>{_WEEKDAY})\.?,?\s+(?:the\s+|den\s+|le\s+)?)?"
    rf"(?:(?P<from>\d{{1,2}})\.?\s*(?:-|–|to|bis|au|and|&|\+)\s*)?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s*(?:of\s+|de\s+|-)?(?P<month>{_MONTH})\b\.?"
    r"(?:(?:,|\s+del?|-)?\s*(?P<year>(?:19|20)\d\d|'\d\d)(?!\d))?",
    re.IGNORECASE,
)
WORDED_MONTH_FIRST = re.compile(
    rf"(?<![\w.])(?:(?P<weekday>{_WEEKDAY})\.?,?\s+)?(?P<month>{_MONTH})\b\.?\s*"
    r"(?:(?P<from>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|to|and|&|\+)\s*)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:%])(?:,?\s+(?P<year>(?:19|20)\d\d)(?!\d))?",
    re.IGNORECASE,
)
ISO = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)([-/._])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d)")
DOTTED = re.compile(
    rf"(?<![\d.,])(?:(?P<weekday>{_WEEKDAY})\.?,?\s+(?:den\s+)?)?(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\."
    r"(?:\s?(?P<year>(?:19|20)?\d\d)(?!\d))?(?![\d])",
    re.IGNORECASE,
)
SLASHED = re.compile(
    rf"(?<![\d/.])(?:(?P<weekday>{_WEEKDAY})\.?,?\s+)?(?!24/7)(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})"
    r"(?:/(?P<year>(?:19|20)?\d\d))?(?![\d/%])(?:\s*[（(](?P<kanji>[月火水木金土日])(?:曜日?)?[)）])?",
    re.IGNORECASE,
)
DASHED = re.compile(r"(?<![\d-])(?P<one>\d{1,2})-(?P<two>\d{1,2})-(?P<year>(?:19|20)\d\d)(?![\d-])")
JAPANESE = re.compile(
    r"(?:(?P<era>令和|平成)\s?(?P<era_year>\d{1,2}|元)\s?年|(?P<year>(?:19|20)\d\d)\s?年)?\s?"
    r"(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日(?:\s*[（(](?P<kanji>[月火水木金土日])(?:曜日?)?[)）])?"
)
ERAS = {"令和": 2018, "平成": 1988}


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
        days = (_day(year, month, day) for month, day in self.readings)
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
    for pattern in (ISO, COMPACT, JAPANESE, WORDED, WORDED_MONTH_FIRST, DOTTED, SLASHED, DASHED):
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
    weekday = WEEKDAYS.get((parts.get("kanji") or parts.get("weekday") or "").casefold())
    return Written(match.start(), match.end(), readings, _year(parts), weekday, month_first)


def _readings(parts: dict[str, str | None]) -> tuple[tuple[tuple[int, int], ...], bool | None]:
    if parts.get("one"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        both = tuple(dict.fromkeys((month, day) for month, day in ((one, two), (two, one)) if _fits(month, day)))
        return both, (None if len(both) != 1 or one == two else both[0] == (one, two))
    name = (parts["month"] or "").casefold()
    month = int(name) if name.isdigit() else MONTHS[name]
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
    return _day(2024, month, day) is not None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
