"""What somebody of theirs will get from one of ours: "you'll have the plan from me by Tuesday"."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.proposers.rules import stance, tasks, things, verbs
from pipeline.proposers.rules.facts import ActionFact
from pipeline.proposers.rules.lexicon import Hit, compile_cue
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

NOTHING = compile_cue("none", "none", {})
GETS = frozenset(["get", "gets", "have", "has", "receive", "receives"])


def from_us(reading: Reading, sentence: Sentence, hit: Hit, mention: Mention) -> ActionFact | None:
    """The task in "you'll have the plan from me by Tuesday", by a cue that names taker and giver."""
    giver = hit.slots["ours"]
    start = next((at for at in range(giver - 1, hit.first, -1) if sentence.forms[at] in GETS), None)
    if start is not None and sentence.forms[start + 1] in reading.lexicon.words("infinitive_mark"):
        return None
    due = tasks.deadline(reading, sentence, hit.first)
    if start is None or due is None or hit.last - giver > 1:
        return None
    words = [form for form in sentence.forms[start + 1 : giver - 1] if form not in tasks.PRONOUNS]
    thing = sentence.slice(start + 1, giver - 1) if words else things.thing_before(reading, sentence, start)
    thing = thing or tasks.topic(sentence, hit.first)
    if not tasks.content(reading, thing):
        return None
    verb = next(iter(reading.lexicon.words("default_verb")), "")
    fact = tasks.fact(
        reading, sentence, hit.rule, f"{verb} {thing}".strip(), mention.ref, (hit.first, len(sentence.tokens))
    )
    taker = reading.entity(_taken_by(sentence, hit))
    return replace(fact, deadline=due, target=taker.name if taker else fact.target)


def _taken_by(sentence: Sentence, hit: Hit) -> str | None:
    mention = sentence.tokens[hit.slots["someone"]].mention if "someone" in hit.slots else None
    return mention.ref if mention else None


def told(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What one of ours says in a talk that somebody will have, with a day; and German, with its verb at the end."""
    yield from _spoken(reading, sentence)
    yield from _at_the_end(reading, sentence)
    yield from _reported(reading, sentence)


def _reported(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What the writer or one of ours told somebody they would have: "I told Ada she'd have the plan by Friday"."""
    for hit in reading.find(sentence, "actions.told_will_have"):
        giver = sentence.tokens[hit.slots["ours"]].mention
        due = tasks.deadline(reading, sentence, hit.last)
        if any(mention.start > sentence.tokens[hit.last - 1].start for mention in sentence.mentions("ours")):
            continue  # somebody of ours named behind may be the one who does it
        thing = tasks.wording(reading, sentence, hit.last, len(sentence.tokens))
        plain = stance.of(sentence, hit, reading.lexicon).plain
        if (
            giver is None
            or giver.ref is None
            or due is None
            or not plain
            or reading.lexicon.first(sentence, "actions.from_ours")
        ):
            continue
        if set(thing.lower().split()[:1]) & tasks.PRONOUNS:
            thing = things.thing_before(reading, sentence, hit.last)
        if tasks.content(reading, thing):
            verb = next(iter(verbs.known(reading, "give_verb")), "")
            fact = tasks.fact(reading, sentence, hit.rule, f"{verb} {thing}".strip(), giver.ref, (hit.first, hit.last))
            taker = reading.entity(_taken_by(sentence, hit))
            yield replace(fact, deadline=due, target=taker.name if taker else fact.target)
            return


def spoken(reading: Reading, sentence: Sentence) -> Hit | None:
    """The cue of "you'll have the paper by Friday", said by one of ours in a talk."""
    speaker = reading.speaker(sentence)
    if not reading.transcript or speaker is None or speaker.kind != "ours":
        return None
    for hit in reading.find(sentence, "actions.will_have"):
        if stance.of(sentence, hit, reading.lexicon).plain and tasks.deadline(reading, sentence, hit.first):
            return hit
    return None


def _spoken(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    hit = spoken(reading, sentence)
    speaker = reading.speaker(sentence)
    if hit is None or speaker is None or reading.lexicon.first(sentence, "actions.from_ours"):
        return
    behind = tasks.wording(reading, sentence, hit.last, len(sentence.tokens))
    pronoun = set(behind.lower().split()[:1]) & tasks.PRONOUNS
    thing = behind if behind and not pronoun else things.thing_before(reading, sentence, hit.last)
    if not tasks.content(reading, thing):
        return
    verb = next(iter(reading.lexicon.words("default_verb")), "")
    span = (hit.first, len(sentence.tokens))
    fact = tasks.fact(reading, sentence, hit.rule, f"{verb} {thing}".strip(), speaker.id, span)
    taker = reading.entity(_taken_by(sentence, hit))
    due = tasks.deadline(reading, sentence, hit.first)
    yield replace(fact, deadline=due, target=taker.name if taker else fact.target)


def _at_the_end(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """German subordinate clauses: "dass sie bis Freitag das Konzept von mir bekommt"."""
    gets = verbs.known(reading, "gets_last")
    for at, form in enumerate(sentence.forms):
        giver = sentence.tokens[at - 1].mention if at > 1 else None
        if form not in gets or giver is None or giver.kind != "ours" or sentence.forms[at - 2] not in ("von", "from"):
            continue
        start = max((number + 1 for number in range(at - 2) if sentence.forms[number] in ",;:"), default=0)
        people = [
            token.mention for token in (*sentence.tokens[start : at - 2], *sentence.tokens[:start]) if token.mention
        ]
        taker = next((each for each in people if each.kind in ("person", "stranger")), None)
        due = tasks.deadline(reading, sentence, start)
        plain = stance.of(sentence, Hit(NOTHING, at, at + 1, {}), reading.lexicon).plain
        thing = _thing(reading, sentence, start, at - 2)
        if taker and due and plain and tasks.content(reading, thing):
            verb = next(iter(verbs.known(reading, "give_verb")), "")
            fact = tasks.fact(reading, sentence, "actions.gets_last", f"{thing} {verb}".strip(), giver.ref, (start, at))
            entity = reading.entity(taker.ref)
            yield replace(fact, deadline=due, target=entity.name if entity else None)
            return


def _thing(reading: Reading, sentence: Sentence, first: int, last: int) -> str:
    """What is got, among tokens [first, last): the longest run of words that name nobody, no day and no small word."""
    small = reading.lexicon.words("small") | reading.lexicon.words("light") | {"'s"}
    runs: list[list[int]] = [[]]
    for at in range(first, last):
        mention = sentence.tokens[at].mention
        if (mention and mention.kind != "offering") or sentence.forms[at] in small:
            runs.append([])
        else:
            runs[-1].append(at)
    best = max(runs, key=len)
    return sentence.slice(best[0], best[-1] + 1) if best else ""
