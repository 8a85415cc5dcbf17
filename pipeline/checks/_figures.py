"""Numbers in words and figures, and which of them a text has."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache

from pipeline.checks._words import Words, flat
from pipeline.language.words import values

FIGURES = re.compile(
    r"(?<![\w.])[-+]?(\d{1,3}(?:[ ,.'’]\d{3})+|\d+)(?:([.,])(\d+))?"
    r"(?:\s*(thousand|millionen|millions?|billion|tausend|k|mn|mio|m|bn|b|tsd|mrd)\b)?",
    re.IGNORECASE,
)
SCALES = {
    "thousand": 3,
    "million": 6,
    "millions": 6,
    "billion": 9,
    "tausend": 3,
    "millionen": 6,
    "k": 3,
    "tsd": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "bn": 9,
    "b": 9,
    "mrd": 9,
}
HALVES = (Decimal("0.5"), Decimal(0))
GREAT = (100, 1000, 1_000_000, 1_000_000_000)


def numbers(text: str, words: Words) -> frozenset[Decimal]:
    """Every number of a text, with and without the scale written behind it: "40K" is 40 and 40000."""
    plain = flat(text)
    return frozenset((*_figures(plain), *_worded(plain, words)))


def figures(text: str) -> frozenset[Decimal]:
    """The numbers written in figures, scales applied only."""
    return frozenset(_figures(flat(text)))


def worded(text: str, words: Words) -> frozenset[Decimal]:
    """The numbers written in words only."""
    return frozenset(_worded(re.sub(r"\S*\d\S*", ".", flat(text)), words))


def _figures(text: str) -> Iterable[Decimal]:
    for match in FIGURES.finditer(text):
        whole = re.sub(r"\D", "", match[1])
        try:
            number = Decimal(f"{whole}.{match[3] or 0}").normalize()
        except InvalidOperation:
            continue
        yield number
        if match[4]:
            yield (number * 10 ** SCALES[match[4].lower()]).normalize()


def _worded(text: str, words: Words) -> Iterable[Decimal]:
    """Numbers in words; "two hundred" and "twenty-five" as one, and each of their words too."""
    values = _values(words)
    total: Decimal | None = None
    for match in re.finditer(r"\d+|[^\W\d_]+", text):
        if match[0] in ("and", "und") and total is not None:
            continue
        value = values.get(match[0])
        if value is None and match[0].isdigit() and len(match[0]) < 4:
            value = Decimal(match[0])
        if value is None:
            if total is not None:
                yield total.normalize()
            total = None
            continue
        yield value.normalize()
        if total is None:
            total = value
        elif value in GREAT:
            total *= value
        else:
            total += value
    if total is not None:
        yield total.normalize()


@cache
def _values(words: Words) -> dict[str, Decimal]:
    spelled = {**values("ordinals", words.spoken), **values("numbers", words.spoken), **words.mapping("quantities")}
    return {word: Decimal(str(value)) for word, value in spelled.items() if " " not in word}
