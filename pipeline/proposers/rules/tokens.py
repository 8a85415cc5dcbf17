"""Sentences as tokens: one form for many ways of writing, with the place of every token in the original text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipeline.records import Line

MARKS = {
    "person": "\ue000",
    "ours": "\ue001",
    "offering": "\ue002",
    "department": "\ue003",
    "date": "\ue004",
    "number": "\ue005",
    "stranger": "\ue006",
    "rival": "\ue007",
    "amount": "\ue008",
}
"""One character of the private use area stands for each kind of thing mentioned."""
CLASSES = {
    **MARKS,
    "who": MARKS["person"] + MARKS["ours"] + MARKS["stranger"],
    "someone": MARKS["person"] + MARKS["stranger"],
    "number": MARKS["number"] + MARKS["amount"],
}
WORD = re.compile(r"[’']s\b|->|=>|→|[^\W_]+(?:[’'&/.+-][^\W_]+)*'?|[^\w\s]")
EMPHASIS = "*"
"""Marks bold words in notes; nobody says it."""
SPLIT_INSIDE = re.compile(r"[/+]")


def apart(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Which of the spans to keep so that none overlap: those that come first in the sequence, in order of place."""
    starts: list[int] = []
    kept: list[int] = []
    for number, (start, end) in enumerate(spans):
        at = bisect_right(starts, start)
        before_ends = at == 0 or spans[kept[at - 1]][1] <= start
        after_begins = at == len(starts) or starts[at] >= end
        if before_ends and after_begins:
            starts.insert(at, start)
            kept.insert(at, number)
    return kept


@dataclass(frozen=True)
class Mention:
    """A stretch [start, end) of the text that names something.

    kind: a key of MARKS. refs: the ids it may mean (one when clear). value: a date, an amount, or a new name.
    """

    kind: str
    start: int
    end: int
    refs: tuple[str, ...] = ()
    value: object = None
    pronoun: bool = False
    weak: bool = False

    @property
    def ref(self) -> str | None:
        """The one id that it means, or None."""
        return self.refs[0] if len(self.refs) == 1 else None


@dataclass(frozen=True)
class Token:
    """One token in its common form, with its place in the original."""

    form: str
    start: int
    end: int
    mention: Mention | None = None


@dataclass(eq=False)
class Sentence:
    """A sentence or bullet. `block` numbers the paragraph, `heading` is the heading above it, if any."""

    text: str
    start: int
    end: int
    line: Line
    block: int
    speaker: str | None = None
    said_on: date | None = None
    heading: str = ""
    bullet: str = ""
    part: str = "note"
    number: int = 0
    place: int = 0
    """Where it stands among the sentences that count."""
    doubted: bool = False
    """Whether the text itself takes it back further on."""
    tokens: list[Token] = field(default_factory=list)

    def say(self, tokens: list[Token]) -> None:
        """Sets the tokens (again); what was derived from the old ones is forgotten."""
        self.tokens = tokens
        for name in ("norm", "_places", "starts", "forms"):
            self.__dict__.pop(name, None)

    @cached_property
    def norm(self) -> str:
        """The tokens as one string, a space before and after each; cues are matched against it."""
        return " " + " ".join(token.form for token in self.tokens) + " "

    @cached_property
    def _places(self) -> list[int]:
        places, at = [], 1
        for token in self.tokens:
            places.append(at)
            at += len(token.form) + 1
        return places

    @cached_property
    def starts(self) -> frozenset[str]:
        """The first three letters of every token."""
        return frozenset(token.form[:3] for token in self.tokens)

    @cached_property
    def forms(self) -> list[str]:
        """The tokens' forms."""
        return [token.form for token in self.tokens]

    def token_at(self, place: int) -> int:
        """The number of the token that holds the character at `place` of `norm`."""
        return max(0, bisect_right(self._places, place) - 1)

    def mentions(self, *kinds: str) -> list[Mention]:
        """What is mentioned, in order."""
        return [token.mention for token in self.tokens if token.mention and (not kinds or token.mention.kind in kinds)]

    def slice(self, first: int, last: int) -> str:
        """The original words of tokens [first, last)."""
        if first >= last:
            return ""
        return self.text[self.tokens[first].start - self.start : self.tokens[last - 1].end - self.start]


def tokenise(
    sentence: Sentence, mentions: Sequence[Mention], expand: Mapping[str, str], mend: Mapping[str, str]
) -> list[Token]:
    """The tokens of a sentence: mentions as one token each, short forms written out, hyphens left out."""
    tokens: list[Token] = []
    at = sentence.start
    for mention in mentions:
        if mention.start < at:
            continue
        tokens += _plain(sentence, at, mention.start, expand, mend)
        tokens.append(Token(MARKS[mention.kind], mention.start, mention.end, mention))
        if mention.value and mention.kind in ("person", "ours", "stranger"):
            tokens += [Token(form, mention.start, mention.end) for form in str(mention.value).split()]
        at = mention.end
    tokens += _plain(sentence, at, sentence.end, expand, mend)
    return tokens


def _plain(sentence: Sentence, start: int, end: int, expand: Mapping[str, str], mend: Mapping[str, str]) -> list[Token]:
    tokens: list[Token] = []
    for match in WORD.finditer(sentence.text, start - sentence.start, end - sentence.start):
        if match.group() == EMPHASIS:
            continue
        at, word = match.start() + sentence.start, match.group().lower().replace("’", "'")
        until = match.end() + sentence.start
        whole = expand.get(word) or expand.get(word.rstrip("'"))
        if whole is None and SPLIT_INSIDE.search(word):
            for piece in filter(None, SPLIT_INSIDE.split(word)):
                tokens += [Token(form, at, until) for form in _forms(piece, expand, mend)]
            continue
        tokens += [Token(form, at, until) for form in (whole.split() if whole else _forms(word, expand, mend))]
    return tokens


def _forms(word: str, expand: Mapping[str, str], mend: Mapping[str, str]) -> list[str]:
    if word in expand:
        return expand[word].split()
    if word.endswith("'s"):
        whose = mend.get(word[:-2], word[:-2]).replace("-", "")
        return [whose, "'s"] if whose else ["'s"]
    if not word[0].isalnum():
        return ["->" if word in ("→", "=>") else word]
    word = mend.get(word, word)
    return [word.replace("-", "").strip("'.") or word]
