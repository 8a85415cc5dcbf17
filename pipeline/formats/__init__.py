"""Formats: bytes -> text with offsets. One file each, found by its constant FORMAT; what they share is named here.

A format's `read` gives a Document as the file itself shows it: canonical text, lines with their places, and what
only that format knows (a mail's author, a cue's speaker, a filing's item). What every text has in common (language,
the day of the meeting, who was there) is added by `pipeline.ingest`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.errors import Unreadable
from pipeline.formats._cues import Loose, blocks, is_stamp, spoken
from pipeline.formats._cues import label as cue_labels
from pipeline.formats._encoding import decode, refuse_binary
from pipeline.formats._lines import LINE_END, Draft, Losses, Reading, document, visible, word_set
from pipeline.formats._mail import marked, people, person
from pipeline.formats._markup import Block, Page, page
from pipeline.formats._prose import head, prose
from pipeline.records import Document
from pipeline.registry import plugins

__all__ = [
    "LINE_END",
    "Block",
    "Draft",
    "Format",
    "Loose",
    "Losses",
    "Page",
    "Reading",
    "blocks",
    "choose",
    "cue_labels",
    "decode",
    "document",
    "head",
    "is_stamp",
    "marked",
    "page",
    "people",
    "person",
    "prose",
    "refuse_binary",
    "spoken",
    "text_lines",
    "visible",
    "word_set",
]


@dataclass(frozen=True)
class Format:
    """A way of writing text into a file.

    name: as shown and as in Document.format. suffixes: with their dots, in small letters.
    sniff: how sure the content alone (the name only as a hint) is of this format, 0 to 1; never raises, looks at the
    beginning of the data only. read: the document; raises nothing but pipeline.errors.
    direct_bytes: the largest file that is safe to read in the caller's own process, because nothing but linear code
    of ours touches it; larger ones, and every file where it is 0, are read in a child process with limits.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, str | None], float]
    read: Callable[[bytes, str | None], Document]
    direct_bytes: int = 0

    def named(self, filename: str | None) -> bool:
        """Whether a file name ends like files of this format."""
        return bool(filename) and str(filename).lower().endswith(self.suffixes)


def text_lines(text: str) -> list[Draft]:
    """The lines of a text, empty ones too, so that numbers agree with any editor's."""
    return [Draft(words) for words in LINE_END.split(text)]


def choose(data: bytes, filename: str | None) -> Format:
    """The format of a file: the one whose content fits best, the suffix deciding between equals.

    Raises Unreadable when none fits, saying what the file is as far as its first bytes tell.
    """
    scored = [(one.sniff(data, filename), one.named(filename), one.name, one) for one in _all().values()]
    score, _, _, best = max(scored, key=lambda entry: entry[:3])
    if score <= 0:
        refuse_binary(data)
        raise Unreadable("none of the known formats fits the file")
    return best


def _all() -> dict[str, Format]:
    return plugins("pipeline.formats", "FORMAT")
