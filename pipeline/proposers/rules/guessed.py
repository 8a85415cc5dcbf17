"""Facts that no word list names but whose meaning is clear: cells and roles by the classifier of clauses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.proposers import Embed
from pipeline.proposers.rules import history, meaning, stance
from pipeline.proposers.rules.cells import OPEN, Cells
from pipeline.proposers.rules.facts import CellFact, PersonFact, RoleFact, Said
from pipeline.proposers.rules.lexicon import Hit, compile_cue
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

SURE_CELL = 0.62
SURE = {"champion": 0.74, "evaluator": 0.75, "blocker": 0.75, "economic_buyer": 0.75, "leaving": 0.8}
"""How sure a gain must be. Who holds the money is taken only from words of money, and from no one else named beside."""
SURE_LOSS = 0.5
"""How sure a loss must be: only those who have a role can lose it."""
STOPS = frozenset({";", "->", "—", "–", "|"})
JOINTS = frozenset({"and", "but", "so", "because", "though", "while", "which", "who", "und", "aber", "weil"})
OF_ROLES = ("roles.blocker", "roles.blocker_does", "roles.not_blocker", "roles.blocker_ends")
NO_MONEY = ("roles.no_budget", "roles.no_money", "roles.past_only")
FEWEST, MOST_TOKENS = 4, 45
NOTHING = compile_cue("none", "none", {})


@dataclass(frozen=True)
class Asked:
    """A clause to be judged: tokens [first, last) of its sentence, and the place of the name that it is about."""

    sentence: Sentence
    first: int
    last: int
    at: int


def cells(reading: Reading, embedder: Embed | None, known: Sequence[CellFact]) -> Iterator[CellFact]:
    """What clauses about offerings say where no word list fired."""
    told = {fact.said.sentence.number for fact in known}
    places = Cells(reading)
    asked = [each for each in _about(reading, "offering") if each.sentence.number not in told]
    asked = [each for each in asked if not reading.lexicon.first(each.sentence, *OF_ROLES)]
    for each, guess in _judged(reading, embedder, "cells", asked):
        if guess.label == "none" or guess.share < SURE_CELL or not _said_plainly(reading, each, guess.label):
            continue
        rule = f"meaning.{guess.label}"
        if guess.label == "need_identified" and _first_person(each) == "ours":
            continue
        if guess.label == "deployed" and reading.lexicon.words("commerce") & set(each.sentence.forms):
            continue
        hit = Hit(compile_cue(rule, guess.label, {}), each.at, each.at + 1, {"offering": each.at})
        if guess.label == "deployed" and places.ahead(each.sentence, hit):
            continue
        if guess.label in ("deployed", "out_of_scope") and places.elsewhere(each.sentence, guess.label):
            continue
        for department, offering, own in places.meant(each.sentence, hit, guess.label):
            if guess.label != "out_of_scope" or places.status.get((department, offering)) in OPEN:
                said = Said(each.sentence, reading.quotes(each.sentence, each.first, each.last), rule)
                yield CellFact(department, offering, guess.label, said, own=own)


def people(reading: Reading, embedder: Embed | None, told: set[int], met: set[str]) -> Iterator[RoleFact | PersonFact]:
    """What clauses about people say where no word list fired; of somebody new only when otherwise `met`."""
    asked = [each for each in _about(reading, "person", "stranger") if each.sentence.number not in told]
    asked = [each for each in asked if _ref(each) in met or _kind(each) == "person"]
    for each, guess in _judged(reading, embedder, "roles", asked):
        ref, role = _ref(each), guess.label.removeprefix("not_")
        entity = reading.entity(ref)
        if role == "none" or not entity or not ref or not _said_plainly(reading, each, guess.label):
            continue
        said = Said(each.sentence, reading.quotes(each.sentence, each.first, each.last), f"meaning.{guess.label}")
        if guess.label.startswith("not_"):
            held = entity.values.get("roles") or ()
            if guess.share >= SURE_LOSS and isinstance(held, list | tuple) and role in held and _alone(each):
                yield RoleFact(ref, role, False, said)
        elif guess.share >= SURE[role] and _gains(reading, each, role):
            yield (
                PersonFact(ref, "gone", said, on=_day(reading, each))
                if role == "leaving"
                else RoleFact(ref, role, True, said)
            )


def _gains(reading: Reading, asked: Asked, role: str) -> bool:
    """Whether the clause is about the one it names and about today, so that it may give a role."""
    if _first_person(asked) == "ours" or history.told(reading, asked.sentence):
        return False
    if role == "leaving":
        return _kind(asked) == "person" and not reading.lexicon.first(asked.sentence, "people.not_leaving")
    if role == "economic_buyer":
        words = set(asked.sentence.forms[asked.first : asked.last])
        money = reading.lexicon.words("money") | reading.lexicon.words("spend") | reading.lexicon.words("release")
        amounts = any(each.kind == "amount" for each in _inside(asked))
        spoken = amounts or bool(words & money)
        return spoken and _alone(asked) and not reading.lexicon.first(asked.sentence, *NO_MONEY)
    return _is_subject(asked, reading.lexicon.words("governing"))


def _inside(asked: Asked) -> list[Mention]:
    return [token.mention for token in asked.sentence.tokens[asked.first : asked.last] if token.mention]


def _alone(asked: Asked) -> bool:
    """Whether the clause names nobody else."""
    kinds = ("person", "stranger")
    return len({each.refs for each in _inside(asked) if each.kind in kinds}) == 1


def _ref(asked: Asked) -> str | None:
    mention = asked.sentence.tokens[asked.at].mention
    return mention.ref if mention else None


def _kind(asked: Asked) -> str:
    mention = asked.sentence.tokens[asked.at].mention
    return mention.kind if mention else ""


def _day(reading: Reading, asked: Asked) -> date | None:
    return next((day for each in _inside(asked) if each.kind == "date" and (day := reading.day(each))), None)


def _first_person(asked: Asked) -> str:
    """The kind of whoever the clause names first."""
    inside = asked.sentence.tokens[asked.first : asked.last]
    kinds = (token.mention.kind for token in inside if token.mention)
    return next((kind for kind in kinds if kind in ("person", "stranger", "ours")), "")


def _is_subject(asked: Asked, governing: set[str]) -> bool:
    """Whether the name stands free: no preposition before it, and nothing that it owns behind."""
    forms = asked.sentence.forms
    behind = forms[asked.at + 1] if asked.at + 1 < len(forms) else ""
    return behind != "'s" and not (asked.at > 0 and forms[asked.at - 1] in governing)


def _about(reading: Reading, *kinds: str) -> Iterator[Asked]:
    """The clauses that name something of these kinds, the first of each clause being what it is about."""
    count = 0
    for sentence in reading.sentences:
        if sentence.bullet in ("heading", "|") or sentence.part == "summary" or not _names(sentence, kinds):
            continue
        for first, last in _clauses(sentence):
            at = next((at for at in range(first, last) if _fits(sentence.tokens[at].mention, kinds)), None)
            if at is not None and FEWEST <= last - first <= MOST_TOKENS and count < meaning.MOST:
                count += 1
                yield Asked(sentence, first, last, at)


def _names(sentence: Sentence, kinds: tuple[str, ...]) -> bool:
    return any(mention.ref for mention in sentence.mentions(*kinds))


def _fits(mention: Mention | None, kinds: tuple[str, ...]) -> bool:
    return mention is not None and mention.kind in kinds and mention.ref is not None


def _clauses(sentence: Sentence) -> Iterator[tuple[int, int]]:
    start = 0
    forms = [*sentence.forms, ";"]
    for at, form in enumerate(forms):
        if form in STOPS or (form == "," and forms[at + 1] in JOINTS):
            if at > start:
                yield start, at
            start = at + 1


def _judged(
    reading: Reading, embedder: Embed | None, about: str, asked: list[Asked]
) -> Iterator[tuple[Asked, meaning.Guess]]:
    said_on = reading.context.said_on
    clauses = [meaning.masked(each.sentence, said_on, each.first, each.last) for each in asked]
    yield from zip(asked, meaning.guesses(embedder, about, clauses), strict=False)


def _said_plainly(reading: Reading, asked: Asked, label: str) -> bool:
    """Whether the clause is said as a fact, as far as words tell: no guess, no condition, no "not" in a mere claim."""
    sentence, lexicon = asked.sentence, reading.lexicon
    found = stance.of(sentence, Hit(NOTHING, asked.first, asked.last, {}), lexicon)
    if found.hedged or found.conditional or found.bound or (found.asked and label != "need_identified"):
        return False
    if lexicon.first(sentence, "cells.parked", "scope.hedge"):
        return False
    if label == "out_of_scope" and lexicon.first(sentence, "roles.not_blocker", "cells.not_refused"):
        return False
    own = label in ("out_of_scope", "blocker", "leaving") or label.startswith("not_")
    return own or not _denied(asked, lexicon.words("not"))


def _denied(asked: Asked, negators: set[str]) -> bool:
    return bool(set(asked.sentence.forms[asked.first : asked.last]) & negators)
