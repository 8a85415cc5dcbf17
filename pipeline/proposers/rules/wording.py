"""A writer's own words, cut to the clause that says something, and who of theirs says it."""

import re
from collections.abc import Callable, Iterator

from pipeline.proposers.rules import stance
from pipeline.proposers.rules.facts import OtherFact
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.roster import Entity
from pipeline.proposers.rules.tokens import Mention, Sentence

HARD = frozenset({";", "?", "!", "(", ")", "[", "]", "–", "—", "->", "|", "“", "”", "„", '"', "»", "«", ":"})
QUOTES = frozenset({"“", "”", "„", '"', "»", "«"})
TRIMMED = " \t\n,;:.!?\"'“”„«»()[]*_~|–—-#>"
LONGEST = 30
SHORT = 4
NAME = re.compile(r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w&’'-]*\w")
TURNS = frozenset({"but", "now", "aber", "jetzt"})


def one_each(reading: Reading, said: Callable[[Reading, Sentence], Iterator[OtherFact]]) -> Iterator[OtherFact]:
    """Of every sentence the first thing `said` in it."""
    for sentence in reading.sentences:
        found = next(said(reading, sentence), None)
        if found:
            yield found


def clause(reading: Reading, sentence: Sentence, first: int, last: int | None = None, hard: bool = False) -> str:
    """The words from token `first` to the end of their clause (or to `last`); empty when they are no clause.

    `hard`: only strong marks end it, not a "but" or ", and they".
    """
    end = ending(reading, sentence, first, hard)
    words = sentence.slice(first, end if last is None else min(end, last))
    text = " ".join(words.split()).strip(TRIMMED)
    return text if 0 < len(text.split()) <= LONGEST else ""


def ending(reading: Reading, sentence: Sentence, first: int, hard: bool = False, quoting: bool = False) -> int:
    """The token number at which the clause from token `first` on ends; `quoting`: quotation marks don't end it."""
    ends = [] if hard else [hit.first for hit in reading.find(sentence, "situation.break") if hit.first > first]
    return min([*ends, until(sentence, first, HARD - QUOTES if quoting else HARD)])


def start(sentence: Sentence, at: int, lead: frozenset[str] = frozenset()) -> int:
    """The first token of the clause that token `at` stands in, behind words such as "and" (`lead`)."""
    first = at
    while first > 0 and not _ends(sentence, first - 1) and sentence.forms[first - 1] != ",":
        first -= 1
    while first < at and sentence.forms[first] in lead | {","}:
        first += 1
    return first


def _ends(sentence: Sentence, at: int, marks: frozenset[str] = HARD) -> bool:
    """Whether a strong mark stands at a token; a hyphen counts only between blanks, a dot inside a sentence never."""
    token = sentence.tokens[at]
    if token.form in marks:
        return True
    before = sentence.text[: token.start - sentence.start][-1:]
    return token.form == "-" and before.isspace()


def firm(reading: Reading, sentence: Sentence, hit: Hit, *, hedged: bool = False, denied: bool = False) -> bool:
    """Whether a cue is said as a fact of now: not denied, asked, on a condition, guessed.

    `hedged` and `denied` let that pass; an "unless" inside the cue is what it means.
    """
    found = stance.of(sentence, hit, reading.lexicon)
    own = any(hit.first <= other.first < hit.last for other in reading.find(sentence, "scope.condition_if"))
    weak = (found.denied and not denied) or (found.hedged and not hedged)
    weak = weak or (found.conditional and not own) or found.asked
    return not weak and not _past(reading, sentence, hit)


def _past(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether words of times gone by stand in the stretch of the cue, not before a "but" or a colon."""
    first = next((at for at in range(hit.first - 1, -1, -1) if _ends(sentence, at) or sentence.forms[at] in TURNS), -1)
    last = until(sentence, hit.last)
    return any(first < other.first < last for other in reading.find(sentence, "cells.history"))


def named(reading: Reading, sentence: Sentence, hit: Hit, slot: str = "someone") -> Entity | None:
    """Somebody of theirs in a slot of a cue."""
    at = hit.slots.get(slot)
    mention = sentence.tokens[at].mention if at is not None else None
    entity = reading.entity(mention.ref) if mention else None
    return entity if entity and entity.kind in ("person", "stranger") else None


def teller(reading: Reading, sentence: Sentence) -> Entity | None:
    """Who of theirs says the sentence: the speaker of a turn, or the name that a line begins with ("Ada: …")."""
    speaker = reading.speaker(sentence)
    if speaker is not None:
        return speaker if speaker.kind != "ours" else None
    first = sentence.tokens[0].mention if sentence.tokens else None
    if first and _theirs(first) and len(sentence.tokens) > 1 and sentence.forms[1] == ":":
        return reading.entity(first.ref)
    return None


def ref(entity: Entity | None) -> str | None:
    """How a draft names somebody: by id when the plan knows them, else not at all."""
    return entity.id if entity and entity.kind == "person" else None


def is_name(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether a token is a capital name that the plan, the calendar and the two companies don't know."""
    if at >= len(sentence.tokens):
        return False
    token = sentence.tokens[at]
    if token.mention is not None and token.mention.kind != "rival":
        return False
    word = sentence.slice(at, at + 1)
    low, lexicon, roster = word.lower(), reading.lexicon, reading.roster
    if not NAME.fullmatch(word) or (word.isupper() and len(word) < SHORT):
        return False
    common = lexicon.words("small") | lexicon.words("not_names") | lexicon.words("months") | reading.title_words
    return low not in common | roster.account | roster.vendor and low not in roster.index


def of_ours(mention: Mention | None) -> bool:
    """Whether a mention is one of our people, or of us."""
    return mention is not None and mention.kind == "ours"


def _theirs(mention: Mention) -> bool:
    return mention.kind in ("person", "stranger")


def about_us(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    """Whether tokens [first, last) speak of us or of what we sell."""
    for at in range(first, min(last, len(sentence.tokens))):
        mention = sentence.tokens[at].mention
        if mention and (mention.kind == "offering" or of_ours(mention)):
            return True
    return any(first <= hit.first < last for hit in reading.find(sentence, "situation.us"))


def until(sentence: Sentence, first: int, marks: frozenset[str] = HARD) -> int:
    """The token number at which the sentence's stretch from `first` on ends with a strong mark."""
    return next((at for at in range(first, len(sentence.tokens)) if _ends(sentence, at, marks)), len(sentence.tokens))
