"""People from what is said: new ones with title and department, those who leave, move, or hand over their task."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pipeline.proposers.rules import days, stance, tasks, titles
from pipeline.proposers.rules.facts import PersonFact, Said
from pipeline.proposers.rules.lexicon import Hit
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.roster import Entity
from pipeline.proposers.rules.tokens import Mention, Sentence
from pipeline.records import LineKind

GAP = re.compile(r"[ \t]*[*_\"“”]*[ \t]*")
SINCE = re.compile(r"\(([^()]*)\)")


def facts(reading: Reading) -> Iterator[PersonFact]:
    """All that is said of people but their roles, in the order of the text."""
    for sentence in reading.sentences:
        yield from _beside_names(reading, sentence)
        yield from _leaving(reading, sentence)
        yield from _moving(reading, sentence)
        yield from _taking_over(reading, sentence)
        yield from _introduced(reading, sentence)
        yield from _seated(reading, sentence)
    yield from _signatures(reading)


def _said(reading: Reading, sentence: Sentence, rule: str, first: int | None = None, last: int | None = None) -> Said:
    return Said(sentence, reading.quotes(sentence, first, last), rule)


def _beside_names(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """A title right beside a name; of somebody known only when the words say that it is new."""
    for number, token in enumerate(sentence.tokens):
        mention = token.mention
        if not mention or mention.kind not in ("person", "stranger") or not mention.ref:
            continue
        if mention.pronoun:
            found = _title_said(reading, sentence, number)
        else:
            found = _title_after(reading, sentence, mention) or _title_before(reading, sentence, mention)
        if not found:
            continue
        words, fresh, rule = found
        entity = reading.roster.entities[mention.ref]
        if mention.kind == "person" and not (fresh and _differs(words, entity.title)):
            continue
        said = _said(reading, sentence, rule, number, number + 1)
        if reading.lexicon.words("outsiders") & set(words.lower().split()) or _ours_by_mail(reading, mention):
            continue
        place = department_of(reading, words) or (_topic(sentence) if mention.kind == "stranger" else None)
        place = place or _colleague(reading, sentence, mention, words)
        yield PersonFact(mention.ref, "title", said, title=words, department=place)


def _ours_by_mail(reading: Reading, mention: Mention) -> bool:
    """Whether a mail address at our own company stands right behind the name."""
    after = reading.context.document.text[mention.end : mention.end + 70]
    address = re.match(r"[^@\n]*?[\w.+-]+@([\w-]+)", after)
    return bool(address and address.group(1).lower() in reading.roster.vendor)


def _colleague(reading: Reading, sentence: Sentence, mention: Mention, title: str) -> str | None:
    """The speaker's own department, of somebody without rank whom they call "our …"."""
    speaker = reading.speaker(sentence)
    if mention.kind != "stranger" or not speaker or speaker.kind == "ours":
        return None
    said = reading.context.document.text[mention.end : mention.end + 8].lower()
    ranked = set(title.lower().split()) & reading.lexicon.words("ranking_words")
    return speaker.department if re.match(r",? our\b", said) and not ranked else None


def _topic(sentence: Sentence) -> str | None:
    """The department that a line begins with, as in "Risk dept - their boss is …"."""
    mention = sentence.tokens[0].mention
    marked = any(form in (":", "-", "–", "->") for form in sentence.forms[1:3])
    return mention.ref if mention and mention.kind == "department" and marked else None


def _title_said(reading: Reading, sentence: Sentence, number: int) -> tuple[str, bool, str] | None:
    """The title after a pronoun and "is": "He's VP Technology"."""
    at = number + 1
    if at >= len(sentence.tokens) or sentence.forms[at] not in reading.lexicon.words("is_words"):
        return None
    while at < len(sentence.tokens) and sentence.forms[at] in reading.lexicon.words("is_words") | {
        "the",
        "our",
        "a",
        "an",
        "*",
        "now",
    }:
        at += 1
    if at >= len(sentence.tokens):
        return None
    others = [
        token.start for token in sentence.tokens[at:] if token.mention and token.mention.kind in ("person", "stranger")
    ]
    text = reading.context.document.text[: min([sentence.end, *others])]
    found = titles.at(text, reading.lexicon.names, sentence.tokens[at].start)
    return (_cut(reading, found.words), True, "people.title_said") if found and found.words[:1].isupper() else None


