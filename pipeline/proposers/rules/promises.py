"""New tasks: promises, to-do lines, requests that somebody took; and whose they are."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.proposers.rules import outcomes, stance, tasks
from pipeline.proposers.rules.facts import ActionFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence
from pipeline.records import SourceKind

BOX = re.compile(r"\[ ?\]|[☐□]")
RESTATED = 0.6
PRONOUNS = frozenset(["it", "that", "this", "them", "those", "these", "one"])


def facts(reading: Reading) -> list[ActionFact]:
    """All new tasks, owners corrected by what the writer says of them."""
    found: list[ActionFact] = []
    for sentence in reading.sentences:
        if sentence.bullet == "heading":
            continue
        listed = list(_listed(reading, sentence))
        spoken = [] if listed else list(_promised(reading, sentence))
        comma = (
            next((number for number, form in enumerate(sentence.forms) if form == ","), len(sentence.tokens))
            if listed
            else 0
        )
        asked = [] if spoken else list(_requested(reading, sentence, comma))
        found += listed + spoken + asked
    return [fact for fact in _owned(reading, found) if not _known(reading, fact)]


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


def _listed(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """A line of a to-do list, or with a marker such as "AI:"."""
    if outcomes.CHECKED.search(sentence.bullet) or not _is_todo(reading, sentence):
        return
    if sentence.bullet == "|":
        yield from _row(reading, sentence)
        return
    first = _after_marker(reading, sentence)
    owner, first = _leading_owner(reading, sentence, first)
    trailing = None if owner else _trailing_owner(reading, sentence, first)
    owner = owner or trailing
    text = tasks.wording(reading, sentence, first, len(sentence.tokens))
    if not tasks.content(reading, text):
        return
    yield _fact(reading, sentence, "actions.todo", text, owner, (first, len(sentence.tokens)))


def _is_todo(reading: Reading, sentence: Sentence) -> bool:
    if BOX.search(sentence.bullet):
        return True
    marker = reading.lexicon.first(sentence, "actions.todo_marker")
    if marker and marker.first == 0:
        return True
    if not sentence.heading or sentence.part == "quoted":
        return False
    return any(
        each.bullet == "heading"
        and each.heading == sentence.heading
        and reading.lexicon.first(each, "actions.todo_heading")
        for each in reversed(reading.sentences[: sentence.place])
    )


def _after_marker(reading: Reading, sentence: Sentence) -> int:
    marker = reading.lexicon.first(sentence, "actions.todo_marker")
    first = marker.last if marker and marker.first == 0 else 0
    while first < len(sentence.tokens) and sentence.forms[first] in ":-,.*":
        first += 1
    return first


def _leading_owner(reading: Reading, sentence: Sentence, first: int) -> tuple[str | None, int]:
    """The name at the head of a line ("Sam: …", "me -> …", "Sam to send …", "me send …"), and where the task begins."""
    if first >= len(sentence.tokens):
        return None, first
    mention = sentence.tokens[first].mention
    if not mention or mention.kind not in ("ours", "person", "stranger") or not mention.ref:
        return None, first
    after = sentence.forms[first + 1] if first + 1 < len(sentence.tokens) else ""
    if after in (":", "->", "-", "–", "—", "=", ")"):
        return mention.ref, first + 2
    if after in reading.lexicon.words("infinitive_mark"):
        return mention.ref, first + 2
    if after in reading.lexicon.words("plain_verbs"):
        return mention.ref, first + 1
    return None, first


def _trailing_owner(reading: Reading, sentence: Sentence, first: int) -> str | None:
    """Who takes it, named after the task: "… - me - …", "(Sam)", "…, Theo runs it"."""
    for hit in reading.find(sentence, "actions.accept"):
        mention = sentence.tokens[hit.slots["ours"]].mention if "ours" in hit.slots else None
        if mention and mention.ref and hit.first >= first:
            return mention.ref
    for number in range(first, len(sentence.tokens)):
        mention = sentence.tokens[number].mention
        before = sentence.forms[number - 1] if number else ""
        after = sentence.forms[number + 1] if number + 1 < len(sentence.tokens) else "."
        if (
            mention
            and mention.kind == "ours"
            and before in ("-", "–", "—", "(", ",", "->", "@")
            and after in ("-", "–", "—", ")", ",", ".", ":")
        ):
            return mention.ref
    last = sentence.tokens[-1].mention
    return last.ref if last and last.kind == "ours" and first < len(sentence.tokens) - 1 else None


def _row(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """A row of an action table: a person's cell, a task's cell, a day's cell."""
    cells: list[tuple[int, int]] = []
    start = 0
    for number, form in enumerate([*sentence.forms, "|"]):
        if form == "|":
            if number > start:
                cells.append((start, number))
            start = number + 1
    if len(cells) < 2 or all(set(form) <= set("-: ") for form in sentence.forms if form != "|"):
        return
    owner, task = None, None
    for low, high in cells:
        only = [token.mention for token in sentence.tokens[low:high]]
        if high - low == 1 and only[0] and only[0].kind in ("ours", "person", "stranger") and owner is None:
            owner = only[0].ref
        elif task is None and not (only[0] and only[0].kind == "date") and not _undecided(sentence, low, high):
            task = (low, high) if tasks.content(reading, sentence.slice(low, high)) else None
    if task is None or (owner is None and not _has_row_mark(sentence)):
        return
    text = tasks.wording(reading, sentence, task[0], task[1])
    fact = _fact(reading, sentence, "actions.table", text, owner, task)
    yield replace(fact, deadline=tasks.deadline(reading, sentence))


