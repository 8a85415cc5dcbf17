"""Facts of the customer as a company: people and money in numbers, purchases and mergers, reorganisations."""

import re
from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit, language
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

NUMBERS = ("headcount", "revenue", "size")
LISTS = ("news", "bought", "reorganisations")
LEADS = frozenset({"and", "but", "that", "so", "also", "und", "aber", "dass", "auch"})
DOERS = frozenset({"person", "stranger", "ours", "department", "offering"})
ENDS = " ,;:.–—-*_"
FEWEST_DIGITS = 2
FEWEST = 4


def facts(reading: Reading) -> Iterator[OtherFact]:
    """One fact a field and sentence; sets hold what the sentence adds."""
    for sentence in reading.sentences:
        speaker = reading.speaker(sentence)
        if speaker is not None and speaker.kind == "ours":
            continue
        for field in NUMBERS:
            yield from _number(reading, sentence, field)
        told: set[str] = set()
        for group in LISTS:
            field = "news" if group == "bought" else group
            hit = reading.lexicon.first(sentence, f"company.{group}")
            if hit and field not in told:
                for fact in _event(reading, sentence, hit, field):
                    told.add(field)
                    yield fact


def _number(reading: Reading, sentence: Sentence, field: str) -> Iterator[OtherFact]:
    for hit in reading.find(sentence, f"company.{field}"):
        first = wording.start(sentence, hit.first, LEADS)
        last = wording.ending(reading, sentence, hit.first)
        if not _counts(sentence, hit) or not _fit(reading, sentence, hit, first, last):
            continue
        at = hit.slots.get("number", hit.first)
        words = sentence.slice(at, at + 1) if field == "headcount" else _money(reading, sentence, hit)
        name = "earnings" if field == "revenue" and _of_part_year(reading, words) else field
        yield _fact(reading, sentence, hit, {name: words.strip(wording.TRIMMED)})
        return


def _money(reading: Reading, sentence: Sentence, hit: Hit) -> str:
    """The words of a cue with its number, to the end of the number's clause."""
    last = wording.ending(reading, sentence, hit.last - 1)
    return " ".join(sentence.slice(hit.first, last).split())


def _of_part_year(reading: Reading, words: str) -> bool:
    """Whether a sum is of less than a year."""
    tables = [language(name).data.get("company", {}) for name in reading.lexicon.names]
    return bool(
        set(re.findall(r"[\w-]+", words.lower()))
        & {str(part) for table in tables for part in table.get("part_year", ())}
    )


def _event(reading: Reading, sentence: Sentence, hit: Hit, field: str) -> Iterator[OtherFact]:
    first = wording.start(sentence, hit.first, LEADS)
    last = wording.ending(reading, sentence, hit.first, quoting=True)
    if not _fit(reading, sentence, hit, first, last):
        return
    if hit.rule.startswith("company.bought") and not _of_company(reading, sentence, hit, first):
        return
    words = " ".join(sentence.slice(first, last).split()).strip(ENDS)
    if len(words.split()) >= FEWEST:
        yield _fact(reading, sentence, hit, {field: [words]})


def _fit(reading: Reading, sentence: Sentence, hit: Hit, first: int, last: int) -> bool:
    """Whether it is said as a fact, and not of us, of a deal or of a plan that came to nothing."""
    away = any(first <= each.first < last for each in reading.find(sentence, "company.no_fact"))
    return not away and wording.firm(reading, sentence, hit)


def _of_company(reading: Reading, sentence: Sentence, hit: Hit, first: int) -> bool:
    """Whether a company is bought, and by the customer as such: a department buys tools."""
    doers = [token.mention.kind for token in sentence.tokens[first : hit.first] if token.mention]
    bought = wording.is_name(reading, sentence, hit.last) and "from" not in sentence.forms[hit.last : hit.last + 6]
    return bought and not DOERS & set(doers)


def _counts(sentence: Sentence, hit: Hit) -> bool:
    """Whether the number of a cue is large enough for a company's."""
    at = hit.slots.get("number", hit.slots.get("amount"))
    mention = sentence.tokens[at].mention if at is not None else None
    return mention is not None and sum(map(str.isdigit, str(mention.value))) >= FEWEST_DIGITS


def _fact(reading: Reading, sentence: Sentence, hit: Hit, fields: dict[str, object]) -> OtherFact:
    return OtherFact("overview", fields, Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule))
