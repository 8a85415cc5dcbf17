"""How strongly a text touches each entry of a plan, 0 to 1, and whether that is sure.

| entry | touched by |
|---|---|
| one with a name | its name in any way of writing it; less by some words of the name, or by what belongs to it |
| a cell | its department and its offering, the nearer to each other the more; its department by a person of it |
| an action | its words, its target, its owner; an open one more than one that is over |
| any other | the words of its name, of its other fields, and what it refers to |
| one of a kind | always |
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipeline.names import How, Mention, NameIndex
from pipeline.records import Document, Item, Json, Plan
from pipeline.retrieve.words import Spans, Vocabulary, place, spans, together
from pipeline.sections import references, section, sections

SURE = 0.6
"""From here on the text surely means the entry: it may take all of the budget."""

STRENGTH: Mapping[How, float] = {
    How.exact: 1.0,
    How.misspelt: 0.85,
    How.nickname: 0.85,
    How.initial: 0.9,
    How.abbreviation: 0.85,
    How.part: 0.8,
    How.lowercase: 0.7,
    How.namesake: 0.35,
}
CLEAR = (How.exact, How.initial, How.misspelt)
"""Ways of naming somebody after which a given name or surname alone means the same one."""

AMONG_MANY = 0.9
NAMED_ELSEWHERE = 0.6
SOME_WORDS = 0.55
HERE = 0.6
"""What a person in the text says of the person's department."""

FOREIGN = 0.55
"""What is left of an action's score when it names an offering that the text does not."""

AROUND = 60
"""Days before and after the text's own in which an open action falls due when it is likely spoken of."""

FREE = ("text", "words")
PEOPLE = ("stakeholders", "team")
AXES = ("departments", "offerings")
OVER = ("done", "dropped")
IN_PLAY: Mapping[Json, float] = {
    "in_negotiation": 0.06,
    "need_identified": 0.05,
    "deployed": 0.04,
    "need_unknown": 0.02,
}
APART = (1.0, 0.85, 0.65, 0.5)
"""What a department and an offering so many sentences apart say of their cell; farther ones FAR."""

FAR = 0.4
Told = dict[int, float]
"""Number of a sentence -> how strongly an entry is named there."""


