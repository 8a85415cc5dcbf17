"""Which account a text belongs to, and which of its lines speak of another one: suggested with reasons. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.names import same_person
from pipeline.records import Document, Line, LineKind, Side, SourceKind

LEGAL = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|"
    r"bv|nv|ab|as|oy|oyj|aps|pty|pte|holdings?|group)\.?$",
    re.IGNORECASE,
)
AROUND = re.compile(
    r"\b(?:visit|meeting|call|update|updates|notes?|day|site|with|at|customer|account|plant|review|trip|session|and|the|"
    r"besuch|termin|besprechung|gespräch|bei|mit|kunde|werk|visite|réunion|chez|avec|client|visita|reunión|con|cliente|"
    r"am|pm|morning|afternoon|monday|tuesday|wednesday|thursday|friday|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|"
    r"aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|st|nd|rd|th|part)\b|[\d\W_]",
    re.IGNORECASE,
)
"""What may stand beside an account's name in a heading that opens a part about it."""

LABEL = re.compile(r"^\s*(?:[-*•·–]\s+)?(?:\*\*)?(?P<name>[^:：]{2,60}?)(?:\*\*)?\s*[:：]\s*(?:\*\*)?\s*\S")
HEADING = re.compile(r"^\s*(?P<marks>#{1,6})\s|^\s*(?:={2,}|\*\*[^*]+\*\*:?\s*$)")
LONGEST_HEADING = 80
LEAST_OWN = 0.1
"""The share of a text's words that must be left for its own account; else none of it is taken out."""

DOMAIN, TITLE, KNOWN, NAMED = 4, 3, 2, 1
"""What speaks for an account: a mail domain, its name in the title, somebody known there, its name in the text."""
MOST_PEOPLE = 3
CLEAR = 2
"""The least weight of a suggestion that a person is asked to confirm."""


@dataclass(frozen=True)
class Candidate:
    """An account that a text may belong to. `people` are the names of its stakeholders."""

    id: str
    name: str
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @cached_property
    def short(self) -> str:
        """The name without its legal form."""
        name = self.name.strip()
        while (bare := LEGAL.sub("", name)) != name and len(bare) > 2:
            name = bare
        return name

    def named_in(self, words: str) -> bool:
        """Whether the name stands there, as whole words."""
        return (
            len(self.short) > 2
            and re.search(rf"(?<!\w){re.escape(self.short)}(?!\w)", words, re.IGNORECASE) is not None
        )


@dataclass(frozen=True)
class Part:
    """Lines, by number, that speak of another account."""

    first: int
    last: int
    account: str
    name: str
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """An account, how much speaks for it, and what; `parts` would be set apart for other accounts in a text of its."""

    account: str
    name: str
    weight: int
    reasons: tuple[str, ...]
    parts: tuple[Part, ...] = ()


def suggest_account(document: Document, candidates: Iterable[Candidate]) -> tuple[Suggestion, ...]:
    """The accounts that something speaks for, best first; empty when nothing does. Nobody is chosen by this."""
    known = list(candidates)
    found = [(made, each) for each in known if (made := _suggested(document, each)).weight]
    ranked = sorted(found, key=lambda each: (-each[0].weight, each[0].name.casefold(), each[0].account))
    return tuple(replace(made, parts=_elsewhere(document, own, known)) for made, own in ranked)


