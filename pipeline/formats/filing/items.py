"""Under which item each line of a filing stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.formats import Draft

ITEM = re.compile(
    r"^[\s|>•]*(?:part\s+(?P<part>i{1,3}|iv)\b[\s,.:–—-]*)?items?\s*(?P<item>\d{1,2}(?:\.\s?\d{2})?(?:\s?[abc](?=[\s.:(–—-]|$))?)"
    r"(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
PART = re.compile(
    r"^\W*part\s+(?P<part>i{1,3}|iv)\b\W*(?:[–—-]|$|financial information|other information)", re.IGNORECASE
)
SIGNATURES = re.compile(r"^\W*signatures?\W*$", re.IGNORECASE)
# A heading goes on with a capital, a bracket or nothing; "Item 5.02 of this report is" is a sentence.
TITLED = re.compile(r"^[\s.:;|–—-]*(?:$|[A-Z(\[“\"'])")
SENTENCE = re.compile(
    r"^[\s.:|–—-]*\(?[a-z]?\)?\s*(?:of|above|below|herein|hereof|and|or|in|is|to|through|shall|under|as|which|, )\b"
)
CONTENTS_LENGTH = 300
"""A heading with less than this below it, whose item comes again, is a line of the table of contents."""


@dataclass(frozen=True)
class Heading:
    """Where an item begins."""

    at: int
    item: str


def itemised(lines: list[Draft], form: str | None) -> list[Draft]:
    """The lines with their item set; what stands before the first item (the cover) has none."""
    headings = _without_contents(lines, _headings(lines, (form or "").upper()))
    following = iter([*headings, Heading(len(lines), "")])
    upcoming = next(following)
    item: str | None = None
    for at, line in enumerate(lines):
        while at >= upcoming.at and upcoming.item:
            item = upcoming.item
            upcoming = next(following)
        line.item = item
    return lines


def _headings(lines: Sequence[Draft], form: str) -> list[Heading]:
    found: list[Heading] = []
    part = ""
    for at, line in enumerate(lines):
        words = line.words[:300]
        begin = words.lstrip(" \t|>•")[:5].lower()
        if begin.startswith("part"):
            named = PART.match(words) or ITEM.match(words)
            part = (named["part"] or part).upper() if named else part
        if begin.startswith(("item", "part")):
            item = _item(words)
            if item:
                two_parts = form.startswith("10-Q") and part == "II"
                found.append(Heading(at, f"II.{item}" if two_parts else item))
        elif begin.startswith("signa") and SIGNATURES.match(words) and (found or at > len(lines) // 2):
            found.append(Heading(at, "signatures"))
    return found


def _item(words: str) -> str | None:
    match = ITEM.match(words)
    if match is None or SENTENCE.match(match["rest"]) or not TITLED.match(match["rest"]):
        return None
    return re.sub(r"\s", "", match["item"]).upper()


def _without_contents(lines: Sequence[Draft], headings: list[Heading]) -> list[Heading]:
    """Leaves out the table of contents: entries with hardly a word below them whose item begins again later."""
    sizes = _sizes(lines, headings)
    again = [heading.item for heading in headings]
    kept: list[Heading] = []
    for place, (heading, size) in enumerate(zip(headings, sizes, strict=True)):
        if size >= CONTENTS_LENGTH or heading.item not in again[place + 1 :]:
            kept.append(heading)
    return _after_contents(kept)


def _sizes(lines: Sequence[Draft], headings: Sequence[Heading]) -> list[int]:
    ends = [heading.at for heading in headings[1:]] + [len(lines)] * bool(headings)
    return [
        sum(len(line.words) for line in lines[heading.at + 1 : end])
        for heading, end in zip(headings, ends, strict=True)
    ]


def _after_contents(kept: list[Heading]) -> list[Heading]:
    """The last entry of the contents may have the cover's remarks below it; the items begin again after it."""
    for place in range(len(kept) - 1, 0, -1):
        before = {heading.item for heading in kept[:place]}
        if kept[place].item in {"1", "1.01"} and before <= {heading.item for heading in kept[place:]}:
            return kept[place:]
    return kept
