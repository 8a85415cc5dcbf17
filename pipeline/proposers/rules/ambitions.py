"""The customer's agenda, decision criteria and risks, and our own goals, where a sentence says that it is one."""

from collections.abc import Iterator

from pipeline.language.words import values
from pipeline.proposers.rules import wording
from pipeline.proposers.rules.facts import OtherFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

TOPICS = ("goal", "leadership", "challenge", "initiative")
SKIPPED = frozenset({"them", ",", ":", "that", "dass", "to", "and", "“", "„", '"', "=", "-", "–", "the", "->"})
LEADS = frozenset({"and", "but", "so", "then", "also", "und", "aber", "auch"})
PARTED = frozenset({"and", "und", "&", "plus", "+"})
FEWEST = 2
MOST = 4


def facts(reading: Reading) -> Iterator[OtherFact]:
    """Topics of the customer, criteria, risks and goals, in the order of the text."""
    for sentence in reading.sentences:
        topic = next(_topics(reading, sentence), None)
        if topic:
            yield topic
        yield from _criteria(reading, sentence)
        risk = next(_risks(reading, sentence), None)
        if risk:
            yield risk
        goal = next(_goals(reading, sentence), None)
        if goal:
            yield goal


def _behind(sentence: Sentence, at: int) -> int:
    while at < len(sentence.tokens) and sentence.forms[at] in SKIPPED:
        at += 1
    return at


def _said(reading: Reading, sentence: Sentence, hit: Hit) -> Said:
    return Said(sentence, reading.quotes(sentence, hit.first, hit.last), hit.rule)


def _due(reading: Reading, sentence: Sentence, first: int) -> str | None:
    """The day to come that stands behind token `first`."""
    for token in sentence.tokens[first:]:
        day = reading.day(token.mention) if token.mention and token.mention.kind == "date" else None
        if day and day > reading.context.said_on:
            return day.isoformat()
    return None


def _topics(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    for kind in TOPICS:
        for hit in reading.find(sentence, f"ambitions.{kind}"):
            yield from _topic(reading, sentence, hit, kind, _behind(sentence, hit.last), None)
    for hit in reading.find(sentence, "ambitions.looked_at"):
        yield from _topic(reading, sentence, hit, "leadership", wording.start(sentence, hit.first, LEADS), hit.first)
    for hit in reading.find(sentence, "ambitions.wanted"):
        counts = {word for word, count in values("numbers", reading.lexicon.names).items() if count > 1}
        measured = any(
            token.form in counts or (token.mention and token.mention.kind in ("number", "amount"))
            for token in sentence.tokens
        )
        dated = _due(reading, sentence, hit.last) or reading.lexicon.first(sentence, "ambitions.by")
        if measured and dated and not sentence.mentions("offering"):
            yield from _topic(reading, sentence, hit, "goal", _behind(sentence, hit.last), None)


def _topic(
    reading: Reading, sentence: Sentence, hit: Hit, kind: str, first: int, last: int | None
) -> Iterator[OtherFact]:
    words = wording.clause(reading, sentence, first, last)
    if len(words.split()) < FEWEST or not wording.firm(reading, sentence, hit):
        return
    fields: dict[str, object] = {"topic": words, "kind": kind}
    owner = wording.ref(wording.named(reading, sentence, hit))
    if owner:
        fields["owner"] = owner
    by = _due(reading, sentence, first)
    if by:
        fields["by"] = by
    yield OtherFact("agenda", fields, _said(reading, sentence, hit))


def _criteria(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    hit = next((hit for hit in reading.find(sentence, "ambitions.criteria")), None)
    if hit and wording.firm(reading, sentence, hit):
        for words in _parts(reading, sentence, _behind(sentence, hit.last)):
            yield OtherFact("criteria", {"criterion": words, "basis": "explicit"}, _said(reading, sentence, hit))
        return
    hit = next((hit for hit in reading.find(sentence, "ambitions.decides")), None)
    if hit and wording.firm(reading, sentence, hit):
        words = wording.clause(reading, sentence, _head(sentence, hit.first), hit.first)
        if len(words.split()) >= FEWEST:
            yield OtherFact("criteria", {"criterion": words, "basis": "explicit"}, _said(reading, sentence, hit))


def _head(sentence: Sentence, at: int) -> int:
    """The first token of what stands before a cue, behind the last strong mark."""
    while at > 0 and (sentence.forms[at - 1] == "," or wording.until(sentence, at - 1) != at - 1):
        at -= 1
    return at


def _parts(reading: Reading, sentence: Sentence, first: int) -> Iterator[str]:
    """The things of a list, each in its own words: "price and speed, in that order" has two."""
    last = wording.until(sentence, first)
    counted = [hit for hit in reading.find(sentence, "ambitions.counted") if hit.last - 1 >= first >= hit.first]
    if counted and last < len(sentence.tokens):
        first = _behind(sentence, last)
        last = wording.until(sentence, first)
    passing = [hit.first for hit in reading.find(sentence, "ambitions.order") if hit.first >= first]
    last = min([last, *passing])
    start, made = first, 0
    for at in range(first, last + 1):
        if at == last or sentence.forms[at] in PARTED | {","}:
            words = wording.clause(reading, sentence, start, at, hard=True)
            start = at + 1
            if words and made < MOST:
                made += 1
                yield words


def _risks(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    if reading.lexicon.first(sentence, "ambitions.passing"):
        return
    for hit in reading.find(sentence, "ambitions.risk"):
        words = wording.clause(reading, sentence, _behind(sentence, hit.last), hard="awake" in hit.cue.line)
        if len(words.split()) > FEWEST and wording.firm(reading, sentence, hit, hedged=True):
            yield OtherFact("obstacles", {"obstacle": words, "control": "risk"}, _said(reading, sentence, hit))
    for hit in reading.find(sentence, "ambitions.threat"):
        first = wording.start(sentence, hit.first, LEADS)
        ours = any(wording.of_ours(token.mention) for token in sentence.tokens[first : hit.first])
        words = wording.clause(reading, sentence, first)
        if hit.first - first >= FEWEST and words and not ours and wording.firm(reading, sentence, hit, hedged=True):
            yield OtherFact("obstacles", {"obstacle": words, "control": "risk"}, _said(reading, sentence, hit))


def _goals(reading: Reading, sentence: Sentence) -> Iterator[OtherFact]:
    for hit in reading.find(sentence, "ambitions.our_goal"):
        first = _behind(sentence, hit.last)
        words = wording.clause(reading, sentence, first)
        due = _due(reading, sentence, first)
        if due and len(words.split()) > FEWEST and wording.firm(reading, sentence, hit):
            fields: dict[str, object] = {"statement": words, "due": due}
            yield OtherFact("goals", fields, _said(reading, sentence, hit))
