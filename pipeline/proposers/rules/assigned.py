"""Tasks given out in a talk among ourselves: who is to do what until next time, among all that is said with "will".

Such talk is full of "you press it and it will beep" and of "I'll show you now", so words alone don't tell. Each clause
with a cue is scored: how it is said (to a person by name, to "you", of oneself, to all), what its embedding says
(meaning.py, "actions"), whether it looks to the next meeting, and whether it stands where tasks are given out: near the
end, near words that close the talk, close to other tasks. Tasks are rare in talk, hence a cap by its length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.proposers import Embed
from pipeline.proposers.rules import meaning, stance, tasks
from pipeline.proposers.rules.facts import ActionFact
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

GROUPS = {"given_named": 1.0, "given_you": 0.6, "given_own": 0.3, "given_all": 0.4, "given_part": -0.2}
"""How often each way of speaking gives out a task, in points."""
ENOUGH = 1.7
LATER, CLOSING, LAST, STRETCH = 0.8, 0.7, 0.6, 0.6
PASSING, HEDGED, ASKED, STATE = 1.2, 0.4, 0.6, 0.8
MEANING = 2.5
AHEAD, CLOSE = 8, 3
NEAR, END = 10, 0.12
FEWEST, PER_WORDS = 4, 1400
"""At most so many tasks, and one more for so many words: a talk gives out few, the surest first."""
JUDGED = 32
"""So many clauses are judged by meaning, those first that the words speak for, so that a long talk stays quick."""
SHORTEST, LONGEST = 3, 24
ALIKE = 0.5


@dataclass(frozen=True)
class Clause:
    """A clause that may give out a task: its sentence without fillers, its cue, and where it ends."""

    said: Sentence
    hit: Hit
    group: str
    last: int
    points: float = 0.0


def among_ourselves(reading: Reading) -> bool:
    """Whether all who speak are ours, and more than one does."""
    if not reading.transcript:
        return False
    names = {each.speaker for each in reading.sentences if each.speaker}
    speakers = [reading.roster.find_person(name) for name in names]
    return len(speakers) > 1 and all(each is not None and each.kind == "ours" for each in speakers)


def facts(reading: Reading, embedder: Embed | None, promised: Sequence[ActionFact]) -> list[ActionFact]:
    """The tasks given out, in the order of the talk; of what was `promised` in so many words, what has a day."""
    clauses = list(_clauses(reading))
    closing = [each.place for each in reading.sentences if reading.lexicon.first(each, "actions.closing")]
    placed = [replace(each, points=_by_words(reading, each) + _by_place(reading, each, closing)) for each in clauses]
    judged = sorted(placed, key=lambda each: -each.points)[:JUDGED]
    scored = _near_others([*_by_meaning(reading, embedder, judged)])
    today = reading.context.said_on
    chosen = [(9.0, fact) for fact in promised if fact.deadline and fact.deadline > today]
    for each in sorted(scored, key=lambda each: -each.points):
        fact = _fact(reading, each) if each.points >= ENOUGH else None
        if fact and not any(_alike(fact, other) for _, other in chosen):
            chosen.append((each.points, fact))
    words = sum(len(each.tokens) for each in reading.sentences)
    best = chosen[: FEWEST + words // PER_WORDS]
    return sorted((fact for _, fact in best), key=lambda fact: fact.said.sentence.number)


def _clauses(reading: Reading) -> Iterator[Clause]:
    """Every clause with a cue, the surest way of speaking first; cues inside another's clause are its own clauses."""
    for sentence in reading.sentences:
        if len(sentence.tokens) < SHORTEST:
            continue
        said = _fluent(reading, sentence)
        taken: dict[int, tuple[Hit, str]] = {}
        for group in GROUPS:
            for hit in reading.find(said, f"actions.{group}"):
                close = any(abs(hit.last - other.last) <= CLOSE for other, _ in taken.values())
                if not close and _fits(said, hit, group):
                    taken.setdefault(hit.first, (hit, group))
        starts = sorted(taken)
        for start, following in zip(starts, [*starts[1:], len(said.tokens)], strict=False):
            hit, group = taken[start]
            yield Clause(said, hit, group, max(following, hit.last))


def _fluent(reading: Reading, sentence: Sentence) -> Sentence:
    """The sentence without fillers and words said twice; its tokens keep their places in the text."""
    filler = {at for hit in reading.find(sentence, "actions.filler") for at in range(hit.first, hit.last)}
    kept = [token for at, token in enumerate(sentence.tokens) if at not in filler]
    once = [token for at, token in enumerate(kept) if not at or token.mention or token.form != kept[at - 1].form]
    said = replace(sentence)
    said.say(once)
    return said


def _spoken(said: Sentence, at: int) -> str:
    """The pronoun that stands at a token, in small letters and without what is joined to it."""
    word = re.split("['’]", said.slice(at, at + 1).lower())[0]
    return "i" if word in ("me", "i") else word


