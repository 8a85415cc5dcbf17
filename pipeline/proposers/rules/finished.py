"""Tasks of the plan that are done: a word of finishing, the task's own verb in the past, or what was given or held.

"Sent", "done", "went out" say it by themselves unless their object is another thing ("sent a reminder for the
figures"). Verbs such as "gave", "ran" or "got" say it only with the task as their object or subject, and with a day
past, "has", "already" or "as planned".
"""

import re
from itertools import takewhile

from pipeline.language.days import Day
from pipeline.proposers.rules import stance, tasks, verbs
from pipeline.proposers.rules.lexicon import Hit, compile_cue
from pipeline.proposers.rules.opentasks import Open, best
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

OBJECT = 7
"""So many tokens behind a verb its object ends at most."""
REPLIES = 2
WEEK = 7
BE = frozenset({"is", "are", "was", "were", "ist", "sind", "war"})
BARE = 9
HAVE = frozenset({"has", "have", "hat", "haben"})
IT = frozenset({"it", "that", "this", "them", "those", "these", "one", "both", "everything", "all", "das", "es", "sie"})
PEOPLE = ("person", "stranger", "ours", "department", "offering", "date", "number")
WORDS = re.compile(r"[^\W_]+")
DONE = compile_cue("actions.accomplished", "done", {})


def finished(reading: Reading, sentence: Sentence, task: Open) -> Hit | None:
    """What says that the task is done, if anything does."""
    lexicon = reading.lexicon
    if lexicon.first(sentence, "actions.not_done"):
        return None
    done = _said(reading, sentence, task) or _own_verb(reading, sentence, task) or accomplished(reading, sentence, task)
    return done if done and not _yet_to_come(reading, sentence, done) else None


def _said(reading: Reading, sentence: Sentence, task: Open) -> Hit | None:
    """A word of finishing that is not said of another thing."""
    for hit in reading.find(sentence, "actions.done"):
        before = sentence.tokens[hit.first - 1].mention if hit.first else None
        if before is not None and before.kind == "date" and sentence.forms[hit.first] in BE:
            continue
        if stance.of(sentence, hit, reading.lexicon).plain and not _of_another_thing(reading, sentence, task, hit):
            return hit
    return None


def _of_another_thing(reading: Reading, sentence: Sentence, task: Open, hit: Hit) -> bool:
    """Whether a thing that is none of the task's stands behind: "sent a reminder for the figures"."""
    known = verbs.known(reading, "accomplished")
    verb = next((at for at in range(hit.first, hit.last) if sentence.forms[at] in known), None)
    if verb is None:
        return False
    behind = sentence.forms[verb + 1 : verb + 1 + OBJECT]
    objects = list(
        takewhile(lambda form: form not in stance.STOPS and form not in (".", "and", "for", "about"), behind)
    )
    about = behind[len(objects) : len(objects) + 1]
    telling = [form for form in objects if form.isalpha() and form not in _known(reading)]
    return about in (["for"], ["about"]) and bool(telling) and not {tasks.stem(form) for form in objects} & task.words


def _known(reading: Reading) -> set[str]:
    lexicon = reading.lexicon
    return (
        lexicon.words("small")
        | lexicon.words("light")
        | lexicon.words("light_words")
        | verbs.known(reading, "back_words")
    )


def accomplished(reading: Reading, sentence: Sentence, task: Open) -> Hit | None:
    """A verb of giving, holding or reaching in the past, said of the task, at a time that is over."""
    if not _over(reading, sentence):
        return None
    for at, form in enumerate(sentence.forms):
        following = sentence.forms[at + 1] if at + 1 < len(sentence.forms) else ""
        if form not in verbs.known(reading, "accomplished") and not _holds(reading, sentence, at):
            continue
        if following in verbs.known(reading, "not_accomplished"):
            continue
        if not (_is_object(reading, sentence, task, at) or _is_subject(reading, sentence, task, at)):
            continue
        hit = Hit(DONE, at, at + 1, {})
        if stance.of(sentence, hit, reading.lexicon).plain:
            return hit
    return None


