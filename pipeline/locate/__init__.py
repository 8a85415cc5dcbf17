"""Where a quote stands in a text, and how exactly. Only words that are there, in their order, are proof.

| tier | the quote | proof |
|---|---|---|
| exact | stands in the text character by character | yes |
| formatting | differs in spaces, line ends, dashes, quotation marks, case, letter forms, invisible characters, | yes |
| | or in a list mark, quotation marks, closing point or its speaker's own name put around it | |
| stitched | is joined by an ellipsis; each piece (three words or more) stands there, in order, close together | yes |
| altered | has words that are not there, but was clearly made from this place | no |

`locate_all(text, quotes)` answers for many quotes in about the time it takes to read the text once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.locate.altered import WordIndex, altered_spans, words_of
from pipeline.locate.folding import Span
from pipeline.locate.verbatim import PIECE_WORDS, Page, size, stitched_places, whole_places
from pipeline.locate.words import WordChange, words_changed
from pipeline.records import Tier

__all__ = ["Match", "Quote", "WordChange", "locate", "locate_all", "words_changed"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words said to stand in a text. `near` (start, end) names where, `speaker` who is known to speak there.

    `near` decides between several places; without it the first wins, an exact one before the others.
    """

    text: str
    near: Span | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote stands: offsets into the original text. `pieces` has more than one element when stitched.

    `occurrences` counts the places that would do as well.
    """

    start: int
    end: int
    tier: Tier
    occurrences: int
    pieces: tuple[Span, ...]


def locate(text: str, quote: str | Quote, near: Span | None = None) -> Match | None:
    """Where one quote stands in a text, or None. For several quotes `locate_all` reads the text only once."""
    return locate_all(text, [quote if isinstance(quote, Quote) else Quote(quote, near)])[0]


def locate_all(text: str, quotes: Iterable[str | Quote]) -> list[Match | None]:
    """One match, or None, for each quote, in their order."""
    page = Page(text)
    wanted = [quote if isinstance(quote, Quote) else Quote(quote) for quote in quotes]
    matches = [_whole(page, each) or _stitched(page, each) for each in wanted]
    long = [size(each.text) >= PIECE_WORDS for each in wanted]
    missing = {at: words_of(wanted[at].text) for at, match in enumerate(matches) if match is None and long[at]}
    if missing:
        index = WordIndex(page.folded, chain.from_iterable(missing.values()))
        for at, words in missing.items():
            matches[at] = _altered(page, index, wanted[at], words)
    return matches


def _whole(page: Page, wanted: Quote) -> Match | None:
    found = whole_places(page, wanted.text.strip(), wanted.speaker)
    if not found:
        return None
    best = min(found, key=lambda place: (_distance(place.span, wanted.near), not place.exact, place.start))
    tier = Tier.exact if best.exact else Tier.formatting
    return Match(best.start, best.end, tier, len(found), (best.span,))


def _stitched(page: Page, wanted: Quote) -> Match | None:
    found = stitched_places(page, wanted.text.strip())
    if not found:
        return None
    best = min(found, key=lambda pieces: (_distance((pieces[0][0], pieces[-1][1]), wanted.near), pieces))
    return Match(best[0][0], best[-1][1], Tier.stitched, len(found), best)


def _altered(page: Page, index: WordIndex, wanted: Quote, words: Sequence[str]) -> Match | None:
    found = altered_spans(page.raw, page.folded, index, words)
    if not found:
        return None
    most = found[0][0]
    spans = [span for agreeing, span in found if agreeing == most]
    best = min(spans, key=lambda span: (_distance(span, wanted.near), span))
    return Match(*best, Tier.altered, len(spans), (best,))


def _distance(span: Span, near: Span | None) -> int:
    """How many characters lie between a span and the window it should be in; 0 inside or without a window."""
    return max(0, near[0] - span[1], span[0] - near[1]) if near else 0
