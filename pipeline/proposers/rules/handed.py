"""Tasks of the plan that change hands: "Bo takes it over", "I'm doing the walk myself", "price list: Bo now, not me".

Whoever of ours is not the owner yet must stand in the place of the doer: as the subject of a verb of taking or of the
task's own verb, behind "to" after a verb of giving, or alone behind the task. Helping with a task hands over nothing.
"""

from collections.abc import Iterator
from itertools import pairwise, takewhile

from pipeline.proposers.rules import stance, tables, tasks, verbs
from pipeline.proposers.rules.facts import ActionFact, Said
from pipeline.proposers.rules.lexicon import Hit, compile_cue
from pipeline.proposers.rules.opentasks import Open
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

REACH = 8
"""So many tokens behind a verb its object begins at most."""
ALL_OF_US = frozenset({"we", "us", "our", "ours", "wir", "uns", "unser", "unsere", "we'll", "we're", "we've"})
ENDS = frozenset({".", ";", "!", "?", "|", "(", ")", "–", "—"})
IT = frozenset({"it", "that", "this", "them", "those", "one", "das", "es", "die", "den", "sie", "ihn"})
FROM = frozenset(
    {"from", "instead", "myself", "himself", "herself", "now", "over", "von", "selbst", "selber", ",", "for"}
)
TAKING = compile_cue("actions.handed", "<ours>", {})


def given(reading: Reading, sentence: Sentence, task: Open) -> ActionFact | None:
    """The task given to another of ours."""
    owner = str(task.item.values.get("owner") or "")
    for at, rule in _takers(reading, sentence, task):
        mention = sentence.tokens[at].mention
        entity = reading.entity(mention.ref if mention else None)
        hit = Hit(TAKING, at, min(at + 3, len(sentence.tokens)), {"ours": at})
        if entity is None or entity.name == owner or not _firm(reading, sentence, hit):
            continue
        return ActionFact(
            Said(sentence, reading.quotes(sentence, hit.first, hit.last), rule), task.item.id, owner=entity.name
        )
    return None


