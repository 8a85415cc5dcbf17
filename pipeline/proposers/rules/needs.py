"""Needs: what costs a department of theirs time or money today, in its people's own words."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

PEOPLE = ("person", "stranger", "ours")
FEWEST = 3


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The pains whose department is clear, one a sentence."""
    return wording.one_each(reading, _of_sentence)


def _of_sentence(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    for hit in reading.find(sentence, "needs.pain", "needs.wanted"):
        first = hit.last if ".wanted." in hit.rule else hit.first
        ends = [each.first for each in reading.find(sentence, "needs.end") if each.first >= hit.last]
        last = min([*ends, wording.ending(reading, sentence, hit.last - 1)])
        words = " ".join(sentence.slice(first, last).split()).strip(wording.TRIMMED)
        department = _department(reading, sentence, hit)
        away = any(
            wording.start(sentence, hit.first) <= each.first < last for each in reading.find(sentence, "needs.no_pain")
        )
        if not department or away or len(words.split()) < FEWEST or not wording.firm(reading, sentence, hit):
            continue
        said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
        yield OtherFact("needs", {"need": words, "department": department}, said)


def _speaks(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether "I" or "we" stands there in a text that has no speakers: whose words they are is a guess."""
    word = sentence.text[mention.start - sentence.start : mention.end - sentence.start].lower().split("'")[0]
    return reading.speaker(sentence) is None and word in reading.lexicon.words("me") | reading.lexicon.words("us")


def _department(reading: Reading, sentence: Sentence, hit: Hit) -> str | None:
    """The department of whoever has the pain: the nearest one named before it, or the speaker's."""
    for token in reversed(sentence.tokens[: hit.last]):
        mention = token.mention
        if mention is None or mention.kind not in (*PEOPLE, "department"):
            continue
        if wording.of_ours(mention) or (mention.pronoun and _speaks(reading, sentence, mention)):
            return None
        entity = reading.entity(mention.ref)
        return mention.ref if mention.kind == "department" else entity.department if entity else None
    teller = wording.teller(reading, sentence)
    return teller.department if teller else None
