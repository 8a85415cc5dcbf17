"""The words of a text as names are looked for: where each stands, how it follows the one before, what is no name."""

import re
from functools import cache
from typing import NamedTuple

from pipeline.names.letters import CJK, fold, listed, spellings
from pipeline.names.people import GENERATIONS, honorifics

WORD = re.compile(rf"[^\W_{CJK}]+(?:['’][^\W_{CJK}]+)*|[&+]")
OWNERSHIP = re.compile(r"['’][sS]?$")
NEAR = re.compile(r"[ \t\u00a0]*[-‐–/.]?[ \t\u00a0]*\n?[ \t\u00a0]*|[ \t\u00a0]*,[ \t\u00a0]*")
OPENING = re.compile(r"[!?:\n•*>\"“„]")


class Word(NamedTuple):
    """A word of the text: where, as written, folded. `near`: follows the one before within a name's reach, `tied`: by
    a hyphen. `opens`: first of its sentence or line.
    """

    start: int
    end: int
    text: str
    plain: tuple[str, ...]
    near: bool
    tied: bool
    beside: bool
    opens: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def split(text: str) -> list[Word]:
    """The words of a text. Letters that are written without spaces (Chinese, Japanese, Korean) are left out."""
    words: list[Word] = []
    before = 0
    for found in WORD.finditer(text):
        word = OWNERSHIP.sub("", found.group()) or found.group()
        between = text[before : found.start()]
        short = bool(words) and len(words[-1].text) <= 2
        ended = "." in between and not short
        near = between == " " or (bool(words) and len(between) < 6 and not ended and bool(NEAR.fullmatch(between)))
        tied = between in ("-", "‐")
        beside = near and not any(mark in between for mark in ",/\n")
        opens = not words or ended or OPENING.search(between) is not None or between.strip() in ("–", " - ")
        words.append(Word(found.start(), found.start() + len(word), word, spellings(word), near, tied, beside, opens))
        before = found.end()
    return words


@cache
def everyday() -> frozenset[str]:
    """Names that are also everyday words, folded."""
    return frozenset(fold(word) for line in listed("words.txt") for word in line)


def no_name(word: str) -> bool:
    """Whether a folded word is a title, an honorific, a month and the like: no part of anybody's name."""
    return word in honorifics().before or word in honorifics().after or word in GENERATIONS or word in titles()


@cache
def titles() -> frozenset[str]:
    """Capitalised words that stand beside a name without being a part of it, folded."""
    return frozenset(fold(word) for line in listed("titles.txt") for word in line)
