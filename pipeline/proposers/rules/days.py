"""Days as people write them, resolved from the day they were said. The shapes lie in data/<language>/days.yaml.

A shape is a regular expression with slots ({weekday}, {month}, {unit}, {number}, {nth}) and the name of what it means,
one of MEANINGS. Business conventions: "by Friday" is the coming Friday, "next Monday" the Monday of next week, "before
Thursday" the day before, the end of a month or quarter its last day, the end of a week its Friday.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from pipeline.proposers.rules.lexicon import language
from pipeline.proposers.rules.tokens import apart

SLOTS = ("weekday", "month", "unit", "number", "nth")
FIXED = {"d": r"(?P<d>[0-3]?\d)", "y": r"(?P<y>(?:19|20)\d\d)", "n": r"(?P<n>\d{1,3})"}
HALF_A_YEAR = 183
NEAR = 120


@dataclass(frozen=True)
class Day:
    """Words [start, end) of the text that mean a day. `on` is None for what is too vague to be one ("in spring")."""

    start: int
    end: int
    on: date | None
    past: bool = False
    exact: bool = True
    bare: bool = False
    """Only the number of the day ("the 22nd"); its month is the nearest to come, or the one named just before."""


@dataclass(frozen=True)
class _Shape:
    regex: re.Pattern[str]
    meaning: str
    values: Mapping[str, Mapping[str, Any]]
    ambiguous: frozenset[str]


def find(text: str, said_on: Callable[[int], date], names: Sequence[str]) -> list[Day]:
    """The days in `text`, in order and without overlap. `said_on(offset)` is the day that words there count from."""
    found: list[Day] = []
    first = month_first(text, said_on(0))
    small = lowered(text)
    for name in names:
        never = _never(name)
        for shape in _shapes(name):
            for match in shape.regex.finditer(small):
                if never and never.match(text, match.start()):
                    continue
                day = _read(shape, match, said_on(match.start()), first, text)
                if day:
                    found.append(day)
    return [_in_month(day, before) for day, before in pairwise_before(_apart(found))]


@cache
def _never(name: str) -> re.Pattern[str] | None:
    """What looks like a day of that language and is none, such as "Fr." before a name."""
    written = language(name).data.get("days", {}).get("never")
    return re.compile(written) if written else None


def pairwise_before(found: list[Day]) -> Iterator[tuple[Day, Day | None]]:
    """Each day with the one named before it."""
    before: Day | None = None
    for day in found:
        yield day, before
        before = day


def _in_month(day: Day, before: Day | None) -> Day:
    """A bare "24th" right after a later month's day is of that month."""
    if not (day.bare and day.on and before and before.on and before.exact and not before.bare and not before.past):
        return day
    made = _made(before.on.year, before.on.month, day.on.day)
    near = day.start - before.end < NEAR and before.on > day.on
    return replace(day, on=made) if made and near else day


