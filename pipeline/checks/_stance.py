"""How words stand in what is said: denied, and which of the values of an enumeration they speak for."""

import re
from collections.abc import Mapping, Sequence

from pipeline.checks._words import Words

STOP = re.compile(r"[,;:.!?()\n\"–—|]")
REACH = 45
CELLS = ("deployed", "in_negotiation", "need_identified", "out_of_scope")
ROLES = ("economic_buyer", "champion", "evaluator", "blocker")
ACTIONS = ("done", "dropped")


def denied(flat: str, start: int, words: Words) -> bool:
    """Whether a "not" stands in the clause before a place, and so governs it."""
    clause = STOP.split(flat[max(0, start - REACH) : start])[-1]
    cut = [match.end() for match in words.pattern("breaks").finditer(clause)]
    clause = clause[cut[-1] :] if cut else clause
    return bool(words.pattern("negators").search(clause))


def spoken_for(flat: str, values: Sequence[str], words: Words) -> Mapping[str, list[int]]:
    """The values that the words of a flat text speak for, and where. A need that is denied speaks for out of scope."""
    found: dict[str, list[int]] = {}
    for value in values:
        for match in words.pattern(value).finditer(flat):
            if value in ("out_of_scope", "dropped", "blocker") or not denied(flat, match.start(), words):
                found.setdefault(value, []).append(match.start())
            elif value in ("need_identified", "deployed") and "out_of_scope" in values:
                found.setdefault("out_of_scope", []).append(match.start())
    return found
