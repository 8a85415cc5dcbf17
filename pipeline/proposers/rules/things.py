"""What "it" and "that" mean in a task: the thing to hand over that was named before."""

from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

LONGEST = 5
FAR = 40
"""So many tokens back, what "that" means is looked for in one long sentence."""


def thing_before(reading: Reading, sentence: Sentence, number: int) -> str:
    """What "it" or "that" means: the last thing to hand over named before token `number`, here or shortly before."""
    found = _thing(reading, sentence, number) or _wanted(reading, sentence, number)
    if found:
        return found
    for earlier in reading.before(sentence, 2):
        if earlier.block != sentence.block and not reading.transcript:
            break
        found = _thing(reading, earlier, len(earlier.tokens)) or _wanted(reading, earlier, len(earlier.tokens))
        if found:
            return found
    return ""


def _wanted(reading: Reading, sentence: Sentence, until: int) -> str:
    """What somebody waits for, in words that no list knows, beside a day: "waits for the ramp sketches, on Friday"."""
    cut = Sentence(sentence.text, sentence.start, sentence.end, sentence.line, sentence.block)
    cut.say(sentence.tokens[:until])
    hits = list(reading.find(cut, "actions.wanted_thing"))
    if not hits or not sentence.mentions("date"):
        return ""
    first = max(hit.last for hit in hits)
    small = reading.lexicon.words("small") | reading.lexicon.words("clause_starts") | set(",.;:!?()–—-")
    end = first
    while end < until and end - first < LONGEST and sentence.forms[end] not in small:
        mention = sentence.tokens[end].mention
        if mention and mention.kind != "offering":
            break
        end += 1
    return sentence.slice(first, end)


def _thing(reading: Reading, sentence: Sentence, until: int) -> str:
    things = reading.lexicon.words("thing")
    no_parts = reading.lexicon.words("small") | (reading.lexicon.words("does") - things)
    for end in range(until, max(0, until - FAR), -1):
        form = sentence.forms[end - 1]
        pair = " ".join(sentence.forms[max(0, end - 2) : end])
        if form not in things and pair not in things:
            continue
        start = end - (2 if pair in things else 1)
        while start > 0 and end - start < 5 and _modifier(sentence, start - 1, no_parts):
            start -= 1
        if (
            end + 1 < until
            and sentence.forms[end] in reading.lexicon.words("toward")
            and _is_offering(sentence, end + 1)
        ):
            return sentence.slice(start, end + 2)
        return sentence.slice(start, end)
    return ""


def _is_offering(sentence: Sentence, number: int) -> bool:
    mention = sentence.tokens[number].mention
    return mention is not None and mention.kind == "offering"


def _modifier(sentence: Sentence, number: int, no_parts: set[str]) -> bool:
    token = sentence.tokens[number]
    if token.mention:
        return token.mention.kind == "offering"
    return token.form not in no_parts and token.form.isalpha() and len(token.form) > 2
