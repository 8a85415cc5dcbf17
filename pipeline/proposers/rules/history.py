"""What is told of long ago: it says nothing of the part that somebody plays today."""

import re

from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

DATED = re.compile(r"\b(?:19|20)\d\d\b|\bago\b|\byears?\b|\bjahr", re.IGNORECASE)
"""How a day says its year: "the summer" alone may be the next one."""
LONG_AGO = 270
"""Days after which what somebody did says nothing of today."""


def told(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence tells of long ago: "back then", "at her last firm", or of a day most of a year back."""
    if reading.lexicon.first(sentence, "roles.long_ago"):
        return True
    lasting = reading.lexicon.words("lasting")
    for at, token in enumerate(sentence.tokens):
        day = reading.day(token.mention) if token.mention and token.mention.kind == "date" else None
        named = DATED.search(sentence.slice(at, at + 1)) is not None
        old = named and day is not None and (reading.context.said_on - day).days > LONG_AGO
        if old and not lasting & set(sentence.forms[max(0, at - 2) : at]):
            return True
    return False
