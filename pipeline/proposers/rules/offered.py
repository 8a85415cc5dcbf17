"""What is offered or asked among speakers and taken: a task for a colleague, an offer that the customer accepts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipeline.proposers.rules import tasks, verbs
from pipeline.proposers.rules.facts import ActionFact
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence
from pipeline.records import SourceKind

REPLIES = 2
NEAR = 3
"""So many sentences further on, a talk may still correct a day without naming the task."""


def among_colleagues(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What one of ours asks another to do by a day: "can you register us there by the 12th?"; not when refused."""
    spoken = reading.transcript or reading.context.document.kind is SourceKind.email
    if not spoken or not sentence.text.rstrip().endswith("?"):
        return
    asker = reading.speaker(sentence)
    for hit in reading.find(sentence, "actions.request_direct"):
        if not hit.cue.line.startswith("can/could/would you"):
            continue
        whom = next((token.mention for token in sentence.tokens[hit.first : hit.last] if token.mention), None)
        owner = reading.entity(whom.ref if whom else None)
        due = tasks.deadline(reading, sentence, hit.first)
        if owner is None or owner.kind != "ours" or due is None or asker is None or asker.kind != "ours":
            continue
        if owner.id == asker.id or _refused(reading, sentence, owner.id):
            continue
        text = tasks.task_text(reading, sentence, tasks.verb_place(sentence, hit))
        if tasks.content(reading, text):
            fact = tasks.fact(reading, sentence, hit.rule, text, owner.id, (hit.first, len(sentence.tokens)))
            yield replace(fact, deadline=due)
            return


def _refused(reading: Reading, sentence: Sentence, owner: str) -> bool:
    reply = next((each for each in reading.after(sentence, REPLIES) if _says(reading, each) == owner), None)
    return reply is not None and bool(set(reply.forms[:4]) & reading.lexicon.words("not"))


def _says(reading: Reading, sentence: Sentence) -> str | None:
    speaker = reading.speaker(sentence)
    return speaker.id if speaker else None


def accepted(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What one of ours offers in a talk for a day that the customer takes: "could I show it on the 4th?" – "fine"."""
    speaker = reading.speaker(sentence)
    if not reading.transcript or not sentence.text.rstrip().endswith("?") or not speaker or speaker.kind != "ours":
        return
    hit = next(iter(reading.find(sentence, "actions.offer")), None)
    due = tasks.deadline(reading, sentence, hit.first) if hit else None
    reply = agreeing(reading, sentence, due, ours=False) if due else None
    if hit is None or due is None or reply is None:
        return
    first = tasks.verb_place(sentence, hit)
    text = tasks.task_text(reading, sentence, first)
    if sentence.forms[first] in reading.lexicon.words("plain_verbs") and tasks.content(reading, text):
        fact = tasks.fact(reading, sentence, hit.rule, text, speaker.id, (first, len(sentence.tokens)))
        theirs = reading.speaker(reply)
        target = fact.target or (theirs.name if theirs else None)
        yield replace(fact, deadline=due, target=target, extra=reading.quotes(reply))


def agreeing(reading: Reading, sentence: Sentence, due: date, *, ours: bool) -> Sentence | None:
    """The next turn, of ours or of theirs, when it agrees to the day asked for: it says yes, or the day again."""
    for reply in reading.after(sentence, REPLIES):
        speaker = reading.speaker(reply)
        if speaker is None or reply.speaker == sentence.speaker or (speaker.kind == "ours") != ours:
            continue
        if set(reply.forms[:6]) & reading.lexicon.words("not"):
            return None
        again = any(reading.day(mention) == due for mention in reply.mentions("date"))
        if again or any(hit.first <= 1 for hit in reading.find(reply, "actions.suits", "actions.agree")):
            return reply
    return None


def corrected(reading: Reading, facts: list[ActionFact]) -> list[ActionFact]:
    """The tasks with the days that words further down put right: "scrap what I said about it, the 22nd is fine"."""
    if not any(fact.deadline for fact in facts):
        return facts
    retold = [each for each in reading.sentences if reading.lexicon.first(each, "actions.retold")]
    return [_put_right(reading, fact, retold) for fact in facts]


def _put_right(reading: Reading, fact: ActionFact, retold: list[Sentence]) -> ActionFact:
    place = fact.said.sentence.place
    for later in retold:
        if not fact.deadline or later.place <= place or not _about(reading, fact, later, later.place - place):
            continue
        found = next(((day, each) for each in _there(reading, later) if (day := _other(reading, each, fact))), None)
        if found:
            return replace(fact, deadline=found[0], extra=fact.extra + reading.quotes(found[1]))
    return fact


def _there(reading: Reading, sentence: Sentence) -> list[Sentence]:
    """The sentence and the one after it in its paragraph."""
    return [sentence, *(each for each in reading.after(sentence, 1) if each.block == sentence.block)]


def _about(reading: Reading, fact: ActionFact, later: Sentence, away: int) -> bool:
    near = reading.transcript and away <= NEAR and later.speaker == fact.said.sentence.speaker
    old = any(reading.day(mention) == fact.deadline for mention in later.mentions("date"))
    return near or old or bool(fact.words & tasks.content(reading, later.text))


def _other(reading: Reading, sentence: Sentence, fact: ActionFact) -> date | None:
    days = [reading.day(mention) for mention in sentence.mentions("date")]
    new = [day for day in days if day and day != fact.deadline and day >= reading.context.said_on]
    return new[-1] if new else None


def spoken_day(reading: Reading, sentence: Sentence) -> tuple[date, Sentence] | None:
    """The day that one side asks for instead and the other agrees to, with the words that agree."""
    speaker = reading.speaker(sentence)
    if not reading.transcript or "?" not in sentence.text or not speaker:
        return None
    ours = speaker.kind == "ours"
    if ours and not set(sentence.forms) & verbs.known(reading, "better_words"):
        return None
    due = tasks.deadline(reading, sentence)
    reply = agreeing(reading, sentence, due, ours=not ours) if due else None
    return (due, reply) if due and reply else None


def by_next_time(reading: Reading, fact: ActionFact) -> ActionFact:
    """A task due at the next meeting, with the day that the note names for it: "Next meeting: 16 February"."""
    if fact.deadline or not reading.lexicon.first(fact.said.sentence, "actions.next_time"):
        return fact
    for each in reading.sentences:
        hit = reading.lexicon.first(each, "actions.next_time_is")
        due = tasks.deadline(reading, each) if hit and hit.first <= 1 else None
        if due:
            return replace(fact, deadline=due, extra=fact.extra + reading.quotes(each))
    return fact
