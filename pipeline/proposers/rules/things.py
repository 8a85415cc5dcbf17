"""What "it" and "that" mean in a task: the thing to hand over that was named before."""

from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

FAR = 40
"""So many tokens back, what "that" means is looked for in one long sentence."""


def thing_before(reading: Reading, sentence: Sentence, number: int) -> str:
    """What "it" or "that" means: the last thing to hand over named before token `number`, here or shortly before."""
    found = _thing(reading, sentence, number)
    if found:
        return found
    for earlier in reading.before(sentence, 2):
        if earlier.block != sentence.block and not reading.transcript:
            break
        found = _thing(reading, earlier, len(earlier.tokens))
        if found:
            return found
    return ""


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
