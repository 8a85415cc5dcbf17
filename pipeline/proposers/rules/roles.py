"""Roles from what is said: who holds the money, sells for us, tests, opposes; and who does so no more."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.proposers.rules import described, history, stance, subject
from pipeline.proposers.rules.facts import RoleFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

GAINS = {
    "economic_buyer": "roles.economic_buyer",
    "champion": "roles.champion",
    "evaluator": "roles.evaluator",
    "blocker": "roles.blocker",
}
LOSSES = {
    "economic_buyer": "roles.not_economic_buyer",
    "champion": "roles.not_champion",
    "evaluator": "roles.not_evaluator",
    "blocker": "roles.not_blocker",
}

OF_SOMEBODY = re.compile(r"\b(?:of|von) <(?:someone|person|stranger)>")
"""Cues that speak of the one behind "of" themselves."""
LOST_BY_NOT = "roles.economic_buyer_does"
"""Cues whose denial takes the role away: "Ada doesn't release anything"."""


def facts(reading: Reading) -> Iterator[RoleFact]:
    """All role statements, in the order of the text."""
    for sentence in reading.sentences:
        found = [
            pair for role in GAINS for pair in (*_losses(reading, sentence, role), *_gains(reading, sentence, role))
        ]
        found += _moved_on(reading, sentence)
        found += _out(reading, sentence)
        found += [pair for role in GAINS for pair in _done(reading, sentence, role)]
        found = [pair for pair in found if not _elsewhere(reading, sentence, pair[1].person)]
        yield from (fact for _, fact in sorted(found, key=lambda pair: pair[0]))


def _elsewhere(reading: Reading, sentence: Sentence, person: str) -> bool:
    """Whether it is somebody new of another company."""
    named = [each for each in sentence.mentions("stranger") if each.ref == person and not each.pronoun]
    return bool(named) and described.elsewhere(reading, sentence, named[0])


def _losses(reading: Reading, sentence: Sentence, role: str) -> Iterator[tuple[int, RoleFact]]:
    for hit in reading.find(sentence, LOSSES[role]):
        if _about_things(reading, sentence, hit, role):
            continue
        found = stance.of(sentence, hit, reading.lexicon)
        person = _who(reading, sentence, hit)
        if person and not (found.hedged or found.conditional or found.asked or found.denied):
            yield hit.first, RoleFact(person, role, False, _said(reading, sentence, hit))


def _gains(reading: Reading, sentence: Sentence, role: str) -> Iterator[tuple[int, RoleFact]]:
    for hit in reading.find(sentence, GAINS[role]):
        if _wonders(reading, sentence, hit) or _about_things(reading, sentence, hit, role):
            continue
        found = stance.of(sentence, hit, reading.lexicon)
        person = _who(reading, sentence, hit)
        if not person or found.hedged or found.asked or found.conditional:
            continue
        if "someone" in hit.slots and hit.slots["someone"] == hit.first and stance.beside(sentence, hit.first):
            continue
        if found.denied:
            yield hit.first, RoleFact(person, role, False, _said(reading, sentence, hit))
            continue
        if _long_past(sentence, hit) or history.told(reading, sentence):
            continue
        if role != "blocker" and found.bound and role != "evaluator":
            continue
        if role == "economic_buyer" and _not_the_money(reading, sentence, hit):
            continue
        yield hit.first, RoleFact(person, role, True, _said(reading, sentence, hit))


def _done(reading: Reading, sentence: Sentence, role: str) -> Iterator[tuple[int, RoleFact]]:
    """Roles by what somebody does, whoever the sentence says does it: the cues of roles.<role>_does and _ends."""
    groups = [(f"{GAINS[role]}_does", True), (f"{GAINS[role]}_aside", True), (f"{GAINS[role]}_ends", False)]
    about = _about_money if role == "economic_buyer" else _about_trial
    if role in ("economic_buyer", "evaluator") and about(reading, sentence):
        groups += [(f"{GAINS[role]}_of_it", True), (f"{GAINS[role]}_of_it_ends", False)]
    for group, gained in groups:
        for hit in reading.find(sentence, group):
            if _wonders(reading, sentence, hit) or _about_things(reading, sentence, hit, role):
                continue
            person = _doer(reading, sentence, hit)
            found = stance.of(sentence, hit, reading.lexicon)
            if not person or found.hedged or found.asked or (found.conditional and not _needs_consent(hit)):
                continue
            if found.denied and (group != LOST_BY_NOT or not _about_money(reading, sentence)):
                continue
            if gained and (_long_past(sentence, hit) or history.told(reading, sentence)):
                continue
            if gained and found.bound and role not in ("blocker", "evaluator") and not _needs_consent(hit):
                continue
            if gained and role == "economic_buyer" and _not_the_money(reading, sentence, hit):
                continue
            yield hit.first, RoleFact(person, role, gained and not found.denied, _said(reading, sentence, hit))


def _out(reading: Reading, sentence: Sentence) -> Iterator[tuple[int, RoleFact]]:
    """Who has no say any more, and so none of the roles that they may have had."""
    for hit in reading.find(sentence, "roles.out"):
        person = _doer(reading, sentence, hit)
        found = stance.of(sentence, hit, reading.lexicon)
        if person and not (found.hedged or found.asked or found.conditional):
            for role in GAINS:
                yield hit.first, RoleFact(person, role, False, _said(reading, sentence, hit))


def _wonders(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether a question that is only told of leads to the cue: "Ada asked who tests it"."""
    start = max(0, hit.first - 4)
    asking, about = reading.lexicon.words("asking_for"), reading.lexicon.words("question_words")
    forms = sentence.forms[start : hit.last]
    told = max((at for at, form in enumerate(forms) if form == ":"), default=-1)
    return any(one in asking and other in about for one, other in pairwise(forms[told + 1 :]))


