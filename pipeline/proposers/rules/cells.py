"""Cells from what is said of an offering in a department: live, on paper, wanted, refused, or for later."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.language.days import Day
from pipeline.proposers.rules import stance
from pipeline.proposers.rules.facts import CellFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

STATUSES = ("out_of_scope", "deployed", "in_negotiation", "need_identified")
MOVING = ("out_of_scope", "deployed", "in_negotiation")
UNDER_WAY = ("need_identified", "in_negotiation")
WEEK, SEASON = 7, 300
YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d/-])")
AT = ("at", "bei", "beim")
AT_NAME = re.compile(r"\b(?P<at>[Aa]t|[Aa]bout|[Oo]f|[Ff]rom|[Bb]ei|[Bb]eim|[Vv]on) (?P<name>(?:[A-ZÄÖÜ][\w&’'-]+ ?)+)")
"""A name behind "at" or "from" that may be another company's; places behind "in" are this account's as often."""
OPEN = ("need_identified", "in_negotiation", "need_unknown", "untouched", None)


def facts(reading: Reading) -> Iterator[CellFact]:
    """What is said of cells, in the order of the text."""
    cells = Cells(reading)
    for sentence in reading.sentences:
        yield from _of_sentence(reading, cells, sentence)


def _of_sentence(reading: Reading, cells: "Cells", sentence: Sentence) -> Iterator[CellFact]:
    seen: set[tuple[str, str]] = set()
    for status in STATUSES:
        for hit in reading.find(sentence, f"cells.{status}"):
            told = _told(reading, sentence, hit, status)
            if told is None:
                if status != "out_of_scope" and stance.of(sentence, hit, reading.lexicon).denied:
                    yield from _denials(reading, sentence, hit, status)
                continue
            for department, offering, own in cells.meant(sentence, hit, told):
                if (department, offering) in seen:
                    continue
                seen.add((department, offering))
                said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
                yield CellFact(department, offering, told, said, own=own)


def _denials(reading: Reading, sentence: Sentence, hit: Hit, status: str) -> Iterator[CellFact]:
    """That a status does not hold: takes back what was said before of the same department or offering."""
    said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
    named = {mention.ref for mention in sentence.mentions("department") if mention.ref}
    offered = {mention.ref for mention in sentence.mentions("offering") if mention.ref}
    for department in named or {""}:
        for offering in offered or {""}:
            if department or offering:
                yield CellFact(department or "", offering or "", f"not {status}", said)


def _told(reading: Reading, sentence: Sentence, hit: Hit, status: str) -> str | None:
    """The status that a cue tells, given how it is said; None when it tells none."""
    found = stance.of(sentence, hit, reading.lexicon)
    wished = status == "need_identified" and reading.lexicon.first(sentence, "cells.asked_whether")
    if (found.hedged or found.conditional) and not wished:
        return None
    if found.asked and not (status == "need_identified" and _theirs(reading, sentence)):
        return None
    if status == "out_of_scope" and (reading.lexicon.first(sentence, "cells.history") or _long_ago(reading, sentence)):
        return None
    if told_by_stranger(hit) and _elsewhere(reading, sentence, status):
        return None
    if status == "out_of_scope":
        return None if found.denied or reading.lexicon.first(sentence, "cells.parked") else status
    if status == "deployed":
        if found.denied:
            return None
        return "in_negotiation" if _ahead(reading, sentence, hit) else status
    if found.denied or (status == "need_identified" and _aside_thing(reading, sentence, hit)):
        return None
    if status == "need_identified" and _by_us(sentence, hit) and not _theirs(reading, sentence):
        return None
    if status == "in_negotiation" and reading.lexicon.first(sentence, "cells.not_paper"):
        return None
    return status


def _long_ago(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is of a day or year long past: "killed it two years ago", "rejected in 2021"."""
    today = reading.context.said_on
    days = (reading.day(mention) for mention in sentence.mentions("date"))
    years = (int(year) for year in YEAR.findall(sentence.text))
    return any(day and (today - day).days > SEASON for day in days) or any(year < today.year for year in years)