def _title_after(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, bool, str] | None:
    text, names = reading.context.document.text, reading.lexicon.names
    at = mention.end
    line_end = sentence.end
    rest = text[at:line_end]
    bracket = re.match(r"(?:[’']s \w+)?[ \t]*\(([^()]{2,60})\)", rest)
    if bracket:
        inside = bracket.group(1)
        fresh = bool(re.search(rf"\b(?:{_alternatives(reading, 'newly')})\b", inside, re.IGNORECASE))
        bare = re.sub(rf"^\s*(?:{_alternatives(reading, 'title_lead')})\s+", "", inside, flags=re.IGNORECASE)
        bare = re.sub(rf"^\s*(?:{_alternatives(reading, 'title_lead')})\s+", "", bare, flags=re.IGNORECASE)
        part = re.split(r"[,;/]| - | since | seit ", bare)[0]
        words = titles.whole(part, names) or titles.whole(bare, names)
        return (words, fresh, "people.title_in_brackets") if words else None
    links = _alternatives(reading, "title_link")
    opening = r"[ \t]*(?:(?:\w+ ){1,4}as\b|,|:|-|–|—|=)?[ \t]*"
    lead = re.match(rf"{opening}(?P<lead>(?:(?:{links})[ \t]+)*)[*_\"“”]*", rest, re.IGNORECASE)
    if not lead or not lead.group().strip():
        return _heads(reading, rest)
    others = [
        other.start
        for other in sentence.mentions("person", "stranger", "ours")
        if other.start > at and not other.pronoun
    ]
    found = titles.at(text[: min([line_end, *others])], names, at + lead.end())
    if not found:
        return _heads(reading, rest)
    fresh = bool(re.search(rf"\b(?:{_alternatives(reading, 'newly')})\b", lead.group("lead"), re.IGNORECASE))
    return _cut(reading, found.words), fresh, "people.title_after_name"


def _heads(reading: Reading, rest: str) -> tuple[str, bool, str] | None:
    """The head of what follows a name: "Name, I head trade marketing"."""
    match = re.match(
        rf",?\s*(?:{_alternatives(reading, 'heads_verbs')})\s+(?:the |our )?([^.,;:()!?]{{3,40}})", rest, re.IGNORECASE
    )
    if not match:
        return _runs(reading, rest)
    area = " ".join(match.group(1).split()[:4])
    area = re.split(r"\b(?:at|in|for|and|since|here|now|bei|und)\b", area)[0].strip()
    template = next(iter(reading.lexicon.words("head_of")), "Head of")
    return (
        (
            titles.written(f"{template} {area}", reading.lexicon.names).replace("head of", "Head of"),
            False,
            "people.heads",
        )
        if area
        else None
    )


def _runs(reading: Reading, rest: str) -> tuple[str, bool, str] | None:
    """The department of the plan that the one named runs: "Name, who runs Procurement"."""
    places = {
        variant.lower(): entity.name for entity in reading.roster.people("department") for variant in entity.variants
    }
    known = "|".join(map(re.escape, sorted(places, key=len, reverse=True))) or "(?!x)x"
    verbs = _alternatives(reading, "runs_verbs")
    match = re.match(rf",?\s*(?:{verbs})\s+(?:the |our |their )?({known})(?!\w)", rest, re.IGNORECASE)
    if not match:
        return None
    template = next(iter(reading.lexicon.words("head_of")), "Head of").capitalize()
    return f"{template} {places[match.group(1).lower()]}", False, "people.runs"


def _title_before(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, bool, str] | None:
    text, names = reading.context.document.text, reading.lexicon.names
    start = max(sentence.start, mention.start - 70)
    before = text[start : mention.start]
    tail = re.search(
        r"(?:\s+(?:there|here|dort))?[,:]?\s*(?:(?:is|heißt|ist|called|named|namens)\s+)?[*_\"“”]*$", before
    )
    end = start + (tail.start() if tail else len(before))
    best = None
    at = start
    while at < end:
        found = titles.find(text, names, at, end)
        if not found:
            break
        if found.end >= end - 1:
            best = found
            break
        at = found.start + 1
    if not best:
        return None
    lead = text[max(sentence.start, best.start - 12) : best.start].lower()
    fresh = bool(re.search(rf"\b(?:{_alternatives(reading, 'newly')})\s*$", lead, re.IGNORECASE))
    words = re.sub(rf"^(?:{_alternatives(reading, 'newly')})\s+", "", best.words, flags=re.IGNORECASE)
    return _cut(reading, words), fresh, "people.title_before_name"


