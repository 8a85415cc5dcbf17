"""Which days words may mean, counted from the day they were said: wide where people differ, exact where they do not.

The checks ask whether a proposed day is one that the words can mean; they never pick one. "By Friday" may be the
coming one or, told of the past, the last one; "the end of May" its last days; "next Monday" that of this or next week.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from pipeline.checks._words import Words

Spans = tuple[tuple[date, date], ...]
DAY = timedelta(1)


@dataclass(frozen=True)
class Said:
    """Words [start, end) that speak of days: any within one of `spans`. `shift`: so many days from a day known
    otherwise ("a week later"); `weekday`: of the week of such a day ("the Friday before"). `vague`: a season and such.
    """

    start: int
    end: int
    spans: Spans = ()
    shift: int | None = None
    weekday: int | None = None
    vague: bool = False

    def may_be(self, day: date) -> bool:
        """Whether the words can mean that day."""
        return any(first <= day <= last for first, last in self.spans)


def find(text: str, said_on: date, words: Words) -> list[Said]:
    """The days spoken of in a flat text, in order; a reading within a longer one is left out."""
    found = [each for read in _readers(words) for each in read(text, said_on)]
    kept: list[Said] = []
    reach = -1
    for each in sorted(found, key=lambda said: (said.start, -said.end)):
        if each.end > reach or any(each.start == other.start and each.end == other.end for other in kept[-2:]):
            kept.append(each)
            reach = max(reach, each.end)
    return kept


Reader = Callable[[str, date], Iterator[Said]]


@cache
def _readers(words: Words) -> tuple[Reader, ...]:
    slots = {
        "wd": f"(?P<wd>{words.any('weekdays')})",
        "mo": f"(?P<mo>{words.any('months')})",
        "un": f"(?P<un>{words.any('units')})",
        "nu": rf"(?P<nu>\d{{1,3}}|{words.any('numbers')})",
        "or": rf"(?P<or>{words.any('ordinals')})",
        "rel": f"(?P<rel>{words.any('relative')})",
        "se": f"(?P<se>{words.any('seasons')})",
        "next": f"(?:{words.any('next')})",
        "last": f"(?:{words.any('last')})",
        "this": f"(?:{words.any('this')})",
        "ago": f"(?:{words.any('ago')})",
        "before": f"(?P<before>(?:{words.any('before')})\\s+)?",
        "part": rf"(?P<part>{words.any('end')}|{words.any('middle')}|{words.any('early')})",
        "week": f"(?:{words.any('week_of')})",
        "day": r"(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.)?",
        "y": r"(?:,?\s*(?P<y>(?:19|20)\d\d)(?!\d))?",
    }
    made = []
    for shape, meaning in SHAPES:
        pattern = shape.replace(" ", r"[ \t]*")
        for name, piece in slots.items():
            pattern = pattern.replace("{" + name + "}", piece)
        made.append(_reader(re.compile(rf"(?<![\w/]){pattern}(?![\w/])"), meaning, words))
    return tuple(made)


def _reader(regex: re.Pattern[str], meaning: str, words: Words) -> Reader:
    mean = MEANINGS[meaning]

    def read(text: str, said_on: date) -> Iterator[Said]:
        for match in regex.finditer(text):
            given = {name: value for name, value in match.groupdict().items() if value is not None}
            said = mean(_Given(given, said_on, words))
            if said is not None:
                yield Said(match.start(), match.end(), **said)

    return read


@dataclass(frozen=True)
class _Given:
    """What a shape took from the text."""

    taken: dict[str, str]
    said_on: date
    words: Words

    def value(self, slot: str, entry: str) -> Any:
        word = re.sub(r"\s+", " ", self.taken[slot])
        return int(word) if word.isdigit() else self.words.mapping(entry)[word]

    @property
    def month(self) -> int:
        return int(self.value("mo", "months"))

    @property
    def day(self) -> int:
        return int(self.taken["d"]) if "d" in self.taken else int(self.value("or", "ordinals"))

    @property
    def years(self) -> tuple[int, ...]:
        """The year named, or those around the day it was said."""
        if "y" in self.taken:
            year = int(self.taken["y"])
            return (year if year > 99 else 2000 + year,)
        return (self.said_on.year - 1, self.said_on.year, self.said_on.year + 1)


Meaning = dict[str, Any] | None


def _spans(days: list[date], given: _Given | None = None) -> Meaning:
    """The days themselves; after "before", the days just before too."""
    if not days:
        return None
    if given is not None and "before" in given.taken:
        days = [each for day in days for each in (day, day - DAY, day - timedelta(3 if day.weekday() == 0 else 1))]
    return {"spans": tuple((day, day) for day in days)}


def _made(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _near(days: list[date], said_on: date, back: int = 200, ahead: int = 330) -> list[date]:
    return [day for day in days if -back <= (day - said_on).days <= ahead]


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _calendar(given: _Given) -> Meaning:
    days = [day for year in given.years for day in _made(year, given.month, given.day)]
    return _spans(days if "y" in given.taken else _near(days, given.said_on), given)


def _figures(given: _Given) -> Meaning:
    one, two = int(given.taken["a"]), int(given.taken["b"])
    days = [
        day for year in given.years for month, number in {(one, two), (two, one)} for day in _made(year, month, number)
    ]
    return _spans(days if "y" in given.taken else _near(days, given.said_on), given)


def _iso(given: _Given) -> Meaning:
    return _spans(_made(int(given.taken["y"]), int(given.taken["m"]), int(given.taken["d"])))


def _ordinal(given: _Given) -> Meaning:
    """As in "the 14th": the next one, or the last one."""
    days: list[date] = []
    for ahead in range(-3, 3):
        end = _month_end(given.said_on.year, given.said_on.month + ahead)
        days += _made(end.year, end.month, given.day)
    past = [day for day in days if day < given.said_on][-1:]
    coming = [day for day in days if day >= given.said_on]
    return _spans([*past, *coming[: 2 if coming and (coming[0] - given.said_on).days < 4 else 1]], given)


def _weekday(given: _Given) -> Meaning:
    coming = given.said_on + timedelta((given.value("wd", "weekdays") - given.said_on.weekday() - 1) % 7 + 1)
    today = [given.said_on] if coming - timedelta(7) == given.said_on else []
    return _spans([coming, coming - timedelta(14 if today else 7), *today], given)


def _next_weekday(given: _Given) -> Meaning:
    number = given.value("wd", "weekdays")
    monday = given.said_on - timedelta(given.said_on.weekday())
    days = [monday + timedelta(number + 7 * week) for week in (0, 1)]
    return _spans([day for day in days if day > given.said_on], given)


def _last_weekday(given: _Given) -> Meaning:
    back = (given.said_on.weekday() - given.value("wd", "weekdays") - 1) % 7 + 1
    return _spans([given.said_on - timedelta(back), given.said_on - timedelta(back + 7)])


def _weeks_on(given: _Given) -> Meaning:
    """As in "Thursday week": so many weeks after the coming one, or on that day of that week."""
    weeks = int(given.value("nu", "numbers")) if "nu" in given.taken else 1
    number = given.value("wd", "weekdays")
    coming = given.said_on + timedelta((number - given.said_on.weekday() - 1) % 7 + 1)
    monday = given.said_on - timedelta(given.said_on.weekday())
    return _spans([coming + timedelta(7 * weeks), monday + timedelta(number + 7 * weeks)])


def _relative(given: _Given) -> Meaning:
    return _spans([given.said_on + timedelta(given.value("rel", "relative"))])


def _ahead(given: _Given, sign: int = 1) -> Meaning:
    """As in "in two weeks", which may count from another day too."""
    unit = given.value("un", "units")
    count = given.value("nu", "numbers") if "nu" in given.taken else 1
    size = int(unit * count)
    slack = max(0, size // 30) + (size * 2 // 5 + 2 if unit == 1 and "working" in given.taken["un"] else 0)
    day = given.said_on + timedelta(sign * size)
    return {"spans": ((day - timedelta(slack), day + timedelta(slack)),), "shift": size}


def _until(given: _Given) -> Meaning:
    """As in "the next twelve months": any day until then, and what lies around the end."""
    size = int(given.value("un", "units") * given.value("nu", "numbers"))
    return {"spans": ((given.said_on, given.said_on + timedelta(size + size // 10)),), "vague": True}


def _shifted(given: _Given) -> Meaning:
    return {"shift": int(given.value("un", "units") * given.value("nu", "numbers"))}


def _anchored(given: _Given) -> Meaning:
    return {"weekday": given.value("wd", "weekdays")}


def _within_month(given: _Given) -> Meaning:
    """A month as a whole, or its beginning, middle or end."""
    found = []
    for year in given.years:
        last = _month_end(year, given.month)
        if "y" in given.taken or -200 <= (last - given.said_on).days <= 395:
            found += _part(last.replace(day=1), last, given)
    return {"spans": tuple(found), "vague": "part" not in given.taken} if found else None


def _part(first: date, last: date, given: _Given) -> list[tuple[date, date]]:
    """A stretch of time, or its beginning or middle; of its end the last day and the last working day."""
    part = re.sub(r"\s+", " ", given.taken.get("part", "")).strip(" -")
    third = (last - first) / 3
    if part and re.fullmatch(given.words.any("end"), part):
        working = last - timedelta(max(0, last.weekday() - 4))
        return [(working, working), (last, last)]
    if part and re.fullmatch(given.words.any("middle"), part):
        return [(first + third - DAY * 2, last - third + DAY)]
    return [(first, first + third)] if part else [(first, last)]


def _within_unit(given: _Given) -> Meaning:
    """The end of this or the next week, month, quarter or year; with no "end", any of its days."""
    unit, said = given.value("un", "units"), given.said_on
    ahead = 1 if re.search(f"(?:{given.words.any('next')})", given.taken.get("which", "")) else 0
    if unit == 7:
        monday = said - timedelta(said.weekday()) + timedelta(7 * ahead)
        first, last = monday, monday + timedelta(6)
    elif unit == 30:
        last = _month_end(said.year, said.month + ahead)
        first = last.replace(day=1)
    elif unit == 91:
        last = _month_end(said.year, ((said.month - 1) // 3 + 1 + ahead) * 3)
        first = (last.replace(day=1) - timedelta(40)).replace(day=1)
    elif unit == 365:
        first, last = date(said.year + ahead, 1, 1), date(said.year + ahead, 12, 31)
    else:
        return None
    return {"spans": tuple(_part(first, last, given)), "vague": "part" not in given.taken}


def _week_of(given: _Given) -> Meaning:
    if "mo" in given.taken:
        days = _near([day for year in given.years for day in _made(year, given.month, given.day)], given.said_on)
    else:
        days = [
            date.fromisocalendar(year, int(given.taken["d"]), 1)
            for year in given.years
            if 1 <= int(given.taken["d"]) <= 52
        ]
    mondays = [day - timedelta(day.weekday()) for day in days]
    return {"spans": tuple((day - timedelta(3), day + timedelta(6)) for day in mondays)} if mondays else None


def _quarter(given: _Given) -> Meaning:
    number = int(given.taken["q"]) if "q" in given.taken else given.value("or", "ordinals")
    ends = [_month_end(year, number * 3) for year in given.years] if number <= 4 else []
    return (
        {"spans": tuple(((end - timedelta(80)).replace(day=1), end) for end in ends), "vague": True} if ends else None
    )


def _season(given: _Given) -> Meaning:
    first, last = given.value("se", "seasons")
    return {
        "spans": tuple((date(year, first, 1), _month_end(year + (last < first), last)) for year in given.years),
        "vague": True,
    }


def _year(given: _Given) -> Meaning:
    year = int(given.taken["y"])
    return {"spans": ((date(year, 12, 31), date(year, 12, 31)),), "vague": True}


SHAPES = (
    (r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", "iso"),
    (r"{before}(?:the\s+|den\s+|dem\s+)?(?:{day}|{or})\s*(?:of\s+|-)?{mo}\.?{y}", "calendar"),
    (r"{before}{mo}\.? (?:the\s+)?(?:{day}|{or}){y}", "calendar"),
    (r"{before}(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>(?:20)?\d\d))?", "figures"),
    (r"{before}(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<y>(?:20)?\d\d)?", "figures"),
    (r"(?P<a>\d{1,2}) 月 (?P<b>\d{1,2}) 日", "figures"),
    (r"{before}(?:the\s+)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)", "ordinal"),
    (r"{before}(?:zum|am|den|bis\s+zum|bis|the|by)\s+(?P<d>[0-3]?\d)\.?", "ordinal"),
    (r"{before}the\s+{or}(?!\s+[a-zà-ÿ])", "ordinal"),
    (r"{before}{wd}\.?", "weekday"),
    (r"{before}{this}\s+{wd}", "weekday"),
    (r"{before}{next}\s+{wd}", "next_weekday"),
    (r"{wd},? (?:of\s+)?{next}\s+{week}", "next_weekday"),
    (r"{next}\s+{week},? (?:on\s+)?{wd}", "next_weekday"),
    (r"(?:来週|{next}){wd}", "next_weekday"),
    (r"{last}\s+{wd}", "last_weekday"),
    (r"{wd}\s+{last}\s+{week}", "last_weekday"),
    (r"{wd}\s+(?:week|in\s+{nu}\s+(?:weeks?|wochen?)|after\s+next)", "weeks_on"),
    (r"(?:a\s+)?week\s+(?:on|from|after)\s+{wd}", "weeks_on"),
    (r"{rel}", "relative"),
    (r"(?:with)?in\s+{nu} {un}", "ahead"),
    (r"{nu} {un}\s+from\s+(?:now|today)", "ahead"),
    (r"{nu} {un}\s+{ago}", "ago"),
    (r"{nu} {un}(?:\s+(?:later|earlier|early|late|back|before|after))?", "shifted"),
    (r"the\s+{wd}\s+(?:before|after)", "anchored"),
    (r"(?:{part}-? (?:of\s+|des\s+|im\s+)?(?:the\s+)?)?{mo}{y}", "within_month"),
    (r"{part} (?P<which>(?:{this}|{next}|the|of|des|der|dieses|dieser)\s+)?{un}", "within_unit"),
    (r"(?P<which>{next}|{this})\s+{un}", "within_unit"),
    (r"{un} (?P<part>-?\s*end|s?ende)", "within_unit"),
    (r"(?:{week})\s+(?:of\s+|vom\s+)?(?:the\s+)?{day}\s*(?:of\s+)?{mo}", "week_of"),
    (r"(?:kw|cw|calendar\s+week|kalenderwoche) (?P<d>\d{1,2})", "week_of"),
    (r"q(?P<q>[1-4]){y}", "quarter"),
    (r"(?:the\s+)?{or}\s+quarter{y}", "quarter"),
    (r"{next}\s+{nu} {un}", "until"),
    (r"{se}{y}", "season"),
    (r"(?P<y>20\d\d)", "year"),
)

MEANINGS: dict[str, Callable[[_Given], Meaning]] = {
    "iso": _iso,
    "calendar": _calendar,
    "figures": _figures,
    "ordinal": _ordinal,
    "weekday": _weekday,
    "next_weekday": _next_weekday,
    "last_weekday": _last_weekday,
    "weeks_on": _weeks_on,
    "relative": _relative,
    "ahead": _ahead,
    "ago": lambda given: _ahead(given, -1),
    "until": _until,
    "shifted": _shifted,
    "anchored": _anchored,
    "within_month": _within_month,
    "within_unit": _within_unit,
    "week_of": _week_of,
    "quarter": _quarter,
    "season": _season,
    "year": _year,
}