def _elsewhere(reading: Reading, sentence: Sentence, told: str) -> bool:
    """Whether a sentence tells of another company or site, and names nothing of this account's."""
    if reading.lexicon.first(sentence, "cells.elsewhere"):
        return True
    if any(mention.ref for mention in sentence.mentions("department", "person")):
        return False
    named = [each for each in reading.roster.entities.values() if each.kind != "stranger"]
    people = {word.lower() for each in reading.roster.people("stranger") for word in each.name.split()}
    known = reading.roster.account | reading.roster.vendor | reading.lexicon.words("not_names")
    known |= {word.lower() for each in named for word in each.name.split()}
    known |= reading.lexicon.words("months") | reading.lexicon.words("generic_terms") | reading.lexicon.words("small")
    dated = [(mention.start - sentence.start, mention.end - sentence.start) for mention in sentence.mentions("date")]
    for match in AT_NAME.finditer(sentence.text):
        words = {word.lower() for word in match.group("name").split()}
        if any(first <= match.start("name") < last for first, last in dated) or words & known:
            continue
        if match.group("at").lower() in AT or (told == "deployed" and not words & people):
            return True
    return False


def _aside_thing(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether what is wanted is only something about the offering: its manual, its invoice."""
    following = sentence.forms[hit.last] if hit.last < len(sentence.forms) else ""
    last = sentence.tokens[hit.last - 1].mention
    named = last is not None and last.kind == "offering"
    return named and following in reading.lexicon.words("side_things")


def _by_us(sentence: Sentence, hit: Hit) -> bool:
    """Whether one of our people is the one who wants."""
    for token in reversed(sentence.tokens[max(0, hit.first - 4) : hit.first + 1]):
        if token.form in stance.STOPS:
            return False
        if token.mention and token.mention.kind in ("ours", "person", "stranger", "department"):
            return token.mention.kind == "ours"
    return False


def _theirs(reading: Reading, sentence: Sentence) -> bool:
    speaker = reading.speaker(sentence)
    return bool(speaker and speaker.kind != "ours") or _reported(reading, sentence)


def _reported(reading: Reading, sentence: Sentence) -> bool:
    """Whether it is told as somebody of theirs put it: "Could we have a quote, Ada asked"."""
    saying = reading.lexicon.words("saying") | {":"}
    return any(
        one.mention is not None and one.mention.kind in ("person", "stranger") and not one.mention.pronoun
        for one, other in pairwise(sentence.tokens)
        if other.form in saying
    )


def _ahead(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether "live" lies ahead: future words, or a day to come."""
    if reading.lexicon.words("past_forms") & set(sentence.forms[hit.first : hit.last]):
        return False
    for token in sentence.tokens[hit.first :]:
        if token.mention and token.mention.kind == "date":
            day = reading.day(token.mention)
            bare = isinstance(token.mention.value, Day) and token.mention.value.bare
            near = day is not None and (day - reading.context.said_on).days <= WEEK
            if (bare or near) and reading.lexicon.words("past_verbs") & set(sentence.forms):
                continue
            if day and day > reading.context.said_on:
                return True
    return any(abs(other.first - hit.first) <= 4 for other in reading.find(sentence, "cells.future"))


def told_by_stranger(hit: Hit) -> bool:
    """Whether the cue says how things are ("went live"), which of somebody unknown may be said of another company."""
    return hit.rule.startswith(("cells.deployed", "cells.out_of_scope"))


class Cells:
    """Which cell a sentence speaks of."""

    def __init__(self, reading: Reading) -> None:
        """Reads the cells of the plan's slice."""
        self.reading = reading
        self.status: dict[tuple[str, str], str | None] = {}
        for item in reading.context.plan.section("cells"):
            key = (str(item.values.get("department")), str(item.values.get("offering")))
            self.status[key] = item.values.get("status")

    def ahead(self, sentence: Sentence, hit: Hit) -> bool:
        """Whether it lies ahead by what stands around the cue."""
        return _ahead(self.reading, sentence, hit)

    def elsewhere(self, sentence: Sentence, told: str) -> bool:
        """Whether a sentence is of another company or, for a refusal, of long ago."""
        return _elsewhere(self.reading, sentence, told) or (
            told == "out_of_scope" and _long_ago(self.reading, sentence)
        )

    def meant(self, sentence: Sentence, hit: Hit, told: str) -> list[tuple[str, str, bool]]:
        """The (department, offering, said by one of theirs) that the cue speaks of; empty when that is not clear."""
        offerings = self._offerings(sentence, hit) or self._only_open(sentence, hit, told)
        found = []
        for offering in offerings:
            for department, own in self._departments(sentence, hit, offering, told):
                found.append((department, offering, own))
        return found

    def _offerings(self, sentence: Sentence, hit: Hit) -> list[str]:
        slot = hit.slots.get("offering")
        mentions = [mention for mention in sentence.mentions("offering") if mention.ref]
        if slot is not None:
            mention = sentence.tokens[slot].mention
            if mention and mention.ref:
                return self._joined(sentence, mention, mentions)
        if mentions:
            at = sentence.tokens[hit.first].start
            clause = [mention for mention in mentions if self._same_clause(sentence, mention, hit)]
            nearest = min(clause or mentions, key=lambda mention: abs(mention.start - at))
            return self._joined(sentence, nearest, mentions)
        for earlier in self.reading.before(sentence, 8 if self.reading.transcript else 4):
            if (
                earlier.block != sentence.block
                and not self.reading.transcript
                and not (sentence.heading and earlier.heading == sentence.heading and earlier.bullet == "heading")
            ):
                break
            if (
                earlier.bullet
                and sentence.bullet
                and earlier.line.number != sentence.line.number
                and earlier.bullet != "heading"
            ):
                break
            mentions = [mention for mention in earlier.mentions("offering") if mention.ref]
            if mentions:
                return [mentions[-1].ref or ""] if len({mention.ref for mention in mentions}) == 1 else []
        return []

    def _only_open(self, sentence: Sentence, hit: Hit, told: str) -> list[str]:
        """The offering that is under way in the department spoken of, where nothing names one and there is just one."""
        if told not in MOVING or self._of_another(sentence, hit):
            return []
        named = [mention.ref for mention in sentence.mentions("department") if mention.ref]
        places = [ref for ref in named if not self._buys(ref)]
        if told != "out_of_scope":
            places = places or [ref for ref in self._implied(sentence, hit) if not self._buys(ref)]
        for place in places[:1]:
            under_way = [key[1] for key, status in self.status.items() if key[0] == place and status in UNDER_WAY]
            return under_way if len(under_way) == 1 else []
        return []

    def _buys(self, department: str) -> bool:
        """Whether a department is one that handles other departments' contracts."""
        entity = self.reading.entity(department)
        known = self.reading.lexicon.words("lawyers") | self.reading.lexicon.words("contracting")
        return entity is not None and bool({variant.lower() for variant in entity.variants} & known)

    def _joined(self, sentence: Sentence, mention: Mention, mentions: list[Mention]) -> list[str]:
        """The offering, and those coordinated with it ("A and B")."""
        found = [mention.ref or ""]
        for other in mentions:
            between = sentence.text[
                min(other.end, mention.end) - sentence.start : max(other.start, mention.start) - sentence.start
            ]
            if other.ref not in found and between.strip().lower() in (",", "and", "&", "+", "und", "/", "or"):
                found.append(other.ref or "")
        return found

    @staticmethod
    def _same_clause(sentence: Sentence, mention: Mention, hit: Hit) -> bool:
        place = next((number for number, token in enumerate(sentence.tokens) if token.mention is mention), None)
        if place is None:
            return False
        low, high = sorted((place, hit.first))
        return not any(form in (";", "but", "and") for form in sentence.forms[low:high])

    def _departments(self, sentence: Sentence, hit: Hit, offering: str, told: str) -> list[tuple[str, bool]]:
        if self._of_another(sentence, hit):
            return []
        named = [mention for mention in sentence.mentions("department") if mention.ref]
        if told == "in_negotiation":
            held = [each for each in named if self.status.get((each.ref or "", offering)) in UNDER_WAY]
            named = held or [each for each in named if not self._buys(each.ref or "")]
        strong = [mention for mention in named if not mention.weak] or named
        if strong:
            at = sentence.tokens[hit.first].start
            near = [mention for mention in strong if self._same_clause(sentence, mention, hit)] or strong
            best = min(near, key=lambda mention: abs(mention.start - at))
            joined = self._joined(sentence, best, strong)
            return [(department, self._own(sentence, department)) for department in joined]
        implied = self._implied(sentence, hit)
        active = [key[0] for key, status in self.status.items() if key[1] == offering and status in UNDER_WAY]
        if len(active) == 1 and told in ("deployed", "in_negotiation"):
            return [(active[0], True)]
        for department in implied:
            if (department, offering) in self.status:
                return [(department, True)]
        subject = self._subject(sentence, hit)
        entity = self.reading.entity(subject.ref) if subject else None
        if entity and entity.kind == "stranger" and not entity.department:
            return [(department, True) for department in implied[:1]]
        fitting = [key[0] for key, status in self.status.items() if key[1] == offering and status in OPEN]
        if len(fitting) == 1 and told != "out_of_scope":
            return [(fitting[0], True)]
        return [(implied[0], True)] if implied and told in ("need_identified", "out_of_scope") else []

    def _of_another(self, sentence: Sentence, hit: Hit) -> bool:
        """Whether the cue is said of a name that is nobody's in the plan, maybe another company's."""
        before = [
            mention
            for mention in sentence.mentions()
            if mention.kind in ("person", "stranger", "ours", "department", "offering")
            and mention.start < sentence.tokens[hit.first].start
        ]
        entity = self.reading.entity(before[-1].ref) if before and before[-1].kind == "stranger" else None
        return bool(entity and not entity.department and not entity.title and told_by_stranger(hit))

    @staticmethod
    def _next_line(earlier: Sentence, sentence: Sentence) -> bool:
        """Whether a line of plain prose follows right on another."""
        plain = not (earlier.bullet or sentence.bullet or earlier.speaker or sentence.speaker)
        return plain and sentence.line.number - earlier.line.number == 1

    @staticmethod
    def _subject(sentence: Sentence, hit: Hit) -> Mention | None:
        """Who the cue is said of: somebody right before it, else the first named before it, else the first at all."""
        people = [
            (number, token.mention)
            for number, token in enumerate(sentence.tokens)
            if token.mention and token.mention.kind in ("person", "stranger")
        ]
        before = [pair for pair in people if pair[0] <= hit.first + 1]
        if before and hit.first - before[-1][0] <= 2:
            return before[-1][1]
        first = (before or people)[:1]
        return first[0][1] if first else None

    def _own(self, sentence: Sentence, department: str) -> bool:
        people = [self.reading.entity(mention.ref) for mention in sentence.mentions("person", "stranger")]
        speaker = self.reading.speaker(sentence)
        people += [speaker] if speaker else []
        return not people or any(person and person.department in (department, None) for person in people)

    def _implied(self, sentence: Sentence, hit: Hit) -> list[str]:
        """Departments by who is spoken of, who speaks, and what the paragraph is about."""
        found: list[str] = []
        subject = self._subject(sentence, hit)
        entity = self.reading.entity(subject.ref) if subject else None
        if entity and entity.department:
            found.append(entity.department)
        elif entity and entity.kind == "stranger":
            nearby = (
                mention.ref
                for earlier in self.reading.before(sentence, 2)
                if earlier.block == sentence.block
                for mention in reversed(earlier.mentions("department"))
            )
            place = next((ref for ref in nearby if ref), None)
            return [place] if place else []
        speaker = self.reading.speaker(sentence)
        if speaker and speaker.department:
            found.append(speaker.department)
        for earlier in self.reading.before(sentence, 4):
            if earlier.block != sentence.block and not self._next_line(earlier, sentence):
                break
            found += [mention.ref for mention in reversed(earlier.mentions("department")) if mention.ref]
            for mention in reversed(earlier.mentions("person", "stranger")):
                entity = self.reading.entity(mention.ref)
                if entity and entity.department:
                    found.append(entity.department)
        return list(dict.fromkeys(found))