def clear(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The one to ask a person about: more than a name in passing speaks for it, and twice as much as for any other."""
    if not suggestions:
        return None
    best, *others = suggestions
    return best if best.weight >= CLEAR and all(2 * each.weight <= best.weight for each in others) else None


def _elsewhere(document: Document, own: Candidate, known: Sequence[Candidate]) -> tuple[Part, ...]:
    if document.kind is SourceKind.filing:
        return ()
    return other_accounts(document, own, [each for each in known if each.id != own.id])


def _suggested(document: Document, candidate: Candidate) -> Suggestion:
    weight, reasons = 0, []
    domains = tuple(domain.casefold().lstrip("@. ") for domain in candidate.domains if domain.strip())
    for who in document.participants:
        home = (who.email or "").rpartition("@")[2].casefold()
        if home and any(home == one or home.endswith(f".{one}") for one in domains):
            weight += DOMAIN
            reasons.append(f"{who.email} has its mail domain.")
    written = [domain for domain in domains if _stands(domain, document.text)]
    if written and not reasons:
        weight += KNOWN
        reasons.append(f"{written[0]} stands in it.")
    if candidate.named_in(document.title or ""):
        weight += TITLE
        reasons.append("The title names it.")
    elif candidate.named_in(document.text):
        weight += NAMED
        reasons.append("The text names it.")
    there = [who.name for who in document.participants if who.side is not Side.ours] + list(document.speakers)
    met = [name for name in candidate.people if any(same_person((name,), (one,)) for one in there)]
    weight += KNOWN * len(met[:MOST_PEOPLE])
    reasons += [f"{name}, who is in its plan, takes part." for name in met[:MOST_PEOPLE]]
    said = [name for name in candidate.people if " " in name and name not in met and name in document.text]
    weight += NAMED * len(said[:MOST_PEOPLE])
    reasons += [f"{name}, who is in its plan, is named." for name in said[:MOST_PEOPLE]]
    return Suggestion(candidate.id, candidate.name, weight, tuple(dict.fromkeys(reasons)))


def _stands(domain: str, words: str) -> bool:
    """Whether a domain stands there, by itself or below another one."""
    return re.search(rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.\w)", words, re.IGNORECASE) is not None


def other_accounts(document: Document, own: Candidate, others: Sequence[Candidate]) -> tuple[Part, ...]:
    """The lines that speak of another known account, because a heading or a label opens them with its name.

    A name in passing opens nothing. When hardly anything would be left, the text is one account's and none is found.
    """
    named = [each for each in others if each.named_in(document.text)]
    if not named:
        return ()
    parts = _parts(document, own, named)
    taken = {number for part in parts for number in range(part.first, part.last + 1)}
    sizes = {line.number: len(document.words(line).split()) for line in document.lines}
    left = sum(size for number, size in sizes.items() if number not in taken)
    return tuple(parts) if left >= LEAST_OWN * sum(sizes.values()) else ()


def _parts(document: Document, own: Candidate, others: Sequence[Candidate]) -> list[Part]:
    found: list[Part] = []
    lines = document.lines
    at = 0
    while at < len(lines):
        words = document.words(lines[at])[:400]
        whose = _opened(words, others) if _is_heading(document, at) and not own.named_in(words) else None
        if whose is not None:
            end = _end_of_heading(document, at)
            reason = f"Line {lines[at].number} is a heading that names {whose.name}."
        else:
            label = LABEL.match(words)
            whose = next((each for each in others if label and _is_name(label["name"], each)), None)
            end = _end_of_paragraph(document, at)
            reason = f"Line {lines[at].number} begins with {whose.name}." if whose else ""
        if whose is None:
            at += 1
            continue
        found.append(Part(lines[at].number, lines[end].number, whose.id, whose.name, reason))
        at = end + 1
    return found


def _is_heading(document: Document, at: int) -> bool:
    """Marked as one, or a short line by itself: after an empty one, without an end as sentences have it."""
    words = document.words(document.lines[at])
    if not words.strip() or len(words) > LONGEST_HEADING or document.lines[at].kind is not LineKind.body:
        return False
    if HEADING.match(words):
        return True
    alone = at == 0 or not document.words(document.lines[at - 1]).strip()
    return alone and not words.rstrip().endswith((".", "!", "?", ",", ";")) and not document.lines[at].speaker


def _opened(words: str, others: Sequence[Candidate]) -> Candidate | None:
    return next((each for each in others if _is_name(words, each)), None)


def _is_name(words: str, candidate: Candidate) -> bool:
    """Whether the words are the account's name, apart from a day, a kind of meeting, or a legal form."""
    for name in (candidate.name, candidate.short):
        bare, count = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", " ", words, count=1, flags=re.IGNORECASE)
        if count and not AROUND.sub("", bare).strip():
            return True
    return False


def _end_of_heading(document: Document, at: int) -> int:
    """The last line before the next heading of the same rank or higher; before any heading where ranks do not show."""
    rank = _rank(document, at)
    for next_one in range(at + 1, len(document.lines)):
        if _is_heading(document, next_one):
            other = _rank(document, next_one)
            if rank == 0 or (0 < other <= rank):
                return next_one - 1
    return len(document.lines) - 1


def _rank(document: Document, at: int) -> int:
    match = HEADING.match(document.words(document.lines[at]))
    return len(match["marks"]) if match and match["marks"] else 0


def _end_of_paragraph(document: Document, at: int) -> int:
    """The last line of a paragraph, or of a point of a list with what is indented below it."""
    lines = document.lines
    point = re.match(r"^\s*[-*•·–]\s", document.words(lines[at]))
    for following in range(at + 1, len(lines)):
        words = document.words(lines[following])
        if not words.strip() or LABEL.match(words) or (point and not words.startswith((" ", "\t"))):
            return following - 1
    return len(lines) - 1


ELSEWHERE = "elsewhere"
"""The attribute of a document that keeps its parts about other accounts, as "12-30 account" pairs."""


def apart(document: Document, parts: Sequence[Part]) -> Document:
    """The document with those lines set apart: no passage holds them, and a warning tells of each."""
    if not parts:
        return document
    taken = {number for part in parts for number in range(part.first, part.last + 1)}
    lines = tuple(_set_apart(line) if line.number in taken else line for line in document.lines)
    told = tuple(
        f"Lines {part.first} to {part.last} are taken to be about {part.name}, and nothing is proposed from them here. "
        f"{part.reason}"
        for part in parts
    )
    kept = "; ".join(f"{part.first}-{part.last} {part.account}" for part in parts)
    update = {"lines": lines, "warnings": (*document.warnings, *told)}
    return document.model_copy(update={**update, "attributes": {**document.attributes, ELSEWHERE: kept}})


def _set_apart(line: Line) -> Line:
    return line.model_copy(update={"kind": LineKind.boilerplate})


def set_apart(document: Document) -> tuple[tuple[int, int, str], ...]:
    """The parts of a document that were set apart: (first line, last line, account)."""
    return pairs(document.attributes.get(ELSEWHERE, ""))


def pairs(kept: str) -> tuple[tuple[int, int, str], ...]:
    """What the attribute ELSEWHERE keeps: (first line, last line, account)."""
    found = re.findall(r"(\d+)-(\d+) (\S+?)(?:; |$)", kept)
    return tuple((int(first), int(last), account) for first, last, account in found)


def unseen(document: Document) -> Document:
    """The document with what was set apart blanked at equal length, so that no proposer sees it and offsets hold."""
    text = document.text
    for first, last, _ in set_apart(document):
        for line in document.lines:
            if first <= line.number <= last:
                text = text[: line.start] + " " * (line.end - line.start) + text[line.end :]
    return document if text is document.text else document.model_copy(update={"text": text})
