"""Text made comparable, with a map back: two texts that differ in formatting alone fold to the same characters.

| differs in | folds to |
|---|---|
| spaces, tabs, line breaks, no-break spaces | one space; none inside brackets, in "$ 5", beside unspaced scripts |
| dashes of any kind | "-"; between letters also without the spaces around it |
| a hyphen at the end of a line, between letters | nothing; kept in `soft`, for it may belong to the word |
| curly quotes, primes, guillemets | ' and " |
| ligatures, full and half width, composed letters, case, the ellipsis | as Unicode has it (NFKC, casefold) |
| zero-width characters, soft hyphens, direction marks, Markdown's ** | nothing |

Digits never come from anything but digits (a raised 2 or a half stays itself), and no sign, point or comma is dropped.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.locate.edges import HYPHENS, UNSPACED, is_invisible, is_mark, is_unspaced

Span = tuple[int, int]

_CURRENCY, _OPENING, _CLOSING, _STOPS = map(frozenset, ("$€£¥₹₩", "([{", ")]}", ".,;:!?"))
_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_SOFT_HYPHEN = "\u00ad"
_TYPOGRAPHY = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"),
    "\u301c": "~",
}


class _Run(NamedTuple):
    """Where the folded text and its source stop running in step."""

    folded: int
    source: int
    whole: bool  # stands for several source characters at once: nothing may begin or end inside


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `soft` holds the offsets, in `text`, where a line-end hyphen was dropped."""

    text: str
    soft: tuple[int, ...]
    _runs: tuple[_Run, ...]
    _keys: tuple[int, ...]

    def source(self, offset: int) -> int:
        """The source offset of the character at an offset of `text`."""
        run = self._runs[bisect_right(self._keys, offset) - 1]
        return run.source if run.whole else run.source + offset - run.folded

    def span(self, start: int, end: int) -> Span | None:
        """The source offsets of text[start:end], or None when an edge lies inside a ligature or the like."""
        first = self._runs[bisect_right(self._keys, start) - 1]
        if first.whole and first.folded != start:
            return None
        at = bisect_right(self._keys, end - 1) - 1
        last = self._runs[at]
        if not last.whole:
            source_end = last.source + end - last.folded
        elif self._runs[at + 1].folded == end:
            source_end = self._runs[at + 1].source
        else:
            return None
        return first.source + start - first.folded, source_end


def fold(source: str) -> Folded:
    """Fold a text of any length, in one pass over its irregular places; every other character stays one character."""
    alphabet = {char: _fold_char(char) for char in set(source)}
    flat = _replace_singles(source, alphabet)
    pieces: list[str] = []
    runs, soft = [_Run(0, 0, False)], []
    length = done = 0
    for place in _irregular_places(flat, alphabet):
        start, end = place.span()
        new, is_soft = _replacement(place, source)
        pieces += (flat[done:start], new)
        length += start - done
        if len(new) != end - start:
            if new:
                runs.append(_Run(length, start, True))
            runs.append(_Run(length + len(new), end, False))
        if is_soft:
            soft.append(length)
        length += len(new)
        done = end
    pieces.append(flat[done:])
    return Folded("".join(pieces).casefold(), tuple(soft), tuple(runs), tuple(run.folded for run in runs))


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    """What one character folds to: none, one or several."""
    if char.isspace():
        return " "
    if char in _TYPOGRAPHY:
        return _TYPOGRAPHY[char]
    if char.isascii():
        return char.casefold()
    if is_invisible(char):
        return ""
    return _compatible(char).casefold()


def _compatible(char: str) -> str:
    """NFKC of a character, unless that would make a plain digit or letter out of a raised, ringed or joined one."""
    kind, _, _ = unicodedata.decomposition(char).partition(" ")
    if not kind.startswith("<"):
        return unicodedata.normalize("NFC", char)
    wide = unicodedata.normalize("NFKC", char)
    if kind in {"<super>", "<sub>", "<fraction>", "<circle>"} or wide.startswith(" "):
        return char
    if kind not in {"<wide>", "<narrow>", "<font>"} and any(each.isdecimal() for each in wide):
        return char
    return wide


