"""The shapes that words for days have, in all languages at once: a pattern, and what it means (a key of MEANINGS).

A {slot} takes a word of the vocabulary; a space is any space, within a line or at its end. {lead} may put a day before
("before", "not before", "close of business"), {weekday} a weekday before a date, {y} a year behind it.
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.language.words import GAP, either, entries, values

CLASSES = {
    "weekdays": "w",
    "months": "m",
    "units": "u",
    "ordinals": "o",
    "relative": "r",
    "seasons": "s",
    "closings": "c",
    "holiday": "f",
    "new_year": "f",
    "some_day": "f",
}
"""What a shape cannot do without, by entry of the vocabulary; figures are "d"."""
NEEDED = {"wd": "w", "mo": "m", "un": "u", "nth": "o", "rel": "r", "se": "s", "closing": "c"} | dict.fromkeys(
    ("holiday", "new_year", "some_day"), "f"
)
SHAPES = (
    ("iso", r"{year}-(?P<m>\d\d)-(?P<d>\d\d)"),
    ("calendar", r"{lead}{weekday}{the}{number} ?(?:of |-)?{mo}{y}"),
    ("calendar", r"{lead}{weekday}{mo}\.? ?(?:the )?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?{y}"),
    ("calendar", r"{lead}{weekday}{mo} (?:the )?{nth}{y}"),
    ("figures", r"{lead}{weekday}(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<c>(?:20)?\d\d))?"),
    ("dotted", r"{lead}{weekday}{the}(?P<a>\d{1,2})\.(?P<b>\d{1,2})\. ?(?P<c>(?:20)?\d\d)"),
    ("dotted", r"{lead}{weekday}{the}(?P<a>\d{1,2}){dot}(?P<b>\d{1,2}){dot}"),
    ("dotted", r"{weekday1}(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.?"),
    ("dotted", r"{until} (?P<a>\d{1,2})\.(?P<b>\d{1,2})(?!\.)"),
    ("loose_dotted", r"{lead}{weekday}(?P<a>\d{1,2})\.(?P<b>\d{1,2})\."),
    ("ordinal", r"{lead}{weekday}(?:the )?(?P<d>[0-3]?\d)(?:st|nd|rd|th)"),
    ("ordinal", r"{lead}{weekday}(?:{the1}|zum) (?P<d>[0-3]?\d)\.(?! ?{months})"),
    ("ordinal", r"(?:{lead}{weekday1}|(?:{by}|{not_before}) )the {nth}(?! (?:{counted}|{units}))"),
    ("past_ordinal", r"{since} the (?:(?P<d>[0-3]?\d)(?:st|nd|rd|th)|{nth1})"),
    ("loose_ordinal", r"{lead}the {nth}(?! [a-zà-ÿ])"),
    ("loose_ordinal", r"{lead}(?:{until}|{the1}|by) (?P<d>[0-3]?\d)\.?"),
    ("weekday", r"{lead}(?:(?:{coming}|{until}) )?{wd}"),
    ("this_weekday", r"{lead}{this} {wd}"),
    ("next_weekday", r"{lead}{next} {wd}"),
    ("next_weekday", r"{wd},? (?:of )?(?:{next}|{coming}) {weeks}"),
    ("next_weekday", r"(?:{next}|{coming}) {weeks},? (?:(?:on|am) )?{wd}"),
    ("last_weekday", r"(?:{last}|{since}) {wd}"),
    ("last_weekday", r"{wd} {last} {weeks}"),
    ("weeks_on", r"{wd} (?:in {nu} {weeks}|{a_week_on})"),
    ("weeks_on", r"{week_on} {wd}"),
    ("relative", r"(?:{close} )?{rel}"),
    ("ahead", r"{in} {nu} {un}(?:'s? time)?"),
    ("ahead", r"{nu} {un} {from_now}"),
    ("ago", r"{nu} {un} {ago}"),
    ("ago", r"{ago_first} {nu} {un}"),
    ("shifted", r"{nu} {un}(?: {later})?"),
    ("anchored", r"the {wd} (?:before|after)"),
    ("until", r"{next} {nu} {un}"),
    ("month", r"(?:(?P<lead>{in_month}) )?(?:(?P<next>{next}) )?{mo}{y}{alone}"),
    ("month", r"(?:before )?{part}(?: |-)?(?:(?:{of}) )?(?:(?P<next>{next}) )?{mo}{y}"),
    ("unit", r"(?:before )?{part}(?: |-)?(?:(?:{of}) )?(?:(?P<next>{next}|{coming}) )?{un}"),
    ("unit", r"(?:(?P<this>{this})|(?P<next>{next}|{coming})|(?P<last>{last})(?! day\b)) {un}"),
    ("unit", r"{within} (?P<within>){un}"),
    ("unit", r"(?:before )?(?:the )?{un}(?P<end>{at_end})"),
    ("closing", r"{closing}"),
    ("week_of", r"{first}(?:the )?{week_of} (?:the )?{number} ?(?:of )?{mo}"),
    ("week_of", r"{first}(?:the )?{week_of} {mo}\.? (?P<d>[0-3]?\d)(?:st|nd|rd|th)?"),
    ("week_number", r"(?:{end} (?:of )?)?{week_number} ?(?P<n>\d{1,2})"),
    ("quarter", r"(?:(?:the )?{end} (?:of )?)?q(?P<n>[1-4]){y}"),
    ("quarter", r"(?:(?P<end>{end}) (?:of )?)?(?:the )?{nth} {quarters}{y}"),
    ("season", r"(?:(?:{in_month}) )?(?:(?:{early}|{middle}|{end}) )?{se}{y}"),
    ("year", r"(?:{part} (?:of )?)?{year}"),
    ("holiday", r"{up_to} {holiday}"),
    ("new_year", r"{up_to} (?:the )?{new_year}"),
    ("some_day", r"{some_day}"),
    ("some_day", r"fy ?\d{2,4}"),
)
JOINED = (
    ("iso", r"{year}年(?P<m>1?\d)月(?P<d>[0-3]?\d)日"),
    ("month_day", r"(?P<a>1?\d) ?月 ?(?P<b>[0-3]?\d) ?日"),
    ("next_weekday", r"{next}の?{wd}曜?日?"),
    ("this_weekday", r"{this}の?{wd}曜?日?"),
    ("weekday", r"(?:次の)?{wd}曜日?"),
    ("relative", r"{rel}"),
    ("closing", r"{closing}"),
    ("closing", r"{next_closing}"),
    ("ahead", r"(?P<nu>\d+){un}後"),
)
NAMED = {
    "wd": "weekdays",
    "mo": "months",
    "un": "units",
    "nth": "ordinals",
    "rel": "relative",
    "se": "seasons",
    "closing": "closings",
    "next_closing": "next_closings",
}
"""Slots whose word a meaning asks for, and their entry of the vocabulary."""
EDGES = (r"(?<![\w/])(?<!\d\.)", r"(?![\w/]|[.,:]\d)")


@dataclass(frozen=True)
class Shape:
    """One compiled pattern; `needs`: the kinds of words without which it cannot match."""

    meaning: str
    regex: re.Pattern[str]
    needs: frozenset[str]
    spoken: tuple[str, ...]


@cache
def shapes(spoken: tuple[str, ...]) -> tuple[Shape, ...]:
    """The shapes of languages that all write with spaces, or all without."""
    joined = any(entries(code).get("joined") for code in spoken)
    before, after = ("", "") if joined else EDGES
    return tuple(
        Shape(meaning, re.compile(f"{before}(?:{_filled(pattern, spoken)}){after}"), _needs(pattern), spoken)
        for meaning, pattern in (JOINED if joined else SHAPES)
    )


def _needs(pattern: str) -> frozenset[str]:
    figures = {"d"} if re.search(r"\\d|\{year\}|\[1-4\]", pattern) and "{nth1}" not in pattern else set()
    return frozenset(figures | {NEEDED[slot] for slot in re.findall(r"\{(\w+)\}", pattern) if slot in NEEDED})


def _filled(pattern: str, spoken: tuple[str, ...]) -> str:
    def words(entry: str) -> str:
        return f"(?:{either(entry, spoken)})"

    def unit(name: str) -> str:
        found = [word for word, value in values("units", spoken).items() if value == name]
        return f"(?:{'|'.join(sorted(found, key=len, reverse=True)) or '(?!)'})"

    weekday = rf"{words('weekdays')}\.?,? "
    pieces = {
        "lead": rf"(?:(?:{words('not_before')}|{words('close')}|(?P<before>{words('before')})) )?",
        "first": f"(?:(?P<first>{words('not_before')}) )?",
        "weekday": f"(?:{weekday})?",
        "weekday1": weekday,
        "the": f"(?:{words('the')} )?",
        "the1": words("the"),
        "nth1": f"(?P<nth>{words('ordinals')})",
        "nu": rf"(?:(?:{words('more')} )?(?P<nu>\d{{1,3}}|{words('numbers')})|{words('more')})",
        "number": rf"(?:(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.)?|(?P<nth>{words('ordinals')}))",
        "part": f"(?:(?P<end>{words('end')})|(?P<middle>{words('middle')})|(?P<early>{words('early')}))",
        "alone": r"(?!\.?\x20?[0-3]?\d(?!\d))",
        "weeks": unit("week"),
        "quarters": unit("quarter"),
        "year": r"(?P<y>(?:19|20)\d\d)",
        "y": rf"(?:\.?,? ?(?P<y>(?:19|20)\d\d)(?![-\d])|,? (?:(?P<next_year>{words('next')})"
        rf"|(?P<this_year>{words('this')})|(?P<last_year>{words('last')})) {unit('year')})?",
    }
    for slot, entry in NAMED.items():
        pieces[slot] = f"(?P<{slot}>{words(entry)})"
    filled = re.sub(r"\{([a-z_]\w*)\}", lambda slot: pieces.get(slot[1]) or words(slot[1]), pattern)
    return filled.replace(" ", GAP)
