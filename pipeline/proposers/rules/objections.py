"""Objections: what a person of theirs says against us, our price, or what buying from us would mean."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.roster import Entity
from pipeline.proposers.rules.tokens import Sentence

LEADS = frozenset({"and", "but", "that", "because", "so", "und", "aber", "dass", "weil"})


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The objections, one a sentence."""
    return wording.one_each(reading, _of_sentence)


def _of_sentence(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    if reading.lexicon.first(sentence, "objections.not_us"):
        return
    for hit in reading.find(sentence, "objections.as_long_as"):
        if wording.firm(reading, sentence, hit, denied=True):
            yield from _fact(reading, sentence, hit, hit.last, wording.named(reading, sentence, hit))
    for hit in reading.find(sentence, "objections.what"):
        last = wording.until(sentence, hit.last)
        if wording.firm(reading, sentence, hit) and _on_us(reading, sentence, hit.last, last):
            yield from _fact(reading, sentence, hit, hit.last, wording.named(reading, sentence, hit))
    for hit in reading.find(sentence, "objections.too"):
        yield from _too(reading, sentence, hit)


def _too(reading: Reading, sentence: Sentence, hit: Hit) -> Iterator[OtherFact]:
    """What is too much for one of theirs, of us or our price: she finds the fee too high."""
    says = next((each for each in reading.find(sentence, "objections.says") if each.last <= hit.first), None)
    who = wording.named(reading, sentence, says) if says else wording.teller(reading, sentence)
    first = says.last if says else wording.start(sentence, hit.first, LEADS)
    while first < hit.first and sentence.forms[first] in LEADS | {",", ":"}:
        first += 1
    dear = any(each.first == first for each in reading.find(sentence, "objections.dear"))
    of_us = dear or _on_us(reading, sentence, first, hit.last)
    if who and of_us and wording.firm(reading, sentence, hit, hedged=says is not None):
        yield from _fact(reading, sentence, hit, first, who)


def _on_us(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    if wording.about_us(reading, sentence, first, last):
        return True
    return any(first <= hit.first < last for hit in reading.find(sentence, "objections.about_us"))


def _fact(reading: Reading, sentence: Sentence, hit: Hit, first: int, who: Entity | None) -> Iterator[OtherFact]:
    words = wording.clause(reading, sentence, first)
    if who is None or len(words.split()) < 3:
        return
    fields: dict[str, object] = {"objection": words, "basis": "actual"}
    by = wording.ref(who)
    if by:
        fields["raised_by"] = by
    yield OtherFact("objections", fields, Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule))
