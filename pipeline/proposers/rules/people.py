"""People from what is said: new ones with title and department, those who leave, move, or hand over their task."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pipeline.language.arithmetic import last_one
from pipeline.proposers.rules import beside, described, places, stance, tasks, titles
from pipeline.proposers.rules.facts import PersonFact, Said
from pipeline.proposers.rules.lexicon import Hit, Lexicon, languages
from pipeline.proposers.rules.pronouns import given_name
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.roster import Entity
from pipeline.proposers.rules.tokens import Sentence
from pipeline.records import LineKind

SINCE = re.compile(r"\(([^()]*)\)")


def facts(reading: Reading) -> Iterator[PersonFact]:
    """All that is said of people but their roles, in the order of the text."""
    for sentence in reading.sentences:
        if reading.lexicon.first(sentence, "people.ours_join"):
            continue
        yield from beside.facts(reading, sentence)
        yield from _leaving(reading, sentence)
        yield from _moving(reading, sentence)
        yield from _taking_over(reading, sentence)
        yield from _heading(reading, sentence)
        yield from _introduced(reading, sentence)
        yield from _seated(reading, sentence)
    yield from _signatures(reading)


def _said(reading: Reading, sentence: Sentence, rule: str, first: int | None = None, last: int | None = None) -> Said:
    return Said(sentence, reading.quotes(sentence, first, last), rule)


def _leaving(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    for hit in reading.find(sentence, "people.leaving"):
        found = stance.of(sentence, hit, reading.lexicon)
        ref = _ref(sentence, hit) or _only_person(sentence)
        if not ref or not found.plain or reading.lexicon.first(sentence, "people.not_leaving"):
            continue
        if "someone" in hit.slots and stance.beside(sentence, hit.slots["someone"]):
            continue
        day = _day_after(reading, sentence, hit)
        if day and day > reading.context.said_on and _past_tense(reading, sentence, hit):
            day = last_one(day, reading.context.said_on)
        yield PersonFact(ref, "gone", _said(reading, sentence, hit.rule, hit.first, hit.last), on=day)


def _only_person(sentence: Sentence) -> str | None:
    """The one person of theirs that a sentence names."""
    named = {mention.ref for mention in sentence.mentions("person", "stranger")}
    return next(iter(named)) if len(named) == 1 else None


def _past_tense(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether the cue tells of something past, so that "on Friday" is the last one."""
    return bool(reading.lexicon.words("past_verbs") & set(sentence.forms[hit.first : hit.last]))


def _day_after(reading: Reading, sentence: Sentence, hit: Hit) -> date | None:
    """The day named nearest after a cue, in or behind it."""
    for token in sentence.tokens[hit.first :]:
        if token.mention and token.mention.kind == "date" and (day := reading.day(token.mention)):
            return day
    return None


def _ref(sentence: Sentence, hit: Hit, slot: str = "someone") -> str | None:
    if slot not in hit.slots:
        return None
    mention = sentence.tokens[hit.slots[slot]].mention
    return mention.ref if mention else None


