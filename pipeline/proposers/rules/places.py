"""Where somebody works: by the words of a title, by what stands beside the name, or by what was spoken of before."""

import re
from collections.abc import Iterator

from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

NEAR = 9
LONG_STEM = 5
ENDING = re.compile(r"(?:ings?|ers?|ery|es?|s)$")
CLOSED = frozenset({".", ";", "->", "|", "?", "!"})


def by_title(reading: Reading, title: str) -> str | None:
    """The department that a title names, if the plan has it: by its words, else by what such an office runs."""
    low = f" {title.lower()} "
    departments = reading.roster.people("department")
    for entity in departments:
        for variant in sorted(entity.variants | entity.weak, key=len, reverse=True):
            if re.search(rf"(?<!\w){re.escape(variant.lower())}(?!\w)", low):
                return entity.id
    offices = reading.lexicon.mapping("office_departments")
    words = set(re.findall(r"\w+", title.lower()))
    for entity in departments:
        for office, names in offices.items():
            if office in words and entity.name.lower() in names.split("/"):
                return entity.id
    stems = {stem(word) for word in words} - {""}
    alike = [entity.id for entity in departments if " " not in entity.name and stem(entity.name.lower()) in stems]
    return alike[0] if len(alike) == 1 else None


def in_text(reading: Reading, words: str) -> str | None:
    """The department that words right behind a title begin with: " in Inspection", ", Engineering)"."""
    links = "|".join(map(re.escape, sorted(reading.lexicon.words("placing"))))
    there, article = r"\s*(?:(?:over|down|up|out|here|there|drüben|dort)\s+)?", r"(?:the |our |their |der |die )?"
    match = re.match(rf"{there}(?:,|(?:{links})(?!\w))\s*{article}(?P<rest>\S.*)", words, re.DOTALL)
    if not match:
        return None
    rest = match.group("rest").lower()
    places = [(variant, each) for each in reading.roster.people("department") for variant in each.variants | each.weak]
    for variant, entity in sorted(places, key=lambda pair: -len(pair[0])):
        if re.match(rf"{re.escape(variant.lower())}(?!\w)", rest):
            return entity.id
    return None


def stem(word: str) -> str:
    """A word without its ending, so that an underwriter belongs to Underwriting; empty for short words."""
    short = ENDING.sub("", word)
    return short if len(short) >= LONG_STEM else ""


def beside(reading: Reading, sentence: Sentence, at: int) -> str | None:
    """The department said of the name at token `at`: "Ada of Finance", "Finance is led by Ada", "the dean there"."""
    return (
        next(_after(reading, sentence, at), None)
        or _led_by(reading, sentence, at)
        or _there(reading, sentence, at)
        or _relation(reading, sentence, at)
    )


def _after(reading: Reading, sentence: Sentence, at: int) -> Iterator[str]:
    """Departments that follow "in", "of", "at" or a comma behind the name, before anybody else or a full clause."""
    links, passed = reading.lexicon.words("placing"), reading.lexicon.words("place_passed")
    for number in range(at + 1, min(at + NEAR, len(sentence.tokens))):
        token = sentence.tokens[number]
        if token.form in CLOSED or (token.mention and token.mention.kind in ("person", "stranger", "ours")):
            return
        if not token.mention or token.mention.kind != "department" or not token.mention.ref:
            if token.form in reading.lexicon.words("place_ends"):
                return
            continue
        back = number - 1
        while back > at and sentence.forms[back] in passed:
            back -= 1
        ends = sentence.forms[number + 1] if number + 1 < len(sentence.tokens) else "."
        if sentence.forms[back] in links or (sentence.forms[back] in (",", "(") and ends in (",", ")", ".", ":", ";")):
            yield token.mention.ref
        return


def _led_by(reading: Reading, sentence: Sentence, at: int) -> str | None:
    hit = next((hit for hit in reading.find(sentence, "people.led_by") if at in hit.slots.values()), None)
    place = sentence.tokens[hit.slots["department"]].mention if hit and "department" in hit.slots else None
    return place.ref if place else None


def _there(reading: Reading, sentence: Sentence, at: int) -> str | None:
    """The department spoken of last, where a "there" or "here" stands right beside the name."""
    if not set(sentence.forms[max(0, at - 3) : at + 3]) & reading.lexicon.words("there"):
        return None
    start = sentence.tokens[at].start
    for each in [sentence, *reading.before(sentence, 3)]:
        if each.block != sentence.block:
            return None
        named = [mention.ref for mention in each.mentions("department") if mention.ref and mention.start < start]
        if named:
            return named[-1]
    return None


def _relation(reading: Reading, sentence: Sentence, at: int) -> str | None:
    """The department of whose colleague, boss or deputy somebody is said to be."""
    hit = next((hit for hit in reading.find(sentence, "people.relation") if hit.slots.get("stranger") == at), None)
    mention = sentence.tokens[hit.slots["person"]].mention if hit and "person" in hit.slots else None
    entity = reading.entity(mention.ref) if mention else None
    return entity.department if entity else None
