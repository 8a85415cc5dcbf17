"""Titles beside names: "Ada Holt, Head of Finance", "our new CFO Ada Holt", "Ada Holt, who runs Finance"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.proposers.rules import described, places, titles
from pipeline.proposers.rules.facts import PersonFact, Said
from pipeline.proposers.rules.lexicon import Lexicon
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

TIMED = re.compile(r"\b(?:since|for|as of|from|seit|ab)\b", re.IGNORECASE)
PAST = re.compile(r"(?:former|formerly|ex|retired|late|previous|ehemalige|frühere|vormalige)\w?\b", re.IGNORECASE)
PRESENT = r"(?: (?:here|hier|speaking))?"
BEFORE_NAME = re.compile(
    r"(?:\s+(?:there|here|dort))?[,:]?\s*"
    r"(?:(?:is|heißt|ist|is called|is named|called|named|namens|a|ein|eine)\s+)?[*_\"“”]*$"
)
"""What may stand between a title and the name that it belongs to."""
LESSER = frozenset({"deputy", "assistant", "acting", "interim", "junior", "vice", "associate", "stellvertretender"})


@dataclass(frozen=True)
class Found:
    """A title beside a name. `fresh`: the words say that it is new. `after`: the words behind it."""

    words: str
    fresh: bool
    rule: str
    after: str = ""


def facts(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """A title right beside a name; of somebody known only when the words say that it is new."""
    for number, token in enumerate(sentence.tokens):
        mention = token.mention
        if not mention or mention.kind not in ("person", "stranger") or not mention.ref:
            continue
        if mention.pronoun:
            found = _title_said(reading, sentence, number)
        else:
            found = _title_after(reading, sentence, mention) or _title_before(reading, sentence, mention)
            if mention.kind == "stranger" and found and PAST.match(found.words):
                found = None
            found = found or (_further(reading, sentence, mention) if mention.kind == "stranger" else None)
        if not found:
            continue
        words, rule = found.words, found.rule
        entity = reading.roster.entities[mention.ref]
        if mention.kind == "person" and not (found.fresh and differs(words, entity.title)):
            continue
        said = Said(sentence, reading.quotes(sentence, number, number + 1), rule)
        outside = reading.lexicon.words("outsiders") & set(words.lower().split())
        hired = found.fresh or reading.lexicon.words("hiring") & set(sentence.forms)
        if (outside and not hired) or PAST.match(words) or _ours_by_mail(reading, mention):
            continue
        if mention.kind == "stranger" and (
            _ours_by_title(reading, sentence, mention, words) or described.elsewhere(reading, sentence, mention)
        ):
            continue
        place = places.by_title(reading, words) or places.in_text(reading, found.after)
        if mention.kind == "stranger" and not place:
            place = places.beside(reading, sentence, number) or topic(sentence)
            place = place or _colleague(reading, sentence, mention, words)
        yield PersonFact(mention.ref, "title", said, title=words, department=place)


def _further(reading: Reading, sentence: Sentence, mention: Mention) -> Found | None:
    """A title that does not stand right beside the name of somebody new."""
    found = described.further(reading, sentence, mention)
    if not found:
        return None
    words = re.sub(rf"^(?:{alternatives(reading, 'newly')})\s+", "", found[0].words, flags=re.IGNORECASE)
    return Found(cut(reading, words), True, "people.title_described", found[1])


def _ours_by_mail(reading: Reading, mention: Mention) -> bool:
    """Whether a mail address at our own company stands right behind the name."""
    after = reading.context.document.text[mention.end : mention.end + 70]
    address = re.match(r"[^@\n]*?[\w.+-]+@([\w-]+)", after)
    return bool(address and address.group(1).lower() in reading.roster.vendor)


def _ours_by_title(reading: Reading, sentence: Sentence, mention: Mention, title: str) -> bool:
    """Whether one of us calls somebody "our" and the title is one of the seller's trades: "our partner manager Bo"."""
    speaker = reading.speaker(sentence)
    near = sentence.text[max(0, mention.start - sentence.start - 50) : mention.end - sentence.start + 12].lower()
    ours = re.search(rf"\b(?:{alternatives(reading, 'us')})\b", near)
    return bool(ours and set(title.lower().split()) & reading.lexicon.words("seller_trades")) and not (
        speaker and speaker.kind != "ours"
    )


def _colleague(reading: Reading, sentence: Sentence, mention: Mention, title: str) -> str | None:
    """The speaker's own department, of somebody without rank whom they call "our …"."""
    speaker = reading.speaker(sentence)
    if mention.kind != "stranger" or not speaker or speaker.kind == "ours":
        return None
    said = reading.context.document.text[mention.end : mention.end + 8].lower()
    ranked = set(title.lower().split()) & reading.lexicon.words("ranking_words")
    return speaker.department if re.match(r",? our\b", said) and not ranked else None


