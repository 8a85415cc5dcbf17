"""Titles that do not stand right beside a new name: behind an aside, in the next sentence, of a trade no list knows.

"Ada Holt, who came from the port, is the new yard planner"; "Ada Holt. Plant director."; "a new bid reviewer, Ada".
"""

import re

from pipeline.proposers.rules import titles
from pipeline.proposers.rules.lexicon import Lexicon
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Mention, Sentence

PARTS = re.compile(r"[,;:()–—]|\s-\s")
MOST_PARTS = 5
NEAR = 70
IS = re.compile(r"\s*(?:is|was|becomes|became|ist|wird|wurde)\s+(?:now\s+|jetzt\s+|nun\s+)?")
TAKEN = re.compile(
    r"\b(?:started|starts|starting|joined|joins|joining|begins|began|comes in|came in|taken on|angefangen)\b"
    r"[^.]*?\b(?:as|als)\s+(?:(?:the|a|an|our|their|new|der|die|neuer?)\s+)*"
)
"""What says in a part of its own what somebody is."""
PLACED = (
    r"(?:\s+(?:over\s+|down\s+|up\s+|out\s+)?(?:in|at|for|from|of|im|in der|bei|beim|aus)\s+"
    r"(?:the\s+|our\s+|their\s+)?[\w&-]+(?:\s[\w&-]+)?)?"
)
COMPANY = r"((?:[A-Z][\w&-]*)(?: [A-Z][\w&-]*)*)"
CALLED = (
    r"(?:is |ist )?(?:an? |one |ein |eine )?(?:man |woman |lady |guy |chap |gentleman |certain |mann |frau )?"
    r"(?:called|named|by the name of|namens)"
)
CERTAIN = ", (?:one|a certain|a|ein gewisser|eine gewisse)"
GAP = re.compile(rf"{PLACED}\s*(?:[,:]|{CALLED}|is|heißt|ist|{CERTAIN})?\s*[*_\"“„]*$")
"""What may stand between a title and the name behind it."""


