"""Misperceptions: what one of theirs wrongly believes of us, and what they did not know that we can do."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

YOU = frozenset({"you", "your", "ihr", "euer", "eure", "ihre"})
IT = frozenset({"it", "that", "this", "they", "es", "das"})


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The beliefs, one a sentence."""
    return wording.one_each(reading, _of_sentence)


def _of_sentence(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    for group in ("wrongly", "unknown", "thought", "thinks"):
        for hit in reading.find(sentence, f"beliefs.{group}"):
            last = wording.until(sentence, hit.last)
            if not wording.firm(reading, sentence, hit, hedged=True, denied=group == "unknown"):
                continue
            truth, by_us = _set_right(reading, sentence, hit)
            of_us = _of_us(reading, sentence, hit.last, last) or (by_us and group == "thought")
            if not of_us or _within(reading, sentence, "other", hit.last, last):
                continue
            narrowed = _within(reading, sentence, "narrow", hit.last, last)
            if group in ("wrongly", "unknown") or narrowed or (group == "thought" and truth is not None):
                yield from _fact(reading, sentence, hit, group == "unknown", truth)


def _of_us(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    """Whether the belief begins with us: "you only …", "CashLens can't …", or "it", said of an offering."""
    if first >= last:
        return False
    mention = sentence.tokens[first].mention
    if mention is not None and (mention.kind == "offering" or wording.of_ours(mention)):
        return True
    if any(hit.first == first for hit in reading.find(sentence, "beliefs.stuff")):
        return True
    if sentence.forms[first] in YOU and wording.teller(reading, sentence):
        return True
    near = [sentence, *reading.before(sentence, 3)]
    return sentence.forms[first] in IT and any(each.mentions("offering") for each in near)


def _within(reading: Reading, sentence: Sentence, group: str, first: int, last: int) -> bool:
    return any(first <= hit.first < last for hit in reading.find(sentence, f"beliefs.{group}"))


def _set_right(reading: Reading, sentence: Sentence, hit: Hit) -> tuple[str | None, bool]:
    """How it really is, by what follows, and whether one of ours says so.

    Empty when that only says that it is otherwise, None when nothing does.
    """
    for each in (sentence, *reading.after(sentence)):
        for other in reading.find(each, "beliefs.set_right", "beliefs.truth"):
            if each is not sentence or other.first >= hit.last:
                first = other.last
                while first < len(each.tokens) and each.forms[first] in {",", ":", "."}:
                    first += 1
                words = wording.clause(reading, each, first, hard=True) if first < len(each.tokens) else ""
                return words, "set_right" in other.rule
    return None, False


def _fact(reading: Reading, sentence: Sentence, hit: Hit, unknown: bool, truth: str | None) -> Iterator[OtherFact]:
    nobody = any(other.first == hit.first for other in reading.find(sentence, "beliefs.nobody"))
    belief = wording.clause(reading, sentence, hit.first if nobody else hit.last)
    if len(belief.split()) < 3:
        return
    fields: dict[str, object] = {"belief": belief, "kind": "unknown_capability" if unknown else "wrong_belief"}
    if truth and len(truth.split()) > 1:
        fields["truth"] = truth
    holder = wording.ref(wording.named(reading, sentence, hit))
    if holder:
        fields["held_by"] = holder
    yield OtherFact("misperceptions", fields, Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule))