def topic(sentence: Sentence) -> str | None:
    """The department that a line begins with, as in "Risk dept - their boss is …"."""
    mention = sentence.tokens[0].mention
    marked = any(form in (":", "-", "–", "->") for form in sentence.forms[1:3])
    return mention.ref if mention and mention.kind == "department" and marked else None


def _title_said(reading: Reading, sentence: Sentence, number: int) -> Found | None:
    """The title after a pronoun and "is": "He's VP Technology"."""
    at = number + 1
    if at >= len(sentence.tokens) or sentence.forms[at] not in reading.lexicon.words("is_words"):
        return None
    while at < len(sentence.tokens) and sentence.forms[at] in reading.lexicon.words("is_words") | {
        "the",
        "our",
        "a",
        "an",
        "*",
        "now",
    }:
        at += 1
    if at >= len(sentence.tokens):
        return None
    others = [
        token.start for token in sentence.tokens[at:] if token.mention and token.mention.kind in ("person", "stranger")
    ]
    text = reading.context.document.text[: min([sentence.end, *others])]
    start = sentence.tokens[at].start
    found = titles.at(text, reading.lexicon.names, start)
    found = found or titles.beside(text, reading.lexicon.names, start, reading.lexicon.words("small"))
    if not found or not found.words[:1].isupper():
        return None
    return Found(cut(reading, found.words), True, "people.title_said", text[found.end :])


def _title_after(reading: Reading, sentence: Sentence, mention: Mention) -> Found | None:
    text, names = reading.context.document.text, reading.lexicon.names
    at = mention.end
    line_end = sentence.end
    rest = text[at:line_end]
    bracket = re.match(r"(?:[’']s \w+)?[ \t]*\(([^()]{2,60})\)", rest)
    if bracket:
        return _in_brackets(reading, bracket.group(1))
    rest = re.sub(r"^[*_\"“”]+", lambda marks: " " * len(marks.group()), rest)
    links = alternatives(reading, "title_link")
    opening = r"[ \t]*(?:(?:[\w-]+ ){1,9}?as\b|,|:|-|–|—|=|\|)?[ \t]*"
    lead = re.match(rf"{opening}(?P<lead>(?:(?:{links})[ \t]+)*)[*_\"“”]*", rest, re.IGNORECASE)
    if not lead or not lead.group().strip():
        return _heads(reading, rest) or _joined(reading, at, line_end)
    others = [
        other.start
        for other in sentence.mentions("person", "stranger", "ours")
        if other.start > at and not other.pronoun
    ]
    until = text[: min([line_end, *others])]
    found = titles.at(until, names, at + lead.end()) or _since(reading, until, at + lead.end())
    found = found or titles.beside(until, names, at + lead.end(), reading.lexicon.words("small"))
    if not found:
        return _heads(reading, rest)
    newly = alternatives(reading, "newly")
    fresh = bool(re.search(rf"\b(?:{newly})\b", lead.group("lead"), re.IGNORECASE))
    fresh = fresh or bool(lead.group("lead") and re.match(rf"\s*(?:{newly})\b", until[found.end :], re.IGNORECASE))
    return Found(cut(reading, found.words), fresh, "people.title_after_name", until[found.end :])


def _since(reading: Reading, text: str, at: int) -> titles.Title | None:
    """A title behind words of time: "who is since two weeks the chief of …", ", seit Oktober Leiter …"."""
    links = alternatives(reading, "title_link")
    for count in range(1, 4):
        pattern = rf"(?:(?:since|for|as of|from|seit|ab) )?(?:[\w.]+ ){{{count}}}(?:(?:{links}) )*"
        passed = re.compile(pattern, re.IGNORECASE).match(text, at)
        if not passed or not TIMED.search(text[max(0, at - 6) : passed.end()]):
            continue
        if found := titles.at(text, reading.lexicon.names, passed.end()):
            return found
    return None


def _joined(reading: Reading, at: int, end: int) -> Found | None:
    """A title of two words or more right behind the name, in text without commas: "ada holt head of billing"."""
    text = reading.context.document.text[:end]
    if text[at : at + 1] != " " or not text[at + 1 : at + 2].islower():
        return None
    found = titles.at(text, reading.lexicon.names, at + 1)
    if not found or " " not in found.words:
        return None
    return Found(cut(reading, found.words), False, "people.title_after_name", text[found.end :])