def further(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[titles.Title, str] | None:
    """The title and the words behind it, for somebody new whose name has none right beside it."""
    text = reading.context.document.text
    until = min([sentence.end, *(each.start for each in _others(sentence) if each.start > mention.end)])
    found = _trade_before(reading, sentence, mention) or _behind(reading, mention.end, until)
    if found is None and until == sentence.end:
        found = _in_next(reading, sentence, mention)
    return (found, text[found.end :]) if found else None


def elsewhere(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether another company is named before: "At Pellmark, Ada Holt, head of …", "the buyer at Pellmark, Ada"."""
    before = sentence.text[: mention.start - sentence.start]
    opening = re.match(rf"(?:Over |Back )?At {COMPANY},", before)
    opening = opening or re.search(rf"\b(?:at|of|from) {COMPANY}, $", before)
    if not opening:
        behind = re.match(rf" (?:of|from|at) {COMPANY}", sentence.text[mention.end - sentence.start :])
        firms = reading.lexicon.words("company_words") | reading.lexicon.words("firm_words")
        if not behind or not set(behind.group(1).lower().split()[1:]) & (firms - reading.roster.account):
            return False
        at = mention.end + behind.start(1)
        return not any(each.start == at for each in sentence.mentions("department"))
    words = {word.lower() for word in opening.group(1).split()}
    named = (reading.roster.entities[key].kind for key, _ in reading.roster.index.get(opening.group(1).lower(), ()))
    known = set(named) - {"stranger"}
    return not known and not words & reading.roster.account and not words <= reading.title_words


def _others(sentence: Sentence) -> list[Mention]:
    return [each for each in sentence.mentions("person", "stranger", "ours") if not each.pronoun]


def _trade_before(reading: Reading, sentence: Sentence, mention: Mention) -> titles.Title | None:
    """The trade that a name stands behind: "our new returns grader, Ada Holt", "a new planner in Finance, Ada Holt"."""
    text, names = reading.context.document.text, reading.lexicon.names
    start = max(
        [sentence.start, mention.start - NEAR, *(each.end for each in _others(sentence) if each.end <= mention.start)]
    )
    gap = GAP.search(text[start : mention.start])
    for end in sorted({start + gap.start() if gap else mention.start, len(text[: mention.start].rstrip(' ,:*_"“„'))}):
        found = titles.calling(text, names, start, end) or (_listed(text, names, start, end) if gap else None)
        if found:
            return found
    return None


def _listed(text: str, names: tuple[str, ...], start: int, end: int) -> titles.Title | None:
    """A known title at the end that "a", "new", "the" or "our" introduces."""
    found = titles.ending(text, names, start, end)
    before = text[max(start, found.start - 8) : found.start].lower().split()[-1:] if found else []
    lead = {word for entry in Lexicon(names).words("trade_leads") for word in entry.split()}
    first = found.words.split(" ", maxsplit=1)[0].lower() if found else ""
    return found if found and (set(before) | {first}) & (lead | {"a", "an"}) else None


def _behind(reading: Reading, at: int, until: int) -> titles.Title | None:
    """The first part behind the name that is a title, or says so: "as plant director", "is the new …"."""
    text, names = reading.context.document.text, reading.lexicon.names
    starts = [at, *(at + mark.end() for mark in PARTS.finditer(text[at:until]))]
    ends = [*(at + mark.start() for mark in PARTS.finditer(text[at:until])), until]
    for number, (start, end) in enumerate(zip(starts[:MOST_PARTS], ends[:MOST_PARTS], strict=False)):
        part = text[start:end]
        pad = len(part) - len(part.lstrip())
        if number and (found := _whole(reading, start + pad, end) or titles.trade(text, names, start + pad, end)):
            return found
        for said in (IS.match(part) if number else None, TAKEN.search(part)):
            if said and (title := _at(text[:end], names, start + said.end())):
                return title
    return None


def _at(text: str, names: tuple[str, ...], start: int) -> titles.Title | None:
    """A title or a trade right there, its articles passed."""
    found = titles.called(text, names, start, len(text))
    article = re.match(r"(?:(?:the|our|their|a|an|new|der|die|das|neuer?|unsere?)\s+)*", text[start:])
    return titles.at(text, names, start + (article.end() if article else 0)) or found


def _whole(reading: Reading, start: int, end: int) -> titles.Title | None:
    """The part as a title when it is nothing else."""
    text = reading.context.document.text
    bare = re.sub(r"^(?:(?:the|our|their|a|an|new|now|der|die|neuer?|jetzt)\s+)+", "", text[start:end].strip(" .*_"))
    words = titles.whole(bare, reading.lexicon.names)
    return titles.Title(start, end, words) if words and not words.isdigit() else None


def _in_next(reading: Reading, sentence: Sentence, mention: Mention) -> titles.Title | None:
    """The title in the sentence after: all of it, at its end behind "she …,", or in brackets at its beginning."""
    for after in reading.after(sentence):
        if after.block != sentence.block or (_others(after)[:1] and not _named_only(reading, sentence, mention)):
            return None
        text = reading.context.document.text
        if found := _whole(reading, after.start, after.end):
            return found
        opening = -1 if text[mention.end : sentence.end].strip(" .*_") else after.text.find(",")
        if opening > 0 and (found := _whole(reading, after.start, after.start + opening)):
            return found
        first = after.tokens[0].mention if after.tokens else None
        last = after.text.rfind(",")
        if first and first.pronoun and first.ref == mention.ref and last > 0:
            return _whole(reading, after.start + last + 1, after.end)
        bracket = re.match(r"[^().]{0,40}\(([^()]{4,60})\)", text[after.start : after.end])
        if bracket and _named_only(reading, sentence, mention):
            return _whole(reading, after.start + bracket.start(1), after.start + bracket.end(1))
    return None


def _named_only(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether the sentence is a name and nothing else, as a caption is."""
    text = reading.context.document.text
    rest = text[sentence.start : mention.start] + text[mention.end : sentence.end]
    return not rest.strip(" .:*_#-–\t")
