"""A text looked at once for all checks of all its changes: sentences, who and what each names, days and numbers."""

import re
import typing
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.checks import _figures
from pipeline.checks._words import Words, flat, words
from pipeline.language.days import Day, possible
from pipeline.names import How, Mention, NameIndex
from pipeline.names.letters import fold
from pipeline.records import Change, Context, Document, Evidence, Json, Line, LineKind, Op
from pipeline.sections import section

SENTENCE_END = re.compile(
    r"(?<=[.!?。])(?<!\b[A-Z]\.)(?<!\b[A-Za-z][a-z]\.)[\"'”’)]*\s+(?=[^a-z])|(?<=。)|\s*;\s+|\s\|\s"
)
ENDED = re.compile(r"[.!?。][\"'”’)>\]]*\s*$")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
T = typing.TypeVar("T")
PEOPLE = ("stakeholders", "team")
TERMS = ("departments", "offerings", "competitors")
BACK = 3
"""How many sentences before a quote may name what it speaks of."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, or a line's piece of one: the characters [start, end) of the text."""

    start: int
    end: int
    line: int
    speaker: str | None
    kind: LineKind


@dataclass(frozen=True)
class Stretch:
    """Part of a text as the checks read it: `flat` in small letters, `start` and `end` its outermost characters."""

    spans: tuple[tuple[int, int], ...]
    text: str
    flat: str
    speakers: frozenset[str]

    def __contains__(self, place: object) -> bool:
        """Whether the character at an offset lies in it."""
        return isinstance(place, int) and any(start <= place < end for start, end in self.spans)