def _in_brackets(reading: Reading, inside: str) -> Found | None:
    names = reading.lexicon.names
    fresh = bool(re.search(rf"\b(?:{alternatives(reading, 'newly')})\b", inside, re.IGNORECASE))
    bare = re.sub(rf"^\s*(?:{alternatives(reading, 'title_lead')})\s+", "", inside, flags=re.IGNORECASE)
    bare = re.sub(rf"^\s*(?:{alternatives(reading, 'title_lead')})\s+", "", bare, flags=re.IGNORECASE)
    part = re.split(r"[,;/]| - | since | seit ", bare)[0]
    words = titles.whole(part, names) or titles.whole(bare, names)
    if not words:
        loose = titles.beside(bare, names, 0, reading.lexicon.words("small"))
        words = loose.words if loose else None
    return Found(words, fresh, "people.title_in_brackets", bare[len(part) :]) if words else None


def _heads(reading: Reading, rest: str) -> Found | None:
    """The head of what follows a name: "Name, I head trade marketing"."""
    match = re.match(
        rf"{PRESENT},?\s*(?:{alternatives(reading, 'heads_verbs')})\s+(?:the |our )?([^.,;:()!?]{{3,40}})",
        rest,
        re.IGNORECASE,
    )
    if not match:
        return _runs(reading, rest)
    area = " ".join(match.group(1).split()[:4])
    area = re.split(r"\b(?:at|in|for|and|since|here|now|bei|und)\b", area)[0].strip()
    template = next(iter(reading.lexicon.words("head_of")), "Head of")
    words = titles.written(f"{template} {area}", reading.lexicon.names).replace("head of", "Head of")
    return Found(words, False, "people.heads") if area else None


def _runs(reading: Reading, rest: str) -> Found | None:
    """The department of the plan that the one named runs: "Name, who runs Procurement"."""
    known = {each.lower(): entity.name for entity in reading.roster.people("department") for each in entity.variants}
    named = "|".join(map(re.escape, sorted(known, key=len, reverse=True))) or "(?!x)x"
    verbs = alternatives(reading, "runs_verbs")
    pattern = rf"{PRESENT},?\s*(?P<verb>{verbs})\s+(?:the |our |their )?(?P<place>{named})(?!\w)"
    match = re.match(pattern, rest, re.IGNORECASE)
    if not match:
        return None
    return Found(headed(reading, match.group("verb"), known[match.group("place").lower()]), False, "people.runs")


def headed(reading: Reading, verb: str, place: str) -> str:
    """The title of who "manages" or "runs" a department: its manager, or its head."""
    managed = set(verb.lower().split()) & reading.lexicon.words("manage_words")
    if managed:
        return f"{place} Manager"
    return f"{next(iter(reading.lexicon.words('head_of')), 'Head of').capitalize()} {place}"


def _title_before(reading: Reading, sentence: Sentence, mention: Mention) -> Found | None:
    text, names = reading.context.document.text, reading.lexicon.names
    start = max(sentence.start, mention.start - 70)
    before = text[start : mention.start]
    tail = BEFORE_NAME.search(before)
    end = start + (tail.start() if tail else len(before))
    best = titles.ending(text, names, start, end)
    if not best:
        return None
    lead = text[max(sentence.start, best.start - 12) : best.start].lower()
    fresh = bool(re.search(rf"\b(?:{alternatives(reading, 'newly')})\s*$", lead, re.IGNORECASE))
    words = re.sub(rf"^(?:{alternatives(reading, 'newly')})\s+", "", best.words, flags=re.IGNORECASE)
    return Found(cut(reading, words), fresh, "people.title_before_name", text[mention.end : sentence.end])


def cut(reading: Reading, words: str) -> str:
    """A title without the company's name or a clause at its end."""
    kept = []
    words = re.sub(r"^.*[’']s (?=[\w])", "", words)
    months = reading.lexicon.words("months")
    while words.split(" ", maxsplit=1)[0].lower() in months:
        words = words.partition(" ")[2]
    for word in words.split():
        if word.lower().strip(",.") in reading.roster.account | reading.roster.vendor:
            break
        kept.append(word)
    return " ".join(kept).rstrip(" ,&/-")


def alternatives(reading: Reading, entry: str) -> str:
    """The words of a list as alternatives of a regular expression, the longest first."""
    return _alternatives_of(reading.lexicon.names, entry)


@lru_cache(maxsize=256)
def _alternatives_of(names: tuple[str, ...], entry: str) -> str:
    words = Lexicon(names).words(entry)
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!x)x"


def differs(words: str, title: str) -> bool:
    """Whether a title says something else than another, or a full rank where the other is a deputy's."""
    mine, other = set(re.findall(r"\w+", words.lower())), set(re.findall(r"\w+", title.lower()))
    return not mine <= other or bool((other - mine) & LESSER)
