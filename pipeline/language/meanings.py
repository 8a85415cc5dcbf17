"""What each shape means: the day meant by it, and the days it may mean, counted from the day it was said."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.language.arithmetic import DAYS, coming, end_of, made, monday, month_end, nearest, shift, stretch
from pipeline.language.shapes import NAMED
from pipeline.language.words import values

Spans = tuple[tuple[date, date], ...]
Sense = dict[str, Any] | None
"""Fields of a Day, or None when the words mean none after all."""
DAY = timedelta(1)
BACK, AHEAD = timedelta(200), timedelta(330)
HALF_A_YEAR = timedelta(183)


class Given:
    """What a shape took from the text."""

    def __init__(self, match: re.Match[str], spoken: tuple[str, ...], today: date, month_first: bool) -> None:
        """`today`: the day it was said; `month_first`: whether 3/6 is March 6."""
        self.taken = {name: value for name, value in match.groupdict().items() if value is not None}
        self.spoken, self.today, self.month_first = spoken, today, month_first

    def __contains__(self, name: str) -> bool:
        return name in self.taken

    def value(self, slot: str) -> Any:
        """What the word of a slot stands for."""
        return self._value(slot, NAMED[slot])

    def _value(self, slot: str, entry: str) -> Any:
        word = " ".join(self.taken[slot].split())
        return int(word) if word.isdigit() else values(entry, self.spoken)[word]

    def number(self, name: str) -> int:
        """The figures of a group."""
        return int(self.taken[name])

    @property
    def day(self) -> int:
        """The number of the day, in figures or words."""
        return self.number("d") if "d" in self else int(self.value("nth"))

    @property
    def count(self) -> int:
        """How many; one when it is not said."""
        return int(self._value("nu", "numbers")) if "nu" in self else 1

    @property
    def year(self) -> int | None:
        """The year named."""
        written = self.taken.get("y") or self.taken.get("c")
        if written:
            return int(written) + (2000 if len(written) == 2 else 0)
        for name, ahead in (("next_year", 1), ("this_year", 0), ("last_year", -1)):
            if name in self:
                return self.today.year + ahead
        return None

    @property
    def years(self) -> tuple[int, ...]:
        """The year named, or those around the day it was said."""
        year = self.today.year
        return (self.year,) if self.year else (year - 1, year, year + 1)

    def days(self, month: int, day: int) -> list[date]:
        """That day of the year named, or of those years where it is near."""
        found = [on for year in self.years if (on := made(year, month, day))]
        return found if self.year else [on for on in found if -BACK <= on - self.today <= AHEAD]

    def meant(self, on: date | None, may: Iterable[date] = (), **more: Any) -> Sense:
        """A day, and the others it may be; after "before", the day before it, for which people differ too."""
        if on is None:
            return None
        days = dict.fromkeys([on, *may])
        if "before" in self:
            days = dict.fromkeys(
                each for day in days for each in (day - DAY, day, day - DAY * (3 if day.weekday() == 0 else 1))
            )
            on -= DAY
        return {"on": on, "spans": tuple((day, day) for day in days), **more}

    def part(self, first: date, last: date) -> Spans:
        """A stretch of time, or its beginning or middle; of its end the last day and the last working day."""
        third = (last - first) / 3
        if "end" in self:
            working = last - DAY * max(0, last.weekday() - 4)
            return (working, working), (last, last)
        if "middle" in self:
            return ((first + third - DAY * 2, last - third + DAY),)
        return ((first, first + third if "early" in self else last),)


def _calendar(given: Given) -> Sense:
    month, day = given.value("mo"), given.day
    on = made(given.year, month, day) if given.year else nearest(month, day, given.today)
    return given.meant(on, given.days(month, day))


def _dated(month_first: bool | None) -> Callable[[Given], Sense]:
    """Two figures; with None the text's own order counts, and the other one may be meant."""

    def resolve(given: Given) -> Sense:
        one, two = given.number("a"), given.number("b")
        orders = [(one, two), (two, one)]
        if not (given.month_first if month_first is None else month_first):
            orders.reverse()
        month, day = orders[0]
        on = made(given.year, month, day) if given.year else nearest(month, day, given.today)
        may = [each for order in (orders if month_first is None else orders[:1]) for each in given.days(*order)]
        return given.meant(on, may) if on else given.meant(next(iter(may), None), may, loose=True)

    return resolve


