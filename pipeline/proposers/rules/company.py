"""Facts of the customer as a company: people and money in numbers, purchases and mergers, reorganisations."""

import re
from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit, language
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

NUMBERS = ("headcount", "revenue", "size")
LISTS = {"news": "news", "bought": "news", "reorganisations": "reorganisations", "renamed": "reorganisations"}
LEADS = frozenset({"and", "but", "that", "so", "also", "und", "aber", "dass", "auch"})
DOERS = frozenset({"person", "stranger", "ours", "department", "offering"})
ENDS = " ,;:.–—-*_"
FEWEST_DIGITS = 2
FEWEST = 4
LONGEST_NAME = 5
SMALL = frozenset({"and", "of", "for", "the", "und", "für", "der", "des"})


def facts(reading: Reading) -> Iterator[OtherFact]:
    """One fact a field and sentence; sets hold what the sentence adds."""
    for sentence in reading.sentences:
        speaker = reading.speaker(sentence)
        if speaker is not None and speaker.kind == "ours":
            continue
        for field in NUMBERS:
            yield from _number(reading, sentence, field)
        yield from _plan(reading, sentence)
        told: set[str] = set()
        for group, field in LISTS.items():
            hit = reading.lexicon.first(sentence, f"company.{group}")
            if hit and field not in told:
                for fact in _event(reading, sentence, hit, field):
                    told.add(field)
                    yield fact


def renamed(reading: Reading) -> Iterator[OtherFact]:
    """Departments that go by another name now or from a day on."""
    for sentence in reading.sentences:
        for hit in reading.find(sentence, "company.renamed"):
            mention = sentence.tokens[hit.slots["department"]].mention
            name = _name(reading, sentence, hit)
            if name and mention and mention.ref and not mention.weak and wording.firm(reading, sentence, hit):
                said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
                yield OtherFact("departments", {"name": name}, said, item=mention.ref, op="update")
                break


def _name(reading: Reading, sentence: Sentence, hit: Hit) -> str:
    """The name in capitals or in marks that stands behind a cue, to the end of its clause."""
    first = hit.last
    while first < len(sentence.tokens) and sentence.forms[first] in wording.QUOTES:
        first += 1
    words = wording.clause(reading, sentence, first).split(",")[0].split()
    capital = bool(words) and all(word[:1].isupper() or (word.islower() and word in SMALL) for word in words)
    return " ".join(words) if capital and words[-1][:1].isupper() and len(words) <= LONGEST_NAME else ""


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


def _plan(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    """A named plan of theirs, with a number in it; the whole sentence says what it is."""
    hit = reading.lexicon.first(sentence, "company.plan")
    counted = any(each.mention and each.mention.kind in ("number", "amount", "date") for each in sentence.tokens)
    if hit and counted and not sentence.mentions("ours", "offering") and wording.firm(reading, sentence, hit):
        words = " ".join(sentence.text.split()).strip(ENDS)
        yield _fact(reading, sentence, hit, {"mid_term_plan": words})


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
    if hit.rule.startswith("company.renamed") and not _name(reading, sentence, hit):
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