def _only(reading: Reading, sentence: Sentence) -> str | None:
    """The one of theirs whom a sentence names, no preposition before the name."""
    people = ("person", "stranger")
    places = [at for at, token in enumerate(sentence.tokens) if token.mention and token.mention.kind in people]
    governed = any(at and sentence.forms[at - 1] in reading.lexicon.words("governing") for at in places)
    named = {mention.ref for mention in sentence.mentions(*people)}
    return next(iter(named)) if len(named) == 1 and not governed else None


def _about_things(reading: Reading, sentence: Sentence, hit: Hit, role: str) -> bool:
    """Whether what sounds like a test is a thing of it: "handed over the test report"."""
    trials = reading.lexicon.words("trial") | reading.lexicon.words("trials")
    things = reading.lexicon.words("trial_things")
    forms = sentence.forms[hit.first : hit.last + 1]
    return role == "evaluator" and any(one in trials and two in things for one, two in pairwise(forms))


def _needs_consent(hit: Hit) -> bool:
    """Whether the condition is the cue's own: "nothing is bought unless Ada agrees", "Ada checks whether it works"."""
    return any(word in hit.cue.line for word in ("unless", "wenn_nicht", "whether"))


def _about_trial(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence, or one of the two right before it, speaks of a test."""
    words = reading.lexicon.words("trial") | reading.lexicon.words("trials")
    near = [sentence, *(each for each in reading.before(sentence, 2) if each.block == sentence.block or each.speaker)]
    return any(words & set(each.forms) for each in near)


def _long_past(sentence: Sentence, hit: Hit) -> bool:
    """Whether a "had" right before the cue puts it before what else is told: "she had put her name to it"."""
    return sentence.forms[max(0, hit.first - 1) : hit.first] == ["had"] or "used to" in " ".join(
        sentence.forms[max(0, hit.first - 2) : hit.last]
    )


def _about_money(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence, or the one right before it, speaks of money."""
    words = reading.lexicon.words("money") | reading.lexicon.words("spend")
    near = [sentence, *(each for each in reading.before(sentence) if each.block == sentence.block)]
    return any(words & set(each.forms) or each.mentions("amount") for each in near)


def _doer(reading: Reading, sentence: Sentence, hit: Hit) -> str | None:
    """The customer's person in the cue's own place, else its subject."""
    for slot in ("someone", "person", "stranger"):
        if slot in hit.slots:
            place = hit.slots[slot]
            mention = sentence.tokens[place].mention
            meant = OF_SOMEBODY.search(hit.cue.line) is not None
            return mention.ref if mention and (meant or not stance.beside(sentence, place)) else None
    if "_aside." in hit.rule:
        mention = subject.of_clause(sentence, hit.first, reading.lexicon)
    else:
        mention = subject.spoken_of(reading, sentence, hit.first)
    if mention is None and ("_ends." in hit.rule or ".out." in hit.rule):
        return _only(reading, sentence)
    return mention.ref if mention and mention.kind in ("person", "stranger") else None


def _not_the_money(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether somebody held the money once and no more, or has the last word on something that is not bought."""
    said = sentence.forms[hit.first : hit.last]
    lexicon = reading.lexicon
    ended = lexicon.words("not_before") & set(sentence.text.lower().split())
    if lexicon.words("held_words") & set(said) and (ended or lexicon.first(sentence, "roles.former")):
        return True
    if lexicon.first(sentence, "roles.past_only") or set(said) & lexicon.words("asking_verbs"):
        return True
    following = sentence.forms[hit.last] if hit.last < len(sentence.forms) else ""
    if following in lexicon.words("budget_nouns") and said[-1:] and said[-1] in lexicon.words("money"):
        return True
    if any(lexicon.first(each, "roles.no_budget") for each in [sentence, *reading.after(sentence)]):
        return True
    money = lexicon.words("money") & set(sentence.forms) or sentence.mentions("number", "amount")
    return not money and lexicon.first(sentence, "roles.no_money") is not None


def _moved_on(reading: Reading, sentence: Sentence) -> Iterator[tuple[int, RoleFact]]:
    """Who has the money where the sentence first says who has it no more: "… not his any more; it went to Ada"."""
    lost = [hit.last for hit in reading.find(sentence, LOSSES["economic_buyer"])]
    lost += [
        0
        for earlier in reading.before(sentence)
        if earlier.block == sentence.block and reading.lexicon.first(earlier, LOSSES["economic_buyer"])
    ]
    for hit in reading.find(sentence, "roles.money_moves") if lost else ():
        found = stance.of(sentence, hit, reading.lexicon)
        person = _who(reading, sentence, hit)
        weak = found.hedged or found.asked or found.conditional or found.bound
        if person and min(lost) <= hit.first + 1 and not weak:
            yield hit.first, RoleFact(person, "economic_buyer", True, _said(reading, sentence, hit))


def _who(reading: Reading, sentence: Sentence, hit: Hit) -> str | None:
    """The customer's person that the cue speaks of; without one in the cue, whom the sentence is about."""
    for slot in ("someone2", "someone", "person", "stranger"):
        if slot in hit.slots:
            mention = sentence.tokens[hit.slots[slot]].mention
            return mention.ref if mention else None
    before = [
        mention
        for mention in sentence.mentions("person", "stranger")
        if mention.start < sentence.tokens[hit.first].start
    ]
    if before:
        return before[-1].ref
    for earlier in reading.before(sentence, 2):
        people = earlier.mentions("person", "stranger")
        if people and earlier.block == sentence.block and not earlier.bullet:
            return people[0].ref
    return None


def _said(reading: Reading, sentence: Sentence, hit: Hit) -> Said:
    """The proof; only the words around the cue where the sentence goes on with a condition of something else."""
    beyond = any(not hit.first <= other.first < hit.last for other in reading.find(sentence, "scope.condition_if"))
    return Said(sentence, reading.quotes(sentence, hit.first, hit.last, near=beyond), hit.rule)
