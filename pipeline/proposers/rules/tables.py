"""Tables of tasks: the column of what is to be done, of who does it, by when, and how it stands, by their headings."""

from collections.abc import Iterator

from pipeline.proposers.rules import verbs
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.tokens import Sentence

KINDS = ("task", "owner", "day", "status")
PEOPLE = ("ours", "person", "stranger")


def cells(sentence: Sentence) -> list[tuple[int, int]]:
    """Tokens [first, last) of each cell of a row, empty ones too."""
    found, start = [], 1 if sentence.forms[:1] == ["|"] else 0
    for number, form in enumerate([*sentence.forms, "|"]):
        if form == "|" and number >= start:
            found.append((start, number))
            start = number + 1
    return found[:-1] if found and found[-1][0] >= found[-1][1] else found


def columns(reading: Reading, sentence: Sentence) -> dict[str, int]:
    """Kind of column -> its place, by the heading row of the table that a row stands in; empty for other tables."""
    first = None
    for earlier in reversed(reading.sentences[: sentence.place]):
        if earlier.bullet != "|" or earlier.block != sentence.block:
            break
        first = earlier
    return _kinds(reading, first) if first else {}


def _kinds(reading: Reading, head: Sentence) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, (first, last) in enumerate(cells(head)):
        words = " ".join(form for form in head.forms[first:last] if form.isalnum())
        for kind in KINDS:
            if words in verbs.known(reading, f"table_{kind}"):
                found.setdefault(kind, place)
    if "day" not in found and "owner" not in found:
        return {}
    return found if "task" in found else {}


def cell(reading: Reading, sentence: Sentence, kind: str) -> tuple[int, int] | None:
    """Tokens [first, last) of a row's cell in the column of a kind."""
    place = columns(reading, sentence).get(kind)
    found = cells(sentence)
    return found[place] if place is not None and place < len(found) else None


def owner_cell(reading: Reading, sentence: Sentence) -> int | None:
    """The token that names who does it: the first person of the column of owners, or of the one cell that begins so."""
    place = cell(reading, sentence, "owner")
    task = cell(reading, sentence, "task")
    for first, last in [place] if place else [each for each in cells(sentence) if each != task]:
        mention = sentence.tokens[first].mention if first < last else None
        if mention and mention.kind in PEOPLE:
            return first
    return None


def row(reading: Reading, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The cell of the task alone, where the table says which it is."""
    found = cell(reading, sentence, "task")
    if found and found[0] < found[1]:
        yield found