def _undecided(sentence: Sentence, low: int, high: int) -> bool:
    return sentence.forms[low:high] == ["to", "be", "decided"]


def _has_row_mark(sentence: Sentence) -> bool:
    return "be decided" in sentence.norm or any(mention for mention in sentence.mentions("date"))


def _promised(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """Promises: "I will send …", "Sam promised it for Friday", "Bo to send that"."""
    taken = -1
    told: list[frozenset[str]] = []
    for hit in sorted(reading.find(sentence, "actions.promise"), key=lambda hit: (hit.first, -hit.last)):
        if hit.first < taken:
            continue
        found = stance.of(sentence, hit, reading.lexicon)
        mention = _subject(sentence, hit)
        if not found.plain or found.bound or mention is None or not mention.ref:
            continue
        fact = _promise(reading, sentence, hit, mention)
        if fact:
            if any(fact.words and fact.words <= other for other in told):
                continue
            told.append(fact.words)
            taken = hit.last
            yield fact


def _subject(sentence: Sentence, hit: Hit) -> Mention | None:
    slots = ("who2", "who", "ours") if "said" in hit.cue.line else ("who", "ours")
    return next((sentence.tokens[hit.slots[slot]].mention for slot in slots if slot in hit.slots), None)


def _promise(reading: Reading, sentence: Sentence, hit: Hit, mention: Mention) -> ActionFact | None:
    owner = reading.entity(mention.ref)
    if owner is None:
        return None
    theirs = owner.kind != "ours"
    line = hit.cue.line
    firm = any(word in line for word in ("will", "promised", "said", "going", "owes"))
    due = tasks.deadline(reading, sentence, hit.first)
    if theirs and not (reading.transcript or reading.context.document.kind is SourceKind.email or due):
        return None
    if due is None and (line.endswith("~") or "/must/" in line or sentence.forms[hit.last - 1] == "have"):
        return None
    if not firm and due is None and not (" to $verbs" in line and not theirs) and "can" not in line:
        return None
    if "can" in line.split() and not (theirs and reading.transcript):
        return None
    first = _verb_place(sentence, hit)
    if theirs and sentence.forms[first] not in reading.lexicon.words("giving_verbs"):
        return None
    if sentence.forms[first] in reading.lexicon.words("stative"):
        return None
    text = _task_text(reading, sentence, first)
    if not text or (not due and theirs and "can" not in line and not reading.transcript):
        return None
    fact = _fact(reading, sentence, hit.rule, text, mention.ref, (first, _end(sentence, hit)))
    return replace(fact, deadline=due, optional=theirs)


def _end(sentence: Sentence, hit: Hit) -> int:
    for number in range(hit.last, len(sentence.tokens)):
        if sentence.forms[number] in (";", "."):
            return number
    return len(sentence.tokens)


def _verb_place(sentence: Sentence, hit: Hit) -> int:
    """Where the task begins: at the verb that ends the cue, or at its object."""
    if hit.cue.line.rstrip().endswith(("$verbs", "$verbs/have", "$verbs_ing", "~")):
        first = hit.last - 1
        before = " ".join(sentence.forms[max(0, first - 1) : first + 1])
        return (
            first - 1
            if before.split()[0] in ("set", "follow", "put", "look", "pull", "reach", "line", "dig", "loop", "kick")
            else first
        )
    return hit.last


def _task_text(reading: Reading, sentence: Sentence, first: int) -> str:
    """The task in words; "it" and "that" are replaced by what they mean."""
    text = tasks.wording(reading, sentence, first, len(sentence.tokens))
    words = text.split()
    forms = sentence.forms[first : first + 3]
    pronoun = next((number for number, form in enumerate(forms) if form in PRONOUNS), None)
    bare = not tasks.content(reading, text)
    if pronoun is not None or bare:
        thing = tasks.thing_before(reading, sentence, first)
        if not thing:
            return "" if bare else text
        verb = next(iter(reading.lexicon.words("default_verb")), "send")
        lead = (
            words[0]
            if words and words[0].lower() in reading.lexicon.words("plain_verbs") - {"get", "have", "do"}
            else verb
        )
        return f"{lead} {thing}"
    return text


def _requested(reading: Reading, sentence: Sentence, after: int) -> Iterator[ActionFact]:
    """What the customer asked us for, when it was taken, or comes with a day, or is asked of us directly."""
    if not after:
        yield from _handed(reading, sentence)
    for hit in reading.find(sentence, "actions.request", "actions.request_direct"):
        if hit.first < after:
            continue
        found = stance.of(sentence, hit, reading.lexicon)
        if found.denied or found.hedged or found.conditional:
            continue
        direct = hit.rule.startswith("actions.request_direct")
        if direct and not _from_customer(reading, sentence):
            continue
        if (found.asked and not direct) or "not" in sentence.forms[hit.last : hit.last + 1]:
            continue
        taker = _taker(reading, sentence)
        due = tasks.deadline(reading, sentence, hit.first)
        ours = "we/<ours>" in hit.cue.line or "us/me" in hit.cue.line
        if not (taker or ours or direct) and due is None:
            continue
        if not direct and not ours and not taker:
            continue
        first = _verb_place(sentence, hit) if ours or direct else hit.last
        text = _task_text(reading, sentence, first if not direct else _imperative(reading, sentence, hit))
        if not text or not tasks.content(reading, text):
            continue
        person = _asker(reading, sentence, hit)
        fact = _fact(reading, sentence, hit.rule, text, taker or reading.roster.author, (first, len(sentence.tokens)))
        yield replace(fact, deadline=due, target=person or fact.target)
        return


def _imperative(reading: Reading, sentence: Sentence, hit: Hit) -> int:
    verbs = reading.lexicon.words("plain_verbs")
    for number in range(hit.first, len(sentence.tokens)):
        if sentence.forms[number] in verbs:
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


def _taker(reading: Reading, sentence: Sentence) -> str | None:
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
        head = sentence.forms[: hit.first]
        if not head or len(head) > 6 or not (set(head) & things or " ".join(head[-2:]) in things):
            continue
        if stance.of(sentence, hit, reading.lexicon).plain and tasks.deadline(reading, sentence):
            text = sentence.slice(0, hit.first)
            yield _fact(reading, sentence, hit.rule, text, _taker(reading, sentence), (0, len(sentence.tokens)))
            return


def _fact(
    reading: Reading, sentence: Sentence, rule: str, text: str, owner: str | None, span: tuple[int, int]
) -> ActionFact:
    first, last = span
    entity = reading.entity(owner)
    text = tasks.complete(reading, sentence, text)
    text = text[:1].upper() + text[1:]
    return ActionFact(
        said=Said(sentence, reading.quotes(sentence, first, last), rule),
        action=text,
        owner=entity.name if entity else None,
        owner_side=("ours" if entity.kind == "ours" else "theirs") if entity else None,
        target=tasks.target(reading, sentence, first, last, owner) or tasks.around(reading, sentence, owner),
        deadline=tasks.deadline(reading, sentence, first),
        optional=bool(entity and entity.kind != "ours"),
        words=tasks.content(reading, text),
    )


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
        for number, fact in enumerate(result):
            if fact.words and len(fact.words & words) / len(fact.words) >= 0.5 and fact.said.sentence is not sentence:
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
