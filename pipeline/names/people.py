"""People's names: their words, what is no part of them, and when two of them mean one person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.names.letters import CJK, fold, given_slip, listed, slip, sound, spellings

BRACKETED = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]|[\"“„]([^\"“”]+)[\"”“]")
IN_CJK = re.compile(f"[{CJK}][{CJK}・ 　]*")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\.?")
GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii"}


class Honorifics(NamedTuple):
    """The words of honorifics.txt. `before` says whose sex a word tells; `dotted` only counts with its dot."""

    before: dict[str, str]
    dotted: dict[str, str]
    after: frozenset[str]
    attached: frozenset[str]
    cjk: tuple[str, ...]


@cache
def honorifics() -> Honorifics:
    """What people put before or after a name."""
    before: dict[str, str] = {}
    dotted: dict[str, str] = {}
    after: set[str] = set()
    attached: set[str] = set()
    cjk: list[str] = []
    for where, word, *sex in listed("honorifics.txt"):
        if where == "cjk":
            cjk.append(word)
        elif where == "after":
            (attached if word.startswith("-") else after).add(fold(word.lstrip("-").replace(".", "")))
        else:
            (dotted if word.endswith(".") else before)[fold(word.rstrip("."))] = sex[0] if sex else ""
    return Honorifics(before, dotted, frozenset(after), frozenset(attached), tuple(sorted(cjk, key=len, reverse=True)))


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Given name -> the other given names that may mean the same person; only what is listed."""
    found: dict[str, set[str]] = {}
    for line in listed("nicknames.txt"):
        for name in line:
            found.setdefault(name, set()).update(set(line) - {name})
    return {name: frozenset(others) for name, others in found.items()}


@dataclass(frozen=True)
class Person:
    """One way of writing a person. `words` in the order written, each with its plain spellings; a hyphenated word
    counts as several `words` but one of `whole`. `other` the name in Chinese, Japanese or Korean letters.
    """

    words: tuple[tuple[str, ...], ...]
    whole: int
    called: str = ""
    other: str = ""
    sex: str = ""
    generation: str = ""


@lru_cache(maxsize=65536)
def person(written: str) -> Person:
    """Takes one way of writing a name apart: titles off, brackets read, "Last, First" turned round."""
    text, called, other = _brackets(_mail(written))
    before, comma, behind = text.partition(",")
    if comma and len(before.split()) == 1 and _given(behind):
        text = f"{behind} {before}"
    elif comma:
        text = before
    text, sex = _untitled(text.strip())
    words: list[tuple[str, ...]] = []
    whole, generation = 0, ""
    for piece in text.split():
        plain = fold(piece.strip(".,;:"))
        if plain in GENERATIONS and words:
            generation = GENERATIONS[plain]
            continue
        parts = [spellings(found.group().rstrip(".")) for found in WORD.finditer(piece)]
        words += parts
        whole += bool(parts)
    return Person(tuple(words), whole, called, other, sex, generation)


def _mail(written: str) -> str:
    local, at, _ = written.partition("@")
    return re.sub(r"[._\-\d]+", " ", local) if at and " " not in local else written


def _brackets(written: str) -> tuple[str, str, str]:
    """The name without brackets, the nickname in their midst, the name in other letters."""
    called, other = "", ""
    for found in BRACKETED.finditer(written):
        inner = (found[1] or found[2] or "").strip()
        if not IN_CJK.search(inner) and written[found.end() :].strip() and len(inner.split()) == 1:
            called = fold(inner)
    text = BRACKETED.sub(lambda found: f" {found.group()[1:-1]} " if IN_CJK.search(found.group()) else " ", written)
    for found in IN_CJK.finditer(text):
        other = other or _unhonoured(re.sub(r"[\s・　]", "", found.group()))
    return IN_CJK.sub(" ", text), called, other


def _unhonoured(name: str) -> str:
    for ending in honorifics().cjk:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def _given(words: str) -> bool:
    """Whether what stands behind a comma is a given name, not a title such as "CFO" or "Head of IT"."""
    found = words.split()
    titled = {fold(word.strip(".")) for word in found} & (honorifics().after | honorifics().attached)
    return (
        0 < len(found) <= 2
        and not titled
        and all(word[0].isupper() and (not word.isupper() or len(word.replace(".", "")) <= 2) for word in found)
    )


def _untitled(text: str) -> tuple[str, str]:
    known, sex = honorifics(), ""
    pieces = text.split()
    while len(pieces) > 1:
        plain = fold(pieces[0].rstrip("."))
        if plain in known.before:
            sex = known.before[plain] or sex
        elif plain in known.dotted and pieces[0].endswith("."):
            sex = known.dotted[plain] or sex
        else:
            break
        pieces.pop(0)
    while pieces:
        stem, hyphen, end = pieces[-1].rpartition("-")
        plain = fold(pieces[-1].strip(".,").replace(".", ""))
        if hyphen and stem and fold(end.strip(".,")) in known.attached | known.after:
            pieces[-1] = stem
        elif len(pieces) > 1 and (plain in known.after or (plain in known.attached and pieces[-1].islower())):
            pieces.pop()
        else:
            break
    return " ".join(pieces), sex


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two people's ways of writing mean one person.

    Two whole names do when all words of the shorter fit the longer: the same, an initial, a listed nickname, or one of
    them misspelt; order, titles, marks and middle names aside. A given name or surname alone is nobody in particular:
    it is the same only as itself.
    """
    return any(_one(person(a), person(b)) for a in one if a for b in other if b)


def _one(a: Person, b: Person) -> bool:
    if {a.sex, b.sex} == {"m", "f"} or (a.generation and b.generation and a.generation != b.generation):
        return False
    if a.other and b.other:
        return a.other == b.other
    if not a.words or not b.words:
        return False
    if _joined(a) & _joined(b):
        return True
    if min(a.whole, b.whole) < 2:
        return False
    if sorted(sound(word[0]) for word in a.words) == sorted(sound(word[0]) for word in b.words):
        return True
    shorter, longer = sorted((a, b), key=lambda each: len(each.words))
    return _fits(shorter, longer)


def _joined(of: Person) -> set[str]:
    return {"".join(spelling[0] for spelling in of.words), "".join(spelling[-1] for spelling in of.words)}


def _fits(shorter: Person, longer: Person) -> bool:
    """Whether each word of the shorter name stands for another word of the longer one."""
    free = list(range(len(longer.words)))
    rest, sure = [], 0
    for at, word in enumerate(shorter.words):
        same = next((place for place in free if set(word) & set(longer.words[place])), None)
        if same is None or len(word[0]) == 1:
            rest.append(at)
        else:
            free.remove(same)
            sure += len(word[0]) > 1
    slips = 0
    for at in rest:
        fit = next(((place, how) for place in free if (how := _soft(shorter, at, longer, place))), None)
        if fit is None:
            return False
        free.remove(fit[0])
        slips += fit[1] == "slip"
    return sure >= 1 and slips <= 1


def _soft(a: Person, at: int, b: Person, place: int) -> str:
    """How two words that differ may be one: "initial", "nickname", "slip", or "" for not at all."""
    one, other = a.words[at][0], b.words[place][0]
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else ""
    if other in nicknames().get(one, ()) or one == b.called or other == a.called:
        return "nickname"
    last = at == len(a.words) - 1 and place == len(b.words) - 1
    alike = slip if last else given_slip
    return "slip" if any(alike(x, y) for x in a.words[at] for y in b.words[place]) else ""
