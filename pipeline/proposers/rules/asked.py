"""Tasks that the customer asked for: taken by somebody of ours, due on a day, or asked of us directly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipeline.proposers.rules import receiving, stance, tasks, things, verbs
from pipeline.proposers.rules.facts import ActionFact
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

HAS = frozenset({"what", "all", "everything", "whatever", "was", "alles"})
BOUNDS = frozenset({"by", "until", "till", "before", "for", "bis"})
REPLIES = 3
REPLY = 12
"""So many tokens at most in a reply that only takes what was asked before."""
FEWEST = 3
"""An order of so few tokens takes up what was offered: "please do"."""
WISHES = ("cells.need_identified",)


def requested(reading: Reading, sentence: Sentence, after: int) -> Iterator[ActionFact]:
    """What the customer asked us for, when it was taken, or comes with a day, or is asked of us directly."""
    if not after:
        yield from _handed(reading, sentence)
    if reading.lexicon.first(sentence, "actions.nothing_asked"):
        return
    for hit in reading.find(sentence, "actions.request", "actions.request_direct"):
        if hit.first < after or _has_already(sentence, hit) or not _serious(reading, sentence, hit):
            continue
        answered = _answered(reading, sentence, hit) if _direct(hit) else None
        if answered is not None:
            yield from answered
            return
        fact = _request(reading, sentence, hit)
        if fact:
            yield fact
            return


def _direct(hit: Hit) -> bool:
    return hit.rule.startswith("actions.request_direct")


def _serious(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether something is asked for, of us when it is an order, and not only thought of."""
    found = stance.of(sentence, hit, reading.lexicon)
    if found.denied or found.hedged or found.conditional or "not" in sentence.forms[hit.last : hit.last + 1]:
        return False
    if _direct(hit):
        if sentence.slice(hit.first, hit.last).lower().split()[1:2] in (["i"], ["we"]) and hit.cue.line.startswith(
            "can/could/w"
        ):
            return False
        return not _said_of_somebody(sentence, hit) and _from_customer(reading, sentence)
    return not found.asked


def _request(reading: Reading, sentence: Sentence, hit: Hit) -> ActionFact | None:
    if _direct(hit) and len(sentence.tokens) <= FEWEST:
        return None
    taking = taker(reading, sentence)
    due = tasks.deadline(reading, sentence, hit.first)
    ours = "we/<ours>" in hit.cue.line or "us/me" in hit.cue.line
    if not (taking or ours or _direct(hit)):
        return None
    first = tasks.verb_place(sentence, hit) if ours or _direct(hit) else hit.last
    first = _imperative(reading, sentence, hit) if _direct(hit) else first
    if set(sentence.forms[first : first + 2]) & verbs.known(reading, "asking_words") and not _direct(hit):
        return None
    text = _call(reading, sentence, first) or tasks.task_text(reading, sentence, first)
    if not text or not tasks.content(reading, text):
        return None
    person = _asker(reading, sentence, hit)
    owner = taking or _answering(reading, sentence) or reading.roster.author
    fact = tasks.fact(reading, sentence, hit.rule, text, owner, (first, len(sentence.tokens)))
    return replace(fact, deadline=due, target=person if person and not _call(reading, sentence, first) else fact.target)


def _answering(reading: Reading, sentence: Sentence) -> str | None:
    """Whoever of ours answers in a talk: what was asked falls to them."""
    for reply in reading.after(sentence, REPLIES) if reading.transcript else ():
        says = reading.speaker(reply)
        if says and says.kind == "ours":
            return says.id
    return None


def _call(reading: Reading, sentence: Sentence, first: int) -> str:
    """A call on somebody spoken of as "him" or "her": the name is the task."""
    verb = sentence.forms[first] if first < len(sentence.tokens) else ""
    if verb not in verbs.known(reading, "calling") or first + 1 >= len(sentence.tokens):
        return ""
    mention = sentence.tokens[first + 1].mention
    entity = reading.entity(mention.ref if mention else None)
    return f"{verb} {entity.name}" if mention and mention.pronoun and entity else ""


def _has_already(sentence: Sentence, hit: Hit) -> bool:
    """Whether the words only say what somebody has got: "Ada has what she needs from us"."""
    return hit.first > 0 and sentence.forms[hit.first - 1] in HAS


