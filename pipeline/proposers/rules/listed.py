"""Tasks in lists: to-do lines, tables, and lines that begin with whose task it is."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.proposers.rules import outcomes, tables, tasks, verbs
from pipeline.proposers.rules.facts import ActionFact
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

TRAILS = ("-", "–", "—", "(", ",", "->", ">", "@", ":")
ME = re.compile(r"(?:me|myself|mine|ich|meins|meine)\s*(?::|->|>)", re.IGNORECASE)
ARROWS = ("->", ">", "@")
BOX = re.compile(r"\[ ?\]|[☐□]")


def listed(reading: Reading, sentence: Sentence) -> Iterator[ActionFact]:
    """A line of a to-do list, or with a marker such as "AI:"."""
    if sentence.bullet and any(
        each.line.number == sentence.line.number and not BOX.search(each.text) for each in reading.before(sentence, 1)
    ):
        return
    if outcomes.CHECKED.search(sentence.bullet) or not _is_task(reading, sentence):
        return
    if _unsure(reading, sentence) or _of_another_kind(reading, sentence):
        return
    if sentence.bullet == "|":
        yield from _row(reading, sentence)
        return
    first = _after_marker(reading, sentence)
    owner, first = _leading_owner(reading, sentence, first)
    more = [each for each in reading.after(sentence, 4) if each.bullet and each.line.number == sentence.line.number]
    later = [
        mention.ref for each in more for mention in each.mentions("ours") if mention.ref and not _all(each, mention)
    ]
    owner = owner or _mine(sentence, first)
    trailing = None if owner else _trailing_owner(reading, sentence, first)
    owner = owner or trailing or (later[-1] if later else None)
    text = tasks.wording(reading, sentence, first, len(sentence.tokens))
    lead, *rest = text.split() or [""]
    text = " ".join([verbs.plain(reading, lead), *rest])
    settled = next(iter(reading.find(sentence, "actions.done")), None)
    if not tasks.content(reading, text) or (settled and settled.last == len(sentence.forms) - _marks(sentence)):
        return
    fact = tasks.fact(reading, sentence, "actions.todo", text, owner, (first, len(sentence.tokens)))
    fact = replace(fact, target=_target_before(reading, sentence, first) or fact.target)
    days = [day for each in more if (day := tasks.deadline(reading, each))]
    yield fact if fact.deadline or not days else replace(fact, deadline=days[0])


def _mine(sentence: Sentence, first: int) -> str | None:
    """The writer, where the words before the task say "my": "my homework: …"."""
    said = [token.mention for token in sentence.tokens[:first] if token.mention and token.mention.kind == "ours"]
    return next((each.ref for each in said if each.pronoun and not _all(sentence, each)), None)


def _all(sentence: Sentence, mention: Mention) -> bool:
    """Whether a pronoun means all of us and so nobody: "otherwise we think again"."""
    written = sentence.text[mention.start - sentence.start : mention.end - sentence.start]
    return mention.pronoun and written.lower() not in ("i", "me", "my", "mine", "ich", "mir", "you", "du")


def _marks(sentence: Sentence) -> int:
    """How many marks end a sentence."""
    return next((back for back, form in enumerate(reversed(sentence.forms)) if form[:1].isalnum()), 0)


def _is_task(reading: Reading, sentence: Sentence) -> bool:
    told = _is_todo(reading, sentence) or _names_owner(reading, sentence) or _hands_over(reading, sentence)
    return told or _claimed(reading, sentence) or _ordered(reading, sentence)


def _ordered(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line says what to do and ends with whose it is: "- quote to Ada by Thu -> Bo", "- call Ada, me"."""
    if (
        not (sentence.bullet or reading.sloppy)
        or sentence.bullet == "|"
        or reading.transcript
        or len(sentence.tokens) < 4
    ):
        return False
    last = _owner_behind(reading, sentence)
    if last is None:
        return False
    mark = sentence.forms[last - 1]
    due = tasks.deadline(reading, sentence)
    doing = sentence.forms[_lead(sentence)] in reading.lexicon.words("plain_verbs")
    thing = set(sentence.forms[: last - 1]) & reading.lexicon.words("thing")
    people = sum(1 for token in sentence.tokens[:last] if token.mention and token.mention.kind == "ours")
    past = set(sentence.forms) & (reading.lexicon.words("past_verbs") | verbs.known(reading, "be_have"))
    said = doing or (thing and (due or mark in ARROWS))
    return bool(said) and not people and not past and bool(due or mark in ARROWS or doing)