def _ordinal(given: Given) -> Sense:
    """As in "the 14th": the next one, or the last one."""
    today = given.today
    ends = [month_end(today.year, today.month + ahead) for ahead in range(-12, 13)]
    days = [on for end in ends if (on := made(end.year, end.month, given.day))]
    past, to_come = [on for on in days if on < today], [on for on in days if on >= today]
    if not past or not to_come:
        return None
    soon = to_come[: 2 if (to_come[0] - today).days < 4 else 1]
    return given.meant(to_come[0], [past[-1], *soon], bare=True)


def _past_ordinal(given: Given) -> Sense:
    found = _ordinal(given)
    return found and found | {"on": max(on for on, _ in found["spans"] if on <= given.today), "bare": False}


def _weekday(given: Given) -> Sense:
    on = coming(given.value("wd"), given.today)
    if on - DAY * 7 == given.today:
        return given.meant(on, [given.today, on - DAY * 14])
    return given.meant(on, [on - DAY * 7])


def _of_week(ahead: int) -> Callable[[Given], Sense]:
    """The weekday of this or the next week, where "next" may be the nearest one too."""

    def resolve(given: Given) -> Sense:
        first = monday(given.today) + DAY * given.value("wd")
        on = first + DAY * 7 * ahead
        return given.meant(on, [each for each in (first, first + DAY * 7) if each > given.today])

    return resolve


def _last_weekday(given: Given) -> Sense:
    on = coming(given.value("wd"), given.today - DAY) - DAY * 7
    return given.meant(on, [on - DAY * 7])


def _weeks_on(given: Given) -> Sense:
    """As in "Thursday week": so many weeks after the coming one, or on that day of that week."""
    weekday, later = given.value("wd"), DAY * 7 * given.count
    return given.meant(coming(weekday, given.today) + later, [monday(given.today) + DAY * weekday + later])