def _said_of_somebody(sentence: Sentence, hit: Hit) -> bool:
    """Whether what looks like an order has a subject: "I send you the list"."""
    before = sentence.tokens[hit.first - 1].mention if hit.first else None
    return before is not None and before.kind in ("person", "ours", "stranger")


def _imperative(reading: Reading, sentence: Sentence, hit: Hit) -> int:
    doing = reading.lexicon.words("plain_verbs")
    for number in range(hit.first, len(sentence.tokens)):
        if sentence.forms[number] in doing:
            return number
    return hit.first


def _from_customer(reading: Reading, sentence: Sentence) -> bool:
    speaker = reading.speaker(sentence)
    return bool(speaker and speaker.kind != "ours")


def _asker(reading: Reading, sentence: Sentence, hit: Hit) -> str | None:
    for slot in ("someone", "person"):
        if slot in hit.slots:
            mention = sentence.tokens[hit.slots[slot]].mention
            entity = reading.entity(mention.ref if mention else None)
            return entity.name if entity else None
    people = [
        mention
        for mention in sentence.mentions("person", "stranger")
        if mention.start <= sentence.tokens[hit.first].start
    ]
    speaker = reading.speaker(sentence)
    entity = reading.entity(people[-1].ref) if people else (speaker if speaker and speaker.kind != "ours" else None)
    return entity.name if entity else None


def agreed(reading: Reading, sentence: Sentence, taken: set[int]) -> Iterator[ActionFact]:
    """What somebody of theirs asked for and one of ours took in the next words, with a day: "Gladly, by Thursday."."""
    hit = next(iter(reading.find(sentence, "actions.request_direct", "actions.request", *WISHES)), None)
    if hit is None or stance.of(sentence, hit, reading.lexicon).denied:
        return
    speaker = reading.speaker(sentence)
    if speaker and speaker.kind == "ours":
        return
    for reply in reading.after(sentence, 2):
        if reply.number in taken or (reply.block != sentence.block and not reply.speaker):
            return
        yes = _yes(reading, reply)
        says = reading.speaker(reply)
        if yes is None or (says and says.kind != "ours"):
            continue
        due = tasks.deadline(reading, reply) or _day_after(reading, reply) or _asked_by(reading, sentence, hit, yes)
        if due is None or stance.of(reply, yes, reading.lexicon).denied:
            return
        fact = _taken(reading, sentence, reply, hit, due)
        if fact.words:
            yield fact
        return


def _asked_by(reading: Reading, sentence: Sentence, hit: Hit, yes: Hit) -> date | None:
    """The day that was asked for, when the reply names who does it: "wants an offer by June. I do it."."""
    return tasks.deadline(reading, sentence, hit.first) if "ours" in yes.slots else None


def _yes(reading: Reading, reply: Sentence) -> Hit | None:
    """What takes a request, at the head of a reply: "gladly", "you'll have it", "from me", "Bo does it"."""
    said = next((each for each in reading.find(reply, "actions.agree") if each.first <= 1), None)
    if said or len(reply.tokens) > REPLY:
        return said
    taking = reading.find(reply, "actions.accept", "actions.accept_reply")
    return next((each for each in taking if each.first <= 1 and "ours" in each.slots), None)


def _answered(reading: Reading, sentence: Sentence, hit: Hit) -> list[ActionFact] | None:
    """What the answer in a talk makes of a request without a day: taken, refused (nothing), or None: no answer."""
    if not reading.transcript:
        return None
    if tasks.deadline(reading, sentence, hit.first):
        return [] if _refused(reading, sentence) else None
    if any(receiving.spoken(reading, reply) for reply in reading.after(sentence, REPLIES)):
        return []
    taken = list(agreed(reading, sentence, set()))
    return taken if taken or _refused(reading, sentence) else None


def _refused(reading: Reading, sentence: Sentence) -> bool:
    """Whether one of ours says no right after."""
    reply = next(iter(reading.after(sentence, 1)), None)
    says = reading.speaker(reply) if reply else None
    if reply is None or says is None or says.kind != "ours":
        return False
    return bool(set(reply.forms[:4]) & reading.lexicon.words("not"))


