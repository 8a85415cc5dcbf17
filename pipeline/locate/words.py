"""A word diff between a quote and the words that stand in the text, to show what was altered."""

import re
from dataclasses import dataclass

from pipeline.locate.edges import UNSPACED
from pipeline.locate.folding import fold

_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class WordChange:
    """A stretch of words: as quoted and as found. Either may be empty; `same` when only formatting differs."""

    quoted: str
    found: str
    same: bool


def words_changed(quote: str, found: str) -> list[WordChange]:
    """The whole quote beside the words found, in order, cut where they start or stop being the same."""
    from rapidfuzz.distance import Levenshtein

    quoted_words, found_words = (_WORD.findall(_BROKEN_WORD.sub("", text)) for text in (quote, found))
    steps = Levenshtein.opcodes(list(map(_comparable, quoted_words)), list(map(_comparable, found_words)))
    changes: list[WordChange] = []
    for step in steps:
        quoted = _join(quoted_words[step.src_start : step.src_end])
        there = _join(found_words[step.dest_start : step.dest_end])
        changes.append(WordChange(quoted, there, step.tag == "equal"))
    return changes


def _comparable(word: str) -> str:
    return fold(word).text


def _join(words: list[str]) -> str:
    """Words side by side: with a space, except between characters of a script that has none."""
    joined = ""
    for word in words:
        close = joined and re.match(f"[{UNSPACED}]", word) and re.match(f"[{UNSPACED}]", joined[-1])
        joined += word if close or not joined else f" {word}"
    return joined
