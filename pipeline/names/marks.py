"""Marks of names and statements, so that an index finds the few that may mean the same among very many. Pure.

Two ways of writing that `same_person`, `same_term` or `same_statement` take for one share at least one mark; most that
share one are two all the same, so whoever looks up by marks compares what is found. Change RULES with the rules.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from pipeline.names.letters import fold, sound
from pipeline.names.people import Person, person
from pipeline.names.terms import abbreviations, bare, content, initials, parts

FEW = 4
"""A statement of so many words or fewer can differ from the same one in one word, but has none too many."""
LONG = 6
"""Letters from which on a word of a statement may be misspelt."""


def of_people(written: Sequence[str]) -> frozenset[str]:
    """Marks of a person's ways of writing: how each word sounds, the words without spaces, the name in CJK letters."""
    return frozenset(mark for each in written if each for mark in _of_person(person(each)))


def _of_person(one: Person) -> Iterator[str]:
    if one.other:
        yield f"={one.other}"
    if one.words:
        yield "=" + "".join(word[0] for word in one.words)
        yield "=" + "".join(word[-1] for word in one.words)
    for word in one.words:
        yield from (sound(spelling) for spelling in word)


def of_terms(written: Sequence[str]) -> frozenset[str]:
    """Marks of a term's ways of writing: without spaces, abbreviated, by initials, and what its words begin with."""
    return frozenset(mark for each in written if each for mark in _of_term(each))


def _of_term(written: str) -> Iterator[str]:
    words = parts(written)
    if not words:
        return
    for each in (words, bare(words), *abbreviations().get(words, ())):
        yield "=" + "".join(each)
    if len(bare(words)) > 2:
        yield from (f"={letters}" for letters in initials(words))
    letters = written.replace(".", "").strip()
    if letters.isupper():
        yield f"={fold(letters)}"
    yield "#" + "".join(word[0] for word in words)


def of_statement(written: object) -> frozenset[str]:
    """Marks of a short sentence: of few words all but one of them, of more each two that are neighbours by letter."""
    words = sorted(content(str(written or "")))
    if not words:
        return frozenset()
    found = {"=" + "".join(content(str(written)))}
    if len(words) > FEW:
        return frozenset(found | {f"{one} {other}" for one, other in pairwise(words)})
    if len(words) > 1:
        return frozenset(found | {f"{len(words)} {' '.join(rest)}" for rest in combinations(words, len(words) - 1)})
    if len(words[0]) >= LONG:
        found |= {f"#{words[0][0]}", f"~{sound(words[0])}"}
    return frozenset(found)