def _day_after(reading: Reading, reply: Sentence) -> date | None:
    """The day that the words after a "yes" name, when they are few."""
    following = next(iter(reading.after(reply, 1)), None)
    short = following is not None and len(following.tokens) <= 8 and following.speaker == reply.speaker
    return tasks.deadline(reading, following) if following and short else None


def _taken(reading: Reading, sentence: Sentence, reply: Sentence, hit: Hit, due: date) -> ActionFact:
    says = reading.speaker(reply)
    owner = says.id if says else next((each.ref for each in reply.mentions("ours") if each.ref), reading.roster.author)
    doing = reading.lexicon.words("plain_verbs")
    first = next((at for at in range(hit.first, len(sentence.tokens)) if sentence.forms[at] in doing), None)
    thing = things.thing_before(reading, sentence, len(sentence.tokens))
    text = tasks.wording(reading, sentence, first, len(sentence.tokens)) if first is not None else thing
    text = text or thing or _turned(reading, sentence, hit)
    fact = tasks.fact(reading, sentence, hit.rule, text, owner, (hit.first, len(sentence.tokens)))
    asker = _asker(reading, sentence, hit)
    return replace(fact, deadline=due, target=asker or fact.target, extra=reading.quotes(reply))


def _turned(reading: Reading, sentence: Sentence, hit: Hit) -> str:
    """What was asked for in the passive, as a task: "whether X could be shown in Hall 2" is "show X in Hall 2"."""
    for at in range(hit.last, len(sentence.tokens)):
        verb = verbs.verb_of(reading, sentence.forms[at])
        if verb and sentence.forms[at - 1] in ("be", "get"):
            what = [
                token for token in sentence.tokens[hit.first : at] if token.mention and token.mention.kind == "offering"
            ]
            names = [entity.name for token in what if token.mention and (entity := reading.entity(token.mention.ref))]
            return " ".join([verb, *names, tasks.wording(reading, sentence, at + 1, len(sentence.tokens))]).strip()
    return ""


def taker(reading: Reading, sentence: Sentence) -> str | None:
    """Whoever of ours says, here or right after, that they take it."""
    for each in (sentence, *reading.after(sentence, 1)):
        if each is not sentence and (each.block != sentence.block or each.bullet == "heading"):
            break
        for hit in reading.find(each, "actions.accept"):
            mention = each.tokens[hit.slots["ours"]].mention if "ours" in hit.slots else None
            if each is not sentence and len(each.tokens) > 6:
                continue
            if mention and mention.ref and not stance.of(each, hit, reading.lexicon).denied:
                return mention.ref
            if not hit.slots:
                return reading.roster.author
    return None


def _handed(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """A thing, somebody, a day: "Price list to Ute by Nov 3, I do it"."""
    things = reading.lexicon.words("thing")
    for hit in reading.find(sentence, "actions.handover"):
        begins = next((at + 1 for at in range(hit.first - 1, -1, -1) if sentence.forms[at] in (":", ",")), 0)
        head = sentence.forms[begins : hit.first]
        if (
            not head
            or len(head) > 6
            or any(form.endswith("ed") for form in head)
            or not (set(head) & things or " ".join(head[-2:]) in things)
        ):
            continue
        due = tasks.deadline(reading, sentence)
        until = set(hit.cue.line.split()) & BOUNDS or set(sentence.forms[hit.first : hit.last]) & BOUNDS
        if due == reading.context.said_on and not until:
            continue
        if stance.of(sentence, hit, reading.lexicon).plain and due:
            text = sentence.slice(begins, hit.first)
            yield tasks.fact(reading, sentence, hit.rule, text, _hander(reading, sentence), (0, len(sentence.tokens)))
            return


def _hander(reading: Reading, sentence: Sentence) -> str | None:
    """Whose it is: who says here that they take it, or of ours in a talk right after: "will do"."""
    taking = taker(reading, sentence)
    reply = next(iter(reading.after(sentence, 1)), None)
    if taking or not reading.transcript or reply is None or reply.speaker == sentence.speaker:
        return taking
    says = reading.speaker(reply)
    agrees = len(reply.tokens) <= REPLY and any(hit.first <= 1 for hit in reading.find(reply, "actions.suits"))
    return says.id if agrees and says and says.kind == "ours" else None
