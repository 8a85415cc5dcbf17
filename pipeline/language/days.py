"""The days that people speak of, counted from the day they were said: which one is meant, and which the words may mean.

Meant, by the conventions of business: "by Friday" is the coming Friday, "next Monday" the Monday of next week, "before
Thursday" the day before, the end of a month or quarter its last day, the end of a week its Friday. But people differ:
"next Friday" may be the coming one, and told of the past, "Friday" was the last one. What the words may mean is wide
where people differ and exact where they do not; the day meant is always among it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from pipeline.language.arithmetic import made, nearest
from pipeline.language.meanings import MEANINGS, Given, Spans
from pipeline.language.shapes import CLASSES, Shape, shapes
from pipeline.language.words import either, entries, values

NEAR = 120
REACH = 44
"""How many characters may lie between the words of one day."""
PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "‑": "-", "–": "-"})
TOKEN = re.compile(r"[^\W\d_]+|\d")
JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])")
SaidOn = Callable[[int], date]


@dataclass(frozen=True)
class Day:
    """Words [start, end) of a text that speak of days.

    on: the day meant; None for what is too vague to be one ("in spring"). spans: the days it may be. vague: a stretch
    of time. shift: so many days from a day known otherwise ("a week later"); weekday: of the week of such a day ("the
    Friday before"). exact: nothing of it is rounded. bare: only the number of the day ("the 22nd"); its month is the
    nearest to come, or the one named just before. loose: words that only may speak of a day ("sat", "two weeks").
    """

    start: int
    end: int
    on: date | None = None
    spans: Spans = ()
    vague: bool = False
    shift: int | None = None
    weekday: int | None = None
    exact: bool = True
    bare: bool = False
    loose: bool = False

    def may_be(self, day: date) -> bool:
        """Whether the words can mean that day."""
        return any(first <= day <= last for first, last in self.spans)


def meant(text: str, said_on: SaidOn, spoken: Sequence[str]) -> list[Day]:
    """The days in `text`, in order and without overlap; `spoken`: its languages.

    `said_on(offset)` is the day that words there count from.
    """
    found = [day for day in _read(text, said_on, tuple(spoken)) if not day.loose]
    found.sort(key=lambda day: (day.on is None, day.start - day.end, day.start))
    taken: list[Day] = []
    for day in found:
        at = bisect_right(taken, day.start, key=lambda each: each.start)
        if (at == 0 or taken[at - 1].end <= day.start) and (at == len(taken) or taken[at].start >= day.end):
            taken.insert(at, day)
    return [_in_month(day, before, said_on(day.start)) for before, day in zip([None, *taken], taken, strict=False)]


def possible(text: str, said_on: SaidOn, spoken: Sequence[str]) -> list[Day]:
    """All that `text` may say of days, in order; a reading within a longer one is left out."""
    kept: list[Day] = []
    reach = -1
    for each in sorted(_read(text, said_on, tuple(spoken)), key=lambda day: (day.start, -day.end)):
        if each.end > reach or any(each.start == other.start and each.end == other.end for other in kept[-2:]):
            kept.append(each)
            reach = max(reach, each.end)
    return kept


def length(text: str, spoken: Sequence[str]) -> tuple[int, str] | None:
    """A length of time in words ("two weeks") as its count and unit, or None."""
    for code in spoken:
        units, numbers = values("units", (code,)), values("numbers", (code,))
        pattern = rf"\b(\d+|{either('numbers', (code,))}) ({either('units', (code,))})\b"
        match = re.search(pattern, text, re.IGNORECASE) if units else None
        if match:
            count = match[1].lower()
            return int(numbers.get(count) or count), str(units[match[2].lower()])
    return None


def _in_month(day: Day, before: Day | None, said_on: date) -> Day:
    """A bare "24th" right after a later month's day is of that month."""
    if not (day.bare and day.on and before and before.on and before.exact and not before.bare):
        return day
    if before.on < said_on or not (day.start - before.end < NEAR and before.on > day.on):
        return day
    on = made(before.on.year, before.on.month, day.on.day)
    return replace(day, on=on, spans=(*day.spans, (on, on))) if on else day


def month_first(text: str, said_on: date) -> bool:
    """Whether 3/6 is March 6 in this text: as its own numbers say, else the reading nearer to the day it was said."""
    pairs = [(int(a), int(b)) for a, b in SLASHED.findall(text)]
    if any(a > 12 for a, _ in pairs):
        return False
    if any(b > 12 for _, b in pairs):
        return True
    return sum(_far(a, b, said_on) for a, b in pairs) <= sum(_far(b, a, said_on) for a, b in pairs)


def _far(month: int, day: int, said_on: date) -> int:
    found = nearest(month, day, said_on)
    return abs((found - said_on).days) if found else 400


def _read(text: str, said_on: SaidOn, spoken: tuple[str, ...]) -> Iterator[Day]:
    """Every reading of every stretch, overlaps and all."""
    small = _lowered(text)
    first = month_first(text, said_on(0)) if "/" in text else True
    never = [re.compile(entries(code)["never"]) for code in spoken if "never" in entries(code)]
    for shape, start, end in _tries(small, spoken):
        for match in shape.regex.finditer(small, start, end):
            if any(each.match(text, match.start()) for each in never) or _broken(text, match, shape.spoken):
                continue
            given = Given(match, shape.spoken, said_on(match.start()), first)
            sense = MEANINGS[shape.meaning](given)
            if sense is not None:
                loose = sense.get("loose", False) or _ambiguous(text, match, shape)
                yield Day(match.start(), match.end(), **(sense | {"loose": loose}))


def _tries(small: str, spoken: tuple[str, ...]) -> Iterator[tuple[Shape, int, int]]:
    """The shapes that may be in the text and where to look: around words of the calendar and figures only."""
    spaced = tuple(code for code in spoken if not entries(code).get("joined"))
    for start, end, kinds in _stretches(small, spaced):
        yield from ((shape, start, end) for shape in shapes(spaced) if shape.needs <= kinds)
    if len(spaced) < len(spoken) and JAPANESE.search(small):
        joined = tuple(code for code in spoken if code not in spaced)
        yield from ((shape, 0, len(small)) for shape in shapes(joined))


def _stretches(small: str, spoken: tuple[str, ...]) -> Iterator[tuple[int, int, set[str]]]:
    telling = _telling(spoken)
    kinds: set[str] = set()
    start = end = 0
    for token in TOKEN.finditer(small):
        kind = telling.get(token[0]) or ("d" if token[0].isdigit() else "")
        if not kind:
            continue
        if kinds and token.start() - end > REACH:
            yield max(0, start - REACH), _edge(small, end + REACH), kinds
            kinds = set()
        start, end = token.start() if not kinds else start, token.end()
        kinds.update(kind)
    if kinds:
        yield max(0, start - REACH), len(small), kinds


def _edge(small: str, at: int) -> int:
    while at < len(small) and not small[at].isspace():
        at += 1
    return min(at, len(small))


@cache
def _telling(spoken: tuple[str, ...]) -> dict[str, str]:
    """The last word of everything in the vocabulary that a shape cannot do without, and the kinds of it."""
    found: dict[str, str] = {}
    for entry, kind in CLASSES.items():
        for words in values(entry, spoken):
            last = TOKEN.findall(words)[-1]
            found[last] = found.get(last, "") + kind
    return found


def _broken(text: str, match: re.Match[str], spoken: tuple[str, ...]) -> bool:
    """Whether a match runs on into the next line, and that begins anew."""
    if "\n" not in match[0]:
        return False
    at = text.index("\n", match.start())
    word = re.match(r"\s*(\w*)", text[at : match.end()])
    following = word[1] if word else ""
    named = any(following.lower() in values(entry, spoken) for entry in ("months", "weekdays"))
    return text[:at].rstrip()[-1:] in ".:;!?" or (following[:1].isupper() and not named)


def _ambiguous(text: str, match: re.Match[str], shape: Shape) -> bool:
    """Whether a month or weekday stands alone in small letters and is another word as well: "may", "sat"."""
    if shape.meaning not in ("weekday", "month", "season", "closing"):
        return False
    slots = [slot for slot in ("wd", "mo", "se", "closing") if match.groupdict().get(slot)]
    return any(match[slot] in values("ambiguous", shape.spoken) and text[match.start(slot)].islower() for slot in slots)


def _lowered(text: str) -> str:
    """The text in small letters with plain quotes and spaces, each letter at its old place."""
    plain = text.translate(PLAIN)
    small = plain.lower()
    return (
        small if len(small) == len(plain) else "".join(one if len(one := each.lower()) == 1 else each for each in plain)
    )