def _replace_singles(source: str, alphabet: dict[str, str]) -> str:
    """The source with every character that folds to another single one replaced; casefold() does the rest later."""
    for char, folded in alphabet.items():
        if len(folded) == 1 and folded not in {char, char.casefold()}:
            source = source.replace(char, folded)
    return source


def _irregular_places(flat: str, alphabet: dict[str, str]) -> Iterator[re.Match[str]]:
    """Matches where folding may change the length, left to right, in a text whose spaces and dashes are plain."""
    odd = sorted(char for char, folded in alphabet.items() if len(folded) > 1)
    hidden = sorted(char for char, folded in alphabet.items() if not folded)
    # Also in text that is composed: a letter may compose with its accent once it is folded, or what parts them is gone.
    left = (folded if len(folded) == 1 else char for char, folded in alphabet.items())
    marks = sorted(set(filter(is_mark, left)) - set(hidden))
    unspaced = any(is_unspaced(char) for char in alphabet)
    return _irregular("".join(odd), "".join(hidden), "".join(marks), "**" in flat, unspaced).finditer(flat)


@lru_cache(maxsize=256)
def _irregular(odd: str, hidden: str, marks: str, bold: bool, unspaced: bool) -> re.Pattern[str]:
    """The pattern of irregular places. It starts with one character class wherever it can: four times as fast."""
    odd, hidden, marks = re.escape(odd), re.escape(hidden), re.escape(marks)
    beside = hidden + UNSPACED if unspaced else hidden
    gap = rf"(?=[\-)\]}}%.,;:!? {beside}])|(?<=[(\[{{$€£¥₹₩{beside}] )"
    tails = [f"(?P<odd>(?<=[{odd}]))"] if odd else []
    tails += [r"(?P<bold>(?<=\*)\*+)"] if bold else []
    is_gap = f"(?<=[ \\-{hidden}])" if tails else ""
    tails += [f"(?P<gap>{is_gap}(?:{gap}{f'|(?<=[{hidden}])' if hidden else ''})[ \\-{hidden}]*)"]
    pattern = rf"[ \-{odd}{hidden}{'*' if bold else ''}](?:{'|'.join(tails)})"
    if marks:
        between = f"[{hidden}]*" if hidden else ""
        pattern = rf"(?P<marked>[^\s{marks}{hidden}](?:{between}[{marks}])+)|{pattern}"
    return re.compile(pattern)


def _replacement(place: re.Match[str], source: str) -> tuple[str, bool]:
    """What an irregular place becomes, and whether a line-end hyphen was dropped there."""
    run = place.group()
    match place.lastgroup:
        case "odd":
            return _fold_char(run), False
        case "marked":
            return "".join(map(_fold_char, unicodedata.normalize("NFC", "".join(map(_fold_char, run))))), False
        case "bold":
            between_digits = source[place.start() - 1 : place.start()].isdigit() and source[place.end() :][:1].isdigit()
            return (run if between_digits else ""), False
    return _fold_gap(place, source)


def _fold_gap(place: re.Match[str], source: str) -> tuple[str, bool]:
    """What a run of spaces, dashes and hidden characters becomes, by its neighbours."""
    flat, (start, end) = place.string, place.span()
    run = "".join(char for char in place.group() if char in " -")
    before, after = flat[start - 1 : start] if start else "", flat[end : end + 1]
    in_words = _is_letter(before) and _is_letter(after)
    breaks = in_words and not _LINE_BREAKS.isdisjoint(source[start:end])
    dashes = run.count("-")
    if not run or (breaks and _SOFT_HYPHEN in place.group()):
        return "", False
    if not dashes:
        return _fold_spaces(before, after, flat[end + 1 : end + 2]), False
    if in_words:
        return ("", True) if breaks and dashes == 1 and source[start] in HYPHENS else ("-", False)
    if dashes == 1 and run[0] == "-" and before.isalnum() and after.isalnum():
        return "-", False
    return re.sub(" +", " ", run), False


def _fold_spaces(before: str, after: str, beyond: str) -> str:
    if is_unspaced(before) or is_unspaced(after):
        return ""
    if before in _OPENING or after in _CLOSING:
        return ""
    if (before in _CURRENCY and after.isdigit()) or (after == "%" and before.isdigit()):
        return ""
    return "" if after in _STOPS and beyond in {"", " "} else " "


def _is_letter(char: str) -> bool:
    return char.isalpha() or is_mark(char)
