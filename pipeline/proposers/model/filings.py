"""Filings: what is read of a long one, what a model is told of them all, and which of its drafts are only offered."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import prompt
from pipeline.proposers import Tools
from pipeline.proposers.model.catalogue import worked
from pipeline.proposers.model.parts import parts
from pipeline.records import Document, Draft, Line, Op, SourceKind

SECTIONS = ("stakeholders", "overview", "agenda", "departments", "competitors", "trajectory")
"""What a filing is asked for, people first."""

ALWAYS = frozenset({"5.02", "signatures"})
"""Items that are read whatever is asked: who comes and goes in a current report, who signs an annual one."""

LONGEST_ALWAYS = 2_000
"""Tokens beyond which such an item is no longer what its heading says, and is left to the questions."""

MOST_CALLS = 6
"""How often a model is asked about one filing, whatever its length and however often an answer does not fit."""

LISTING = ("10-K", "20-F", "DEF 14", "DEFR14", "PRE 14")
"""Forms whose people are those in office, not those who come and go."""

TIGHTER = 0.8


@dataclass(frozen=True)
class Reading:
    """The parts of a text to ask about, and of a filing what of it they are: in the question, and for the reviewer."""

    pieces: Sequence[tuple[Line, ...]]
    said: str = ""
    told: str = ""


def is_filing(document: Document) -> bool:
    """Whether the text was filed with the SEC."""
    return document.kind is SourceKind.filing


def reading(document: Document, tools: Tools, room: int) -> Reading:
    """The parts to ask about, each of at most about `room` tokens: all of a text, of a long filing what is worth it.

    What is worth it takes at most the tokens that the setting says, and never more than six parts.
    """
    whole = parts(document, room)
    if not is_filing(document) or len(whole) <= 1:
        return Reading(whole)
    budget = tools.settings.filing_tokens
    if len(whole) <= MOST_CALLS and len(document.text) // 4 <= budget:
        return Reading(whole)
    kept = _kept(document, tools, budget)
    pieces = parts(document, room, kept)
    while len(pieces) > MOST_CALLS and budget > room // 2:
        budget = int(budget * TIGHTER)
        kept = _kept(document, tools, budget)
        pieces = parts(document, room, kept)
    pieces = pieces[:MOST_CALLS]
    kept = frozenset(line.number for piece in pieces for line in piece)
    said = f"{len(kept)} of {sum(1 for line in document.lines if document.words(line).strip())}"
    return Reading(pieces, said, _told(document, kept, said))


def _kept(document: Document, tools: Tools, budget: int) -> frozenset[int]:
    """The numbers of the lines to read: the items that always are, then what answers the sections' questions."""
    always = _always(document, budget)
    left = budget - sum(_tokens(document, line) for line in always)
    spans = tools.worth_reading(document, SECTIONS, max(0, left))
    worth = {number for first, last in spans for number in range(first, last + 1)}
    return frozenset(
        line.number
        for line in document.lines
        if document.words(line).strip() and (line in always or line.number in worth)
    )


def _always(document: Document, budget: int) -> frozenset[Line]:
    found: frozenset[Line] = frozenset()
    for name in ALWAYS:
        lines = frozenset(line for line in document.lines if line.item == name)
        size = sum(_tokens(document, line) for line in lines)
        if size <= min(LONGEST_ALWAYS, budget // 4):
            found |= lines
    return found


def _tokens(document: Document, line: Line) -> int:
    return len(document.words(line)) // 4 + 1


def _told(document: Document, kept: frozenset[int], said: str) -> str:
    """What of a long filing was read and what was not, for the reviewer."""
    items = dict.fromkeys(line.item for line in document.lines if line.item)
    read = {line.item for line in document.lines if line.number in kept}
    missed = [each for each in items if each not in read]
    form = document.attributes.get("form") or "filing"
    nothing = f", nothing of items {', '.join(missed)}" if missed else ""
    return f"Of this {form} {said} lines were read, those worth it for {', '.join(SECTIONS)}{nothing}."


def guidance(document: Document) -> str:
    """What the rules for every text lack for a filing; nothing for any other text."""
    return _filled(document, "")[0] if is_filing(document) else ""


def part(document: Document, said: str) -> str:
    """What a model is told of the lines it does not see; nothing when it sees them all."""
    return _filled(document, f"{said} lines")[1] if said else ""


def _filled(document: Document, read: str) -> tuple[str, str]:
    loaded = prompt.load("filing")
    form = f"{document.attributes.get('form', '')} filing".strip()
    return loaded.fill({"form": form, "read": read, "examples": worked(loaded.examples)})


def stamp(document: Document) -> str:
    """The stamps of the prompts that a question about this text is made of."""
    names = ("propose", "filing") if is_filing(document) else ("propose",)
    return "+".join(prompt.load(name).stamp for name in names)


def weighed(draft: Draft, document: Document) -> Draft:
    """People that a filing brings up without giving them a new post are offered, not urged."""
    if not is_filing(document) or draft.section != "stakeholders" or draft.op is not Op.add:
        return draft
    listed = document.attributes.get("form", "").startswith(LISTING)
    goes = bool(draft.fields.get("leaving_on") or draft.fields.get("notes"))
    return draft.model_copy(update={"optional": True}) if listed or goes else draft
