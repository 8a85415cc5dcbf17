"""The wording of tasks: what is to be done, toward whom, by when; and which words make two tasks the same."""

import re
from datetime import date

from pipeline.proposers.rules import things, verbs
from pipeline.proposers.rules.facts import ActionFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence
from pipeline.records import SourceKind

MOST_WORDS = 14
BARE = 2
"""So few words are not understood without the item that they stand below."""
PRESENT = "<ours> ~ the/"
"""A cue for what somebody does on a day to come, with any verb: "Bo redrafts the clause on Friday"."""
COLLOQUIAL = "<ours> schick/"
"""The cue for German verbs of doing without their ending: "ich schick", "ich stell"."""
DETERMINERS = frozenset(["that", "this", "those", "these"])
PRONOUNS = frozenset(["it", "that", "this", "them", "those", "these", "one"])


def content(reading: Reading, text: str) -> frozenset[str]:
    """The telling words of a task: no small words, no verbs of doing, in a common form."""
    small = reading.lexicon.words("small") | reading.lexicon.words("light_words")
    words = re.findall(r"[^\W\d_][\w&-]*", text.lower())
    words = words[1:] if words and words[0] in reading.lexicon.words("plain_verbs") else words
    return frozenset(stem(word.replace("-", "")) for word in words if word not in small and len(word) > 1)