def _cut(reading: Reading, words: str) -> str:
    """A title without the company's name or a clause at its end."""
    kept = []
    for word in words.split():
        if word.lower().strip(",.") in reading.roster.account | reading.roster.vendor:
            break
        kept.append(word)
    return " ".join(kept).rstrip(" ,&/-")


def _alternatives(reading: Reading, entry: str) -> str:
    return "|".join(re.escape(word) for word in sorted(reading.lexicon.words(entry), key=len, reverse=True)) or "(?!x)x"


def _differs(words: str, title: str) -> bool:
    mine, other = set(re.findall(r"\w+", words.lower())), set(re.findall(r"\w+", title.lower()))
    return not mine <= other


def department_of(reading: Reading, title: str) -> str | None:
    """The department that a title names, if the plan has it: by its words, else by what such an office runs."""
    low = f" {title.lower()} "
    for entity in reading.roster.people("department"):
        for variant in sorted(entity.variants | entity.weak, key=len, reverse=True):
            if re.search(rf"(?<!\w){re.escape(variant.lower())}(?!\w)", low):
                return entity.id
    offices = reading.lexicon.mapping("office_departments")
    words = set(re.findall(r"\w+", title.lower()))
    for entity in reading.roster.people("department"):
        for office, names in offices.items():
            if office in words and entity.name.lower() in names.split("/"):
                return entity.id
    return None