@dataclass
class Touched:
    """The scores of a plan's entries, by id, for one text."""

    plan: Plan
    document: Document
    said_on: date
    likeness: Mapping[str, float] = field(default_factory=dict)
    """Item id -> how near in meaning the text comes to it, 0 to 1, where that is known."""

    @cached_property
    def scores(self) -> dict[str, float]:
        """Every entry's score, in the plan's order."""
        return {item.id: min(1.0, self._score(item)) for item in self.plan.items.values()}

    @cached_property
    def _spans(self) -> Spans:
        return spans(self.document)

    @cached_property
    def _sentences(self) -> list[str]:
        return [self.document.text[start:end] for start, end in self._spans]

    def telling(self, most: int) -> list[str]:
        """The sentences with something to say, evenly taken from a text that has more than so many."""
        found = [sentence for sentence in self._sentences if len(sentence.split()) >= 3]
        step = max(1.0, len(found) / most)
        return [found[int(number * step)] for number in range(min(most, len(found)))]

    def _score(self, item: Item) -> float:
        kind = section(item.section)
        if kind.single:
            return 0.8
        if item.section in PEOPLE:
            return self._person(item)
        if item.section == "cells":
            return self._cell(item)
        if item.section == "actions":
            return self._action(item)
        if any(kind.names(item.values)):
            return max(self.named(item.id), 0.05, *(0.4 * self.named(other) for _, other in references(item)))
        return self._other(item)

    # By name

    def named(self, item: str) -> float:
        """How strongly an entry is named anywhere in the text."""
        return max(self.told.get(item, {}).values(), default=0.0)

    @cached_property
    def told(self) -> dict[str, Told]:
        """Where each entry that has a name is named, and how strongly."""
        found: dict[str, Told] = {}
        clear: set[str] = set()
        vague: list[tuple[int, tuple[str, ...], How]] = []
        for number, keys, how in self._mentions():
            if len(keys) == 1 and how in CLEAR:
                clear.add(keys[0])
                _raise(found, keys[0], number, STRENGTH[how])
            else:
                vague.append((number, keys, how))
        for number, keys, how in vague:
            known = clear.intersection(keys)
            for key in keys:
                share = AMONG_MANY if len(keys) > 1 and key not in known else 1.0
                other = NAMED_ELSEWHERE if known and key not in known else 1.0
                _raise(found, key, number, STRENGTH[how] * share * other)
        for key, said in (*self._some_words().items(), *self._some_names().items()):
            for number, share in said.items():
                _raise(found, key, number, SOME_WORDS * min(1.0, share))
        return found

    def _mentions(self) -> Iterable[tuple[int, tuple[str, ...], How]]:
        for mention in self._named_in_text:
            yield place(self._spans, mention.start), mention.keys, mention.how
        document = self.document
        there = [each.name for each in document.participants] + [document.author or "", *document.speakers]
        for name in dict.fromkeys(filter(None, there)):
            for mention in self._index.mentions(name):
                yield 0, mention.keys, mention.how

    @cached_property
    def _named_in_text(self) -> list[Mention]:
        return self._index.mentions(self.document.text)

    @cached_property
    def _index(self) -> NameIndex:
        people: dict[str, tuple[str, ...]] = {}
        terms: dict[str, tuple[str, ...]] = {}
        for item in self.plan.items.values():
            written = tuple(filter(None, section(item.section).names(item.values)))
            if written:
                (people if item.section in PEOPLE else terms)[item.id] = written
        return NameIndex(people, terms)

    def _some_words(self) -> dict[str, Told]:
        """Departments and offerings by some words of their names, where no other one is named by these words."""
        axes = {
            item.id: section(item.section).names(item.values)
            for item in self.plan.items.values()
            if item.section in AXES
        }
        text = self.document.text
        for mention in self._named_in_text:
            if mention.how is How.exact and axes.keys() & set(mention.keys):
                text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
        return Vocabulary(axes).said([text[start:end] for start, end in self._spans])

    def _some_names(self) -> dict[str, Told]:
        """People by words that may be a part of their names, however carelessly written."""
        people = {
            item.id: section(item.section).names(item.values)[:1]
            for item in self.plan.items.values()
            if item.section in PEOPLE
        }
        return Vocabulary(people).said(self._sentences)

    # Section by section

    def _person(self, item: Item) -> float:
        """By name; somebody of a named department only when they matter."""
        if item.section == "team":
            return max(self.named(item.id), 0.3)
        matters = 0.25 if item.values.get("roles") else 0.08
        more = 0.04 if item.values.get("roles") else 0.0
        department = self.named(str(item.values.get("department") or ""))
        return max(self.named(item.id) + more + 0.06 * department, matters * department)

    @cached_property
    def _areas(self) -> dict[str, Told]:
        """Where each department is named, by its name or by a person of it; by one of many namesakes for less."""
        found = {key: dict(said) for key, said in self.told.items()}
        crowd = Counter(number for item in self.plan.section("stakeholders") for number in self.told.get(item.id, ()))
        for item in self.plan.section("stakeholders"):
            department = str(item.values.get("department") or "")
            for number, strength in self.told.get(item.id, {}).items() if department else ():
                share = HERE * strength / max(1.0, crowd[number] / 3) ** 0.5
                here = found.setdefault(department, {})
                here[number] = 1 - (1 - here.get(number, 0.0)) * (1 - share)
        return found

    def _cell(self, item: Item) -> float:
        """By both axes, near each other first; by the offering alone, for less."""
        area = self._areas.get(str(item.values.get("department")), {})
        product = self.told.get(str(item.values.get("offering")), {})
        if not product:
            return 0.12 * max(area.values(), default=0.0)
        alone = 0.3 * max(product.values()) + IN_PLAY.get(item.values.get("status"), 0.0)
        return max(alone, math.sqrt(_near(area, product)))

    def _action(self, item: Item) -> float:
        """By its words, by whom it is for, and by the day it is due; less when it is about another offering."""
        target = max((self.named(each) for each in self._targets.get(item.id, ())), default=0.0)
        words = self._words(self._said_of_actions.get(item.id, {}))
        score = 1 - (1 - 0.7 * words) * (1 - 0.4 * target) * (1 - 0.4 * self.likeness.get(item.id, 0.0))
        if not all(self.named(each) > SOME_WORDS for each in self._about.get(item.id, ())):
            score *= FOREIGN
        if item.values.get("status") in OVER:
            return 0.7 * score
        return score + 0.08 * self._is_due(item)

    def _is_due(self, item: Item) -> bool:
        due = item.values.get("deadline")
        return bool(due) and abs((date.fromisoformat(str(due)) - self.said_on).days) <= AROUND

    @cached_property
    def _said_of_actions(self) -> dict[str, Told]:
        actions = {item.id: (str(item.values.get("action") or ""),) for item in self.plan.section("actions")}
        return Vocabulary(actions).said(self._sentences)

    @cached_property
    def _targets(self) -> dict[str, frozenset[str]]:
        """Action -> the named entries that its target names."""
        return {item.id: self._names_in(str(item.values.get("target") or "")) for item in self.plan.section("actions")}

    @cached_property
    def _about(self) -> dict[str, frozenset[str]]:
        """Action -> the offerings that its words name."""
        offerings = {item.id for item in self.plan.section("offerings")}
        return {
            item.id: self._names_in(str(item.values.get("action") or "")) & offerings
            for item in self.plan.section("actions")
        }

    def _names_in(self, words: str) -> frozenset[str]:
        return frozenset(key for each in self._index.mentions(words) for key in each.keys) if words else frozenset()

    def _other(self, item: Item) -> float:
        """By the words of its name, of its other fields, and by what it refers to."""
        refers = [self.named(other) for _, other in references(item)]
        pair = sum(refers) / len(refers) if refers else 0.0
        named = self._words(self._said_of_names.get(item.id, {}))
        said = self._words(self._said_of_others.get(item.id, {}))
        near = self.likeness.get(item.id, 0.0)
        return 1 - (1 - 0.6 * named) * (1 - 0.3 * said) * (1 - 0.4 * pair) * (1 - 0.4 * near)

    def _words(self, said: Told) -> float:
        """How much of an entry's words is said together; all over the text, for less."""
        return max(together(said), 0.6 * min(1.0, sum(said.values())))

    @cached_property
    def _others(self) -> list[Item]:
        plain = {kind.name for kind in sections().values() if not kind.single} - {*PEOPLE, *AXES, "cells", "actions"}
        return [item for item in self.plan.items.values() if item.section in plain]

    @cached_property
    def _said_of_names(self) -> dict[str, Told]:
        return Vocabulary({item.id: _told(item, names=True) for item in self._others}).said(self._sentences)

    @cached_property
    def _said_of_others(self) -> dict[str, Told]:
        return Vocabulary({item.id: _told(item, names=False) for item in self._others}).said(self._sentences)


def _told(item: Item, *, names: bool) -> tuple[str, ...]:
    """The free words of an entry: of the fields that name it, or of all."""
    kind = section(item.section)
    wanted = [kind.fields[name] for name in (kind.key if names else kind.fields) if kind.fields[name].kind in FREE]
    values = (item.values.get(shape.name) for shape in wanted if not shape.ref)
    return tuple(str(each) for value in values if value for each in (value if isinstance(value, list) else [value]))


def _raise(found: dict[str, Told], key: str, number: int, strength: float) -> None:
    here = found.setdefault(key, {})
    here[number] = max(here.get(number, 0.0), strength)


def _near(one: Told, other: Told) -> float:
    """The best product of the two, less the farther they stand apart."""
    best = 0.0
    places = sorted(other)
    for number, strength in one.items():
        at = bisect_left(places, number)
        for near in places[max(0, at - 1) : at + 2]:
            apart = abs(near - number)
            best = max(best, strength * other[near] * (APART[apart] if apart < len(APART) else FAR))
    return max(best, FAR * max(one.values(), default=0.0) * max(other.values(), default=0.0))
