"""Influence: who listens to whom, who must be aligned first, who talks and who quarrels, said of two known people."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

KINDS = {
    "defers_to": "defers_to",
    "moves": "defers_to",
    "must_align_before": "must_align_before",
    "talks_to": "talks_to",
    "conflicts_with": "conflicts_with",
}
MUTUAL = frozenset({"talks_to", "conflicts_with"})


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The edges that are said in so many words, one a pair and kind."""
    seen: set[tuple[str, ...]] = set()
    for sentence in reading.sentences:
        if len(sentence.mentions("person")) < 2:
            continue
        for group, kind in KINDS.items():
            for hit in reading.find(sentence, f"influences.{group}"):
                ends = _ends(reading, sentence, hit)
                if ends is None or not wording.firm(reading, sentence, hit, denied="unless" in hit.cue.line):
                    continue
                who, whom = ends[::-1] if group == "moves" else ends
                mark = (kind, *(sorted(ends) if kind in MUTUAL else (who, whom)))
                if mark not in seen:
                    seen.add(mark)
                    yield _fact(reading, sentence, hit, {"who": who, "whom": whom, "kind": kind})


def _ends(reading: Reading, sentence: Sentence, hit: Hit) -> tuple[str, str] | None:
    """The first and the last known person of a cue, when they are two."""
    people = [wording.ref(wording.named(reading, sentence, hit, slot)) for slot in ("person", "person2", "person3")]
    found = [each for each in people if each]
    return (found[0], found[-1]) if len(found) > 1 and found[0] != found[-1] else None


def _fact(reading: Reading, sentence: Sentence, hit: Hit, fields: dict[str, object]) -> OtherFact:
    teller = wording.teller(reading, sentence)
    own = teller is not None and teller.id in (fields["who"], fields["whom"])
    if own or reading.lexicon.first(sentence, "influences.said_so"):
        fields["certainty"] = "confirmed"
    said = Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)
    return OtherFact("influence", fields, said)
