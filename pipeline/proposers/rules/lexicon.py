"""The knowledge of the rules: word lists and cue patterns per language, read from data/<language>/*.yaml.

A cue is a line of words, matched against the tokens of a sentence (pipeline/proposers/rules/tokens.py):

    sign off         these words, in any case; hyphens inside words count for nothing
    sign*            any ending (and *word any beginning)
    budget/money     one of these; an underscore is a space inside an alternative: in_charge/head
    our?             may be missing
    ..               up to three words;  ...  up to seven words, commas included; no person in it but "her", "Bo's"
    ~                any one word
    $money           a list of data/<language>/words.yaml
    <person>         somebody of the customer;  <ours> one of our people;  <who> either
    us! our! we!     we, where that means our own people: "Ada opposes us"
    <offering> <department> <date> <number>      what they say

A group of cues is a list of such lines under a dotted name ("roles.blocker"). A language is a folder; adding one needs
no code.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.language.words import codes, names
from pipeline.proposers.rules.tokens import CLASSES, MARKS, Sentence

DATA = Path(__file__).with_name("data")
PEOPLE = CLASSES["who"]
ANYTHING = "".join(MARKS.values())
OWNED = f"[{PEOPLE}] 's "
SPOKEN = dict.fromkeys(("i", "we", "us", "me", "you"), "") | dict.fromkeys(("our", "my", "your", "mine", "ours"), " 's")
"""Words that a mention stands for where it is known who is meant."""
OUR_SIDE = {"we!": "", "us!": "", "our!": " 's", "wir!": "", "uns!": "", "unser!": " 's"}
"""The same where only our own people will do."""
SHORT_START = re.compile(r"(?:^|[/$])\w{1,2}\*")
"""A beginning too short to be looked up by its first three letters."""
GAPS = {
    "..": rf"(?:{OWNED}|(?!'s )[^ ,;:.!?(){PEOPLE}]+ ){{0,3}}?",
    "...": rf"(?:{OWNED}|(?!'s )[^ ;:.!?(){PEOPLE}]+ ){{0,7}}?",
}
WEAK = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "be",
        "to",
        "of",
        "in",
        "on",
        "for",
        "with",
        "by",
        "and",
        "or",
        "not",
        "no",
        "it",
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "has",
        "have",
        "do",
        "will",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "ist",
        "sind",
        "war",
        "zu",
        "von",
        "im",
        "in",
        "auf",
        "mit",
        "und",
        "oder",
        "nicht",
        "kein",
        "er",
        "sie",
        "es",
        "wir",
        "ich",
        "hat",
        "haben",
        "wird",
    ]
)


@dataclass(frozen=True)
class Cue:
    """One compiled line of a group: `rule` names it in proposals."""

    rule: str
    line: str
    regex: re.Pattern[str]
    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()
    """For each word that must be there: the beginnings it may have."""


@dataclass(frozen=True)
class Hit:
    """Where a cue matched: token numbers [first, last) of the sentence, and what its placeholders took."""

    cue: Cue
    first: int
    last: int
    slots: Mapping[str, int]

    @property
    def rule(self) -> str:
        """The name of the rule, for the reviewer and the maintainer."""
        return self.cue.rule


class Language:
    """One folder of data."""

    def __init__(self, name: str) -> None:
        """Reads all files of data/<name>."""
        self.name = name
        self.data: dict[str, Any] = {}
        for file in sorted((DATA / name).glob("*.yaml")):
            self.data[file.stem] = _read(file)
        self.data.setdefault("words", {})["months"] = names("months", name)
        self.lists: dict[str, list[str]] = self.data.get("words", {}).get("lists", {})

    def group(self, name: str) -> tuple[Cue, ...]:
        """The compiled cues of a group such as "roles.blocker"; empty when the language has none."""
        return _cues(self.name, name)

    def words(self, name: str) -> Any:
        """A plain entry of words.yaml (a list or a mapping)."""
        return self.data.get("words", {}).get(name, {})


@cache
def language(name: str) -> Language:
    """A language by its folder name."""
    return Language(name)


@cache
def languages() -> tuple[str, ...]:
    """The folders of languages, English first."""
    found = sorted(folder.name for folder in DATA.iterdir() if folder.name in codes())
    return tuple(sorted(found, key=lambda name: name != "en"))


def _read(file: Path) -> Any:
    with file.open(encoding="utf-8") as stream:
        return _loader()(stream).get_single_data()


@cache
def _loader() -> Any:
    """A safe YAML loader for which "no", "yes", "on" and "off" are words: they are what these files are about."""
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, regex) for tag, regex in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in safe.yaml_implicit_resolvers.items()
    }
    return type("WordLoader", (safe,), {"yaml_implicit_resolvers": resolvers})


@cache
def _cues(name: str, group: str) -> tuple[Cue, ...]:
    spoken = language(name)
    found: Any = spoken.data
    for part in group.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    lines = found if isinstance(found, list) else []
    return tuple(compile_cue(f"{group}.{name}.{number}", line, spoken.lists) for number, line in enumerate(lines, 1))


@cache
def _by_start(name: str, group: str) -> tuple[frozenset[int], Mapping[str, list[int]], frozenset[str]]:
    """The numbers of a group's cues without an anchor, the others by each beginning they need one of, and all those."""
    free: set[int] = set()
    found: dict[str, list[int]] = {}
    for number, cue in enumerate(_cues(name, group)):
        if not cue.anchors:
            free.add(number)
        for anchor in cue.anchors:
            found.setdefault(anchor, []).append(number)
    return frozenset(free), found, frozenset(found)


