"""The calendar's words by language, from the files in words/: months, weekdays, units, numbers, ordinals and more."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

GAP = r"(?:[\x20\t]+(?:\n[\x20\t]*)?|\n[\x20\t]*)"
"""Space between words, within a line or at its end."""
NUMBERED = {"months": 1, "weekdays": 0}
"""Entries that list the forms of each in order, and the number of the first: Monday is 0, January 1."""


@cache
def codes() -> tuple[str, ...]:
    """The languages there are words for."""
    folder = resources.files(__package__).joinpath("words")
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml")))


@cache
def entries(code: str) -> Mapping[str, Any]:
    """A language's file; empty for a language without one."""
    import yaml

    if code not in codes():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files(__package__).joinpath("words", f"{code}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way
    return found


@cache
def values(entry: str, spoken: tuple[str, ...]) -> Mapping[str, Any]:
    """The words of an entry in small letters and what they stand for; the first language wins. A list's words are 1."""
    found: dict[str, Any] = {}
    for code in reversed(spoken):
        given = entries(code).get(entry) or {}
        if entry in NUMBERED:
            pairs = {word: number for number, forms in enumerate(given, NUMBERED[entry]) for word in forms.split()}
        else:
            pairs = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, 1)
        found |= pairs
    return found


def names(entry: str, code: str) -> list[str]:
    """The months or weekdays in order, each by its full name."""
    return [forms.split()[0] for forms in entries(code).get(entry, ())]


@cache
def either(entry: str, spoken: tuple[str, ...]) -> str:
    """The words of an entry as an alternation, longest first."""
    found = sorted(values(entry, spoken), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", GAP) for word in found) or "(?!)"
