"""Quotes whose words stand in the text: as they are, formatting apart, with something put around them, or in pieces."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Self

from pipeline.locate.edges import UNSPACED, is_cut
from pipeline.locate.folding import Folded, Span, fold

PIECE_WORDS = 3  # the least a piece of a stitched quote may have; two characters of an unspaced script count as a word
PIECE_GAP = 1_500  # the most characters that may be left out between two pieces
_PIECE_PLACES = 300  # the most places of one piece that are looked at

_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:(?:\.\s?){2,}\.+|…+)\s*[\])]?\s*")
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+(?:['’.,-][^\W_{UNSPACED}]+)*")
_LETTER_HYPHEN = re.compile(r"-(?<=[^\W\d_]-)(?=[^\W\d_])")  # the hyphen first: only there a search has to stop
_BULLET = re.compile(r"(?:[-*+•‣◦▪·>#–—]+[ \t]+)+")
_LINE_HANDLE = re.compile(r"(?:\[L?\d{1,4}\]|L?\d{1,4}\||L\d{1,4}:)\s*")
_NUMBERING = re.compile(r"\(?\d{1,2}[.)][ \t]+(?=[^\s\d])")
_LEADING_STOPS = re.compile(r"^[….,;:!?]+(?!\d)")
_LABEL = re.compile(r"(?P<label>[^\W\d_][^\n:：]{0,40})[:：][ \t]*(?=\S)")
_LABEL_LINE = re.compile(r"^[ \t]*(?P<label>[^\W\d_][^\n:：]{0,40})[:：]", re.MULTILINE)
_WRAPPED = "\"'“”‘’„«»‹›「」『』`*_"
_LABEL_REACH = 300  # characters before the words in which their speaker's name may stand


class Place(NamedTuple):
    """A stretch of the original text; `exact` when it equals the quote character by character."""

    start: int
    end: int
    exact: bool

    @property
    def span(self) -> Span:
        """Its offsets."""
        return self.start, self.end


class Page:
    """A text and its folded forms, made once and searched many times."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.folded = fold(raw)
        self._hyphenless: _Hyphenless | None = None

    @property
    def hyphenless(self) -> "_Hyphenless":
        """The folded text without any hyphen between letters; made when first needed."""
        if self._hyphenless is None:
            self._hyphenless = _Hyphenless.of(self.folded)
        return self._hyphenless


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a quote: its words, and what must be true of a place for those words to be meant."""

    words: str
    whole: bool  # nothing was trimmed: the place may be called exact
    fits: Callable[[str, Place], bool]


def size(words: str) -> float:
    """How many words a quote has; two characters of a script without spaces count as one."""
    return sum(0.5 if re.match(f"[{UNSPACED}]", word) else 1.0 for word in _WORD.findall(words))


def places(page: Page, words: str) -> list[Place]:
    """Every place where the words stand, formatting apart, in order and without overlap."""
    quote = fold(words)
    if not quote.text.strip():
        return []
    found = _uncut(page.raw, _folded_places(page, quote, words))
    # Spaces and dashes at the edge of a quote may fold otherwise than in the text, where they have neighbours.
    loose = not (words[0].isalnum() and words[-1].isalnum())
    if loose and not any(place.exact for place in found):
        found += _uncut(page.raw, (Place(start, start + len(words), True) for start in _finds(page.raw, words)))
    return _apart(found or _uncut(page.raw, _hyphen_places(page, quote)))


def _folded_places(page: Page, quote: Folded, words: str) -> Iterator[Place]:
    for start in _finds(page.folded.text, quote.text):
        if span := page.folded.span(start, start + len(quote.text)):
            yield Place(*span, page.raw[slice(*span)] == words)


def _finds(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _uncut(raw: str, found: Iterable[Place]) -> list[Place]:
    """The places that begin and end with whole words."""
    return [place for place in found if not (is_cut(raw, place.start) or is_cut(raw, place.end))]


def _apart(found: list[Place]) -> list[Place]:
    """The places in their order; of two that overlap the exact one, or else the first."""
    kept: list[Place] = []
    for place in sorted(found, key=lambda each: (not each.exact, each.start)):
        at = bisect_left(kept, place.start, key=lambda each: each.start)
        overlaps = (at and kept[at - 1].end > place.start) or (at < len(kept) and kept[at].start < place.end)
        if not overlaps:
            kept.insert(at, place)
    return kept


@dataclass(frozen=True, slots=True)
class _Hyphenless:
    """A folded text without hyphens between letters: `hard` says where they were, `soft` where line-end ones were."""

    text: str
    hard: tuple[int, ...]
    soft: tuple[int, ...]

    @classmethod
    def of(cls, folded: Folded) -> Self:
        dropped = [match.start() for match in _LETTER_HYPHEN.finditer(folded.text)]
        hard = tuple(at - count for count, at in enumerate(dropped))
        soft = tuple(at - bisect_left(dropped, at) for at in folded.soft)
        return cls(_LETTER_HYPHEN.sub("", folded.text), hard, soft)

    def within(self, start: int, end: int) -> tuple[set[int], set[int]]:
        """The hard and the soft hyphens strictly inside, counted from `start`."""
        return tuple(  # type: ignore[return-value]
            {at - start for at in marks[bisect_right(marks, start) : bisect_left(marks, end)]}
            for marks in (self.hard, self.soft)
        )


def _hyphen_places(page: Page, quote: Folded) -> Iterator[Place]:
    """Places that differ in line-end hyphens alone: behind the "well-" of "well-known" one belongs to the word."""
    has_hyphen = _LETTER_HYPHEN.search(quote.text) is not None
    if not ((has_hyphen and page.folded.soft) or quote.soft):
        return
    bare, wanted = page.hyphenless, _Hyphenless.of(quote)
    hard_wanted, soft_wanted = wanted.within(0, len(wanted.text))
    for start in _finds(bare.text, wanted.text):
        end = start + len(wanted.text)
        hard, soft = bare.within(start, end)
        if not (hard_wanted <= hard | soft and hard <= hard_wanted | soft_wanted):
            continue
        span = page.folded.span(start + bisect_right(bare.hard, start), end + bisect_right(bare.hard, end - 1))
        if span:
            yield Place(*span, exact=False)


def whole_places(page: Page, words: str, speaker: str | None) -> list[Place]:
    """Where a quote stands in one piece: as it is, else trimmed of marks, punctuation or a speaker's name around it."""
    for form in _forms(words, speaker):
        found = [place for place in places(page, form.words) if form.fits(page.raw, place)]
        if found:
            return found if form.whole else [place._replace(exact=False) for place in found]
    return []


