"""Job titles in the running text of filings: where one stands, and how it is written out."""

import re
from functools import cache

from pipeline.proposers.rules.filings.knowledge import either, table, words

BOARD = r"(?:of\s+(?:the|our|its)\s+(?:company[’']s\s+)?board(?:\s+of\s+(?:directors|trustees))?)"
NO_AREA = (
    r"(?!(?:Board|Company|Committee|Corporation|Registrant|Item|Section|Mr|Ms|Mrs|Dr|Effective|The|On|Inc|Since|From|"
    r"Until|Prior)\b)"
)
CAPITALISED = rf"(?-i:{NO_AREA}[A-ZÀ-Þ][\w&’'./-]*(?<![.]))"
CHIEF = (
    r"chief\s+(?:(?!officers\b)[\w&/-]+,?\s+){1,6}?officer\b|principal\s+(?:\w+\s+){1,3}?officer\b"
    r"|chief\s+of\s+staff\b|chief\s+\w+ist\b"
)
LEAD = r"lead\s+independent\s+director|independent\s+lead\s+director"
JOINT = r"(?:\s*(?:,|&|/|and\b|[–—]|-(?=\s))\s*(?:and\s+)?|\s+(?:of|for|the)\s+(?:the\s+)?|\s+)"
INTO = r"(?:\s*,\s*|\s+[-–—]\s*|\s+(?:of|for)\s+(?:the\s+)?|\s+(?=(?-i:[A-Z])))"
AIDE = r"(?:(?<=adviser)|(?<=advisor)|(?<=counsel)|(?<=assistant)|(?<=consultant))\s+to\s+(?:the|our|its)\s+"
AGAIN = r"(?:\s*,?\s*\band\s+(?:as\s+)?|\s*[,&/;]\s*|\s+)"


@cache
def grammar() -> re.Pattern[str]:
    """A title, or several joined by "and", commas and strokes."""
    abbreviations = "|".join(map(re.escape, table("words")["abbreviations"]))
    modifier = rf"(?:(?:{either(words('modifiers'))})\b[\s-]+)"
    place = rf"(?:{CAPITALISED}|(?:{either(words('areas'))})\b)"
    head = rf"(?:co-|vice[\s-]+)?(?:{either(words('heads'))})\b"
    kinds = rf"(?:(?:{either(words('director_kinds'))})\s+)+director\b"
    director = rf"{kinds}|director,?\s+(?:of\s+)?(?!of\b){place}"
    named = rf"(?:{CAPITALISED}\s+){{0,3}}?(?:{director}|{head})"
    core = rf"(?:{CHIEF}|(?-i:(?:{abbreviations})\b)|{named}|{LEAD})"
    area = rf"(?:\s+{BOARD}|{INTO}{place}(?:{JOINT}{place})*)"
    one = rf"{modifier}*{core}(?:{area})?(?:{AIDE}{modifier}*{core})?"
    return re.compile(rf"(?<![\w-]){one}(?:{AGAIN}{one})*", re.IGNORECASE)


def spans(text: str) -> list[tuple[int, int]]:
    """Where titles stand in `text`."""
    return [(found.start(), found.end()) for found in grammar().finditer(text)]


def written(words_: str) -> str:
    """A title as it is to be kept: as printed, on one line, no dangling marks; a bare abbreviation is written out."""
    plain = " ".join(words_.split()).strip(" ,;:-–—&/")
    plain = re.sub(r"\s+(?:and|of|for|the|in|as)$", "", plain)
    return str(table("words")["abbreviations"].get(plain, plain))


def in_full(title: str) -> str:
    """A title with all its abbreviations written out, to compare it."""
    return _abbreviation().sub(lambda found: str(table("words")["abbreviations"][found.group()]), title)


@cache
def _abbreviation() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, table('words')['abbreviations']))})\b")


@cache
def _empty() -> frozenset[str]:
    return frozenset(str(title) for title in table("words")["empty_titles"])


def is_empty(title: str) -> bool:
    """Whether a title names a class of people, no position."""
    plain = re.sub(r"^(?:an?|the|our|its)\s+", "", title.lower())
    return plain in _empty()


def parts(title: str) -> list[str]:
    """The single titles of a joint one: "President and Chief Executive Officer" are two."""
    pieces = re.split(r"\s*(?:;|,?\s+and\s+|,\s+|\s+&\s+)\s*", title)
    found: list[str] = []
    for piece in pieces:
        if found and not grammar().search(piece):
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(piece)
    return [piece for piece in found if piece]
