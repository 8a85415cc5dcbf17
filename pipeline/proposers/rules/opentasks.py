"""The open tasks of the plan, and which of them a sentence speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipeline.language.days import Day
from pipeline.proposers.rules import tasks, verbs
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence
from pipeline.records import Item

ENOUGH = 0.3
THE = re.compile(r"^(?:so |and )?the (\w+) (?:is|was|has|got|went|moves|moved|will)\b")
DEFINITE = 0.1
"""What "the workshop" before its verb adds to a task that has that word."""
BRIEF = 3


@dataclass(frozen=True)
class Open:
    """An open task of the plan, and what it is known by."""

    item: Item
    words: frozenset[str]
    refs: frozenset[str]
    deadline: date | None
    head: str = ""
    """The word that says what kind of thing it is: "workshop" of "Hold report workshop with Treasury"."""


def still_open(reading: Reading) -> Iterator[Open]:
    """The plan's tasks that are neither done nor dropped."""
    for item in reading.context.plan.section("actions"):
        if item.values.get("status") in ("done", "dropped"):
            continue
        text = str(item.values.get("action"))
        due = item.values.get("deadline")
        refs, bare = set(), text
        for entity in reading.roster.people("offering", "department"):
            name = re.compile(rf"(?<!\w){re.escape(entity.name)}(?!\w)-?", re.IGNORECASE)
            if name.search(text):
                refs.add(entity.id)
                bare = name.sub(" ", bare)
        target = reading.roster.find_person(str(item.values.get("target") or ""))
        named = {
            tasks.stem(word.lower()) for ref in refs for word in re.findall(r"\w+", reading.roster.entities[ref].name)
        }
        bare = bare if bare.lstrip() == bare else f"the {bare.lstrip()}"
        words = tasks.content(reading, bare) - named
        people = frozenset(refs | ({target.id} if target else set()))
        yield Open(item, words, people, date.fromisoformat(due) if due else None, _head(reading, bare, words))


def _head(reading: Reading, text: str, words: frozenset[str]) -> str:
    """The last telling word before a preposition, where the task has one."""
    ends = reading.lexicon.words("toward") | reading.lexicon.words("governing") | {"at", "in", "of", "on", "about", ","}
    found = ""
    for number, form in enumerate(re.findall(r"[^\W\d_][\w&-]*|,", text.lower())):
        if number and form in ends and found:
            break
        stemmed = tasks.stem(form.replace("-", ""))
        found = stemmed if stemmed in words else found
    return found


def best(reading: Reading, found: list[Open], sentence: Sentence, enough: float = ENOUGH) -> Open | None:
    """The open task whose words the sentence shares most; None when two share as much, or none enough."""
    forms = [form for form in sentence.forms if form.isalnum()]
    stems = _stems(sentence, forms)
    known = reading.lexicon.words("light") | verbs.known(reading, "no_short")
    short = [form for form in forms if form not in known]
    refs = {mention.ref for mention in sentence.mentions("offering", "department", "person", "stranger") if mention.ref}
    named = {mention.value.on for mention in sentence.mentions("date") if isinstance(mention.value, Day)} - {None}
    the = set(map(tasks.stem, THE.findall(sentence.text.lower())))
    scored = []
    for each in found:
        hits = {word for word in each.words if word in stems or _shortened(word, short)} | _initials(each, sentence)
        if _numbered(each, sentence):
            return each
        if not hits and not (each.words <= set() and refs & each.refs):
            continue
        if _another_thing(reading, each, hits, sentence):
            continue
        rare = sum(1 / (1 + sum(word in other.words for other in found if other is not each)) for word in hits)
        score = rare / max(1, len(each.words)) + 0.25 * len(refs & each.refs) + 0.25 * (each.deadline in named)
        score += DEFINITE * bool(hits & the)
        scored.append((score, each))
    scored.sort(key=lambda pair: -pair[0])
    if not scored or scored[0][0] < enough or (len(scored) > 1 and scored[0][0] - scored[1][0] < 0.05):
        return None
    return scored[0][1]


def _another_thing(reading: Reading, task: Open, hits: set[str], sentence: Sentence) -> bool:
    """Whether the one word shared only describes the task's thing and is a thing itself here: "the battery report" is
    no "report workshop".
    """
    if not task.head or task.head in hits or len(hits) != 1 or len(task.words) < 2:
        return False
    word, lexicon = next(iter(hits)), reading.lexicon
    known = lexicon.words("small") | lexicon.words("plain_verbs") | lexicon.words("does") | lexicon.words("light")
    return any(
        tasks.stem(form) == word and form in lexicon.words("thing") and before.isalpha() and before not in known
        for before, form in pairwise(sentence.forms)
    )


def _stems(sentence: Sentence, forms: list[str]) -> set[str]:
    """The words of a sentence in a common form, those with hyphens whole and in parts, and pairs as one word."""
    parts = [
        part.lower()
        for word in re.findall(r"\w+(?:-\w+)+", sentence.text)
        for part in word.split("-")
        if len(part) > BRIEF
    ]
    pairs = [one + other for one, other in pairwise(forms)]
    return {tasks.stem(form) for form in (*forms, *parts, *pairs)}


def _numbered(task: Open, sentence: Sentence) -> bool:
    """Whether the sentence names the task by its number in the plan: "A2", "no. A2"."""
    short = re.fullmatch(r"[A-Z]{1,3}-?\d{1,3}", task.item.id)
    return bool(short and re.search(rf"(?<![\w-]){re.escape(task.item.id)}(?![\w-])", sentence.text))


def _initials(task: Open, sentence: Sentence) -> set[str]:
    """The words of the task that the sentence writes by their initials alone: "OF" for "order form"."""
    words = re.findall(r"[^\W\d_]+", str(task.item.values.get("action")))
    for short in re.findall(r"\b[A-Z]{2,4}\b", sentence.text):
        for start in range(len(words) - len(short) + 1):
            if "".join(word[0] for word in words[start : start + len(short)]).upper() == short:
                return {tasks.stem(word.lower()) for word in words[start : start + len(short)]} & task.words
    return set()


def _shortened(word: str, forms: list[str]) -> bool:
    """Whether a form is a short way of writing a long word: its beginning, or initials beside a known form."""
    return any(len(form) >= 3 and len(word) >= len(form) + 2 and word.startswith(form) for form in forms) or (
        len(word) > 7 and word[0] in forms and len(forms) <= 14
    )