def stem(word: str) -> str:
    """A word without its plural or case ending."""
    for ending in ("ies", "es", "s", "en", "n"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def deadline(reading: Reading, sentence: Sentence, first: int = 0) -> date | None:
    """The day by which something is due: the first to come at or after token `first`, else any to come."""
    ahead = [
        (number, token.mention)
        for number, token in enumerate(sentence.tokens)
        if token.mention and token.mention.kind == "date" and not (number == 1 and sentence.forms[0] == "[")
    ]
    days = [(number, reading.day(mention)) for number, mention in ahead]
    fit = [
        (number, day)
        for number, day in days
        if day and day >= reading.context.said_on and not _past(reading, sentence, number)
    ]
    later = [day for number, day in fit if number >= first]
    return later[0] if later else (fit[0][1] if fit else None)


def _past(reading: Reading, sentence: Sentence, number: int) -> bool:
    return any(form in reading.lexicon.words("since") for form in sentence.forms[max(0, number - 1) : number])


def target(reading: Reading, sentence: Sentence, first: int, last: int, owner: str | None) -> str | None:
    """Toward whom: after "to" or "for", else any other person of theirs in the task, else a department."""
    called = _called(reading, sentence, owner)
    if called:
        return called
    toward = reading.lexicon.words("toward")
    people: list[Mention] = []
    for number in range(first, min(last, len(sentence.tokens))):
        mention = sentence.tokens[number].mention
        if (
            not mention
            or not mention.ref
            or mention.ref == owner
            or mention.kind not in ("person", "stranger", "department", "ours")
        ):
            continue
        before = _governs(reading, sentence, number)
        if before in toward and mention.kind != "ours":
            return _name(reading, mention)
        if mention.kind in ("person", "stranger"):
            people.append(mention)
    if people:
        return _name(reading, people[0])
    owned = reading.entity(owner)
    for number in range(first, min(last, len(sentence.tokens))):
        mention = sentence.tokens[number].mention
        if mention and mention.kind == "department" and not mention.weak:
            return _name(reading, mention)
        if mention and mention.kind == "ours" and mention.ref != owner and owned and owned.kind != "ours":
            return _name(reading, mention)
    return None


def _called(reading: Reading, sentence: Sentence, owner: str | None) -> str | None:
    """Who is spoken to by name, of theirs, when the task is for "you": "you'll have the plan by Friday, Ada"."""
    tokens = sentence.tokens
    said = {sentence.text[t.start - sentence.start : t.end - sentence.start].lower() for t in tokens if t.mention}
    if not (said | set(sentence.forms)) & {"you", "your", "dir", "ihnen", "euch"}:
        return None
    ends = [at for at in range(len(tokens)) if at == 0 or tokens[at - 1].form == ","]
    for at in ends:
        mention, after = tokens[at].mention, tokens[at + 1].form if at + 1 < len(tokens) else "."
        named = mention is not None and mention.kind in ("person", "stranger") and not mention.pronoun
        if named and mention and mention.ref and mention.ref != owner and after in ",.!?":
            return _name(reading, mention)
    return None


def _governs(reading: Reading, sentence: Sentence, number: int) -> str:
    """The word before a name, its honorific left out: "an" in "an Fr. Dr. Lang"."""
    number -= 1
    while number > 0 and (
        sentence.forms[number] == "." or sentence.forms[number] in reading.lexicon.words("honorifics")
    ):
        number -= 1
    return sentence.forms[number] if number >= 0 else ""


def _name(reading: Reading, mention: Mention) -> str | None:
    entity = reading.entity(mention.ref)
    return entity.name if entity else None


def around(reading: Reading, sentence: Sentence, owner: str | None) -> str | None:
    """Whom the talk is with: the customer's person named last before, in this paragraph."""
    people = [mention for mention in sentence.mentions("person", "stranger") if mention.ref and mention.ref != owner]
    if people:
        return _name(reading, people[0])
    writer = reading.speaker(sentence) if reading.context.document.kind is SourceKind.email else None
    if writer and writer.kind in ("person", "stranger"):
        return writer.name
    if writer and set(sentence.forms) & reading.lexicon.words("you"):
        return _recipient(reading)
    for earlier in reading.before(sentence, 3):
        if earlier.block != sentence.block or (sentence.bullet and earlier.line.number != sentence.line.number):
            break
        people = [mention for mention in earlier.mentions("person", "stranger") if mention.ref and mention.ref != owner]
        if people:
            return _name(reading, people[0])
    return None


def _recipient(reading: Reading) -> str | None:
    """The first of the customer's people whom a mail names in its head."""
    found = (reading.roster.find_person(each.name) for each in reading.context.document.participants if each.name)
    return next((entity.name for entity in found if entity and entity.kind == "person"), None)


def wording(reading: Reading, sentence: Sentence, first: int, last: int) -> str:
    """The task in the writer's words from token `first`: to the end of the clause, without its day."""
    stops = reading.lexicon.words("clause_starts")
    end = first
    while end < min(last, len(sentence.tokens), first + MOST_WORDS):
        token = sentence.tokens[end]
        if end > first + 1 and token.form == ":":
            break
        if end > first and (token.form in ";!?–—|" or token.form in ("->", "(")):
            break
        if end > first and token.form == "." and sentence.forms[end - 1] not in reading.lexicon.words("honorifics"):
            break
        if end > first and token.form in stops and not _goes_on(reading, sentence, end):
            break
        if token.form == "," and end > first:
            break
        if token.form == "-" and end > first:
            break
        if token.mention and token.mention.kind == "date" and end > first:
            break
        end += 1
    rest = _behind_day(reading, sentence, first, end)
    while end > first + 1 and (
        sentence.forms[end - 1] in reading.lexicon.words("day_words") or sentence.forms[end - 1] in ",:-"
    ):
        end -= 1
    words = (
        sentence.slice(first, end)
        if not reading.sloppy
        else " ".join(spelt(reading, sentence, number) for number in range(first, end))
    )
    return f"{words} {rest}".strip(" ,.;:-–—\"“”'")


def _behind_day(reading: Reading, sentence: Sentence, first: int, end: int) -> str:
    """What German puts behind the day, "liefert Ada bis Freitag die Liste"; in English what it is about, where
    nothing else tells: "ring Ada on Friday about the spare parts".
    """
    mention = sentence.tokens[end].mention if first < end < len(sentence.tokens) else None
    if not mention or mention.kind != "date":
        return ""
    if "de" not in reading.lexicon.names and not _only_names(reading, sentence, first, end):
        return ""
    stops = reading.lexicon.words("clause_starts") | set(",.;:!?()–—|-")
    last = next(
        (at for at in range(end + 1, len(sentence.tokens)) if sentence.forms[at] in stops), len(sentence.tokens)
    )
    return sentence.slice(end + 1, min(last, end + 1 + MOST_WORDS))


def _only_names(reading: Reading, sentence: Sentence, first: int, end: int) -> bool:
    """Whether tokens [first, end) hold but a verb and names, with "about", "with" or "for" behind the day there."""
    following = sentence.forms[end + 1 : end + 2]
    if not following or following[0] not in verbs.known(reading, "about_words"):
        return False
    small = reading.lexicon.words("small") | reading.lexicon.words("day_words")
    return all(token.mention or token.form in small for token in sentence.tokens[first + 1 : end])


def _goes_on(reading: Reading, sentence: Sentence, number: int) -> bool:
    """Whether an "and" only joins two things: "the price list and the contract"."""
    if sentence.forms[number] not in ("and", "und") or number + 1 >= len(sentence.tokens):
        return False
    following = sentence.tokens[number + 1]
    if following.mention:
        return following.mention.kind in ("offering", "department") and not following.mention.pronoun
    lexicon = reading.lexicon
    return following.form not in lexicon.words("plain_verbs") | lexicon.words("does") | lexicon.words("light")


def spelt(reading: Reading, sentence: Sentence, number: int) -> str:
    """A token as it should have been typed."""
    token = sentence.tokens[number]
    entity = reading.entity(token.mention.ref) if token.mention else None
    if entity and entity.kind in ("department", "offering"):
        return entity.name
    written = sentence.slice(number, number + 1)
    return written if token.mention or written.replace("-", "").lower() == token.form else token.form


def complete(reading: Reading, sentence: Sentence, text: str, told: bool) -> str:
    """A task that names only a thing, with what it takes to understand it alone: a verb, unless it was `told` with one,
    and the offering it is of.
    """
    words = text.split()
    things = reading.lexicon.words("thing")
    first = next((number for number, word in enumerate(words[:3]) if word.lower() in things), None)
    if first is None:
        return text
    known = {entity.name.lower() for entity in reading.roster.people("offering")}
    if not any(name in text.lower() for name in known) and len(content(reading, text)) <= 2:
        offering = _offering_of(reading, sentence, words[first].lower())
        words = words[:first] + ([offering] if offering else []) + words[first:]
    people = {part for entity in reading.roster.people("person", "stranger", "ours") for part in entity.name.split()}
    does = len(words) > 1 and words[1].strip(".,") in people
    doing = reading.lexicon.words("plain_verbs") - (set() if does else things)
    if first == 0 and not told and words[0].lower() not in doing:
        words = [next(iter(reading.lexicon.words("default_verb")), "").capitalize(), *words]
    return " ".join(words)


def _offering_of(reading: Reading, sentence: Sentence, thing: str) -> str | None:
    """The one offering that a sentence before with the same thing names."""
    number = sentence.place
    for earlier in reversed(reading.sentences[max(0, number - 12) : number + 1]):
        if thing in earlier.forms or thing.rstrip("s") in earlier.forms:
            refs = {mention.ref for mention in earlier.mentions("offering") if mention.ref}
            if len(refs) == 1:
                return reading.roster.entities[str(refs.pop())].name
    return None


LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def under(reading: Reading, sentence: Sentence) -> str:
    """The item of a list that a line stands below: what a few words such as "Bo to close" are about."""
    if not sentence.bullet or reading.transcript:
        return ""
    words = reading.context.document.words
    depth = _indent(words(sentence.line))
    for earlier in reversed(reading.sentences[: sentence.place]):
        if earlier.bullet and earlier.bullet != "heading" and _indent(words(earlier.line)) < depth:
            return LINK.sub(r"\1", earlier.text).strip()
        if earlier.bullet == "heading":
            break
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def clause_end(sentence: Sentence, hit: Hit) -> int:
    """The number of the token that ends the clause after a cue."""
    for number in range(hit.last, len(sentence.tokens)):
        if sentence.forms[number] in (";", "."):
            return number
    return len(sentence.tokens)


def verb_place(sentence: Sentence, hit: Hit) -> int:
    """Where the task begins: at the verb that ends the cue, or at its object."""
    if hit.cue.line.startswith((PRESENT, COLLOQUIAL)):
        return hit.first + 1
    if hit.cue.line.rstrip().endswith(("$verbs", "$verbs/have", "$verbs_ing", "$does", "~")):
        first = hit.last - 1
        before = " ".join(sentence.forms[max(0, first - 1) : first + 1])
        return (
            first - 1
            if before.split()[0] in ("set", "follow", "put", "look", "pull", "reach", "line", "dig", "loop", "kick")
            else first
        )
    return hit.last


def task_text(reading: Reading, sentence: Sentence, first: int) -> str:
    """The task in words; "it" and "that" are replaced by what they mean."""
    text = wording(reading, sentence, first, len(sentence.tokens))
    words = text.split()
    forms = sentence.forms[first : first + 3]
    doing = reading.lexicon.words("plain_verbs") | reading.lexicon.words("does")
    if (
        first
        and sentence.forms[first - 1] in PRONOUNS
        and sentence.forms[first - 1] != "one"
        and (not content(reading, text) or not (words and verbs.plain(reading, words[0].lower()) in doing))
    ):
        text, words = "", []
    if words:
        text = " ".join([verbs.plain(reading, words[0]), *words[1:]])
        words = text.split()
    if set(words[:1]) & verbs.known(reading, "task_starts_not"):
        return ""
    pronoun = next((number for number in range(len(forms)) if _stands_for(reading, sentence, first + number)), None)
    bare = not content(reading, text)
    if pronoun is not None or bare:
        thing = things.thing_before(reading, sentence, first)
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


def _stands_for(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether a token is a pronoun that stands alone, and no "that" before its noun: "that trial"."""
    if sentence.forms[at] not in PRONOUNS:
        return False
    following = sentence.forms[at + 1] if at + 1 < len(sentence.forms) else "."
    noun = following in reading.lexicon.words("thing")
    return not (sentence.forms[at] in DETERMINERS and noun)


def fact(
    reading: Reading, sentence: Sentence, rule: str, text: str, owner: str | None, span: tuple[int, int]
) -> ActionFact:
    """A new task in the words `text`, proved by tokens `span`, with its target and day from the sentence around."""
    first, last = span
    entity = reading.entity(owner)
    lead = text.split(" ", maxsplit=1)[0].lower()
    doing = reading.lexicon.words("plain_verbs") | reading.lexicon.words("does")
    told = first < len(sentence.tokens) and verbs.plain(reading, sentence.forms[first]) == lead
    told = told and (lead in doing or lead not in reading.lexicon.words("thing"))
    told = rule.startswith(("actions.by_somebody", "actions.given")) or (told and rule.startswith("actions.promise"))
    text = complete(reading, sentence, text, told)
    topic = under(reading, sentence) if len(text.split()) <= BARE else ""
    text = f"{text}: {topic}" if topic else text
    text = text[:1].upper() + text[1:]
    return ActionFact(
        said=Said(sentence, reading.quotes(sentence, first, last), rule),
        action=text,
        owner=entity.name if entity else None,
        owner_side=("ours" if entity.kind == "ours" else "theirs") if entity else None,
        target=target(reading, sentence, first, last, owner) or around(reading, sentence, owner),
        deadline=deadline(reading, sentence, first),
        optional=bool(entity and entity.kind != "ours"),
        words=content(reading, text),
    )


def topic(sentence: Sentence, until: int) -> str:
    """What is put in front between commas before token `until`: "Bo, the floor plan, you'll have that …"."""
    commas = [at for at in range(until) if sentence.forms[at] == ","]
    if not commas or commas[-1] != until - 1:
        return ""
    start = commas[-2] + 1 if len(commas) > 1 else 0
    return sentence.slice(start, commas[-1])