def _possible(name: str, group: str, starts: frozenset[str]) -> Iterator[Cue]:
    """The cues of a group that may match a sentence whose words begin so, in the order of their lines."""
    cues = _cues(name, group)
    free, by_start, known = _by_start(name, group)
    if not free and starts.isdisjoint(known):
        return
    numbers = set(free)
    for start in starts & known:
        numbers.update(by_start[start])
    for number in sorted(numbers):
        for need in cues[number].needs:
            if starts.isdisjoint(need):
                break
        else:
            yield cues[number]


def compile_cue(rule: str, line: str, lists: Mapping[str, list[str]]) -> Cue:
    """A cue line as a regular expression over `Sentence.norm`, and the word beginnings one of which must occur."""
    parts: list[str] = []
    anchors: frozenset[str] | None = None
    needs: list[frozenset[str]] = []
    seen: dict[str, int] = {}
    for element in line.split():
        optional = element.endswith("?") and len(element) > 1
        bare = element[:-1] if optional else element
        regex, words = _element(bare, lists, seen)
        parts.append(f"(?:{regex})?" if optional else regex)
        if words and not optional:
            keys = frozenset(word[:3] for word in words)
            needs += [keys] if all(words) and not SHORT_START.search(bare) else []
            if not any(word in WEAK or len(word) < 3 for word in words) and (
                anchors is None or len(keys) < len(anchors)
            ):
                anchors = keys
        if bare.startswith("<") and "/" not in bare and not optional:
            needs.append(frozenset(CLASSES[bare.strip("<>")]))
    needs.sort(key=len)
    anchors = anchors or (needs[0] if needs else frozenset())
    return Cue(rule, line, re.compile("(?<= )" + "".join(parts)), anchors, tuple(needs))


def _element(element: str, lists: Mapping[str, list[str]], seen: dict[str, int]) -> tuple[str, list[str]]:
    """The regular expression of one element (with the space after it), and the words it may begin with."""
    if element in GAPS:
        return GAPS[element], []
    if element == "~":
        return rf"[^ ,;:.!?()'{ANYTHING}]+ ", []
    if element.startswith("<") and "/" not in element:
        name = element.strip("<>")
        seen[name] = seen.get(name, 0) + 1
        slot = name if seen[name] == 1 else f"{name}{seen[name]}"
        return f"(?P<{slot}>[{CLASSES[name]}]) ", []
    choices = [each for part in element.split("/") for each in _choices(part, lists)]
    joined = "|".join(_word(choice) for choice in sorted(choices, key=len, reverse=True))
    starts = [choice.replace("_", " ").split()[0] for choice in choices]
    plain = (
        []
        if any(start in SPOKEN or start in OUR_SIDE for start in starts)
        or any(start.startswith(("*", "<")) for start in starts)
        else starts
    )
    return f"(?:{joined}) ", [start.replace("-", "").rstrip("*") for start in plain]


def _choices(part: str, lists: Mapping[str, list[str]]) -> list[str]:
    if not part.startswith("$"):
        return [part]
    return [str(word).replace(" ", "_") for word in lists[part[1:]]]


def _word(choice: str) -> str:
    words = []
    for word in (part if part == "-" else part.replace("-", "") for part in choice.lower().split("_")):
        if word.startswith("<"):
            words.append(f"[{CLASSES[word.strip('<>')]}]")
            continue
        if word in OUR_SIDE:
            words.append(f"(?:{word[:-1]}|[{MARKS['ours']}]{OUR_SIDE[word]})")
            continue
        if word in SPOKEN:
            words.append(f"(?:{word}|[{PEOPLE}]{SPOKEN[word]})")
            continue
        body = re.escape(word.strip("*"))
        words.append((r"[^ ]*" if word.startswith("*") else "") + body + (r"[^ ]*" if word.endswith("*") else ""))
    return " ".join(words)


class Lexicon:
    """The languages in play for one document, and the search for cues in its sentences."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """`names`: folders of data, most spoken first."""
        self.names = names

    def find(self, sentence: Sentence, *groups: str) -> Iterator[Hit]:
        """Every match of the groups' cues, in the order of groups and lines; one hit per cue and place."""
        for group in groups:
            for name in self.names:
                for cue in _possible(name, group, sentence.starts) if _cues(name, group) else ():
                    for match in cue.regex.finditer(sentence.norm):
                        yield _hit(sentence, cue, match)

    def first(self, sentence: Sentence, *groups: str) -> Hit | None:
        """The first match of the groups' cues, or None."""
        return next(self.find(sentence, *groups), None)

    def words(self, entry: str) -> set[str]:
        """A list of words.yaml over all languages in play."""
        return _words(self.names, entry)

    def mapping(self, entry: str) -> Mapping[str, str]:
        """A mapping of words.yaml over all languages in play; none rewrites a small word of another."""
        return _mapping(self.names, entry)


@cache
def _words(names: tuple[str, ...], entry: str) -> set[str]:
    found: set[str] = set()
    for name in names:
        found |= {str(word).lower() for word in language(name).words(entry)}
        found |= {str(word).lower() for word in language(name).lists.get(entry, [])}
    return found


@cache
def _mapping(names: tuple[str, ...], entry: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in reversed(names):
        others = {str(word).lower() for other in names if other != name for word in language(other).words("small")}
        pairs = {str(key).lower(): str(value) for key, value in dict(language(name).words(entry)).items()}
        found |= {key: value for key, value in pairs.items() if key not in others}
    return found


def _hit(sentence: Sentence, cue: Cue, match: re.Match[str]) -> Hit:
    slots = {
        name: sentence.token_at(match.start(name)) for name, value in match.groupdict().items() if value is not None
    }
    return Hit(cue, sentence.token_at(match.start()), sentence.token_at(match.end() - 1) + 1, slots)