def _forms(words: str, speaker: str | None) -> Iterator[Form]:
    """The quote as given, then with ever more of what a writer puts around a quote taken off."""
    yield Form(words, True, _anywhere)
    trimmed = trim(words)
    if trimmed != words:
        yield Form(trimmed, False, _same_ending(words))
    if mark := _NUMBERING.match(trimmed):
        trimmed = trim(trimmed[mark.end() :])
        yield Form(trimmed, False, lambda raw, place: not _words_before(raw, place.start))
    if label := _LABEL.match(trimmed):
        named, said = label["label"], trim(trimmed[label.end() :])
        if not _LABEL.match(said):  # two labels: what the first one said is missing
            yield Form(said, False, lambda raw, place: _said_by(raw, place.start, named, speaker))


def _anywhere(_raw: str, _place: Place) -> bool:
    return True


def trim(words: str) -> str:
    """The quote without the quotation marks, bullets, line handles, ellipses and closing stops put around it."""
    before = None
    while before != words:
        before = words
        words = words.strip().strip(_WRAPPED).removeprefix("[...]").removesuffix("[...]")
        words = _LEADING_STOPS.sub("", words).rstrip("….,;:").strip()
        if mark := _BULLET.match(words) or _LINE_HANDLE.match(words):
            words = words[mark.end() :]
    return words


def _same_ending(words: str) -> Callable[[str, Place], bool]:
    """A statement is not proved by a question: "We sign in March." does not stand in "We sign in March?"."""
    states = words.rstrip(_WRAPPED + " ").endswith((".", "。"))
    return lambda raw, place: not (states and raw[place.end : place.end + 1] in {"?", "？"})


def _words_before(raw: str, start: int) -> str:
    """What stands before an offset on its line, bullets and numbering left out."""
    line = raw[raw.rfind("\n", 0, start) + 1 : start].strip()
    line = _BULLET.sub("", line + " ", count=1).strip()
    return "" if re.fullmatch(r"[(\[]?\w{1,4}[.)\]|:]", line) else line


def _said_by(raw: str, start: int, label: str, speaker: str | None) -> bool:
    """Whether the named speaker says the words at `start`: by the line's label, the last label before, or `speaker`."""
    named = _names(label)
    if line := _words_before(raw, start):
        of_line = _LABEL.match(f"{line} .")
        return of_line is not None and named <= _names(of_line["label"])
    if speaker and named <= _names(speaker):
        return True
    labels = list(_LABEL_LINE.finditer(raw, max(0, start - _LABEL_REACH), start))
    return bool(labels) and named <= _names(labels[-1]["label"])


def _names(label: str) -> set[str]:
    return set(re.findall(r"\w+", label.casefold()))


def stitched_places(page: Page, words: str) -> list[tuple[Span, ...]]:
    """Where a quote with an ellipsis stands in pieces: in order, close together, none too small. One tuple a place."""
    pieces = [piece for piece in map(trim, _ELLIPSIS.split(words)) if piece]
    if len(pieces) < 2 or any(size(piece) < PIECE_WORDS for piece in pieces):
        return []
    found = [places(page, piece)[:_PIECE_PLACES] for piece in pieces]
    chains: list[tuple[Span, ...]] = [(place.span,) for place in found[0]]
    for following in found[1:]:
        chains = list(chain.from_iterable(_continued(chains, place) for place in following))
    return chains


def _continued(chains: Iterable[tuple[Span, ...]], place: Place) -> Iterator[tuple[Span, ...]]:
    """The tightest of the chains that end shortly before a place, with that place added."""
    reachable = [each for each in chains if 0 <= place.start - each[-1][1] <= PIECE_GAP]
    if reachable:
        yield (*max(reachable, key=lambda each: each[0][0]), place.span)
