"""Competitors: another vendor by its name that is there, was chosen, or is being weighed against us."""

from collections.abc import Iterator

from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

BEHIND = ("signed", "chosen", "used", "weighed")
SURE = ("signed", "used", "there")
PEOPLE = ("person", "stranger", "ours")
FILLERS = frozenset({",", ":", "(", "is", "are", "the", "a", "by", "firma", "der", "die"})
LONGEST = 3


def facts(reading: Reading) -> Iterator[OtherFact]:
    """The vendors that are named as being there, one fact for each name."""
    seen: set[str] = set()
    for sentence in reading.sentences:
        for name, hit in _named(reading, sentence):
            if name.lower() not in seen:
                seen.add(name.lower())
                yield _fact(reading, sentence, hit, name)


def _named(reading: Reading, sentence: Sentence) -> Iterator[tuple[str, Hit]]:
    if reading.lexicon.first(sentence, "rivals.no_rival"):
        return
    for group in (*BEHIND, "there"):
        for hit in reading.find(sentence, f"rivals.{group}"):
            name = _before(reading, sentence, hit) if group == "there" else _behind(reading, sentence, hit)
            if not name or not wording.firm(reading, sentence, hit) or _ours(sentence, hit):
                continue
            if group in SURE or _by_department(sentence, hit) or _of_trade(reading, sentence):
                yield name, hit


def _behind(reading: Reading, sentence: Sentence, hit: Hit) -> str:
    at = hit.last
    while at < len(sentence.tokens) and sentence.forms[at] in FILLERS:
        at += 1
    words: list[str] = []
    if hit.rule.startswith("rivals.signed") and at < len(sentence.tokens) and _unplaced(reading, sentence, at):
        return sentence.slice(at, at + 1)
    while at < len(sentence.tokens) and len(words) < LONGEST and wording.is_name(reading, sentence, at):
        words.append(sentence.slice(at, at + 1))
        at += 1
    return " ".join(words)


def _unplaced(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether a name of two words was taken for a person, of whom nothing is known: "Nova Cloud"."""
    mention = sentence.tokens[at].mention
    entity = reading.entity(mention.ref) if mention else None
    return bool(entity and entity.kind == "stranger" and not entity.title and not entity.department)


def _before(reading: Reading, sentence: Sentence, hit: Hit) -> str:
    words: list[str] = []
    at = hit.first - 1
    while at >= 0 and len(words) < LONGEST and wording.is_name(reading, sentence, at):
        words.insert(0, sentence.slice(at, at + 1))
        at -= 1
    return " ".join(words)


def _ours(sentence: Sentence, hit: Hit) -> bool:
    """Whether one of our people does it: our own partners are no rivals of ours."""
    for token in reversed(sentence.tokens[: hit.first]):
        if token.mention and token.mention.kind in (*PEOPLE, "department"):
            return wording.of_ours(token.mention)
    return False


def _by_department(sentence: Sentence, hit: Hit) -> bool:
    """Whether a department of theirs is said to do it: "Treasury has gone with …"."""
    return any(token.mention and token.mention.kind == "department" for token in sentence.tokens[: hit.first])


def _of_trade(reading: Reading, sentence: Sentence) -> bool:
    """Whether it is about something like what we sell."""
    if sentence.mentions("offering") or reading.lexicon.first(sentence, "rivals.trade"):
        return True
    near = [*reading.before(sentence), *reading.after(sentence)]
    return any(
        each.mentions("offering") or reading.lexicon.first(each, "rivals.trade")
        for each in near
        if each.block == sentence.block
    )


def _fact(reading: Reading, sentence: Sentence, hit: Hit, name: str) -> OtherFact:
    fields: dict[str, object] = {"name": name}
    for kind in ("department", "offering"):
        found = _one(kind, sentence) or (_one(kind, *_same_block(reading, sentence)) if kind == "offering" else None)
        if found:
            fields[kind] = found
    standing = wording.clause(reading, sentence, hit.first)
    if name in standing and len(standing.split()) > len(name.split()) + 1:
        fields["standing"] = standing
    return OtherFact("competitors", fields, Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule))


def _same_block(reading: Reading, sentence: Sentence) -> list[Sentence]:
    """The sentence before, where it is of the same paragraph."""
    return [each for each in reading.before(sentence) if each.block == sentence.block]


def _one(kind: str, *sentences: Sentence) -> str | None:
    """The one department or offering that sentences name, if it is one."""
    found = {each.ref for sentence in sentences for each in sentence.mentions(kind) if each.ref and not each.weak}
    return found.pop() if len(found) == 1 else None
