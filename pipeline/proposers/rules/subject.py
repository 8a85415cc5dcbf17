"""Who a predicate is said of: its grammatical subject, found by the words between it and the names before it.

"Ada releases", "Ada, our CFO, already releases", "Ada came and released" and "Ada: releases" have Ada for subject;
"Ada's boss releases", "a colleague of Ada releases" and "the board releases" have not.
"""

from pipeline.proposers.rules import stance
from pipeline.proposers.rules.lexicon import Lexicon
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

PEOPLE = ("person", "stranger", "ours")
PASSED = ("date", "number", "amount")
UNKNOWN = (["he"], ["she"], ["they"], ["er"])
"""Who follows a name as the subject of its own, and nobody knows who it is: "according to Ada he …"."""
IS_DOING = frozenset({"been", "got", "going", "gone", "not", "now", "already", "still", "just"})
NOUNS = frozenset(
    {"meeting", "building", "training", "briefing", "hearing", "pricing", "offering", "feeling", "planning", "testing"}
    | {"engineering", "catering", "housing", "purchasing", "thing", "evening", "morning", "understanding", "warning"}
)
"""What ends like a verb behind "'s" and is a thing that somebody has."""
STRONG = frozenset({".", ";", "?", "!", "->", "|"})
MARKS = frozenset({",", "(", ")", "–", "—", "-", ":", '"', "“", "”", "„", "*", "'", "=", "«", "»"})


def of(sentence: Sentence, first: int, lexicon: Lexicon) -> Mention | None:
    """The person who does what the tokens from `first` on say; None when somebody else does, or nobody is named."""
    light = lexicon.words("light")
    joints, which = lexicon.words("joints"), lexicon.words("which")
    at = first - 1
    while at >= 0:
        token = sentence.tokens[at]
        if token.mention and token.mention.kind in PEOPLE:
            return None if sentence.forms[at + 1 : at + 2] in UNKNOWN else _standing(sentence, at)
        if token.form in which:
            return _nearest(sentence, at)
        if token.form in joints or token.form in MARKS:
            return _before(sentence, at, lexicon)
        if not (token.form in light or (token.mention and token.mention.kind in PASSED)):
            return _opening(sentence, first, lexicon)
        at -= 1
    return None


def _opening(sentence: Sentence, first: int, lexicon: Lexicon) -> Mention | None:
    """Who opens the clause that the predicate at `first` is part of: nobody else, no other clause lies between."""
    stops = lexicon.words("joints") | lexicon.words("which") | lexicon.words("clause_words") | MARKS | STRONG
    at = first - 1
    while at >= 0 and not (sentence.tokens[at].mention and sentence.tokens[at].mention.kind in PEOPLE):  # type: ignore[union-attr]
        if sentence.forms[at] in stops:
            return None
        at -= 1
    between = sentence.forms[at + 1 : first]
    passive = set(between) & {"been", "was", "were", "is"}
    if at < 0 or (lexicon.words("reporting") - ({"asked", "told"} if passive else set())) & set(between):
        return None
    governed = at > 0 and sentence.forms[at - 1] in lexicon.words("governing")
    return None if governed else _standing(sentence, at)


def of_clause(sentence: Sentence, first: int, lexicon: Lexicon) -> Mention | None:
    """The person whose clause the tokens from `first` on close: "Ada wrote to Oslo on her own initiative"."""
    start = max((at + 1 for at in range(first) if sentence.forms[at] in STRONG | {":"}), default=0)
    return _first(sentence, first, lexicon, start) or _first(sentence, first, lexicon)


def silent(sentence: Sentence, first: int, lexicon: Lexicon) -> bool:
    """Whether nothing but light words stands before the predicate: "Wants a quote.", "now runs the test"."""
    passed = lexicon.words("light") | lexicon.words("joints") | MARKS
    return all(
        token.form in passed or (token.mention is not None and token.mention.kind in PASSED)
        for token in sentence.tokens[:first]
    )


def spoken_of(reading: Reading, sentence: Sentence, first: int) -> Mention | None:
    """The subject; for a predicate without one at the head of its sentence, that of the sentence before."""
    found = of(sentence, first, reading.lexicon)
    if found or not silent(sentence, first, reading.lexicon):
        return found
    for earlier in reading.before(sentence):
        if earlier.block == sentence.block and earlier.line.number in (sentence.line.number, sentence.line.number - 1):
            return _first(earlier, len(earlier.tokens), reading.lexicon)
    return None


def _standing(sentence: Sentence, at: int) -> Mention | None:
    following = sentence.forms[at + 1] if at + 1 < len(sentence.tokens) else ""
    behind = sentence.forms[at + 2] if at + 2 < len(sentence.tokens) else ""
    owns = following == "'s" and behind not in IS_DOING and (not behind.endswith("ing") or behind in NOUNS)
    return None if owns or stance.beside(sentence, at) else sentence.tokens[at].mention


def _nearest(sentence: Sentence, at: int) -> Mention | None:
    for back in range(at - 1, max(-1, at - 5), -1):
        mention = sentence.tokens[back].mention
        if mention and mention.kind in PEOPLE:
            return mention
    return None


def _before(sentence: Sentence, at: int, lexicon: Lexicon) -> Mention | None:
    """The name right before a mark, else the subject of the clause that ends there."""
    back = at
    while back >= 0 and sentence.forms[back] in MARKS:
        back -= 1
    mention = sentence.tokens[back].mention if back >= 0 else None
    if _remark(sentence, back, lexicon):
        return of(sentence, back - 2, lexicon)
    if mention and mention.kind in PEOPLE and back < at:
        return _standing(sentence, back)
    return _first(sentence, at, lexicon)


def _remark(sentence: Sentence, back: int, lexicon: Lexicon) -> bool:
    """Whether ", Ada said" ends at `back`: a remark between a subject and what it does."""
    if back < 2 or sentence.forms[back] not in lexicon.words("saying") or sentence.forms[back - 2] != ",":
        return False
    mention = sentence.tokens[back - 1].mention
    return mention is not None and mention.kind in PEOPLE


def _first(sentence: Sentence, end: int, lexicon: Lexicon, start: int = -1) -> Mention | None:
    """The first name of the clause that ends at `end` which no preposition governs."""
    if start < 0:
        start = max((at + 1 for at in range(end) if sentence.forms[at] in STRONG), default=0)
    for at in range(start, end):
        mention = sentence.tokens[at].mention
        if not mention or mention.kind not in PEOPLE:
            continue
        governed = at > 0 and sentence.forms[at - 1] in lexicon.words("governing")
        owner = at + 1 < len(sentence.tokens) and sentence.forms[at + 1] == "'s"
        if not governed and not owner:
            return mention
    return None