class Reading:
    """The text of a context, read for the changes of one proposal. Built once, asked often."""

    def __init__(self, context: Context, changes: Sequence[Change] = ()) -> None:
        self.context = context
        self.document: Document = context.document
        self.changes = changes
        self.words: Words = words(context.document.language)
        self._known: dict[object, object] = {}

    def remember(self, key: object, work: Callable[[], T]) -> T:
        """What `work` gives, worked out once for each key."""
        if key not in self._known:
            self._known[key] = work()
        return typing.cast(T, self._known[key])

    @cached_property
    def flat(self) -> str:
        """The whole text, `flat`."""
        return flat(self.document.text)

    @cached_property
    def items(self) -> Mapping[str, tuple[str, Mapping[str, Json]]]:
        """Section and values of every item of the plan slice and every item to be added."""
        found: dict[str, tuple[str, Mapping[str, Json]]] = {
            item.id: (item.section, item.values) for item in self.context.plan.items.values()
        }
        for change in self.changes:
            if change.op is Op.add:
                found[change.item] = (change.section, change.new_values())
            elif change.op is Op.update and change.item in found:
                kind, values = found[change.item]
                new = change.new_values()
                if {"name", "aliases"} & new.keys():
                    ways = [
                        *(values.get("aliases") or ()),
                        *(new.get("aliases") or ()),
                        *filter(None, [new.get("name")]),
                    ]
                    new |= {"aliases": ways, "name": values.get("name")}
                found[change.item] = (kind, {**values, **new})
        return found

    @cached_property
    def others(self) -> tuple[str, ...]:
        """People of the text who are in no item: the author, who took part, who spoke."""
        there = [each.name for each in self.document.participants]
        named = [*filter(None, [self.context.author, self.document.author]), *there, *self.document.speakers]
        return tuple(dict.fromkeys(named))

    @cached_property
    def index(self) -> NameIndex:
        """Finds people and terms; keys are item ids, and names for people who are no item."""
        people = {key: self._written(key) for key, (kind, _) in self.items.items() if kind in PEOPLE}
        known = NameIndex(people)
        for name in self.others:
            if not known.who(name):
                people[name] = (name,)
        terms = {key: self._written(key) for key, (kind, _) in self.items.items() if kind in TERMS}
        return NameIndex(people, terms)

    def _written(self, key: str) -> tuple[str, ...]:
        kind, values = self.items[key]
        return tuple(filter(None, section(kind).names(values))) or tuple(filter(None, [str(values.get("name") or "")]))

    @cached_property
    def mentions(self) -> list[Mention]:
        """Everybody and everything named in the text, in its order."""
        return self.index.mentions(self.document.text)

    @cached_property
    def _partial(self) -> Mapping[str, frozenset[str]]:
        """A telling word of a longer name -> the items it may stand for: "platform" for Platform Engineering."""
        found: dict[str, set[str]] = {}
        for key, (kind, _) in self.items.items():
            if kind not in TERMS:
                continue
            for form in self._written(key):
                for word in {fold(each) for each in WORD.findall(form)}:
                    if len(word) >= 3 and not word.isdigit():
                        found.setdefault(word[:6] if len(word) > 6 else word, set()).add(key)
        return {word: frozenset(keys) for word, keys in found.items() if len(keys) <= 3}

    def hinted(self, stretch: Stretch) -> frozenset[str]:
        """Items of which a telling word of the name stands there."""
        return self.remember(("hinted", stretch.spans), lambda: self._hinted(stretch))

    def _hinted(self, stretch: Stretch) -> frozenset[str]:
        found: set[str] = set()
        for word in self.vocabulary(stretch):
            found |= self._partial.get(word[:6], frozenset())
        return frozenset(found)

    @cached_property
    def _spelt(self) -> tuple[list[int], list[tuple[str, ...]]]:
        """Where each word of the text begins, and how it is folded: whole and in the parts that a hyphen joins."""
        found = [(match.start(), _folded(match[0])) for match in WORD.finditer(self.document.text)]
        return [start for start, _ in found], [forms for _, forms in found]

    def vocabulary(self, stretch: Stretch) -> frozenset[str]:
        """The folded words of a stretch."""
        return self.remember(("vocabulary", stretch.spans), lambda: self._vocabulary(stretch))

    def _vocabulary(self, stretch: Stretch) -> frozenset[str]:
        starts, forms = self._spelt
        inside = (forms[bisect_left(starts, start) : bisect_left(starts, end)] for start, end in stretch.spans)
        return frozenset(form for words_ in inside for each in words_ for form in each)

    @cached_property
    def _short(self) -> Mapping[str, frozenset[str]]:
        """The first letters of a given name, three or more -> the people whose name they may cut short."""
        found: dict[str, set[str]] = {}
        for key, (kind, values) in self.items.items():
            first = WORD.findall(str(values.get("name") or "")) if kind in PEOPLE else []
            for length in range(3, len(first[0]) if len(first) > 1 else 0):
                found.setdefault(fold(first[0])[:length], set()).add(key)
        return {start: frozenset(keys) for start, keys in found.items() if len(keys) == 1}

    def shortened(self, stretch: Stretch) -> frozenset[str]:
        """People whose given name stands there cut short ("Dash" for Dashiell), where it can mean one person only."""
        return self.remember(("shortened", stretch.spans), lambda: self._shortened(stretch))

    def _shortened(self, stretch: Stretch) -> frozenset[str]:
        capital = (match[0] for match in WORD.finditer(stretch.text) if match[0][0].isupper() and len(match[0]) > 2)
        return frozenset(key for word in capital for key in self._short.get(fold(word), ()))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences, in order. None reaches over a line's end."""
        return [sentence for line in self.document.lines for sentence in self._of_line(line)]

    def _of_line(self, line: Line) -> Iterator[Sentence]:
        at, text, end = line.start, self.document.text, line.end
        for cut in SENTENCE_END.finditer(text, line.start, end):
            yield Sentence(at, cut.start(), line.number, line.speaker, line.kind)
            at = cut.end()
        if text[at:end].strip() or at == line.start:
            yield Sentence(at, end, line.number, line.speaker, line.kind)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def around(self, start: int, end: int, back: int = 0, ahead: int = 0) -> list[Sentence]:
        """The sentences that [start, end) touches, with so many filled ones before and after."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = max(first, bisect_right(self._starts, max(start, end - 1)) - 1)
        return [
            *self._filled(first - 1, -1, back)[::-1],
            *self.sentences[first : last + 1],
            *self._filled(last + 1, 1, ahead),
        ]

    def following(self, sentence: Sentence) -> Iterator[Sentence]:
        """What is said in one go from a sentence on: to the end of its line, and of the next while one breaks off."""
        at = bisect_right(self._starts, sentence.start)
        before = sentence
        for each in self.sentences[at:]:
            if each.line != before.line and (ENDED.search(self.document.text, before.start, before.end)):
                return
            if each.speaker != sentence.speaker or (each.end == each.start and sentence.speaker is None):
                return
            if each.end > each.start:
                yield each
                before = each

    def _filled(self, at: int, step: int, count: int) -> list[Sentence]:
        found: list[Sentence] = []
        while 0 <= at < len(self.sentences) and len(found) < count:
            if self.sentences[at].end > self.sentences[at].start:
                found.append(self.sentences[at])
            at += step
        return found

    def stretch(self, spans: Iterable[tuple[int, int]], speakers: Iterable[str | None] = ()) -> Stretch:
        """Spans of the text as one stretch; overlapping ones once."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(set(spans)):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        text = "\n".join(self.document.text[start:end] for start, end in merged)
        return Stretch(tuple(merged), text, flat(text), frozenset(filter(None, speakers)))

    def quoted(self, evidence: Iterable[Evidence]) -> Stretch:
        """The quoted words themselves."""
        spans = [span for piece in evidence for span in (piece.pieces or ((piece.start, piece.end),))]
        return self.stretch(spans, (piece.speaker for piece in evidence))

    def near(self, stretch: Stretch, back: int, ahead: int = 0) -> Stretch:
        """A stretch grown to whole sentences, and to those before and after."""
        return self.remember(("near", stretch.spans, back, ahead), lambda: self._near(stretch, back, ahead))

    def _near(self, stretch: Stretch, back: int, ahead: int) -> Stretch:
        found = [each for start, end in stretch.spans for each in self.around(start, end, back, ahead)]
        return self.stretch([(each.start, each.end) for each in found], (each.speaker for each in found))

    def lines(self, stretch: Stretch) -> Stretch:
        """The whole lines that a stretch touches: a paragraph, a list point, what one speaker says."""
        found = {self.document.line_at(start).number - 1: None for start, _ in stretch.spans}
        lines = [self.document.lines[at] for at in found if at < len(self.document.lines)]
        return self.stretch([(line.start, line.end) for line in lines], (line.speaker for line in lines))

    @cached_property
    def whole(self) -> Stretch:
        """The whole text."""
        return self.stretch([(0, len(self.document.text))], self.document.speakers)

    def named(self, stretch: Stretch, kinds: Sequence[str] = (), sure: bool = False) -> list[Mention]:
        """What a stretch names, of certain sections; `sure` leaves out what may be just a word."""
        inside = self.remember(("named", stretch.spans), lambda: self._mentioned(stretch))
        doubtful = (How.lowercase, How.namesake) if sure else (How.namesake,)
        return [
            mention
            for mention in inside
            if mention.how not in doubtful and (not kinds or any(self.kind(key) in kinds for key in mention.keys))
        ]

    def _mentioned(self, stretch: Stretch) -> list[Mention]:
        starts = self._mention_starts
        edges = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in stretch.spans]
        return [mention for first, last in edges for mention in self.mentions[first:last]]

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def kind(self, key: str) -> str:
        """The section of an item; people who are no item count as `people`."""
        return self.items[key][0] if key in self.items else "people"

    def values(self, key: str) -> Mapping[str, Json]:
        """An item's values, empty for people who are no item."""
        return self.items[key][1] if key in self.items else {}

    def label(self, key: str) -> str:
        """What to call an item in a message."""
        values = self.values(key)
        return str(values.get("name") or (section(self.kind(key)).label(values) if key in self.items else key))

    @cached_property
    def days(self) -> list[Day]:
        """All days spoken of, counted from the day of their line and from that of the whole."""
        base, lines = self.context.said_on, self.document.lines
        found = possible(self.document.text, lambda _: base, self.words.spoken)
        if any(line.said_on not in (None, base) for line in lines):
            found += possible(
                self.document.text, lambda at: self.document.line_at(at).said_on or base, self.words.spoken
            )
        return list(dict.fromkeys(found))

    def days_in(self, stretch: Stretch) -> list[Day]:
        """The days that a stretch speaks of."""
        return [
            said for said in self.days if any(start < said.end and said.start < end for start, end in stretch.spans)
        ]

    def numbers(self, stretch: Stretch) -> frozenset[object]:
        """The numbers in a stretch."""
        return self.remember(("numbers", stretch.spans), lambda: frozenset(_figures.numbers(stretch.text, self.words)))


def _folded(word: str) -> tuple[str, ...]:
    whole = fold(word)
    parts = [fold(part) for part in re.split(r"[-']", word)] if "-" in word or "'" in word else []
    return tuple(dict.fromkeys([whole, *filter(None, parts)]))
