"""New tasks: promises, to-do lines, requests that somebody took; and whose they are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipeline.proposers.rules import asked, listed, offered, outcomes, receiving, stance, tasks, verbs
from pipeline.proposers.rules.facts import ActionFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence
from pipeline.records import SourceKind

RESTATED = 0.6
SHORT = 11
REFUSAL = 7
"""So few words after "but" only take back what was said before it."""
TAKEN = "action/"
FIRM = ("will", "promised", "said", "going", "owes")
"""What a cue's line holds when it binds without a day: "takes the action to …", "will …"."""


def facts(reading: Reading) -> list[ActionFact]:
    """All new tasks, owners corrected by what the writer says of them."""
    found: list[ActionFact] = []
    for sentence in reading.sentences:
        if sentence.bullet == "heading":
            continue
        lines = list(listed.listed(reading, sentence))
        spoken = [] if lines else list(_spoken(reading, sentence))
        comma = (
            next((number for number, form in enumerate(sentence.forms) if form == ","), len(sentence.tokens))
            if lines
            else 0
        )
        wanted = [] if spoken else list(asked.requested(reading, sentence, comma))
        found += lines + spoken + wanted
    taken = {fact.said.sentence.number for fact in found}
    found += [
        fact for each in reading.sentences if each.number not in taken for fact in asked.agreed(reading, each, taken)
    ]
    dated = [
        offered.by_next_time(reading, fact)
        for fact in offered.corrected(reading, [_corrected(reading, each) for each in found])
    ]
    return [fact for fact in _owned(reading, dated) if not _known(reading, fact)]


def _corrected(reading: Reading, fact: ActionFact) -> ActionFact:
    """The task with the day that the next words put right: "Bo, 18 June. No: 25 June."."""
    following = next(iter(reading.after(fact.said.sentence, 1)), None)
    if (
        following is None
        or following.block != fact.said.sentence.block
        or following.speaker != fact.said.sentence.speaker
    ):
        return fact
    hit = reading.lexicon.first(following, "actions.corrected")
    day = tasks.deadline(reading, following) if hit and hit.first == 0 else None
    return replace(fact, deadline=day, extra=fact.extra + reading.quotes(following)) if day and fact.deadline else fact


def _known(reading: Reading, fact: ActionFact) -> bool:
    """Whether the plan holds the task already."""
    spoken_of = outcomes.matched(reading, fact.said.sentence, RESTATED)
    for item in reading.context.plan.section("actions"):
        if item.id == spoken_of and fact.words & tasks.content(reading, str(item.values.get("action"))):
            return True
        words = tasks.content(reading, str(item.values.get("action")))
        if (
            words
            and fact.words
            and len(words & fact.words) / len(words) >= 0.6
            and fact.target in (None, item.values.get("target"))
        ):
            return True
    return False


