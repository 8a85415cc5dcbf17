"""Dictated text whose marks are spoken ("comma", "full stop"): the same text, just as long, with the marks."""

import re

from pipeline.proposers.rules.lexicon import language, languages

ENOUGH = 3


def marked(text: str) -> str:
    """The text with its spoken marks as marks, every other letter at its old place; as it is when none are spoken."""
    marks: dict[str, str] = {}
    for name in languages():
        marks |= {str(word): str(mark) for word, mark in dict(language(name).words("spoken_marks")).items()}
    words = "|".join(re.escape(word) for word in sorted(marks, key=len, reverse=True))
    if not words:
        return text
    spoken = re.compile(rf" (?:{words})(?=[ .,\n]|$)", re.IGNORECASE)
    found = [match.group().strip().lower() for match in spoken.finditer(text)]
    if len(found) < ENOUGH or len(set(found)) < 2:
        return text
    return spoken.sub(lambda match: marks[match.group()[1:].lower()].ljust(len(match.group())), text)