def lowered(text: str) -> str:
    """The text in small letters, each at its old place."""
    small = text.lower()
    return (
        small
        if len(small) == len(text)
        else "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    )


def _apart(found: list[Day]) -> list[Day]:
    ordered = sorted(found, key=lambda each: (each.on is None, each.start - each.end, each.start))
    return [ordered[number] for number in apart([(each.start, each.end) for each in ordered])]


def month_first(text: str, said_on: date) -> bool:
    """Whether 3/6 is March 6 in this text: as its own numbers say, else the reading nearer to the day it was said."""
    pairs = [(int(a), int(b)) for a, b in re.findall(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])", text)]
    if any(a > 12 for a, _ in pairs):
        return False
    if any(b > 12 for _, b in pairs):
        return True
    month_day = sum(_far(_nearest(a, b, said_on), said_on) for a, b in pairs)
    day_month = sum(_far(_nearest(b, a, said_on), said_on) for a, b in pairs)
    return month_day <= day_month


def _far(day: date | None, said_on: date) -> int:
    return abs((day - said_on).days) if day else 400


def _nearest(month: int, day: int, said_on: date) -> date | None:
    """The day of that month nearest to the day it was said: half a year back at most."""
    options = [made for year in (-1, 0, 1) if (made := _made(said_on.year + year, month, day))]
    return min(options, key=lambda made: abs((made - said_on).days), default=None)


def _nearest_to_come(month: int, day: int, said_on: date) -> date:
    return date(said_on.year + ((month, day) < (said_on.month, said_on.day)), month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def shift(day: date, count: int, unit: str) -> date:
    """`day` moved by so many days, working days, weeks, months, quarters or years."""
    if unit in ("month", "quarter", "year"):
        months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
        year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    if unit == "workday":
        step = 1 if count >= 0 else -1
        for _ in range(abs(count)):
            day += timedelta(step)
            while day.weekday() > 4:
                day += timedelta(step)
        return day
    return day + timedelta(count * {"day": 1, "week": 7, "fortnight": 14}.get(unit, 1))


def end_of(day: date, unit: str, ahead: int = 0) -> date:
    """The last day of the week (its Friday), month, quarter or year, `ahead` of the one that holds `day`."""
    if unit == "week":
        return day - timedelta(day.weekday()) + timedelta(4 + 7 * ahead)
    if unit == "quarter":
        return _month_end(day.year, ((day.month - 1) // 3 + 1) * 3 + 3 * ahead)
    if unit == "year":
        return date(day.year + ahead, 12, 31)
    if unit == "month":
        return _month_end(day.year, day.month + ahead)
    return day + timedelta(ahead)


def span(text: str, names: Sequence[str]) -> tuple[int, str] | None:
    """A length of time in words ("two weeks") as its count and unit, or None."""
    for name in names:
        data = language(name).data.get("days", {})
        units, numbers = _lowered(data.get("unit", {})), _lowered(data.get("number", {}))
        if not units:
            continue
        counts = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
        lengths = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
        match = re.search(rf"\b(\d+|{counts}) ({lengths})\b", text, re.IGNORECASE)
        if match:
            count = match.group(1).lower()
            return int(numbers.get(count) or count), str(units[match.group(2).lower()])
    return None


@cache
def _shapes(name: str) -> tuple[_Shape, ...]:
    data = language(name).data.get("days", {})
    slots: dict[str, Mapping[str, Any]] = {slot: _lowered(data.get(slot, {})) for slot in SLOTS}
    ambiguous = frozenset(str(word) for word in data.get("ambiguous", []))
    shapes = []
    for shape in data.get("shapes", []):
        regex, meaning = shape
        for slot, values in slots.items():
            words = "|".join(sorted((re.escape(word) for word in values), key=len, reverse=True))
            regex = regex.replace("{" + slot + "}", f"(?P<{slot}>{words})")
        for slot, piece in FIXED.items():
            regex = regex.replace("{" + slot + "}", piece)
        edges = ("", "") if data.get("joined") else (r"(?<![\w/.])", r"(?![\w/]|[.,]\d)")
        shapes.append(_Shape(re.compile(edges[0] + regex + edges[1]), meaning, slots, ambiguous))
    return tuple(shapes)


def _lowered(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in values.items()}


def _read(shape: _Shape, match: re.Match[str], said_on: date, first: bool, text: str) -> Day | None:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    for slot in ("weekday", "month"):
        word = groups.get(slot, "")
        if word in shape.ambiguous and "d" not in groups and text[match.start(slot)].islower():
            return None
    given: dict[str, Any] = {"said_on": said_on, "first": first}
    for slot, value in groups.items():
        given[slot] = shape.values[slot][value.lower()] if slot in SLOTS else int(value) if value.isdigit() else value
    meaning, _, modifier = shape.meaning.partition("-")
    on = MEANINGS[meaning](given)
    if meaning != "vague" and on is None:
        return None
    if on and modifier == "before":
        on -= timedelta(1)
    return Day(
        match.start(),
        match.end(),
        on,
        past=bool(on and on < said_on),
        exact=meaning in EXACT,
        bare=meaning == "ordinal",
    )


def _calendar(given: dict[str, Any]) -> date | None:
    said_on, day = given["said_on"], given.get("d") or given["nth"]
    if given.get("y"):
        return _made(given["y"], given["month"], day)
    return _nearest(given["month"], day, said_on)


def _figures(given: dict[str, Any]) -> date | None:
    a, b = given["a"], given["b"]
    month, day = (a, b) if given["first"] else (b, a)
    return _dated(month, day, given)


def _dated(month: int, day: int, given: dict[str, Any]) -> date | None:
    year = given.get("c")
    if year is None:
        return _nearest(month, day, given["said_on"])
    return _made(year + 2000 if year < 100 else year, month, day)


def _ordinal(given: dict[str, Any]) -> date | None:
    said_on, day = given["said_on"], given.get("d") or given["nth"]
    for ahead in range(13):
        end = _month_end(said_on.year, said_on.month + ahead)
        made = _made(end.year, end.month, day)
        if made and made >= said_on:
            return made
    return None


def _past_ordinal(given: dict[str, Any]) -> date | None:
    said_on, day = given["said_on"], given.get("d") or given["nth"]
    for back in range(13):
        end = _month_end(said_on.year, said_on.month - back)
        made = _made(end.year, end.month, day)
        if made and made <= said_on:
            return made
    return None


def _weekday(given: dict[str, Any]) -> date:
    said_on: date = given["said_on"]
    return said_on + timedelta((given["weekday"] - said_on.weekday() - 1) % 7 + 1)


def _of_week(ahead: int) -> Callable[[dict[str, Any]], date]:
    def resolve(given: dict[str, Any]) -> date:
        said_on: date = given["said_on"]
        return said_on - timedelta(said_on.weekday()) + timedelta(7 * ahead + given["weekday"])

    return resolve


def _last_weekday(given: dict[str, Any]) -> date:
    said_on: date = given["said_on"]
    return said_on - timedelta((said_on.weekday() - given["weekday"] - 1) % 7 + 1)


def _count(given: dict[str, Any]) -> int:
    return int(given.get("number") or given.get("n") or 1)


def _month_named(given: dict[str, Any]) -> date:
    said_on: date = given["said_on"]
    month = given["month"]
    year = given.get("y") or (said_on.year + (1 if month < said_on.month - 6 else 0))
    if month < said_on.month and not given.get("y"):
        year = said_on.year + 1
    return _month_end(year, month)


def _calendar_week(given: dict[str, Any]) -> date | None:
    said_on: date = given["said_on"]
    try:
        made = date.fromisocalendar(said_on.year, given["n"], 5)
    except ValueError:
        return None
    return made if (said_on - made).days < HALF_A_YEAR else date.fromisocalendar(said_on.year + 1, given["n"], 5)


def _quarter(given: dict[str, Any]) -> date:
    said_on: date = given["said_on"]
    made = _month_end(given.get("y") or said_on.year, given["n"] * 3)
    return made if made >= said_on or given.get("y") else _month_end(said_on.year + 1, given["n"] * 3)


MEANINGS: dict[str, Callable[[dict[str, Any]], date | None]] = {
    "iso": lambda given: _made(given["y"], given["m"], given["d"]),
    "calendar": _calendar,
    "figures": _figures,
    "week_of": lambda given: end_of(found, "week") if (found := _calendar(given)) else None,
    "day_month": lambda given: _dated(given["b"], given["a"], given),
    "month_day": lambda given: _dated(given["a"], given["b"], given),
    "ordinal": _ordinal,
    "past_ordinal": _past_ordinal,
    "weekday": _weekday,
    "this_weekday": _of_week(0),
    "next_weekday": _of_week(1),
    "weekday_week": lambda given: _weekday(given) + timedelta(7),
    "last_weekday": _last_weekday,
    "today": lambda given: given["said_on"],
    "tomorrow": lambda given: given["said_on"] + timedelta(1),
    "after_tomorrow": lambda given: given["said_on"] + timedelta(2),
    "yesterday": lambda given: given["said_on"] - timedelta(1),
    "ahead": lambda given: shift(given["said_on"], _count(given), given["unit"]),
    "ago": lambda given: shift(given["said_on"], -_count(given), given["unit"]),
    "end": lambda given: end_of(given["said_on"], given["unit"]),
    "end_next": lambda given: end_of(given["said_on"], given["unit"], 1),
    "next_unit": lambda given: end_of(given["said_on"], given["unit"], 1) if given["unit"] == "week" else None,
    "mid_month": lambda given: _month_named(given).replace(day=15),
    "end_month": _month_named,
    "christmas": lambda given: _nearest_to_come(12, 25, given["said_on"]),
    "end_week": lambda given: end_of(given["said_on"], "week"),
    "end_quarter": lambda given: end_of(given["said_on"], "quarter"),
    "end_year": lambda given: end_of(given["said_on"], "year"),
    "end_this_month": lambda given: end_of(given["said_on"], "month"),
    "end_next_month": lambda given: end_of(given["said_on"], "month", 1),
    "week_after": lambda given: end_of(given["said_on"], "week", 1),
    "in_a_week": lambda given: given["said_on"] + timedelta(7),
    "weeks_ahead": lambda given: given["said_on"] + timedelta(7 * given["n"]),
    "days_ahead": lambda given: given["said_on"] + timedelta(given["n"]),
    "week_number": _calendar_week,
    "quarter": _quarter,
    "vague": lambda _given: None,
}
EXACT = frozenset(MEANINGS) - {"vague", "quarter", "next_unit", "mid_month"}


def last_one(day: date, said_on: date) -> date:
    """The day of that name that is past: a week before one of the coming week, a year before one far ahead."""
    ahead = (day - said_on).days
    if ahead <= 7:
        return day - timedelta(7)
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day) if ahead > 180 else day