def _promised(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """Promises: "I will send …", "Sam promised it for Friday", "Bo to send that"."""
    taken = -1
    told: list[frozenset[str]] = []
    for hit in sorted(reading.find(sentence, "actions.promise"), key=lambda hit: (hit.first, -hit.last)):
        if hit.first < taken:
            continue
        found = stance.of(sentence, hit, reading.lexicon)
        mention = _subject(sentence, hit)
        if not found.plain or found.bound or mention is None or not mention.ref or _aside(reading, sentence, hit):
            continue
        if _called_off(reading, sentence, hit) or reading.lexicon.first(sentence, "actions.long_past"):
            continue
        fact = _promise(reading, sentence, hit, mention)
        if fact:
            if any(fact.words and fact.words <= other for other in told):
                continue
            told.append(fact.words)
            taken = hit.last
            yield fact


def _called_off(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether the sentence takes it back: "we'll appeal …, but we won't"."""
    rest = sentence.forms[hit.last :]
    for at, form in enumerate(rest):
        if form in ("but", "aber"):
            ahead = rest[at + 1 : at + 5]
            return bool(set(ahead) & reading.lexicon.words("not")) and len(rest) - at <= REFUSAL
    return False


def _aside(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether it is a reason, or what somebody wants of "us": "since you will ask", "he wants us to aim higher"."""
    if hit.first and sentence.forms[hit.first - 1] in verbs.known(reading, "reasons"):
        return True
    mention = sentence.tokens[hit.first].mention
    asked = hit.cue.line in ("<ours> to ~", "<who> to $verbs") and hit.first > 0
    asked = asked and (
        hit.cue.line == "<ours> to ~" or sentence.forms[hit.first - 1] in verbs.known(reading, "bidding")
    )
    return asked and mention is not None and mention.pronoun


def _spoken(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What a sentence promises: with its subject, by somebody named, or without a subject."""
    for way in (offered.accepted, offered.among_colleagues, receiving.told, _promised, _by_somebody, _elliptic):
        found = list(way(reading, sentence))
        if found:
            yield from found
            return


def _elliptic(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """A promise whose subject is left out, with a day: "can do the set-up by Friday"."""
    hit = next((each for each in reading.find(sentence, "actions.elliptic") if each.first == 0), None)
    due = tasks.deadline(reading, sentence) if hit else None
    if hit is None or due is None or not stance.of(sentence, hit, reading.lexicon).plain:
        return
    speaker = reading.speaker(sentence)
    owner = speaker.id if speaker else (None if sentence.speaker else reading.roster.author)
    if owner is None or (speaker and speaker.kind != "ours"):
        return
    first = hit.last - 1
    text = tasks.task_text(reading, sentence, first)
    if tasks.content(reading, text):
        yield tasks.fact(reading, sentence, hit.rule, text, owner, (first, tasks.clause_end(sentence, hit)))


def _by_somebody(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """What is to be done by somebody named: "new ticket to be opened by Bo"."""
    for hit in reading.find(sentence, "actions.by_somebody"):
        mention = sentence.tokens[hit.last - 1].mention
        owner = reading.entity(mention.ref if mention else None)
        if owner is None or owner.kind != "ours" or not 1 <= hit.first <= SHORT or reading.transcript:
            continue
        if stance.of(sentence, hit, reading.lexicon).plain:
            text = sentence.slice(0, hit.last - 2)
            yield tasks.fact(reading, sentence, hit.rule, text, owner.id, (0, len(sentence.tokens)))
            return


def _subject(sentence: Sentence, hit: Hit) -> Mention | None:
    slots = (
        ("who2", "who", "ours")
        if any(word in hit.cue.line for word in ("said", "told", "that? <who>"))
        else ("who", "ours")
    )
    return next((sentence.tokens[hit.slots[slot]].mention for slot in slots if slot in hit.slots), None)


def _promise(reading: Reading, sentence: Sentence, hit: Hit, mention: Mention) -> ActionFact | None:
    owner = reading.entity(mention.ref)
    if owner is None:
        return None
    theirs = owner.kind != "ours"
    due = tasks.deadline(reading, sentence, hit.first) or _due_after(reading, sentence)
    if not _binding(reading, sentence, hit, theirs, due):
        return None
    if "from <ours>" in hit.cue.line:
        return receiving.from_us(reading, sentence, hit, mention)
    first = tasks.verb_place(sentence, hit)
    if not _doable(reading, sentence, hit, first, theirs, due):
        return None
    text = tasks.task_text(reading, sentence, first)
    if hit.cue.line.startswith(tasks.PRESENT) and not mention.pronoun:
        lead, *rest = text.split(" ") if text else [""]
        text = " ".join([lead.removesuffix("s"), *rest])
    said = tasks.content(reading, text)
    if said and not due and said <= verbs.known(reading, "vague"):
        return None
    if theirs and not due and not _ours_in_it(reading, sentence, first):
        return None
    if not text or (not due and theirs and "can" not in hit.cue.line and not reading.transcript):
        return None
    fact = tasks.fact(reading, sentence, hit.rule, text, mention.ref, (first, tasks.clause_end(sentence, hit)))
    return replace(fact, deadline=due, optional=theirs)


def _doable(reading: Reading, sentence: Sentence, hit: Hit, first: int, theirs: bool, due: date | None) -> bool:
    """Whether the words from token `first` on name something to do, and not what goes on, is felt or is let happen."""
    lexicon = reading.lexicon
    form = sentence.forms[first] if first < len(sentence.forms) else ""
    if set(sentence.forms[first : first + 2]) & lexicon.words("not") or _only_told(reading, hit, due):
        return False
    if theirs and form not in lexicon.words("giving_verbs"):
        return False
    if form in lexicon.words("stative") and not _does(reading, sentence, hit, first):
        return False
    if due is None and reading.transcript and _passing(reading, sentence):
        return False
    return not (first and sentence.forms[first - 1] in lexicon.words("letting"))


def _only_told(reading: Reading, hit: Hit, due: date | None) -> bool:
    """Whether a present tense with today's day only tells what goes on: "I write this before we leave today"."""
    present = hit.cue.line.startswith(tasks.PRESENT) or hit.cue.line.endswith("$does")
    return present and due == reading.context.said_on and not reading.transcript


def _ours_in_it(reading: Reading, sentence: Sentence, first: int) -> bool:
    """Whether what somebody of theirs will do names a thing to hand over, a person, or one of our offerings."""
    things = reading.lexicon.words("thing") | reading.lexicon.words("you")
    kinds = ("ours", "offering", "person", "stranger", "department")
    rest = sentence.tokens[first:]
    return any(token.form in things or (token.mention and token.mention.kind in kinds) for token in rest) or bool(
        {"it", "that", "this", "them"} & set(sentence.forms[first : first + 3])
    )


def _present(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether a form may be a verb of doing in the present, after its subject: not "saw", "spent", "owns"."""
    form, lexicon = sentence.forms[at], reading.lexicon
    mention = sentence.tokens[at - 1].mention
    if mention is None or not form.isalpha() or form.endswith(("ed", "ing")):
        return False
    if not mention.pronoun and not form.endswith("s"):
        return False
    if mention.pronoun and sentence.slice(at - 1, at).lower() not in verbs.known(reading, "subjects"):
        return False
    kept = lexicon.words("small") | lexicon.words("light") | lexicon.words("stative") | lexicon.words("saying")
    bare = form.removesuffix("s")
    return not {form, bare} & (kept | lexicon.words("past_verbs") | verbs.known(reading, "no_doing"))


def _does(reading: Reading, sentence: Sentence, hit: Hit, first: int) -> bool:
    """Whether a verb of being or thinking says that something is done: "look into", "takes the action to"."""
    return TAKEN in hit.cue.line or any(each.first == first for each in reading.find(sentence, "actions.doing"))


def _binding(reading: Reading, sentence: Sentence, hit: Hit, theirs: bool, due: date | None) -> bool:
    """Whether the cue's wording binds somebody, by itself or with a day."""
    line = hit.cue.line
    if line.startswith(tasks.PRESENT) and not _present(reading, sentence, hit.first + 1):
        return False
    if due:
        return "can" not in line.split() or (theirs and reading.transcript)
    mail = reading.context.document.kind is SourceKind.email
    if theirs and not (reading.transcript or mail):
        return False
    taken = TAKEN in line
    if (
        line.startswith(tasks.PRESENT)
        or (line.endswith("~") and not taken)
        or "/must/" in line
        or sentence.forms[hit.last - 1] == "have"
    ):
        return False
    firm = taken or any(word in line for word in FIRM)
    if not firm and not (" to $verbs" in line and not theirs) and "can" not in line:
        return False
    return "can" not in line.split() or (theirs and reading.transcript)


def _passing(reading: Reading, sentence: Sentence) -> bool:
    """Whether it only says what happens in the talk itself: "I'll just show you now"."""
    return reading.lexicon.first(sentence, "actions.passing") is not None


def _due_after(reading: Reading, sentence: Sentence) -> date | None:
    """The day that a few words right after name: a promise, then "Give me until Friday."."""
    for following in reading.after(sentence, 1):
        if following.block != sentence.block or following.bullet or len(following.tokens) > SHORT:
            return None
        if set(following.forms) & reading.lexicon.words("by_words"):
            return tasks.deadline(reading, following)
    return None


def _owned(reading: Reading, found: list[ActionFact]) -> list[ActionFact]:
    """Owners as the writer corrects them: "the store list is Kit's, not mine", "that one is on me"."""
    result = list(found)
    for sentence in reading.sentences:
        hit = next((hit for hit in reading.find(sentence, "actions.ownership") if "ours" in hit.slots), None)
        if not hit or sentence.part == "summary":
            continue
        mention = sentence.tokens[hit.slots["ours"]].mention
        entity = reading.entity(mention.ref if mention else None)
        words = tasks.content(reading, sentence.text)
        if entity is None:
            continue
        enough = 0.3 if hit.cue.line.startswith("correction") else 0.5
        for number, fact in enumerate(result):
            if (
                fact.words
                and len(fact.words & words) / len(fact.words) >= enough
                and fact.said.sentence is not sentence
            ):
                quotes = reading.quotes(sentence, hit.first, hit.last)
                result[number] = replace(
                    fact,
                    owner=entity.name,
                    owner_side="ours",
                    extra=fact.said.quotes,
                    said=Said(sentence, quotes, hit.rule),
                    optional=False,
                )
    return result
