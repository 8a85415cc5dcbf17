"""What people write into the fields of a plan template, as the store's values: deadlines, cells, roles, warmth."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from pipeline.language.arithmetic import month_end
from pipeline.language.written import months, written_days
from pipeline.records import Json
from pipeline.sections import AMOUNT, SIGNS, money

NOTHING = {"", "-", "–", "—", "n/a", "none", "tbd", "?", "unknown"}
OVERDUE = timedelta(days=92)
MONTH = rf"(?P<month>{'|'.join(sorted(months(), key=len, reverse=True))})\b\.?"
YEAR = r"(?:,?\s*(?P<year>20\d\d))?"
ORDINAL = r"(?P<week>[1-5])(?:st|nd|rd|th|\.)?"
DEADLINES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("week", rf"{MONTH}{YEAR},?\s*week\s*{ORDINAL}"),
        ("week", rf"week\s*{ORDINAL}\s*(?:of|in)?\s*{MONTH}{YEAR}"),
        ("week", rf"{ORDINAL}\s*(?:week|woche)\s*(?:of|in|im)?\s*{MONTH}{YEAR}"),
        ("end", rf"(?:by\s+)?(?:the\s+)?(?:end|late|ende)\s*(?:of\s+)?{MONTH}{YEAR}"),
        ("middle", rf"(?:by\s+)?(?:mid|middle|mitte)[-\s]*(?:of\s+)?{MONTH}{YEAR}"),
        ("end", rf"(?:by\s+|in\s+)?{MONTH}{YEAR}"),
        ("quarter", r"(?:by\s+|in\s+)?(?:end\s+(?:of\s+)?)?Q(?P<quarter>[1-4])(?:\s*/?\s*(?P<year>20\d\d))?"),
        ("calendar", r"(?:KW|CW|calendar week)\s*(?P<week>\d{1,2})(?:\s*/?\s*(?P<year>20\d\d))?"),
        ("year", r"(?:by\s+)?(?:end\s+(?:of\s+)?)?(?P<year>20\d\d)"),
    )
)
STATUSES = (
    ("out_of_scope", ("out of scope", "not in scope")),
    ("need_identified", ("need identified", "identified")),
    ("need_unknown", ("need unknown", "unknown")),
    ("in_negotiation", ("in negotiation", "negotiation", "negotiating")),
    ("untouched", ("untouched", "not touched")),
    ("deployed", ("deployed", "live", "in use")),
)
ACTION_STATUSES = {
    "not_started": ("not started", "open", "to do", "todo", "planned"),
    "in_progress": ("in progress", "ongoing", "started", "doing"),
    "done": ("done", "completed", "complete", "closed"),
    "dropped": ("dropped", "cancelled", "canceled", "abandoned"),
}
ROLES = ("economic buyer", "champion", "evaluator", "blocker")
WARMTHS = (("no_contact", ("no contact",)), ("strong", ("strong",)), ("medium", ("medium",)), ("weak", ("weak",)))
RHYTHM = re.compile(
    r"daily|weekly|monthly|quarterly|yearly|annual|every |per (?:week|month|year)|cards exchanged", re.IGNORECASE
)


def blank(words: str) -> bool:
    """Whether a field of a template says nothing."""
    return words.strip().casefold() in NOTHING


def several(words: str) -> list[str]:
    """The entries of a field that holds more than one: parted by line, bullet or semicolon."""
    parts = re.split(r"\s*(?:;|\n|<br\s*/?>|•)\s*", words)
    return [part for part in (each.strip(" -–") for each in parts) if not blank(part)]


def deadline(words: str, as_of: date) -> date | None:
    """The last day that the words allow, or None when they name none. A missing year is the one that puts it
    after `as_of`, or into the quarter before.
    """
    text = words.strip().rstrip(".")
    for kind, pattern in DEADLINES:
        found = pattern.fullmatch(text)
        if found:
            return _last_day(kind, found.groupdict(), as_of)
    days = written_days(words)
    if len(days) != 1:
        return None
    if days[0].year:
        return days[0].day
    if len(days[0].readings) > 1:
        return None
    return _nearest([day for year in _years(as_of) for day in days[0].on(year)], as_of)


def _years(as_of: date) -> tuple[int, ...]:
    return as_of.year - 1, as_of.year, as_of.year + 1


def _nearest(days: list[date], as_of: date) -> date | None:
    """The first day that is not long past: an overdue action is not one of next year."""
    return min((day for day in days if day >= as_of - OVERDUE), default=max(days, default=None))


def _last_day(kind: str, parts: Mapping[str, str | None], as_of: date) -> date | None:
    given = parts.get("year")
    years = (int(given),) if given else _years(as_of)
    return _nearest([day for year in years if (day := _of_year(kind, parts, year)) is not None], as_of)


def _of_year(kind: str, parts: Mapping[str, str | None], year: int) -> date | None:
    month = months()[(parts.get("month") or "december").casefold()]
    if kind == "quarter":
        month = int(parts["quarter"] or 4) * 3
    if kind == "middle":
        return date(year, month, 15)
    if kind == "week":
        first = date(year, month, 1) + timedelta(days=7 * (int(parts["week"] or 1) - 1))
        friday = first + timedelta(days=(4 - first.weekday()) % 7)
        return friday if friday.month == month else month_end(year, month)
    if kind == "calendar":
        try:
            return date.fromisocalendar(year, int(parts["week"] or 1), 5)
        except ValueError:
            return None
    return month_end(year, month)


def cell(words: str, currency: str | None = None) -> dict[str, Json] | None:
    """A cell of the potential map as people write it; None for an empty one.

    "In negotiation (2 plants) / untouched (3)" is split by count; the status of the whole is the first one's.
    Raises ValueError when no status can be told.
    """
    if words.strip() in NOTHING:
        return None
    parts = [_cell_part(part) for part in re.split(r"\s+/\s+|\n", words.strip()) if part.strip()]
    counted = [(status, re.fullmatch(r"(\d+)\s*(.*)", inner)) for status, inner in parts]
    values: dict[str, Json] = {"status": parts[0][0]}
    if all(count for _, count in counted) and not money_of(parts[0][1], currency):
        unit = next((count[2] for _, count in counted if count and count[2]), "units")
        values["splits"] = [
            {"count": int(count[1]), "unit": count[2] or unit, "status": status} for status, count in counted if count
        ]
        return values
    for status, inner in parts:
        amount = money_of(inner, currency)
        if amount:
            values.setdefault("value", amount)
        elif inner:
            values.setdefault("next_move" if status in ("need_unknown", "untouched") else "grounds", inner)
    return values


def _cell_part(words: str) -> tuple[str, str]:
    """Status, and what stands in brackets or behind it."""
    found = re.match(r"([^(:]*)(?:[(:]\s*(.*?)\)?)?$", words.strip(), re.DOTALL)
    said, inner = (found[1], found[2] or "") if found else (words, "")
    plain = " ".join(re.sub(r"[_\-–—,]", " ", said).casefold().split())
    for status, forms in STATUSES:
        if any(plain.startswith(form) for form in forms):
            return status, inner.strip()
    raise ValueError(f"{words!r} names no status")


def money_of(words: str, currency: str | None) -> str | None:
    """The words when they are an amount, with the given currency where they name none; else None."""
    found = AMOUNT.fullmatch(words.strip())
    if not found or not isinstance(money(words), dict):
        return None
    sign = (found["before"] or found["after"] or "").upper()
    if sign:
        return words if sign in SIGNS or sign.isalpha() else None
    return f"{words} {currency}" if currency and found["scale"] else None


def action_status(words: str) -> str:
    """The status that the words mean; the words themselves when none."""
    plain = " ".join(words.replace("_", " ").casefold().split())
    return next((status for status, forms in ACTION_STATUSES.items() if plain in (*forms, status)), words)


def roles(words: str) -> dict[str, Json]:
    """Roles as written ("Evaluator, future champion candidate"): had, potential, and candidate ones."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"[,;/+\n]|<br\s*/?>|\band\b", words.casefold().replace("_", " ")):
        role = next((role for role in ROLES if role in part), None)
        if role is None:
            continue
        kind = "roles"
        if "candidate" in part or "future" in part:
            kind = "candidate_roles"
        elif re.search(r"potential|possible|likely|maybe|\?", part):
            kind = "potential_roles"
        found.setdefault(kind, []).append(role.replace(" ", "_"))
    return dict(found)


def relationship(words: str) -> dict[str, Json]:
    """Warmth, cadence and touchpoints out of one field: "Medium (semi-annual review only); met at the fair"."""
    plain = words.casefold()
    warmth = next((value for value, forms in WARMTHS if any(plain.startswith(form) for form in forms)), None)
    rest = words[len(warmth) :] if warmth else words
    parts = [part for each in re.split(r"[();,\n–—]|<br\s*/?>", rest) if not blank(part := each.strip(" .:"))]
    cadence = next((part for part in parts if RHYTHM.search(part)), None)
    touchpoints = [part for part in parts if part != cadence]
    return {"warmth": warmth, "cadence": cadence, "touchpoints": touchpoints}


def named(words: str) -> dict[str, Json]:
    """A name and a title out of one field: "Mira Falk, COO", "Mira Falk (COO)", or on two lines."""
    found = re.match(r"\s*([^,(\n<–—|]+?)\s*(?:(?:,|\(|\n|<br\s*/?>|\s[–—-]\s|\|)\s*(.*?)\)?\s*)?$", words, re.DOTALL)
    if not found:
        return {"name": words}
    return {"name": found[1], "title": " ".join((found[2] or "").replace("<br>", " ").split())}
