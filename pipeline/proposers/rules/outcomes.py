"""What became of the plan's own tasks: done, dropped, moved, given to somebody else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import takewhile

from pipeline.language.arithmetic import shift
from pipeline.language.days import length
from pipeline.proposers.rules import finished, handed, offered, stance, tasks, verbs
from pipeline.proposers.rules.facts import ActionFact, Said
from pipeline.proposers.rules.lexicon import Hit, compile_cue
from pipeline.proposers.rules.opentasks import Open, best, still_open
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

CHECKED = re.compile(r"\[[xX✓✔]\]|[☑✅]")
BACK = 3
REFUSAL = 6
OWN = frozenset({"own", "eigene", "eigenen", "eigener", "eigenes"})
ITEM = 240
"""So many characters at most in an item of a list whose sentences are about one task."""
FEW = 11
MOST = 0.6
"""What a day alone needs to move a task: most of its words."""
TAG = re.compile(r",\s*(?:ok|okay|right|yes|oder|ja)\s*\?$", re.IGNORECASE)
"""A question only by its tail: "it comes on the 15th, ok?"."""
CLAUSES = frozenset({",", ";", "and", "but", "–", "—", "und", "aber"})


def facts(reading: Reading) -> Iterator[ActionFact]:
    """Outcomes in the order of the text."""
    tasks_open = list(still_open(reading))
    for sentence in reading.sentences:
        yield from _of(reading, tasks_open, sentence)


def matched(reading: Reading, sentence: Sentence, enough: float) -> str | None:
    """The id of the plan's open task that a sentence speaks of, if any: with `enough` of its words."""
    found = best(reading, list(still_open(reading)), sentence, enough)
    return found.item.id if found else None


def words(reading: Reading, item: str | None) -> frozenset[str]:
    """The telling words of a task of the plan."""
    found = reading.context.plan.get(item) if item else None
    return tasks.content(reading, str(found.values.get("action"))) if found else frozenset()


def _of(reading: Reading, found: list[Open], sentence: Sentence) -> Iterator[ActionFact]:
    task = best(reading, found, sentence)
    checked = bool(CHECKED.search(sentence.bullet))
    if task and checked:
        yield _fact(reading, sentence, "actions.checked", task, status="done")
        return
    asked = offered.spoken_day(reading, sentence)
    if asked:
        near = (best(reading, found, each) for each in (sentence, *reading.before(sentence, BACK)))
        about = next((each for each in near if each), None)
        if about and about.deadline != asked[0]:
            fact = _fact(reading, sentence, "actions.moved.asked", about, deadline=asked[0])
            yield replace(fact, extra=reading.quotes(asked[1]))
            return
    short = task is None and len(sentence.tokens) <= 24
    if short:
        task = _back(reading, found, sentence)
    if task is None:
        return
    if reading.lexicon.first(sentence, "actions.stands") and not short:
        done = finished.accomplished(reading, sentence, task)
        outcome = _fact(reading, sentence, done.rule, task, status="done", hit=done) if done else None
        outcome = outcome or handed.given(reading, sentence, task)
    else:
        outcome = _answered(reading, sentence, task) or _outcome(reading, sentence, task)
    if outcome:
        yield outcome


def _answered(reading: Reading, sentence: Sentence, task: Open) -> ActionFact | None:
    """What an answer in a talk makes of a question about a task: it is there, or it is dropped."""
    there = finished.confirmed(reading, sentence)
    if there:
        return replace(_fact(reading, sentence, "actions.arrived", task, status="done"), extra=reading.quotes(there))
    hits = reading.find(sentence, "actions.dropped", "actions.given_up") if reading.transcript else ()
    asked = next((hit for hit in hits if _only_asked(reading, sentence, hit)), None)
    agreed = _agreement(reading, sentence) if asked else None
    if asked and agreed:
        fact = _fact(reading, sentence, asked.rule, task, status="dropped", hit=asked)
        return replace(fact, extra=reading.quotes(agreed))
    return None


