"""Letters of names: folding, spellings of one word, what sounds alike, and what is a slip of the pen."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import OSA

PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ß": "ss"})
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
APOSTROPHES = re.compile("['’ʼ`´‘]")
CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
ALIKE = tuple(map(frozenset, ("aeiouy", "bp", "dt", "gkcq", "fvw", "uvw", "szcx", "mn", "lr", "ijy")))
VOWELS = "aeiouy"


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without case, marks and apostrophes: "Núñez" is "nunez", "O’Brien" is "obrien"."""
    if word.isascii():
        return APOSTROPHES.sub("", word).casefold()
    lower = APOSTROPHES.sub("", word.casefold()).translate(PLAIN)
    marked = unicodedata.normalize("NFKD", lower)
    return unicodedata.normalize("NFC", "".join(letter for letter in marked if not unicodedata.combining(letter)))


@lru_cache(maxsize=65536)
def spellings(word: str) -> tuple[str, ...]:
    """Every plain spelling of a word: "Müller" is "muller" or "mueller"."""
    plain = fold(word)
    if word.isascii():
        return (plain,)
    composed = unicodedata.normalize("NFC", word).casefold()
    spelt = fold(composed.translate(SPELT_OUT))
    return (plain,) if spelt == plain else (plain, spelt)


SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("sch", "sh"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("q[uvw]?", "kv"), ("c(?=[eiy])", "s"), ("c(?!h)", "k"),
        ("x", "ks"), ("z", "s"), ("w", "v"), ("y", "i"), ("(?<=[aeiou])h", ""), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A folded word as it sounds, roughly: "martha" and "marta", "lindquist" and "lindqvist" are one."""
    for pattern, replacement in SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def slip(one: str, other: str) -> bool:
    """Whether two folded words are one word, once misspelt: at most one edit in 5 letters or more, two in 9 or more.

    The first letter stands. A last letter that differs makes another word ("Misaki", "Misako"), apart from what is
    often left out at the end ("Clark", "Clarke").
    """
    if one == other:
        return True
    if any(map(str.isdigit, one + other)) or one[:1] != other[:1]:
        return len(one) > 3 and len(other) > 3 and one.isalpha() and other.isalpha() and sound(one) == sound(other)
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3 and sound(one) == sound(other):
        return True
    edits = OSA.distance(one, other, score_cutoff=2)
    if edits == 1 and len(shorter) >= 5:
        return _one_edit(shorter, longer)
    return edits == 2 and len(shorter) >= 9 and one[-1] == other[-1]


def _one_edit(shorter: str, longer: str) -> bool:
    if len(shorter) != len(longer):
        if longer[:-1] == shorter:
            return longer[-1] in "esnth" and shorter[-1] not in VOWELS
        return True
    places = [at for at, (one, other) in enumerate(zip(shorter, longer, strict=True)) if one != other]
    last = len(shorter) - 1
    if places[-1] == last:
        return False
    if len(places) == 2:
        return True
    alike = any({shorter[places[0]], longer[places[0]]} <= sounds for sounds in ALIKE)
    return alike or len(shorter) >= 8


def given_slip(one: str, other: str) -> bool:
    """The stricter rule for given names, of which many differ by a letter: Maria and Mario, Frances and Francis."""
    if one == other or (min(len(one), len(other)) >= 3 and sound(one) == sound(other)):
        return True
    if not one or not other or one[0] != other[0] or one[-1] != other[-1] or OSA.distance(one, other) != 1:
        return False
    if len(one) == len(other):
        return len(one) >= 5 and sorted(one) == sorted(other)
    return min(len(one), len(other)) >= 7


@cache
def listed(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a data file of this package, split into words, without remarks."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            yield tuple(words)
