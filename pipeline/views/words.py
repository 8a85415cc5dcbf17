"""Values as a person reads them."""

from collections.abc import Mapping
from datetime import date

from pipeline.records import Json, Plan
from pipeline.sections import Section, section


def words(value: Json, plan: Plan | None = None, names: Mapping[str, str] | None = None) -> str:
    """One value in words: references by name, sets with commas, money with its currency, nothing as "".

    `names` tells what items are called that the plan does not have yet.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(words(each, plan, names) for each in value)
    if isinstance(value, dict):
        return _record(value)
    if isinstance(value, str):
        item = plan.get(value) if plan else None
        if item is not None:
            return section(item.section).label(item.values, plan)
        return (names or {}).get(value, _plain(value))
    return str(value)


def _plain(value: str) -> str:
    return value.replace("_", " ") if value.islower() and " " not in value else value


def _record(value: Mapping[str, Json]) -> str:
    if "currency" in value:
        return f"{value['currency']} {float(value['amount']):,.0f}"
    if "count" in value:
        return f"{value['count']} {value['unit']} {_plain(str(value['status']))}"
    return ", ".join(f"{name} {each}" for name, each in value.items())


def many(count: int, thing: str) -> str:
    """So many of a thing: "1 change", "3 changes"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def title_of(field: str) -> str:
    """A field's name for people: "leaving_on" is "Leaving on"."""
    return field.replace("_", " ").capitalize()


def label(kind: Section, values: Mapping[str, Json], plan: Plan | None, names: Mapping[str, str]) -> str:
    """What to call an entry, also one that refers to entries not in the plan yet."""
    if kind.single:
        return kind.title
    parts = (words(values.get(key), plan, names) for key in kind.key)
    return " × ".join(part for part in parts if part) or kind.title


def age(since: date | None, today: date) -> str:
    """How long ago, in words: "today", "3 days", "5 weeks", "4 months", "2 years"; "" when unknown."""
    if since is None:
        return ""
    days = (today - since).days
    if days <= 0:
        return "today"
    for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= size * (1 if unit == "day" else 2) or unit == "day":
            count = days // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return ""
