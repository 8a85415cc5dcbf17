"""Moving about the calendar: days that may not exist, ends of months and weeks, lengths of time, nearest days."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "workday": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}
"""About how many days a unit of time has."""


def made(year: int, month: int, day: int) -> date | None:
    """That day, or None when the month has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month; months below 1 and above 12 are those of other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def monday(day: date) -> date:
    """The first day of the week that holds `day`."""
    return day - timedelta(day.weekday())


def coming(weekday: int, day: date) -> date:
    """The first such weekday after `day`."""
    return day + timedelta((weekday - day.weekday() - 1) % 7 + 1)


def shift(day: date, count: int, unit: str) -> date:
    """`day` moved by so many days, working days, weeks, months, quarters or years."""
    if unit in MONTHS:
        end = month_end(day.year, day.month + count * MONTHS[unit])
        return end.replace(day=min(day.day, end.day))
    if unit == "workday":
        step = 1 if count >= 0 else -1
        for _ in range(abs(count)):
            day += timedelta(step)
            while day.weekday() > 4:
                day += timedelta(step)
        return day
    return day + timedelta(count * DAYS[unit])


def stretch(day: date, unit: str, ahead: int = 0) -> tuple[date, date]:
    """The first and last day of the week, month, quarter or year `ahead` of the one that holds `day`; else one day."""
    if unit == "week":
        first = monday(day) + timedelta(7 * ahead)
        return first, first + timedelta(6)
    if unit not in MONTHS:
        return (shift(day, ahead, unit),) * 2
    size = MONTHS[unit]
    last = month_end(day.year, ((day.month - 1) // size + 1 + ahead) * size)
    return month_end(last.year, last.month - size) + timedelta(1), last


def end_of(day: date, unit: str, ahead: int = 0) -> date:
    """The last day of such a stretch; of a week its Friday."""
    last = stretch(day, unit, ahead)[1]
    return last - timedelta(2) if unit == "week" else last


def nearest(month: int, day: int, near: date) -> date | None:
    """The day of that month, in that year or one beside it, nearest to `near`."""
    options = [found for year in (-1, 0, 1) if (found := made(near.year + year, month, day))]
    return min(options, key=lambda found: abs((found - near).days), default=None)


def last_one(day: date, said_on: date) -> date:
    """The day of that name that is past: a week before one of the coming week, a year before one far ahead."""
    ahead = (day - said_on).days
    if ahead <= 7:
        return day - timedelta(7)
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day) if ahead > 180 else day
