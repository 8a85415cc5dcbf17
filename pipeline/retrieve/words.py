"""What a text says in words, sentence by sentence, and how much of an entry's words it says.

Words are folded and singular. A word of the text also stands, for less, for one that it is the beginning of ("arch",
"architecture"), that shares its stem ("pricing", "price"), that is a part of it ("Zentraleinkauf", "Einkauf"), or that
it was meant to be ("suplier", "supplier").
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from pipeline.names.letters import CJK, fold, slip
from pipeline.names.terms import little, singular
from pipeline.records import Document, LineKind

WORD = re.compile(rf"[^\W_{CJK}]+(?:['’][^\W_{CJK}]+)*|[{CJK}]+")
ENDS = re.compile(r"(?<=[.!?;])[\"'”’)]*\s+(?=\S)|(?<=[。！？])|\s[-–—>]+\s")
LONGEST_SENTENCE = 280
"""Letters; what goes on without a full stop is cut between words."""

WHOLE, MISSPELT, SAME_STEM, PART, BEGUN = 1.0, 0.8, 0.6, 0.6, 0.45
COMMON = 400
"""A word of more entries than that tells none from another in a long text."""

SHORTEST_SLIP = 6
"""Letters of a word that may be misspelt; in shorter ones an edit makes another word."""

Spans = Sequence[tuple[int, int]]


def spans(document: Document) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end), footers left out: what is said together."""
    found: list[tuple[int, int]] = []
    for line in document.lines:
        if line.kind is not LineKind.boilerplate:
            words = document.words(line)
            found += ((line.start + start, line.start + end) for start, end in _sentences(words))
    return found


def _sentences(words: str) -> Iterable[tuple[int, int]]:
    begin = 0
    for end in [*(match.end() for match in ENDS.finditer(words)), len(words)]:
        while end - begin > LONGEST_SENTENCE:
            cut = words.rfind(" ", begin + 1, begin + LONGEST_SENTENCE) + 1 or begin + LONGEST_SENTENCE
            yield begin, cut
            begin = cut
        if words[begin:end].strip():
            yield begin, end
        begin = end


def place(found: Spans, offset: int) -> int:
    """The number of the sentence that an offset lies in, or of the one before it."""
    return max(0, bisect_right(found, (offset, math.inf)) - 1)


def stems(text: str) -> list[str]:
    """The words that say something, folded and singular; East Asian runs as pairs of letters."""
    found: list[str] = []
    for match in WORD.finditer(text):
        found += _plain(match.group())
    return found


@lru_cache(maxsize=65536)
def _plain(word: str) -> tuple[str, ...]:
    if _is_cjk(word[0]):
        return tuple(word[at : at + 2] for at in range(len(word) - 1)) or (word,)
    plain = fold(word)
    if plain in little("little") or len(plain) < 2:
        return ()
    return (singular(plain),)


@cache
def _is_cjk(letter: str) -> bool:
    return bool(re.match(f"[{CJK}]", letter))


class Vocabulary:
    """The words of many entries, each with its weight: a rare word says more than a common one."""

    def __init__(self, entries: Mapping[str, Iterable[str]]) -> None:
        """`entries` are texts by key."""
        self._words = {key: frozenset(stem for text in texts for stem in stems(text)) for key, texts in entries.items()}
        self._holders: dict[str, list[str]] = {}
        for key, words in self._words.items():
            for word in words:
                self._holders.setdefault(word, []).append(key)
        size = max(2, len(self._words))
        self._weights = {word: math.log(1 + size / len(keys)) for word, keys in self._holders.items()}
        self._whole = {key: sum(self._weights[word] for word in words) for key, words in self._words.items()}
        self._begun: dict[str, list[str]] = {}
        self._tails: dict[str, list[str]] = {}
        for word in self._holders:
            self._begun.setdefault(word[:3], []).append(word)
            if len(word) >= 9:
                for at in range(3, len(word) - 4):
                    self._tails.setdefault(word[at:], []).append(word)
        self._gaps: dict[str, list[str]] = {}
        for word in self._holders:
            if len(word) >= SHORTEST_SLIP - 1:
                for gap in _without_one(word):
                    self._gaps.setdefault(gap, []).append(word)
        self._known: dict[str, tuple[tuple[str, float], ...]] = {}

    def said(self, sentences: Sequence[str]) -> dict[str, dict[int, float]]:
        """Key -> number of a sentence -> the share of the entry's words, by weight, that are said there, 0 to 1."""
        found: dict[str, dict[int, float]] = {}
        long = len(sentences) > 500
        for number, sentence in enumerate(sentences):
            matched: dict[str, float] = {}
            for stem in set(stems(sentence)):
                for word, how in self._meant(stem):
                    matched[word] = max(matched.get(word, 0.0), how)
            for word, how in matched.items():
                holders = self._holders[word]
                if long and len(holders) > COMMON:
                    continue
                gain = how * self._weights[word]
                for key in holders:
                    here = found.setdefault(key, {})
                    here[number] = here.get(number, 0.0) + gain
        return {
            key: {number: weight / self._whole[key] for number, weight in sorted(here.items())}
            for key, here in found.items()
        }

    def _meant(self, stem: str) -> tuple[tuple[str, float], ...]:
        if stem not in self._known:
            found = {word: SAME_STEM for word in self._begun.get(stem[:3], ()) if _same_stem(stem, word)}
            found |= {
                word: BEGUN for word in self._begun.get(stem[:3], ()) if word not in found and _begins(stem, word)
            }
            if len(stem) >= 9:
                parts = (stem[at:] for at in range(3, len(stem) - 4))
                found |= dict.fromkeys((part for part in parts if part in self._holders), PART)
            found |= dict.fromkeys(self._tails.get(stem, ()), PART)
            if stem in self._holders:
                found[stem] = WHOLE
            elif len(stem) >= SHORTEST_SLIP:
                near = {word for gap in _without_one(stem) for word in self._gaps.get(gap, ())}
                found |= dict.fromkeys((word for word in near if slip(stem, word)), MISSPELT)
            self._known[stem] = tuple(found.items())
        return self._known[stem]


def _same_stem(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    shared = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return shared >= max(4, math.ceil(0.7 * shorter)) and abs(len(one) - len(other)) <= 5


def _without_one(word: str) -> set[str]:
    """The word, and the word less each of its letters: two words that share such a rest are close."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _begins(short: str, word: str) -> bool:
    return 3 <= len(short) < len(word) and word.startswith(short)


def together(said: Mapping[int, float]) -> float:
    """The most that one sentence, or two in a row, says."""
    best = 0.0
    for number, here in said.items():
        following = said.get(number + 1, 0.0)
        best = max(best, here, max(here, following) + 0.5 * min(here, following))
    return min(1.0, best)