def _ahead(sign: int) -> Callable[[Given], Sense]:
    """As in "in two weeks", which may count from another day too."""

    def resolve(given: Given) -> Sense:
        unit, count = given.value("un"), given.count
        size = DAYS[unit] * count
        slack = DAY * (size // 30 + (size * 2 // 5 + 2 if unit == "workday" else 0))
        on, about = shift(given.today, sign * count, unit), given.today + DAY * sign * size
        return {"on": on, "spans": ((on, on), (about - slack, about + slack)), "shift": size}

    return resolve


def _until(given: Given) -> Sense:
    """As in "the next twelve months": any day until then, and what lies around the end."""
    size = DAYS[given.value("un")] * given.count
    return {"spans": ((given.today, given.today + DAY * (size + size // 10)),), "vague": True, "loose": True}


def _month(given: Given) -> Sense:
    """A month as a whole, or its beginning, middle or end; "by next June" is due at its end."""
    month, today = given.value("mo"), given.today
    running = "next" in given and month == today.month
    meant = month_end(given.year or today.year + (month < today.month or running), month)
    lasts = [month_end(year, month) for year in given.years]
    if "next" in given:
        lasts = [month_end(meant.year + 1, month)]
    elif not given.year:
        lasts = [last for last in lasts if -BACK <= last - today <= AHEAD + DAY * 65]
    spans = tuple(span for last in dict.fromkeys([meant, *lasts]) for span in given.part(last.replace(day=1), last))
    coming_one = bool({"next", "next_year"} & given.taken.keys())
    due = coming_one and given.taken.get("lead") in values("up_to", given.spoken)
    if due or "end" in given or "middle" in given:
        on = meant.replace(day=15) if "middle" in given else meant
        return {"on": on, "spans": (*spans, (on, on)), "exact": "end" in given}
    return {"spans": spans, "vague": "early" not in given, "loose": not (coming_one or "lead" in given)}


def _unit(given: Given) -> Sense:
    """The week, month, quarter or year that runs or comes next, or its beginning, middle or end."""
    unit, today = given.value("un"), given.today
    ahead = 1 if "next" in given else -1 if "last" in given else 0
    if unit in ("fortnight", "workday") or (unit == "day" and ahead):
        return None
    spans = given.part(*stretch(today, unit, ahead))
    found = {"spans": spans, "vague": not {"end", "middle", "early"} & given.taken.keys()}
    if {"end", "this", "within"} & given.taken.keys() or ("next" in given and unit == "week" and found["vague"]):
        on = end_of(today, unit, ahead)
        return found | {"on": on, "spans": (*spans, (on, on)), "exact": "next" not in given or "end" in given}
    return found | {"loose": "last" not in given}


def _closing(given: Given) -> Sense:
    slot = "closing" if "closing" in given else "next_closing"
    first, last = stretch(given.today, given.value(slot), slot == "next_closing")
    on = end_of(given.today, given.value(slot), slot == "next_closing")
    return {"on": on, "spans": ((on, on), (last, last), *(((first, last),) if slot == "next_closing" else ()))}


def _week_of(given: Given) -> Sense:
    found = _calendar(given)
    if found is None:
        return None
    spans = tuple((monday(day) - DAY * 3, monday(day) + DAY * 6) for day, _ in found["spans"])
    return {"on": monday(found["on"]) if "first" in given else end_of(found["on"], "week"), "spans": spans}


def _week_number(given: Given) -> Sense:
    fridays = [date.fromisocalendar(year, given.number("n"), 5) for year in given.years if 1 <= given.number("n") <= 52]
    on = next((friday for friday in fridays[1:] if given.today - friday < HALF_A_YEAR), None)
    return {"on": on, "spans": tuple((day - DAY * 7, day + DAY * 2) for day in fridays)} if on else None


def _quarter(given: Given) -> Sense:
    number = given.number("n") if "n" in given else given.value("nth")
    if number > 4:
        return None
    ends = [month_end(year, number * 3) for year in given.years]
    on = next((end for end in ends[1:] if end >= given.today), ends[-1])
    spans = tuple(stretch(end, "quarter") for end in ends)
    loose = "nth" in given and "end" not in given
    return {"on": on, "spans": spans, "vague": True, "exact": False, "loose": loose}


def _season(given: Given) -> Sense:
    first, last = given.value("se")
    spans = tuple((date(year, first, 1), month_end(year + (last < first), last)) for year in given.years)
    return {"spans": spans, "vague": True}


def _year(given: Given) -> Sense:
    last = date(given.number("y"), 12, 31)
    if "end" in given:
        return {"on": last, "spans": given.part(last.replace(month=1, day=1), last)}
    parts = {"middle", "early"} & given.taken.keys()
    spans = given.part(last.replace(month=1, day=1), last) if parts else ((last, last),)
    return {"spans": spans, "vague": True, "loose": True}


def _holiday(given: Given) -> Sense:
    year = given.today.year + (given.today > date(given.today.year, 12, 25))
    return given.meant(date(year, 12, 24), [date(year, 12, 25)])


def _loosely(meaning: Callable[[Given], Sense]) -> Callable[[Given], Sense]:
    """The same meaning of words that only may mean it."""
    return lambda given: (found := meaning(given)) and found | {"loose": True}


MEANINGS: Mapping[str, Callable[[Given], Sense]] = {
    "iso": lambda given: given.meant(made(given.number("y"), given.number("m"), given.number("d"))),
    "calendar": _calendar,
    "figures": _dated(None),
    "dotted": _dated(month_first=False),
    "loose_dotted": _loosely(_dated(month_first=False)),
    "month_day": _dated(month_first=True),
    "ordinal": _ordinal,
    "past_ordinal": _past_ordinal,
    "loose_ordinal": _loosely(_ordinal),
    "weekday": _weekday,
    "this_weekday": _of_week(0),
    "next_weekday": _of_week(1),
    "last_weekday": _last_weekday,
    "weeks_on": _weeks_on,
    "relative": lambda given: given.meant(given.today + DAY * given.value("rel")),
    "ahead": _ahead(1),
    "ago": _ahead(-1),
    "until": _until,
    "shifted": lambda given: {"shift": DAYS[given.value("un")] * given.count, "loose": True},
    "anchored": lambda given: {"weekday": given.value("wd"), "loose": True},
    "month": _month,
    "unit": _unit,
    "closing": _closing,
    "week_of": _week_of,
    "week_number": _week_number,
    "quarter": _quarter,
    "season": _season,
    "year": _year,
    "holiday": _holiday,
    "new_year": lambda given: given.meant(date(given.today.year, 12, 31)),
    "some_day": lambda _given: {"vague": True},
}