def _leaving(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    for hit in reading.find(sentence, "people.leaving"):
        found = stance.of(sentence, hit, reading.lexicon)
        ref = _ref(sentence, hit) or _only_person(sentence)
        if not ref or not found.plain or reading.lexicon.first(sentence, "people.not_leaving"):
            continue
        if "someone" in hit.slots and stance.beside(sentence, hit.slots["someone"]):
            continue
        day = _day_after(reading, sentence, hit)
        if day and day > reading.context.said_on and _past_tense(reading, sentence, hit):
            day = days.last_one(day, reading.context.said_on)
        yield PersonFact(ref, "gone", _said(reading, sentence, hit.rule, hit.first, hit.last), on=day)


def _only_person(sentence: Sentence) -> str | None:
    """The one person of theirs that a sentence names."""
    named = {mention.ref for mention in sentence.mentions("person", "stranger")}
    return next(iter(named)) if len(named) == 1 else None


def _past_tense(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """Whether the cue tells of something past, so that "on Friday" is the last one."""
    return bool(reading.lexicon.words("past_verbs") & set(sentence.forms[hit.first : hit.last]))


def _day_after(reading: Reading, sentence: Sentence, hit: Hit) -> date | None:
    """The day named nearest after a cue, in or behind it."""
    for token in sentence.tokens[hit.first :]:
        if token.mention and token.mention.kind == "date" and (day := reading.day(token.mention)):
            return day
    return None


def _ref(sentence: Sentence, hit: Hit, slot: str = "someone") -> str | None:
    if slot not in hit.slots:
        return None
    mention = sentence.tokens[hit.slots[slot]].mention
    return mention.ref if mention else None


def _moving(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    for hit in reading.find(sentence, "people.moving"):
        found = stance.of(sentence, hit, reading.lexicon)
        ref = _ref(sentence, hit)
        if not ref or not found.plain:
            continue
        said = _said(reading, sentence, hit.rule, hit.first, len(sentence.tokens))
        text = reading.context.document.text
        start = sentence.tokens[hit.last - 1].start
        department = next(
            (
                mention.ref
                for mention in reversed(sentence.mentions("department"))
                if mention.start >= sentence.tokens[hit.first].start and mention.ref
            ),
            None,
        )
        title = (
            titles.find(text, reading.lexicon.names, start, sentence.end)
            if not reading.sloppy
            else _longest(reading, sentence)
        )
        entity = reading.roster.entities[ref]
        if title or department:
            words = title.words if title else _reseated(reading, entity, department)
            yield PersonFact(
                ref,
                "title",
                said,
                title=words,
                department=department or (department_of(reading, words) if words else None),
            )


def _longest(reading: Reading, sentence: Sentence) -> titles.Title | None:
    """The longest title in a carelessly typed sentence, its slips mended."""
    words = " ".join(tasks.spelt(reading, sentence, number) for number in range(len(sentence.tokens)))
    best, at = None, 0
    while found := titles.find(words, reading.lexicon.names, at):
        best = found if best is None or len(found.words) > len(best.words) else best
        at = found.end
    return best


def _reseated(reading: Reading, entity: Entity, department: str | None) -> str | None:
    """The same rank in another department: the title with its department's name exchanged."""
    old, new = reading.entity(entity.department), reading.entity(department)
    if old and new and old.name.lower() in entity.title.lower():
        return re.sub(re.escape(old.name), new.name, entity.title, flags=re.IGNORECASE)
    return None


def _taking_over(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    for hit in reading.find(sentence, "people.taking_over"):
        found = stance.of(sentence, hit, reading.lexicon)
        new, old = _ref(sentence, hit), _ref(sentence, hit, "someone2")
        if "giver" in hit.rule or hit.cue.line.startswith("<someone> hand"):
            new, old = old, new
        if not found.plain or not new or new == old:
            continue
        said = _said(reading, sentence, hit.rule, hit.first, hit.last)
        before = reading.entity(old)
        if before and before.kind == "person" and old:
            yield PersonFact(old, "replaced", said)
        if before and reading.roster.entities[new].kind == "stranger":
            end = sentence.tokens[hit.last - 1].end
            named = titles.find(reading.context.document.text, reading.lexicon.names, end, sentence.end)
            words = _cut(reading, named.words) if named else None
            place = department_of(reading, words) if words else None
            yield PersonFact(new, "title", said, title=words, department=place or before.department)


def _introduced(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Somebody new by "new name:", "meet", "joined by", with or without a title."""
    for hit in reading.find(sentence, "people.introduced"):
        ref = _ref(sentence, hit, "stranger")
        if ref and not stance.of(sentence, hit, reading.lexicon).asked:
            near = [token.mention for token in sentence.tokens[hit.first : hit.last + 3] if token.mention]
            place = next((mention.ref for mention in near if mention.kind == "department"), None)
            yield PersonFact(ref, "met", _said(reading, sentence, hit.rule, hit.first, hit.last), department=place)


def _seated(reading: Reading, sentence: Sentence) -> Iterator[PersonFact]:
    """Somebody new with the department beside the name ("Ada Holt, Test Bench"), or who says that they run it."""
    for number in range(len(sentence.tokens) - 2):
        one, link, other = sentence.tokens[number : number + 3]
        place = other.mention.ref if other.mention and other.mention.kind == "department" else None
        if not one.mention or one.mention.kind != "stranger" or not one.mention.ref or not place:
            continue
        said = _said(reading, sentence, "people.department_after_name", number, number + 3)
        ends = sentence.forms[number + 3] if number + 3 < len(sentence.tokens) else "."
        if link.form in (",", "(") and not one.mention.pronoun and ends in (",", ".", ")", ":", ";", "-"):
            yield PersonFact(one.mention.ref, "title", said, department=place)
        elif link.form in reading.lexicon.words("run_words"):
            head = next(iter(reading.lexicon.words("head_of")), "Head of").capitalize()
            title = f"{head} {reading.roster.entities[place].name}"
            yield PersonFact(one.mention.ref, "title", said, title=title, department=place)


def _signatures(reading: Reading) -> Iterator[PersonFact]:
    """The title under the name that ends a mail."""
    document = reading.context.document
    lines = [line for line in document.lines if line.kind in (LineKind.body, LineKind.signature)]
    last = max((sentence.start for sentence in reading.sentences), default=0)
    for line, following in pairwise(lines):
        entity = reading.roster.find_person(document.words(line).strip(" ,-–"))
        words = document.words(following).strip()
        if not entity or entity.kind == "ours" or not 3 < len(words) < 70 or reading.transcript:
            continue
        bare = SINCE.sub("", words).strip()
        title = titles.whole(re.split(r"[|,•·]", bare)[0], reading.lexicon.names) or titles.whole(
            bare, reading.lexicon.names
        )
        sentence = next((each for each in reading.sentences if each.start <= following.start < each.end + 1), None)
        sentence = sentence or next((each for each in reversed(reading.sentences) if each.start <= line.start), None)
        if title and last and sentence and _differs(title, entity.title):
            said = Said(sentence, ((words, following.number),), "people.signature")
            yield PersonFact(entity.id, "title", said, title=title, department=department_of(reading, title))
