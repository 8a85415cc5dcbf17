"""The words that checks look for, by language, from the files in words/: what denies, guesses, finishes, parks …

A phrase is found whole, whatever its case; `*` at its end stands for any ending, and languages that write without
spaces are searched anywhere. Those under `machine` are regular expressions.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

CURLY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "‑": "-", "–": "-"})
NEVER = re.compile(r"(?!)")
BEGINS = r"(?<!\w)"
FALLBACK = "en"


def flat(text: str) -> str:
    """The text in small letters with plain quotes and spaces; every character keeps its place."""
    lowered = text.translate(CURLY)
    small = lowered.lower()
    return (
        small
        if len(small) == len(lowered)
        else "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in lowered)
    )


@cache
def languages() -> tuple[str, ...]:
    """The languages there are words for."""
    folder = resources.files(__package__).joinpath("words")
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml")))


@cache
def _read(language: str) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files(__package__).joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way
    return found


@dataclass(frozen=True)
class Words:
    """The words of the languages a text may be in. Equal ones share their compiled patterns."""

    spoken: tuple[str, ...]

    def pattern(self, entry: str) -> re.Pattern[str]:
        """Finds any phrase of a list, in a text made `flat`."""
        return _pattern(self.spoken, entry)

    def mapping(self, entry: str) -> Mapping[str, Any]:
        """Words and what they stand for."""
        return _mapping(self.spoken, entry)

    def groups(self, entry: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
        """Groups of patterns, one of each phrase."""
        return _groups(self.spoken, entry)

    @property
    def orders(self) -> tuple[re.Pattern[str], ...]:
        """What finds words to software, in a text in small letters. One by one they are much faster than as one."""
        return _orders(self.spoken)

    def any(self, entry: str) -> str:
        """The words of a list or mapping as one alternation, longest first."""
        return _alternation(self.spoken, entry)

    def says(self, text: str, *entries: str) -> bool:
        """Whether a flat text has a phrase of one of the lists."""
        return any(self.pattern(entry).search(text) for entry in entries)


@cache
def words(language: str) -> Words:
    """The words for a text: all languages, its own first, for notes mix them."""
    own = language if language in languages() else FALLBACK
    mixed = [each for each in (FALLBACK, "ja") if each in languages() and each != own]
    return Words((own, *mixed))


def _phrases(spoken: tuple[str, ...], entry: str) -> Iterator[tuple[str, bool]]:
    for language in spoken:
        data = _read(language)
        joined = bool(data.get("joined"))
        yield from ((_plain(phrase), joined) for phrase in data.get(entry, ()))


def _plain(phrase: object) -> str:
    if isinstance(phrase, bool):
        return "yes" if phrase else "no"
    return flat(str(phrase))


def _one(phrase: str, *, joined: bool) -> str:
    if joined:
        return re.escape(phrase)
    bare = phrase.rstrip("*")
    middle = re.escape(bare).replace(r"\ ", r"\s+").replace(r"\*", r"\w*").replace(r"\(", "(").replace(r"\)", ")")
    middle = middle.replace(r"\|", "|")
    before = BEGINS if re.match(r"[\w(]", bare) and not phrase.startswith("n't") else ""
    after = r"\w*" if phrase.endswith("*") else r"(?!\w)" if re.search(r"\w$", bare) else ""
    return before + middle + after


@cache
def _pattern(spoken: tuple[str, ...], entry: str) -> re.Pattern[str]:
    found = {_one(phrase, joined=joined) for phrase, joined in _phrases(spoken, entry)}
    longest = sorted(found, key=lambda each: (-len(each), each))
    # Asked once for all phrases whether a word begins, and not once for each: several times as fast.
    whole = [each.removeprefix(BEGINS) for each in longest if each.startswith(BEGINS)]
    parts = [each for each in longest if not each.startswith(BEGINS)]
    either = [f"{BEGINS}(?:{'|'.join(whole)})"] if whole else []
    return re.compile("|".join([*either, *parts])) if found else NEVER


@cache
def _orders(spoken: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(phrase, re.MULTILINE) for phrase, _ in _phrases(spoken, "machine"))


@cache
def _mapping(spoken: tuple[str, ...], entry: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for language in reversed(spoken):
        found |= {_plain(word): value for word, value in (_read(language).get(entry) or {}).items()}
    return found


@cache
def _groups(spoken: tuple[str, ...], entry: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(re.compile(_one(_plain(phrase), joined=False)) for phrase in group)
        for language in spoken
        for group in _read(language).get(entry, ())
    )


@cache
def _alternation(spoken: tuple[str, ...], entry: str) -> str:
    found: set[str] = set()
    for language in spoken:
        found |= {_plain(word) for word in _read(language).get(entry) or ()}
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(found, key=len, reverse=True)) or "(?!)"
