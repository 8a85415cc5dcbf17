"""Selling points: what an offering of ours has brought the customer, in numbers."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

NUMBERS = ("number", "amount")


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The results that a number proves, one a sentence."""
    for sentence in reading.sentences:
        hit = reading.lexicon.first(sentence, "proofs.brought")
        if hit is None or reading.lexicon.first(sentence, "proofs.not_yet"):
            continue
        last = wording.ending(reading, sentence, hit.last - 1)
        counted = any(each.mention and each.mention.kind in NUMBERS for each in sentence.tokens[hit.first : last])
        mention = sentence.tokens[hit.slots["offering"]].mention
        if not counted or not mention or not mention.ref or not wording.firm(reading, sentence, hit):
            continue
        words = " ".join(sentence.slice(hit.first, last).split()).strip(wording.TRIMMED)
        said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
        fields: dict[str, object] = {"point": words, "offering": mention.ref}
        worth = _worth(sentence, hit.first, last)
        yield OtherFact("selling_points", fields | ({"roi": worth} if worth else {}), said)


def _worth(sentence: Sentence, first: int, last: int) -> str:
    """The part of a clause that says a sum of money, behind its last comma or equals sign."""
    money = [at for at in range(first, last) if (each := sentence.tokens[at].mention) and each.kind == "amount"]
    parts = [at for at in range(first, money[-1]) if sentence.forms[at] in (",", "=")] if money else []
    return " ".join(sentence.slice(parts[-1] + 1, last).split()).strip(wording.TRIMMED) if parts else ""