def _only_asked(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    found = stance.of(sentence, hit, reading.lexicon)
    if found.denied or found.hedged or found.conditional:
        return False
    return found.asked and bool(set(sentence.forms) & verbs.known(reading, "may_we"))


def _agreement(reading: Reading, sentence: Sentence) -> Sentence | None:
    """The next turn of the other side, when it agrees: "consider it gone"."""
    asks = reading.speaker(sentence)
    for reply in reading.after(sentence, BACK):
        says = reading.speaker(reply)
        if says is None or asks is None or (says.kind == "ours") == (asks.kind == "ours"):
            continue
        if set(reply.forms[:4]) & reading.lexicon.words("not"):
            return None
        agrees = reading.find(reply, "actions.suits", "actions.agree", "actions.considered")
        return reply if any(hit.first <= 2 for hit in agrees) else None
    return None


def _back(reading: Reading, found: list[Open], sentence: Sentence) -> Open | None:
    """The task that "it" or "that one" means: of the sentences shortly before, by anybody."""
    again = reading.lexicon.first(sentence, "actions.new_day")
    bare = _bare(reading, sentence)
    if not set(sentence.forms) & reading.lexicon.words("it_words") and not again and not bare:
        return None
    named = {mention.ref for mention in sentence.mentions("offering", "department") if mention.ref}
    for earlier in reading.before(sentence, BACK):
        near = reading.transcript or earlier.place == sentence.place - 1 or _one_item(sentence, earlier)
        if not near or (not reading.transcript and earlier.block != sentence.block):
            return None
        task = best(reading, found, earlier)
        if task and task.refs and named and not named & task.refs:
            return None
        if task:
            return task
    return None


def _one_item(sentence: Sentence, earlier: Sentence) -> bool:
    """Whether two sentences stand in one item of a list, or on one short line."""
    return sentence.line.number == earlier.line.number and sentence.line.end - sentence.line.start <= ITEM


def _bare(reading: Reading, sentence: Sentence) -> bool:
    """Whether a few words only say what became of something: "Arrived, thank you.", "Struck off."."""
    if len(sentence.tokens) > FEW or sentence.mentions("offering", "department"):
        return False
    hits = reading.find(sentence, "actions.done", "actions.dropped", "actions.given_up")
    return any(hit.first <= 1 for hit in hits)


def _outcome(reading: Reading, sentence: Sentence, task: Open) -> ActionFact | None:
    if _of_theirs(sentence, task) or _refused(reading, sentence):
        return None
    given_up = next(
        (hit for hit in reading.find(sentence, "actions.given_up") if _said_so(reading, sentence, hit)), None
    )
    if given_up:
        return _fact(reading, sentence, given_up.rule, task, status="dropped", hit=given_up)
    dropped = [hit for hit in reading.find(sentence, "actions.dropped") if _said_so(reading, sentence, hit)]
    nearer = next((hit for hit in dropped if _beside(sentence, task, hit)), None)
    done = finished.finished(reading, sentence, task)
    given = handed.given(reading, sentence, task)
    if given and (done or nearer) and _hands(reading, sentence, done or nearer):
        return given
    if done and _off_list(reading, sentence, done) and _impossible(reading, sentence):
        return _fact(reading, sentence, done.rule, task, status="dropped", hit=done)
    if nearer and _off_list(reading, sentence, nearer) and not done and _held_before(reading, sentence, task):
        return _fact(reading, sentence, nearer.rule, task, status="done", hit=nearer)
    if done and not (nearer and not _beside(sentence, task, done)):
        return _fact(reading, sentence, done.rule, task, status="done", hit=done)
    moved = _moved(reading, sentence, task)
    if moved:
        return replace(moved, owner=given.owner) if given else moved
    off = _off(reading, sentence, task)
    if off:
        return _fact(reading, sentence, off.rule, task, status="dropped", hit=off)
    if dropped:
        hit = nearer or dropped[0]
        return _fact(reading, sentence, hit.rule, task, status="dropped", hit=hit)
    return given


def _of_theirs(sentence: Sentence, task: Open) -> bool:
    """Whether the sentence is of a thing of the customer's own: "their own report workshop"."""
    at = next((at for at, form in enumerate(sentence.forms) if tasks.stem(form) in task.words), 0)
    return bool(OWN & set(sentence.forms[max(0, at - 2) : at]))


def _refused(reading: Reading, sentence: Sentence) -> bool:
    """Whether the last words take back what was said before them: "… drop it, but we won't"."""
    for at, form in enumerate(sentence.forms):
        if form in ("but", "aber") and len(sentence.forms) - at <= REFUSAL:
            return bool(set(sentence.forms[at + 1 : at + 5]) & reading.lexicon.words("not"))
    return False


def _hands(reading: Reading, sentence: Sentence, hit: Hit | None) -> bool:
    """Whether what looks like an end is the handing over itself: "handed it over to Bo", "take it off him"."""
    said = set(sentence.forms[hit.first : hit.last]) if hit else set()
    return bool(said & (verbs.known(reading, "handing_verbs") | verbs.known(reading, "taking_verbs")))


def _off_list(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether a cue only says that a task leaves the list, done or not: "take it off the list", "cross off"."""
    said = set(sentence.forms[hit.first : hit.last])
    return "off" in said and bool(said & verbs.known(reading, "list_words"))


def _impossible(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence says why a task cannot be done: "can't make the time", "nobody can let us in"."""
    return reading.lexicon.first(sentence, "actions.impossible") is not None


def _held_before(reading: Reading, sentence: Sentence, task: Open) -> bool:
    """Whether the sentence just before, in the same item, tells that the task was done: "did that. Cross off."."""
    earlier = next(iter(reading.before(sentence, 1)), None)
    if earlier is None or not (_one_item(sentence, earlier) or earlier.speaker == sentence.speaker is not None):
        return False
    return finished.finished(reading, earlier, task) is not None


def _off(reading: Reading, sentence: Sentence, task: Open) -> Hit | None:
    """A word of ending right behind the task's own word, with no verb between: "site survey off, hall is full"."""
    ends = verbs.known(reading, "off_words")
    for at in range(1, len(sentence.tokens)):
        after = sentence.forms[at + 1] if at + 1 < len(sentence.tokens) else "."
        if sentence.forms[at] in ends and tasks.stem(sentence.forms[at - 1]) in task.words and after in ",.;-–—(!":
            return Hit(compile_cue("actions.off_words", sentence.forms[at], {}), at, at + 1, {})
    return None


def _beside(sentence: Sentence, task: Open, hit: Hit) -> bool:
    """Whether a cue stands in the clause of the task's words; also when the task has none in the sentence."""
    spots = [at for at, form in enumerate(sentence.forms) if tasks.stem(form) in task.words]
    return not spots or any(
        not set(sentence.forms[min(at, hit.first) + 1 : max(at, hit.first)]) & CLAUSES for at in spots
    )


def _said_so(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    found = stance.of(sentence, hit, reading.lexicon)
    return not (found.denied or found.hedged or found.conditional or (found.asked and not TAG.search(sentence.text)))


def _moved(reading: Reading, sentence: Sentence, task: Open) -> ActionFact | None:
    about = task is best(reading, [task], sentence, MOST)
    groups = ("actions.moved", "actions.scheduled") if about else ("actions.moved", "actions.new_day")
    hit = next((hit for hit in reading.find(sentence, *groups) if _firm(reading, sentence, hit)), None)
    if hit is None:
        return None
    new = _by_span(reading, sentence, task) or _new_day(reading, sentence, task)
    proof = sentence
    if new is None:
        for following in reading.after(sentence, 2):
            if following.block != sentence.block or _elsewhere(reading, following, task):
                break
            new = _new_day(reading, following, task)
            if new:
                proof = following
                break
    if new is None or new == task.deadline:
        return None
    fact = _fact(reading, sentence, hit.rule, task, deadline=new, hit=hit)
    if proof is not sentence:
        fact = ActionFact(fact.said, fact.item, deadline=new, extra=reading.quotes(proof))
    return fact


def _elsewhere(reading: Reading, sentence: Sentence, task: Open) -> bool:
    """Whether a sentence speaks of another task: of the plan, or one that somebody takes there."""
    other = best(reading, list(still_open(reading)), sentence)
    taken = reading.lexicon.first(sentence, "actions.promise")
    return (other is not None and other.item.id != task.item.id) or (
        taken is not None and best(reading, [task], sentence) is None and "it" not in sentence.forms
    )


def _firm(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    found = stance.of(sentence, hit, reading.lexicon)
    asked = found.asked and not TAG.search(sentence.text) and not _wish(reading, sentence)
    return not (found.hedged or found.conditional or asked)


def _wish(reading: Reading, sentence: Sentence) -> bool:
    """Whether a question of the customer's asks for another day: "can we do it on the 26th instead?"."""
    speaker = reading.speaker(sentence)
    theirs = speaker is not None and speaker.kind != "ours"
    return theirs and bool(set(sentence.forms) & verbs.known(reading, "instead_words"))


def _new_day(reading: Reading, sentence: Sentence, task: Open) -> date | None:
    """The day it is moved to: the last day to come that is neither the old one nor denied."""
    options = []
    negators = reading.lexicon.words("not")
    for number, token in enumerate(sentence.tokens):
        if not token.mention or token.mention.kind != "date":
            continue
        day = reading.day(token.mention)
        if day is None or day < reading.context.said_on or day == task.deadline:
            continue
        before = sentence.forms[max(0, number - 3) : number]
        if any(
            sentence.tokens[at].mention and sentence.tokens[at].form == token.form
            for at in range(max(0, number - 3), number)
        ):
            before = before[-1:]
        after = list(takewhile(lambda form: form not in ",;.()", sentence.forms[number + 1 : number + 4]))
        if "not" in after and token.form in after[after.index("not") :]:
            after = []
        earliest = bool(before) and before[-1] in reading.lexicon.words("not_before")
        if any(form in verbs.known(reading, "instead_words") for form in before) and "," not in before:
            continue
        if negators & set(after) or (any(form in negators for form in before if "," not in before) and not earliest):
            continue
        options.append(day)
    return options[-1] if options else None


def _by_span(reading: Reading, sentence: Sentence, task: Open) -> date | None:
    """The old day moved by so much: "push it two weeks"."""
    hit = reading.lexicon.first(sentence, "actions.shift")
    if hit is None or task.deadline is None:
        return None
    if reading.lexicon.words("not") & set(sentence.forms[max(0, hit.first - 2) : hit.first]):
        return None
    found = length(sentence.text, reading.lexicon.names)
    if found:
        back = -1 if reading.lexicon.words("sooner") & set(sentence.forms) else 1
        return shift(task.deadline, back * found[0], found[1])
    return None


def _fact(
    reading: Reading,
    sentence: Sentence,
    rule: str,
    task: Open,
    *,
    status: str | None = None,
    deadline: date | None = None,
    owner: str | None = None,
    hit: Hit | None = None,
) -> ActionFact:
    quotes = reading.quotes(sentence, hit.first, hit.last) if hit else reading.quotes(sentence)
    return ActionFact(Said(sentence, quotes, rule), task.item.id, status=status, deadline=deadline, owner=owner)
