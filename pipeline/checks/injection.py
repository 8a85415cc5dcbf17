"""Injection: words that tell software what to do are no news; nor is what the text does not have, or hides."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from pipeline.checks import Case, Check
from pipeline.checks._reading import Reading
from pipeline.checks._terms import stems
from pipeline.checks._words import flat
from pipeline.records import Effect, Finding, LineKind
from pipeline.sections import UNSEEN, section

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
SPELT = re.compile(r"[\u0400-\u04ff\u0370-\u03ff]")
LATIN = re.compile(r"[A-Za-z]")
AROUND = 2
"""How many sentences from an instruction the reviewer is told of it."""
TAIL = 6
"""How many sentences an instruction goes on for."""
BETWEEN = 400
"""How many characters may lie between two orders that are one."""
OWN_KEYS = ("ref", "refs", "date")
"""Kinds of values that are not spelt as any text spells them."""
ENCLOSING = (("<!--", "-->"), ("[", "]"), ("{", "}"))
LONG, MARKER = 2_000, 24
"""The most characters that brackets enclose, and how many they enclose when they are no mere mark, as in "[SYSTEM]"."""


def run(case: Case) -> Iterator[Finding]:
    """Drops what an instruction to software asks for; demotes and flags what looks hidden or foreign."""
    yield from _addresses(case)
    if not case.proven:
        return
    yield from _orders(case)
    yield from _hidden(case)
    yield from _elsewhere(case)


def _finding(effect: Effect, message: str, field: str | None = None) -> Finding:
    return Finding(check="injection", effect=effect, message=message, field=field)


def _orders(case: Case) -> Iterator[Finding]:
    """Instructions in the quotes, beside them, or copied by the change's own words."""
    reading, spans = case.reading, case.quoted.spans
    places = reading.remember("orders", lambda: orders(reading))
    if not places:
        return
    if any(first < end and begin < last for first, last in places for begin, end in spans):
        yield _finding(Effect.drop, "The quoted words tell software what to do; they are no news of the customer.")
        return
    told = reading.stretch(places)
    shapes = section(case.change.section).fields
    claims = [str(value) for name, value in case.claims.items() if name in shapes and shapes[name].kind not in OWN_KEYS]
    wanted = stems(" ".join(claims))
    enough = max(2, len(wanted) // 2)
    copied = len(wanted & stems(told.text)) >= enough
    reach = reading.near(told, AROUND, AROUND)
    if copied and not len(wanted & stems(case.near.text)) >= enough:
        yield _finding(Effect.demote, "The change uses the words of an instruction to software in the text.")
    elif any(begin in level for level in (reach, reading.lines(told)) for begin, _ in spans):
        yield _finding(Effect.flag, "Beside the quote the text tells software what to do.")


def orders(reading: Reading) -> tuple[tuple[int, int], ...]:
    """What of a text speaks to software: the sentences that say so, and what goes on from there.

    Inside brackets or a comment that is all between them, else what follows in the same breath, and what stands between
    two orders of one paragraph.
    """
    plain = unmasked(reading.document.text)
    found = sorted({match.start() for pattern in reading.words.orders for match in pattern.finditer(plain)})
    told = sorted({span for at in found for span in _told(reading, plain, at)})
    between = [(end, start) for (_, end), (start, _) in pairwise(told) if _goes_on(plain[end:start])]
    return tuple(sorted([*told, *between]))


def _goes_on(between: str) -> bool:
    return 0 < len(between.strip()) < BETWEEN and not re.search(r"\n\s*\n", between)


def _told(reading: Reading, plain: str, at: int) -> Iterator[tuple[int, int]]:
    (sentence,) = reading.around(at, at + 1)
    yield sentence.start, sentence.end
    for opening, closing in ENCLOSING:
        start, end = plain.rfind(opening, max(0, at - LONG), at + len(opening)), plain.find(closing, at, at + LONG)
        if start >= 0 and end - start > MARKER and closing not in plain[start:at]:
            yield start, end
            return
    yield from ((each.start, each.end) for each in islice(reading.following(sentence), TAIL))


@lru_cache(maxsize=64)
def unmasked(text: str) -> str:
    """The text with look-alike letters turned to what they look like; every character keeps its place."""
    return flat(text if text.isascii() else text.translate(LOOKS))


LOOKS = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁɡһկոսԛԝ", "aeopcyxijsdghlnuqw", strict=False)),
        **dict(zip("АВЕКМНОРСТХІЈЅ", "abekmhopctxijs", strict=True)),
        **dict(zip("οαερτυικν", "oaeptuikv", strict=True)),
    }
)


def _hidden(case: Case) -> Iterator[Finding]:
    if any(UNSEEN.search(piece.words.replace("\n", " ")) for piece in case.change.evidence):
        yield _finding(Effect.flag, "The quoted words hold characters that cannot be seen.")
    if not case.quoted.text.isascii() and any(_mixed(word) for word in case.quoted.text.split()):
        yield _finding(Effect.flag, "A quoted word mixes letters of two scripts that look alike.")


def _mixed(word: str) -> bool:
    return bool(LATIN.search(word) and SPELT.search(word)) and unicodedata.normalize("NFC", word).isalpha()


def _elsewhere(case: Case) -> Iterator[Finding]:
    kinds = {case.context.document.line_at(start).kind for start, _ in case.quoted.spans}
    if kinds == {LineKind.boilerplate}:
        yield _finding(Effect.demote, "The quote stands in boilerplate, which nobody says.")


def _addresses(case: Case) -> Iterator[Finding]:
    """An address in a value that the text does not have came from somewhere else."""
    shapes = section(case.change.section).fields
    for name, value in case.claims.items():
        for part in value if isinstance(value, list) else [value]:
            found = ADDRESS.search(part) if isinstance(part, str) and name in shapes else None
            if (
                found
                and found.group().lower().rstrip(".,") not in case.reading.flat
                and found.group() not in str(case.now.get(name))
            ):
                yield _finding(Effect.drop, f"The text has no such address as {found.group()}.", name)


CHECK = Check("injection", 15, run)