def _holds(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether "has" at token `at` says that somebody of theirs holds something: "Ada has the list since Monday"."""
    mention = sentence.tokens[at - 1].mention if at else None
    holder = mention is not None and mention.kind in ("person", "stranger", "department")
    behind = set(sentence.forms[at + 1 :])
    return holder and sentence.forms[at] in HAVE and bool(behind & verbs.known(reading, "by_now"))


def _over(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence names a day past, or says "has", "already", "as planned", "this morning"."""
    named = [each for each in sentence.mentions("date") if isinstance(each.value, Day)]
    if any(_ahead(reading, sentence, each) for each in named):
        return False
    past = any(reading.day(each) is not None for each in named) or bool(
        set(sentence.forms) & verbs.known(reading, "by_now")
    )
    said = f"{sentence.norm} {' '.join(re.findall(WORDS, sentence.text.lower()))} "
    return past or any(f" {words} " in said for words in verbs.known(reading, "over_words"))


def _ahead(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether a day lies ahead; a mere weekday may as well be the last one: "gave it to her on Monday"."""
    day, today = reading.day(mention), reading.context.said_on
    if day is None or day <= today:
        return False
    words = sentence.text[max(0, mention.start - sentence.start - 6) : mention.end - sentence.start].lower()
    said = set(re.findall(WORDS, words))
    return (day - today).days > WEEK or any(map(str.isdigit, words)) or bool(said & verbs.known(reading, "to_come"))


def _is_object(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the verb's object is the task: its words with nothing telling between, or "it" after they stood."""
    for number in range(at + 1, min(at + 1 + OBJECT, len(sentence.tokens))):
        token = sentence.tokens[number]
        if tasks.stem(token.form) in task.words:
            return True
        if token.form in IT and any(tasks.stem(form) in task.words for form in sentence.forms[:at]):
            return True
        if not (token.mention and token.mention.kind in PEOPLE) and token.form not in _known(reading) | {"'s"}:
            return False
    return False


def _is_subject(reading: Reading, sentence: Sentence, task: Open, at: int) -> bool:
    """Whether the task is what happened, went or arrived: its word before the verb, with no other subject between."""
    if sentence.forms[at] not in verbs.known(reading, "happened"):
        return False
    for number in range(at - 1, max(-1, at - OBJECT), -1):
        token = sentence.tokens[number]
        if tasks.stem(token.form) in task.words:
            return True
        if (
            token.mention
            and token.mention.kind in ("person", "stranger", "ours")
            and sentence.forms[number - 1] not in (reading.lexicon.words("toward") | reading.lexicon.words("governing"))
        ):
            return False
        if token.form in stance.STOPS:
            return False
    return False


def _own_verb(reading: Reading, sentence: Sentence, task: Open) -> Hit | None:
    verb = str(task.item.values.get("action")).split()[0].lower()
    if verb not in reading.lexicon.words("plain_verbs") | reading.lexicon.words("does"):
        return None
    forms = verbs.past_forms(reading, verb)
    at = next((at for at, form in enumerate(sentence.forms) if form in forms), None)
    if at is None or task is not best(reading, [task], sentence):
        return None
    hit = Hit(compile_cue("actions.own_verb", verb, {}), at, at + 1, {})
    before = sentence.tokens[at - 1].mention if at else None
    subject = before is not None and before.kind in ("ours", "person", "stranger")
    passive = at > 0 and sentence.forms[at - 1] in verbs.known(reading, "be_have")
    if not (subject or passive) or _of_another_thing(reading, sentence, task, hit):
        return None
    return hit if stance.of(sentence, hit, reading.lexicon).plain else None


def _yet_to_come(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether it is only planned: "will be sent", "to be done"."""
    ahead = reading.lexicon.words("future_words")
    clause = list(
        takewhile(lambda form: form not in stance.STOPS, reversed(sentence.forms[max(0, hit.first - 4) : hit.first]))
    )
    return bool(ahead & {*clause, *sentence.forms[hit.first : hit.last]}) or sentence.text.rstrip().endswith("?")


def confirmed(reading: Reading, sentence: Sentence) -> Sentence | None:
    """The answer of one of theirs that what was asked about is there: "did the list get to you?" – "it did, thanks"."""
    if not reading.transcript or not sentence.text.rstrip().endswith("?"):
        return None
    asks = reading.speaker(sentence)
    asked = reading.lexicon.first(sentence, "actions.arrived") is not None
    if asks is None or asks.kind != "ours" or not (asked or len(sentence.tokens) <= BARE):
        return None
    answers = ("actions.confirms",) if asked else ("actions.got_it",)
    for reply in reading.after(sentence, REPLIES):
        says = reading.speaker(reply)
        if says is None or says.kind == "ours":
            continue
        if set(reply.forms[:4]) & reading.lexicon.words("not"):
            return None
        return reply if any(hit.first <= 2 for hit in reading.find(reply, *answers)) else None
    return None
