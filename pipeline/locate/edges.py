"""Where a quote may begin and end: never inside a word, a number, or a letter made of several characters."""

import re
import unicodedata

# Scripts without spaces (Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han) have no word edges. As a regex class.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3001-\u303f\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
HYPHENS = "-\u2010\u2011"
MINUSES = HYPHENS + "\u2012\u2013\u2212\ufe63\uff0d"
APOSTROPHES = "'\u2019\u02bc\uff07"
KANJI_NUMERALS = "〇零一二三四五六七八九十百千万億兆"

_IS_UNSPACED = re.compile(f"[{UNSPACED}]").match
_JOINED = frozenset("\uff9e\uff9f") | {chr(code) for code in range(0x1161, 0x1200)}
_ARABIC_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"  # of category Cf, yet visible


def is_unspaced(char: str) -> bool:
    """Whether a character belongs to a script that is written without spaces. "" does not."""
    return char > "\u0dff" and _IS_UNSPACED(char) is not None


def is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it: an accent, a vowel sign, a half-width voicing mark, a jamo
    that ends a syllable begun before it.
    """
    return bool(char) and (unicodedata.category(char)[0] == "M" or char in _JOINED)


def is_invisible(char: str) -> bool:
    """Whether a character shows nothing: zero-width, soft hyphen, direction mark, variation selector."""
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char == "\u034f":
        return True
    return unicodedata.category(char) == "Cf" and char not in _ARABIC_NUMBER_SIGNS


def is_cut(text: str, offset: int) -> bool:
    """Whether cutting `text` before `offset` cuts a word or a number in two.

    A sign, a decimal point and a range belong to their number (-5, 1.5, 10-12), a hyphen and "n't" to their word:
    "binding" does not stand in "non-binding", nor "can" in "can't".
    """
    left, right = _visible_before(text, offset), _visible_from(text, offset)
    if not left or not right:
        return False
    if is_mark(text[right]):  # of the letter before, whatever invisible stands between
        return True
    before, after = text[left - 1], text[right]
    if before.isalnum() or is_mark(before):
        return _cut_behind_a_word(text, before, right)
    if after.isalnum():
        return _cut_inside_a_joint(text, left, after)
    return False


def _cut_behind_a_word(text: str, before: str, right: int) -> bool:
    """The cut stands behind a letter or digit: does what follows belong to it?"""
    after, beyond = text[right], text[right + 1 : right + 2]
    if after.isalnum():
        return _is_numeral(before, after) or not (is_unspaced(before) or is_unspaced(after))
    if after in APOSTROPHES:
        return beyond in {"t", "T"} and not text[right + 2 : right + 3].isalnum()
    if after in HYPHENS:
        return beyond.isalnum()
    return before.isdecimal() and beyond.isdecimal() and after in MINUSES + ".,:/"


def _cut_inside_a_joint(text: str, left: int, after: str) -> bool:
    """The cut stands before a letter or digit and behind a sign, hyphen, apostrophe or point."""
    joint, before = text[left - 1], text[left - 2 : left - 1] if left > 1 else ""
    if joint in HYPHENS and before.isalnum():
        return True
    if joint in APOSTROPHES:
        return before.isalpha() and after.isalpha()
    if not after.isdecimal():
        return False
    is_behind_a_word = before.isalpha() or is_mark(before)
    return not is_behind_a_word if joint in MINUSES + "." else joint in ",:/" and before.isdecimal()


def _is_numeral(before: str, after: str) -> bool:
    return all(char.isdecimal() or char in KANJI_NUMERALS for char in (before, after))


def _visible_before(text: str, offset: int) -> int:
    """The end of the last visible character before `offset`; 0 when there is none."""
    while offset and is_invisible(text[offset - 1]):
        offset -= 1
    return offset


def _visible_from(text: str, offset: int) -> int:
    """The start of the first visible character from `offset` on; 0 when there is none."""
    while offset < len(text) and is_invisible(text[offset]):
        offset += 1
    return offset if offset < len(text) else 0
