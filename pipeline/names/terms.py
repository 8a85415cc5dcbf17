"""Names of departments, offerings and competitors, and short statements: when two ways of writing mean one."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pipeline.names.letters import fold, listed, slip

PARTS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[&+]")


@cache
def little(kind: str) -> frozenset[str]:
    """The words of one kind in little.txt."""
    return frozenset(word for head, *words in listed("little.txt") if head == kind for word in words)


def singular(word: str) -> str:
    """A folded word without its plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=65536)
def parts(written: str) -> tuple[str, ...]:
    """The words that make a term: "&" is "and", plurals, articles and "department" are off; never empty-handed."""
    words = [
        "and" if word in ("&", "+", "und") else fold(word) for word in PARTS.findall(re.sub(r"\([^)]*\)", " ", written))
    ]
    kept = [word for word in words if word not in little("article")]
    bare = [word for word in kept if word not in little("kind")]
    return tuple(singular(word) for word in (bare or kept or words))


@cache
def abbreviations() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Term -> the terms that it is listed as a short or long form of."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for line in listed("abbreviations.txt"):
        short, *long = (parts(piece) for piece in " ".join(line).split(" = "))
        for each in long:
            found.setdefault(short, []).append(each)
            found.setdefault(each, []).append(short)
    return {term: tuple(others) for term, others in found.items()}


def same_term(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two departments', offerings' or competitors' ways of writing mean one.

    Case, spaces, "&", plurals and the word "department" aside; listed abbreviations, initials of three words or more,
    and one slip in a long word count. Numbers and short words must be the same: "Plant 1" is not "Plant 2".
    """
    return any(_one(a, b) for a in one if a for b in other if b)


def _one(a: str, b: str) -> bool:
    first, second = parts(a), parts(b)
    if not first or not second:
        return False
    if "".join(first) == "".join(second) or bare(first) == bare(second):
        return True
    if second in abbreviations().get(first, ()) or _initials(a, second) or _initials(b, first):
        return True
    return len(first) == len(second) and all(x == y or _typo(x, y) for x, y in zip(first, second, strict=True))


def bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A term's words without "and"."""
    return tuple(word for word in words if word != "and")


def _typo(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 5 and one[0] == other[0] and slip(one, other)


def _initials(written: str, words: tuple[str, ...]) -> bool:
    letters = written.replace(".", "").strip()
    return len(bare(words)) >= 3 and letters.isupper() and fold(letters) in initials(words)


def initials(words: tuple[str, ...]) -> set[str]:
    """The first letters of a term's words, with and without "and"."""
    return {"".join(word[0] for word in each) for each in (words, bare(words)) if len(each) > 1}


@lru_cache(maxsize=16384)
def content(statement: str) -> tuple[str, ...]:
    """The words of a short sentence that say something, folded, in order."""
    words = [fold(word) for word in re.findall(r"[^\W_]+(?:['’.,:][^\W_]+)*", statement)]
    return tuple(singular(word) for word in words if word not in little("little")) or tuple(words)


def same_statement(one: object, other: object) -> bool:
    """Whether two short sentences say the same: the same words, little ones, order and one slip aside, and among six
    or more words one extra word. Numbers and denials must agree.
    """
    a, b = sorted((content(str(one or "")), content(str(other or ""))), key=len)
    if not a:
        return False
    if little("denial") & {*a} != little("denial") & {*b} or _numbers(a) != _numbers(b):
        return False
    if "".join(a) == "".join(b):
        return True
    free = list(b)
    rest: list[str] = []
    for word in a:
        (free.remove if word in free else rest.append)(word)
    for word in rest:
        alike = next((each for each in free if min(len(word), len(each)) >= 6 and slip(word, each)), None)
        if alike is None:
            return False
        free.remove(alike)
    return len(rest) <= 1 and len(free) <= len(a) // 6


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(word for word in words if any(map(str.isdigit, word)))
