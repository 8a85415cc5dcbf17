"""Injection: words that tell software what to do are no news; nor is what the text does not have, or hides."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

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
"""How many sentences from an instruction its reach goes."""


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
    places = case.reading.remember("orders", lambda: orders(case.reading))
    if not places:
        return
    spans = case.quoted.spans
    if any(first < end and begin < last for first, last in places for begin, end in spans):
        yield _finding(Effect.drop, "The quoted words tell software what to do; they are no news of the customer.")
        return
    reach = case.reading.near(case.reading.stretch(places), AROUND, AROUND)
    wanted = stems(" ".join(str(value) for value in case.claims.values()))
    copied = len(wanted & stems(reach.text)) >= max(2, len(wanted) // 2)
    beside = case.reading.lines(case.reading.stretch(places))
    if copied and any(begin in reach for begin, _ in spans):
        yield _finding(Effect.drop, "Beside the quote the text tells software to do what the change does.")
    elif any(begin in beside for begin, _ in spans):
        yield _finding(Effect.demote, "Beside the quote the text tells software what to do.")
    elif copied and not len(wanted & stems(case.near.text)) >= max(2, len(wanted) // 2):
        yield _finding(Effect.demote, "The change uses the words of an instruction to software in the text.")


def orders(reading: Reading) -> tuple[tuple[int, int], ...]:
    """The sentences of a text that speak to software."""
    plain = unmasked(reading.document.text)
    found = sorted({match.start() for pattern in reading.words.orders for match in pattern.finditer(plain)})
    sentences = [reading.around(at, at + 1)[0] for at in found]
    return tuple(sorted({(each.start, each.end) for each in sentences}))


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