def _moving(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    for hit in reading.find(sentence, "people.moving"):
        found = stance.of(sentence, hit, reading.lexicon)
        ref = _ref(sentence, hit)
        if not ref or not found.plain:
            continue
        said = _said(reading, sentence, hit.rule, hit.first, len(sentence.tokens))
        text = reading.context.document.text
        start = sentence.tokens[hit.last - 1].start
        department = next(
            (
                mention.ref
                for mention in reversed(sentence.mentions("department"))
                if mention.start >= sentence.tokens[hit.first].start and mention.ref
            ),
            None,
        )
        title = (
            titles.find(text, reading.lexicon.names, start, sentence.end)
            if not reading.sloppy
            else _longest(reading, sentence)
        )
        entity = reading.roster.entities[ref]
        if not title and reading.lexicon.first(sentence, "people.heading"):
            continue
        if title or department:
            words = title.words if title else _reseated(reading, entity, department)
            yield PersonFact(
                ref,
                "title",
                said,
                title=words,
                department=department or (places.by_title(reading, words) if words else None),
            )


def _longest(reading: Reading, sentence: Sentence) -> titles.Title | None:
    """The longest title in a carelessly typed sentence, its slips mended."""
    words = " ".join(tasks.spelt(reading, sentence, number) for number in range(len(sentence.tokens)))
    best, at = None, 0
    while found := titles.find(words, reading.lexicon.names, at):
        best = found if best is None or len(found.words) > len(best.words) else best
        at = found.end
    return best


def _reseated(reading: Reading, entity: Entity, department: str | None) -> str | None:
    """The same rank in another department: the title with its department's name exchanged."""
    old, new = reading.entity(entity.department), reading.entity(department)
    if old and new and old.name.lower() in entity.title.lower():
        return re.sub(re.escape(old.name), new.name, entity.title, flags=re.IGNORECASE)
    return None


def _taking_over(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Who follows whom: the one before loses their roles, the one after, when new, has their place."""
    for group in ("people.taking_over", "people.replaced_by"):
        for hit in reading.find(sentence, group):
            found = stance.of(sentence, hit, reading.lexicon)
            new, old = _ref(sentence, hit), _ref(sentence, hit, "someone2")
            if group == "people.replaced_by" or hit.cue.line.startswith("<someone> hand"):
                new, old = old, new
            if found.plain and new and new != old:
                yield from _followed(reading, sentence, hit, new, old)


def _followed(reading: Reading, sentence: Sentence, hit: Hit, new: str, old: str | None) -> Iterator[PersonFact]:
    said = _said(reading, sentence, hit.rule, hit.first, hit.last)
    before = reading.entity(old)
    if before and before.kind == "person" and old and not _for_a_while(hit):
        yield PersonFact(old, "replaced", said)
    if before and reading.roster.entities[new].kind == "stranger":
        end = sentence.tokens[hit.last - 1].end
        named = titles.find(reading.context.document.text, reading.lexicon.names, end, sentence.end)
        words = beside.cut(reading, named.words) if named else None
        place = places.by_title(reading, words) if words else None
        yield PersonFact(new, "title", said, title=words, department=place or before.department)


def _for_a_while(hit: Hit) -> bool:
    """Whether the cue says that somebody only stands in for another, who keeps their roles."""
    return " in for " in hit.cue.line or " vertritt " in hit.cue.line


def _heading(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Somebody who takes over or now runs a department of the plan, by name: its head."""
    for hit in reading.find(sentence, "people.heading", "people.led_by"):
        found = stance.of(sentence, hit, reading.lexicon)
        ref, place = _ref(sentence, hit), _ref(sentence, hit, "department")
        if not ref or not place or not found.plain or hit.cue.line.startswith("<department> .. under"):
            continue
        title = beside.headed(reading, sentence.slice(hit.first, hit.last), reading.roster.entities[place].name)
        if ".de." in hit.rule:
            title = f"{_leader(reading, ref)} {reading.roster.entities[place].name}"
        entity = reading.roster.entities[ref]
        if entity.kind == "stranger" or beside.differs(title, entity.title):
            rule = _said(reading, sentence, hit.rule, hit.first, hit.last)
            yield PersonFact(ref, "title", rule, title=title, department=place)


def _leader(reading: Reading, ref: str) -> str:
    """The German word for the head of a department, for a woman or a man."""
    entity = reading.roster.entities[ref]
    she = given_name(entity.name, reading.roster.honorifics) in Lexicon(languages()).words("given_names_she")
    return "Leiterin" if she or entity.name.lower().startswith(("frau", "fr.")) else "Leiter"


def _introduced(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Somebody new by "new name:", "meet", "joined by", with or without a title."""
    for hit in reading.find(sentence, "people.introduced"):
        ref = _ref(sentence, hit, "stranger")
        if ref and (_pronoun(sentence, hit.slots["stranger"]) or _of_another(reading, sentence, ref)):
            continue
        if ref and not stance.of(sentence, hit, reading.lexicon).asked:
            near = [token.mention for token in sentence.tokens[hit.first : hit.last + 3] if token.mention]
            place = next((mention.ref for mention in near if mention.kind == "department"), None)
            place = place or places.beside(reading, sentence, hit.slots["stranger"]) or beside.topic(sentence)
            if title := _announced(reading, sentence):
                yield PersonFact(ref, "title", _said(reading, sentence, hit.rule), title=title, department=place)
                continue
            yield PersonFact(ref, "met", _said(reading, sentence, hit.rule, hit.first, hit.last), department=place)


def _pronoun(sentence: Sentence, at: int) -> bool:
    """Whether a pronoun stands for somebody whom the sentence does not name."""
    mention = sentence.tokens[at].mention
    named = {each.refs for each in sentence.mentions() if not each.pronoun}
    return mention is not None and mention.pronoun and mention.refs not in named


def _of_another(reading: Reading, sentence: Sentence, ref: str) -> bool:
    """Whether the sentence says that somebody is of another company."""
    named = [each for each in sentence.mentions("stranger") if each.ref == ref and not each.pronoun]
    return bool(named) and described.elsewhere(reading, sentence, named[0])


def _announced(reading: Reading, sentence: Sentence) -> str | None:
    """The new post that the sentence before ends with, where this one says who takes "the post"."""
    if not reading.lexicon.words("posts") & set(sentence.forms):
        return None
    for earlier in reading.before(sentence):
        newly = beside.alternatives(reading, "newly")
        match = re.search(rf"\b(?:{newly})\s+(?P<title>[^,;:.]+)\.?\s*$", earlier.text, re.IGNORECASE)
        if match and earlier.block == sentence.block:
            return titles.whole(match.group("title"), reading.lexicon.names)
    return None


def _seated(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Somebody new with the department beside the name ("Ada Holt, Test Bench"), or who says that they run it."""
    for number in range(len(sentence.tokens) - 2):
        one, link, other = sentence.tokens[number : number + 3]
        place = other.mention.ref if other.mention and other.mention.kind == "department" else None
        if not one.mention or one.mention.kind != "stranger" or not one.mention.ref or not place:
            continue
        said = _said(reading, sentence, "people.department_after_name", number, number + 3)
        ends = sentence.forms[number + 3] if number + 3 < len(sentence.tokens) else "."
        if link.form in (",", "(") and not one.mention.pronoun and ends in (",", ".", ")", ":", ";", "-"):
            yield PersonFact(one.mention.ref, "title", said, department=place)
        elif link.form in reading.lexicon.words("run_words"):
            title = beside.headed(reading, link.form, reading.roster.entities[place].name)
            yield PersonFact(one.mention.ref, "title", said, title=title, department=place)


def _signatures(reading: Reading) -> Iterator[PersonFact]:
    """The title under the name that ends a mail."""
    document = reading.context.document
    lines = [line for line in document.lines if line.kind in (LineKind.body, LineKind.signature)]
    last = max((sentence.start for sentence in reading.sentences), default=0)
    for line, following in pairwise(lines):
        entity = reading.roster.find_person(document.words(line).strip(" ,-–"))
        words = document.words(following).strip()
        if not entity or entity.kind == "ours" or not 3 < len(words) < 70 or reading.transcript:
            continue
        bare = SINCE.sub("", words).strip()
        title = titles.whole(re.split(r"[|,•·]", bare)[0], reading.lexicon.names) or titles.whole(
            bare, reading.lexicon.names
        )
        sentence = next((each for each in reading.sentences if each.start <= following.start < each.end + 1), None)
        sentence = sentence or next((each for each in reversed(reading.sentences) if each.start <= line.start), None)
        if title and last and sentence and beside.differs(title, entity.title):
            said = Said(sentence, ((words, following.number),), "people.signature")
            yield PersonFact(entity.id, "title", said, title=title, department=places.by_title(reading, title))