def _fits(said: Sentence, hit: Hit, group: str) -> bool:
    """Whether the cue's people are spoken of as the group has it: by name, as "you", as "I"."""
    people = [at for at in range(hit.first, hit.last) if said.tokens[at].mention]
    if group in ("given_named", "given_part"):
        mention = said.tokens[people[0]].mention if people else None
        return mention is not None and not mention.pronoun
    spoken = [_spoken(said, at) for at in people]
    if group == "given_you":
        return not spoken or spoken[-1] == "you" or ("you" not in hit.cue.line and spoken[0] == "i")
    if group == "given_own":
        return bool(spoken) and spoken[0] == ("you" if hit.cue.line.startswith("you") else "i")
    return True


def _by_words(reading: Reading, clause: Clause) -> float:
    said, lexicon = clause.said, reading.lexicon
    found = stance.of(said, clause.hit, lexicon)
    if found.denied:
        return -9.0
    points = GROUPS[clause.group]
    first, last = clause.hit.last - 2, min(clause.last, clause.hit.last + AHEAD)
    points -= PASSING * any(first <= hit.first < last for hit in lexicon.find(said, "actions.passing_in_talk"))
    points += LATER * (lexicon.first(said, "actions.until_then") is not None)
    asking = clause.group in ("given_you", "given_named")
    wished = clause.hit.cue.line.startswith(("i ", "i/"))
    state = [hit for hit in lexicon.find(said, "actions.given_state") if hit.first == clause.hit.last - 1]
    points -= STATE * (bool(state) and not wished)
    points -= STATE * (found.conditional and said.forms[clause.hit.first] != "if")
    points -= HEDGED * (found.hedged and not asking) + ASKED * (found.asked and not asking)
    return points


def _by_place(reading: Reading, clause: Clause, closing: Sequence[int]) -> float:
    place = clause.said.place
    points = CLOSING * any(abs(place - each) <= NEAR for each in closing if each >= len(reading.sentences) / 2)
    return points + LAST * (place >= len(reading.sentences) * (1 - END))


def _by_meaning(reading: Reading, embedder: Embed | None, clauses: Sequence[Clause]) -> Iterator[Clause]:
    words = [
        meaning.spoken(each.said, reading.context.said_on, each.hit.first, min(each.last, each.hit.first + LONGEST))
        for each in clauses
    ]
    guesses = meaning.guesses(embedder, "actions", words)
    for number, each in enumerate(clauses):
        share = 0.5
        if guesses:
            share = guesses[number].share if guesses[number].label == "task" else 1 - guesses[number].share
        yield replace(each, points=each.points + MEANING * (share - 0.5))


def _near_others(clauses: list[Clause]) -> list[Clause]:
    """More points for what stands close to other likely tasks: they are given out in one go."""
    likely = [each for each in clauses if each.points >= ENOUGH - STRETCH]
    return [
        replace(each, points=each.points + STRETCH)
        if any(other is not each and abs(other.said.place - each.said.place) <= NEAR // 2 for other in likely)
        else each
        for each in clauses
    ]


def _fact(reading: Reading, clause: Clause) -> ActionFact | None:
    said = clause.said
    first = clause.hit.last - 1
    lead = {hit.first for hit in reading.find(said, "actions.given_lead")}
    while first in lead and first < clause.last - 1:
        first += 1
    text = tasks.wording(reading, said, first, clause.last)
    if len(tasks.content(reading, text)) < 1:
        return None
    fact = tasks.fact(reading, said, clause.hit.rule, text, _owner(reading, clause), (clause.hit.first, clause.last))
    return replace(fact, target=None)


def _owner(reading: Reading, clause: Clause) -> str | None:
    """Whom the task falls to: who is named, who speaks, or whom "you" means; nobody for a task of all."""
    said, hit = clause.said, clause.hit
    if clause.group == "given_all":
        return None
    speaker = reading.speaker(said)
    if clause.group == "given_own":
        return speaker.id if speaker else None
    named = [
        token.mention.ref
        for token in said.tokens[: clause.last]
        if token.mention and token.mention.kind == "ours" and not token.mention.pronoun and token.mention.ref
    ]
    if clause.group in ("given_named", "given_part"):
        mention = said.tokens[hit.first].mention
        return mention.ref if mention else None
    return named[-1] if named else _addressee(reading, said)


def _addressee(reading: Reading, said: Sentence) -> str | None:
    """Whom "you" means: who answers, when the speaker doesn't go on for long."""
    for following in reading.after(said, 3):
        if following.speaker != said.speaker:
            answers = reading.speaker(following)
            return answers.id if answers else None
    return None


def _alike(one: ActionFact, other: ActionFact) -> bool:
    if one.said.sentence.number == other.said.sentence.number and one.owner == other.owner and one.words & other.words:
        return True
    if not one.words or not other.words:
        return False
    shared = len(one.words & other.words) / min(len(one.words), len(other.words))
    return shared >= ALIKE and (one.owner == other.owner or None in (one.owner, other.owner))