def _firm(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    found = stance.of(sentence, hit, reading.lexicon)
    if found.hedged or found.conditional or found.denied:
        return False
    return not found.asked or taken_up(reading, sentence, hit)


def _takers(reading: Reading, sentence: Sentence, task: Open) -> Iterator[tuple[int, str]]:
    """Where somebody of ours stands who takes the task, the surest wording first."""
    for hit in reading.find(sentence, "actions.reassigned"):
        slot = "ours2" if hit.cue.line.startswith("from <ours>") else "ours"
        mention = sentence.tokens[hit.slots[slot]].mention if slot in hit.slots else None
        if mention and not _meant_by_all(sentence, mention):
            yield hit.slots[slot], hit.rule
    for at, token in enumerate(sentence.tokens):
        if token.mention and token.mention.kind == "ours" and not _meant_by_all(sentence, token.mention):
            for rule, test in (("does", _does), ("receives", _receives), ("has", _has), ("named", _named)):
                if test(reading, sentence, task, at):
                    yield at, f"actions.handed.{rule}"


def _meant_by_all(sentence: Sentence, mention: Mention) -> bool:
    """Whether a pronoun means all of us, and so nobody."""
    written = sentence.text[mention.start - sentence.start : mention.end - sentence.start].lower().replace("’", "'")
    return mention.pronoun and written in ALL_OF_US


def _does(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the one at token `at` takes the task: subject of a verb of taking, or of the task's own."""
    verb = _verb_after(reading, sentence, at)
    if verb is None:
        return False
    form = sentence.forms[verb]
    taking = verbs.known(reading, "taking_verbs")
    own = _own_forms(task)
    if form not in taking | own or not _speaks_of(sentence, task, at, verb):
        return False
    particles = verbs.known(reading, "with_particle")
    behind = sentence.tokens[verb + 1 : verb + REACH + 1]
    led = any(
        one.form in particles and not (other.mention and other.mention.kind == "date")
        for one, other in pairwise([*behind, sentence.tokens[-1]])
    )
    return led or form not in verbs.known(reading, "taken_past")


def _verb_after(reading: Reading, sentence: Sentence, at: int) -> int | None:
    """The number of the first word behind a subject that is no light word: its verb."""
    light = reading.lexicon.words("light") | verbs.known(reading, "taking_light")
    light = light - verbs.known(reading, "taking_verbs")
    for number in range(at + 1, min(at + 7, len(sentence.tokens))):
        token = sentence.tokens[number]
        if token.mention and (token.mention.kind != "date" or number > at + 4):
            return None
        if token.mention is None and token.form not in light:
            return number
    return None


def _own_forms(task: Open) -> frozenset[str]:
    verb = str(task.item.values.get("action")).split()[0].lower()
    return frozenset({verb, verb + "s", verb + "es", verb.removesuffix("e") + "ing"})


def _speaks_of(sentence: Sentence, task: Open, at: int, verb: int) -> bool:
    """Whether the verb's object is the task: named behind it, meant by "it", or put in front of its subject."""
    behind = list(takewhile(lambda form: form not in ENDS, sentence.forms[verb + 1 : verb + 1 + REACH]))
    objects = list(takewhile(lambda form: form != ",", behind))
    if {tasks.stem(form) for form in objects} & task.words or set(objects[:2]) & IT:
        return True
    ahead = sentence.forms[max(0, at - REACH * 2) : at]
    front = {tasks.stem(form) for form in ahead} & task.words
    other = any(each.mention and each.mention.kind == "offering" for each in sentence.tokens[verb + 1 : verb + 4])
    return bool(front) and not other and (not objects or objects[0] in FROM or sentence.forms[verb - 1] != "to")


def _receives(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the task is given "to" the one at token `at`: "I'm handing the walk to Bo", "the walk goes to Bo"."""
    if at == 0 or sentence.forms[at - 1] not in verbs.known(reading, "handing_to"):
        return False
    start = max((number + 1 for number in range(at) if sentence.forms[number] in ENDS), default=0)
    before = sentence.forms[start:at]
    handing = any(form in verbs.known(reading, "handing_verbs") for form in before)
    named = {tasks.stem(form) for form in before} & task.words or IT & set(before)
    return handing and bool(named)


def _has(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the one at token `at` has the task from now on: "Bo has the walk now", "that one is with Bo now"."""
    since = verbs.known(reading, "from_now")
    clause = list(takewhile(lambda form: form not in ENDS | {","}, sentence.forms[at + 1 : at + 1 + REACH]))
    if not any(f" {words} " in f" {' '.join(clause)} " for words in since) and not _today(sentence, at):
        return False
    if clause[:1] and clause[0] in verbs.known(reading, "having"):
        return bool({tasks.stem(form) for form in clause} & task.words or IT & set(clause[1:3]))
    before = sentence.forms[max(0, at - 2) : at]
    held = (
        before[-1:] and before[-1] in verbs.known(reading, "held_by") and bool(set(before[:-1]) & {"is", "are", "ist"})
    )
    ahead = sentence.forms[:at]
    return bool(held) and bool({tasks.stem(form) for form in ahead} & task.words or IT & set(ahead))


def _today(sentence: Sentence, at: int) -> bool:
    """Whether "from" and a day stand behind the one at token `at`."""
    return any(
        token.mention is not None
        and token.mention.kind == "date"
        and ("from" in sentence.text[token.start - sentence.start - 6 : token.end - sentence.start].lower())
        for token in sentence.tokens[at + 1 : at + 1 + REACH]
    )


def _named(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the one at token `at` stands alone behind the task, with who had it: "walk: Bo now, not me"."""
    if sentence.bullet == "|":
        return tables.owner_cell(reading, sentence) == at
    if at == 0 or sentence.forms[at - 1] not in (":", "->", "-", "–", "=", ","):
        return False
    if not {tasks.stem(form) for form in sentence.forms[:at]} & task.words:
        return False
    behind = " ".join(sentence.forms[at + 1 : at + 5])
    return any(f" {behind} ".startswith(f" {words} ") for words in verbs.known(reading, "named_now"))


def taken_up(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether the one of ours who is asked in a talk says yes: "can you take it?" – "got it"."""
    mention = sentence.tokens[hit.slots["ours"]].mention
    if not reading.transcript or "?" not in sentence.text:
        return False
    for reply in reading.after(sentence, 3):
        says = reading.speaker(reply)
        if says and mention and says.id == mention.ref:
            return any(each.first <= 2 for each in reading.find(reply, "actions.suits", "actions.agree"))
    return False