def _claimed(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line names a day and ends with whose it is, alone: "- wants a call on Thursday. me"."""
    if not sentence.bullet or reading.transcript or not tasks.deadline(reading, sentence):
        return False
    following = next(iter(reading.after(sentence, 1)), None)
    if following is None or following.line.number != sentence.line.number:
        return False
    words = [token for token in following.tokens if token.mention or token.form[:1].isalnum()]
    return len(words) == 1 and words[0].mention is not None and words[0].mention.kind == "ours"


def _owner_behind(reading: Reading, sentence: Sentence) -> int | None:
    """The token that names one of ours behind a mark at the end of a line, with at most a day after: "(Bo, by Fri)"."""
    after = reading.lexicon.words("day_words") | reading.lexicon.words("by_words")
    for at in range(len(sentence.tokens) - 1, 1, -1):
        token = sentence.tokens[at]
        if token.mention and token.mention.kind == "ours":
            fits = not _all(sentence, token.mention) and sentence.forms[at - 1] in (*ARROWS, ",", "-", "–", "—", "(")
            return at if fits else None
        dated = token.mention is not None and token.mention.kind == "date"
        if not (dated or token.form in after or not token.form[:1].isalnum()) or (token.mention and not dated):
            return None
    return None


def _is_todo(reading: Reading, sentence: Sentence) -> bool:
    if sentence.bullet == "|" and tables.columns(reading, sentence):
        return not _settled_row(reading, sentence)
    if BOX.search(sentence.bullet):
        return True
    if any(hit.first == _lead(sentence) for hit in reading.find(sentence, "actions.todo_marker")):
        return True
    if not sentence.heading or sentence.part == "quoted":
        return False
    return any(
        each.bullet == "heading"
        and each.heading == sentence.heading
        and reading.lexicon.first(each, "actions.todo_heading")
        for each in reversed(reading.sentences[: sentence.place])
    )


def _settled_row(reading: Reading, sentence: Sentence) -> bool:
    """Whether the column of statuses says that a row is done or dropped."""
    place = tables.cell(reading, sentence, "status")
    said = set(sentence.forms[place[0] : place[1]]) if place else set()
    return bool(said & verbs.known(reading, "settled_words"))


def _names_owner(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line begins with one of ours, a colon, and something to do: "Bo: price list to Ada by Friday"."""
    if reading.transcript or len(sentence.tokens) < 4 or sentence.part == "quoted":
        return False
    mention = sentence.tokens[0].mention
    ours = bool(mention and mention.kind == "ours" and not mention.pronoun) or (
        mention is None and _by_initials(reading, sentence, 0) is not None
    )
    mark = 2 if sentence.forms[1] == "'s" else 1
    due = tasks.deadline(reading, sentence, 2)
    if ours and due and _from_to(sentence):
        return True
    first = sentence.tokens[2]
    offers = first.mention is None and bool(set(sentence.forms[2:5]) & reading.lexicon.words("thing"))
    if mention and mention.kind == "ours" and sentence.forms[1] == "," and due and offers:
        return sentence.bullet != "" or _item(reading, sentence)
    if not (ours or ME.match(sentence.text)) or sentence.forms[mark] not in (":", "->", ">"):
        return False
    task = set(sentence.forms[2:8])
    doing = reading.lexicon.words("plain_verbs") | reading.lexicon.words("does")
    past = task & (reading.lexicon.words("past_verbs") | {"said", "has", "had"})
    return not past and bool(sentence.forms[2] in doing or due)


def _from_to(sentence: Sentence) -> bool:
    """Whether a line begins with whose it is and for whom, and a colon: "Bo to Ada: …", "Bo/Ada: …"."""
    mention = sentence.tokens[2].mention
    named = mention is not None and mention.kind in ("person", "stranger", "department")
    return named and sentence.forms[1] in (*ARROWS, "to", "for", "/", "an", "für") and sentence.forms[3:4] == [":"]


def _item(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence goes on an item of a list."""
    return any(each.bullet and each.line.number == sentence.line.number for each in reading.before(sentence, 3))


def _hands_over(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is a task, a colon, whose it is, and a day: "Price list to Ada: Bo, by Friday"."""
    if reading.transcript or sentence.part == "quoted" or not tasks.deadline(reading, sentence):
        return False
    for number in range(2, min(len(sentence.tokens), 16)):
        mention = sentence.tokens[number].mention
        after = sentence.forms[number + 1] if number + 1 < len(sentence.tokens) else "."
        if mention and mention.kind == "ours" and sentence.forms[number - 1] == ":" and after in (",", ".", ")", "-"):
            return bool(set(sentence.forms[: number - 1]) & reading.lexicon.words("thing")) or (
                sentence.forms[0] in reading.lexicon.words("plain_verbs")
            )
    return False


def _unsure(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line only says what may come: a guess, a condition, a question."""
    lexicon = reading.lexicon
    if sentence.text.rstrip().endswith("?") and not BOX.search(sentence.bullet):
        return True
    if lexicon.first(sentence, "scope.recap", "scope.no_news", "actions.stands", "actions.nothing_to_do"):
        return True
    marker = lexicon.first(sentence, "actions.todo_marker")
    given = any(True for _ in sentence.mentions("ours")) and tasks.deadline(reading, sentence)
    if lexicon.first(sentence, "cells.parked") and not given and not (marker and marker.first == 0):
        return True
    hedge = lexicon.first(sentence, "scope.hedge_strong")
    condition = lexicon.first(sentence, "scope.condition_if")
    return bool(hedge or (condition and condition.first > 0 and "check" not in sentence.forms[: condition.first]))


def _of_another_kind(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line says itself that it is no task: "new goal: …", "risk: …"."""
    hit = reading.lexicon.first(sentence, "actions.no_task")
    return hit is not None and hit.first == 0


def _lead(sentence: Sentence) -> int:
    """How many marks begin a sentence: those of "**Actions.**"."""
    return next((at for at, form in enumerate(sentence.forms) if form[:1].isalnum() or sentence.tokens[at].mention), 0)


def _after_marker(reading: Reading, sentence: Sentence) -> int:
    markers = [hit for hit in reading.find(sentence, "actions.todo_marker") if hit.first == _lead(sentence)]
    marker = max(markers, key=lambda hit: hit.last, default=None)
    first = marker.last if marker else 0
    if marker and first > 1 and "ours" in marker.slots:
        first = marker.slots["ours"]
    while first < len(sentence.tokens) and sentence.forms[first] in ':-,.*"“„':
        first += 1
    nobody = first < len(sentence.tokens) and sentence.tokens[first].mention is None
    unknown = ME.match(sentence.slice(first, len(sentence.tokens))) if nobody else None
    return first + 2 if unknown else first


def _leading_owner(reading: Reading, sentence: Sentence, first: int) -> tuple[str | None, int]:
    """The name at the head of a line ("Sam: …", "me -> …", "Sam to send …", "me send …"), and where the task begins."""
    if first >= len(sentence.tokens):
        return None, first
    mention = sentence.tokens[first].mention
    ref = mention.ref if mention and mention.kind in ("ours", "person", "stranger") else None
    ref = ref or (_by_initials(reading, sentence, first) if mention is None else None)
    if not ref:
        return None, first
    first += sentence.forms[first + 1 : first + 2] == ["'s"]
    after = sentence.forms[first + 1] if first + 1 < len(sentence.tokens) else ""
    if first == 0 and len(sentence.tokens) > 4 and _from_to(sentence):
        return ref, 4
    if after in (":", "->", ">", "-", "–", "—", "=", ")"):
        return ref, _behind_target(sentence, first + 2) if after in ARROWS else first + 2
    if after == "," and mention and mention.kind == "ours" and first + 2 < len(sentence.tokens):
        things = reading.lexicon.words("thing") | reading.lexicon.words("plain_verbs")
        if set(sentence.forms[first + 2 : first + 5]) & things:
            return ref, first + 2
    if after in reading.lexicon.words("infinitive_mark"):
        return ref, first + 2
    if after in reading.lexicon.words("plain_verbs") | reading.lexicon.words("does"):
        return ref, first + 1
    return None, first


def _behind_target(sentence: Sentence, first: int) -> int:
    """Where the task begins behind "me -> Ada, …" or "me -> Ada: …"."""
    mention = sentence.tokens[first].mention if first < len(sentence.tokens) else None
    named = mention is not None and mention.kind in ("person", "stranger")
    return first + 2 if named and sentence.forms[first + 1 : first + 2] in ([","], [":"]) else first


def _target_before(reading: Reading, sentence: Sentence, first: int) -> str | None:
    """Toward whom the task is that begins at token `first` behind "me -> Ada, …"."""
    if (
        first < 3
        or sentence.forms[first - 1] not in ",:"
        or sentence.forms[first - 3] not in (*ARROWS, "to", "for", "/")
    ):
        return None
    mention = sentence.tokens[first - 2].mention
    entity = reading.entity(mention.ref if mention else None)
    return entity.name if entity else None


def _by_initials(reading: Reading, sentence: Sentence, at: int) -> str | None:
    """The one of ours whom a short form at a token means: "BH - demo", "bh: demo", "Deb: call" for Deborah."""
    written = sentence.slice(at, at + 1)
    marked = sentence.forms[at + 1 : at + 2] in ([":"], ["->"], ["="])
    if not written.isalpha() or not (marked or (written.isupper() and 2 <= len(written) <= 3)):
        return None
    ours = [each for each in reading.roster.people("ours") if _short_for(written.lower(), each.name.lower().split())]
    return ours[0].id if len(ours) == 1 else None


def _short_for(written: str, name: list[str]) -> bool:
    """Whether a short form is the initials of a name, or the beginning of its first part."""
    initials = "".join(part[0] for part in name)
    return written == initials or (len(written) >= 3 and len(name[0]) > len(written) and name[0].startswith(written))


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
        ends = ("-", "–", "—", ")", ",", ".", ":")
        if mention and mention.kind == "ours" and before in TRAILS and (after in ends or _to_them(sentence, number)):
            return mention.ref
    last = sentence.tokens[-1].mention
    return last.ref if last and last.kind == "ours" and first < len(sentence.tokens) - 1 else None


def _to_them(sentence: Sentence, number: int) -> bool:
    """Whether "to" and somebody of theirs follow: "floor plan, Bo to Ada"."""
    after = sentence.tokens[number + 1 : number + 3]
    mention = after[1].mention if len(after) == 2 else None
    return mention is not None and after[0].form in ("to", "an") and mention.kind in ("person", "stranger")


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
    owner, task = _by_heading(reading, sentence) or _by_content(reading, sentence, cells)
    if task is None or (owner is None and not _has_row_mark(sentence)):
        return
    text = tasks.wording(reading, sentence, task[0], task[1])
    fact = tasks.fact(reading, sentence, "actions.table", text, owner, task)
    yield replace(fact, deadline=tasks.deadline(reading, sentence))


def _by_heading(reading: Reading, sentence: Sentence) -> tuple[str | None, tuple[int, int]] | None:
    """Whose a row is and its task, where the table's headings tell; nothing for what is done."""
    task = next(tables.row(reading, sentence), None)
    if task is None:
        return None
    at = tables.owner_cell(reading, sentence)
    mention = sentence.tokens[at].mention if at is not None else None
    return mention.ref if mention else None, task


def _by_content(
    reading: Reading, sentence: Sentence, cells: list[tuple[int, int]]
) -> tuple[str | None, tuple[int, int] | None]:
    """Whose a row is and its task, where no heading tells: the cell of one name, and the first that says something."""
    owner, task = None, None
    for low, high in cells:
        only = [token.mention for token in sentence.tokens[low:high]]
        if high - low == 1 and only[0] and only[0].kind in ("ours", "person", "stranger") and owner is None:
            owner = only[0].ref
        elif task is None and not (only[0] and only[0].kind == "date") and not _undecided(sentence, low, high):
            task = (low, high) if tasks.content(reading, sentence.slice(low, high)) else None
    return owner, task


def _undecided(sentence: Sentence, low: int, high: int) -> bool:
    return sentence.forms[low:high] == ["to", "be", "decided"]


def _has_row_mark(sentence: Sentence) -> bool:
    return "be decided" in sentence.norm or any(mention for mention in sentence.mentions("date"))
