"""The place a quote was probably made from, when its words were changed: shown beside it, never a proof."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, pairwise

from pipeline.locate.edges import UNSPACED, is_cut, is_unspaced
from pipeline.locate.folding import Folded, Span, fold

LEAST_SHARE = 0.6  # of the quote's words, and of the words at the place, that must agree
LEAST_WEIGHT = 0.6  # of the quote's words, rare ones counting for more
_COMMON = 500  # a pair whose rarer word occurs more often than this says nothing about the place
_PAIRS = 8  # the pairs that are looked up, those with the rarest words first
_RARE = 20  # a word that occurs no more often than this points to a place by itself
_BUCKET = 4  # diagonals that are counted together
_EDGE_WORDS = 2  # the most changed words before and behind those that agree: more is another continuation, made up
_CANDIDATES = 5  # the places looked at closely

_UNSPACED_WORD = re.compile(rf"[{UNSPACED}]|[^ {UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?]['\")\]]* |[。！？]")
_EDGES = ".,;:!?'\"()[]{}<>|/\\*_#…。、「」『』·•"


@dataclass(frozen=True, slots=True)
class _Block:
    """Words that agree: the same `length` from `text_at` in the text and from `quote_at` in the quote."""

    text_at: int
    quote_at: int
    length: int


class WordIndex:
    """The words of a folded text and where each occurs."""

    def __init__(self, folded: Folded) -> None:
        self.words, self.starts = _split(folded.text)
        self.occurrences: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            self.occurrences[word].append(at)

    def sentence_ends(self, folded: Folded, at: int) -> bool:
        """Whether a sentence ends between word number `at` and the next."""
        return _SENTENCE_END.search(folded.text, self.starts[at], self.starts[at + 1]) is not None

    def weight(self, word: str) -> float:
        """The surprise, in bits, of meeting this word."""
        return math.log2((len(self.words) + 2) / (len(self.occurrences.get(word, ())) + 1))


def _split(folded: str) -> tuple[list[str], list[int]]:
    """The words of a folded text, hyphens parting them, edge punctuation left out, and where each starts."""
    spaced = folded.replace("-", " ")
    if not spaced.isascii() and any(map(is_unspaced, set(spaced))):
        found = list(_UNSPACED_WORD.finditer(spaced))
        rough, starts = [match.group() for match in found], [match.start() for match in found]
    else:
        rough = spaced.split(" ")
        starts = list(accumulate((len(word) + 1 for word in rough[:-1]), initial=0))
    bare = {word: word.strip(_EDGES) for word in set(rough)}
    words = [bare[word] for word in rough]
    return (words, starts) if all(bare.values()) else (list(compress(words, words)), list(compress(starts, words)))


def altered_spans(raw: str, folded: Folded, index: WordIndex, quote: str) -> list[tuple[int, Span]]:
    """Places most of the quote's words come from, as (number of words that agree, original offsets), best first."""
    words, _ = _split(fold(quote).text)
    found = {}
    for low, high in _windows(index, words):
        blocks = _densest(_agreeing(index.words[low:high], words, low))
        if blocks and _is_enough(index, words, blocks):
            agreeing = sum(block.length for block in blocks)
            found[_span(raw, folded, index, words, blocks)] = agreeing
    return sorted(((agreeing, span) for span, agreeing in found.items()), key=lambda each: (-each[0], each[1]))


def _windows(index: WordIndex, words: Sequence[str]) -> Iterator[Span]:
    """Stretches of the text, as word numbers, that share rare words or pairs of words with the quote in order."""
    votes: defaultdict[int, float] = defaultdict(float)
    for at, text_at, strength in _seeds(index, words):
        votes[(text_at - at) // _BUCKET] += strength
    ranked = sorted(votes, key=lambda bucket: -(votes[bucket] + votes.get(bucket + 1, 0)))
    for bucket in ranked[:_CANDIDATES]:
        yield max(0, bucket * _BUCKET - 6), bucket * _BUCKET + len(words) * 4 // 3 + 10


def _seeds(index: WordIndex, words: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """(number of the word in the quote, in the text, strength) of every pair and every rare word the two share."""
    places = [index.occurrences.get(word, []) for word in words]
    for at, here in enumerate(places):
        if len(here) <= _RARE and not (len(words[at]) == 1 and is_unspaced(words[at])):
            yield from ((at, text_at, 1 / (1 + len(here))) for text_at in here)
    pairs = sorted((min(len(places[at]), len(places[at + 1])), at) for at in range(len(words) - 1))
    for count, at in [pair for pair in pairs if 0 < pair[0] <= _COMMON][:_PAIRS]:
        shift = int(count < len(places[at]))
        rarer, other = places[at + shift], words[at + 1 - shift]
        step = -1 if shift else 1
        hits = [place for place in rarer if 0 <= place + step < len(index.words) and index.words[place + step] == other]
        yield from ((at, place - shift, 1 / (1 + len(hits)) ** 0.5) for place in hits)


def _agreeing(window: Sequence[str], words: Sequence[str], low: int) -> list[_Block]:
    """The blocks in which a window of the text and the quote agree, in order."""
    from rapidfuzz.distance import LCSseq

    same = [op for op in LCSseq.opcodes(window, words) if op.tag == "equal"]
    blocks = [_Block(op.src_start + low, op.dest_start, op.src_end - op.src_start) for op in same]
    # A single character of an unspaced script that agrees is chance; two in a row are a word.
    return [block for block in blocks if block.length > 1 or not is_unspaced(words[block.quote_at][:1])]


def _densest(blocks: Sequence[_Block]) -> Sequence[_Block]:
    """The consecutive blocks that agree most for the words they leave between them."""

    def gain(part: Sequence[_Block]) -> float:
        agreeing = sum(block.length for block in part)
        return agreeing - 0.5 * (part[-1].text_at + part[-1].length - part[0].text_at - agreeing)

    parts = [blocks[start:end] for end in range(1, len(blocks) + 1) for start in range(end)]
    return max(parts, key=gain, default=())


def _is_enough(index: WordIndex, words: Sequence[str], blocks: Sequence[_Block]) -> bool:
    """Whether so much agrees that the quote must come from here, and not merely from such a text."""
    agreeing = sum(block.length for block in blocks)
    reach = blocks[-1].text_at + blocks[-1].length - blocks[0].text_at
    if agreeing < 3 or agreeing < LEAST_SHARE * len(words) or agreeing < LEAST_SHARE * reach:
        return False
    outside = blocks[0].quote_at + len(words) - blocks[-1].quote_at - blocks[-1].length
    if outside > _EDGE_WORDS or _longest_gap(blocks) > max(_EDGE_WORDS, len(words) // 4):
        return False
    weights = [index.weight(word) for word in words]
    kept = sum(sum(weights[block.quote_at : block.quote_at + block.length]) for block in blocks)
    return kept >= LEAST_WEIGHT * sum(weights)


def _longest_gap(blocks: Sequence[_Block]) -> int:
    """The longest run of quote words between the blocks, which agree with nothing."""
    return max((after.quote_at - here.quote_at - here.length for here, after in pairwise(blocks)), default=0)


def _span(raw: str, folded: Folded, index: WordIndex, words: Sequence[str], blocks: Sequence[_Block]) -> Span:
    """The original offsets of the blocks, with changed words at either edge, whole words only."""
    first, last = blocks[0], blocks[-1]
    start, end = first.text_at, last.text_at + last.length
    for _ in range(first.quote_at):
        start -= int(start > 0 and not index.sentence_ends(folded, start - 1))
    for _ in range(len(words) - last.quote_at - last.length):
        end += int(end < len(index.words) and not index.sentence_ends(folded, end - 1))
    folded_end = index.starts[end] if end < len(index.words) else len(folded.text)
    return _whole_words(raw, folded.source(index.starts[start]), folded.source(folded_end))


def _whole_words(raw: str, start: int, end: int) -> Span:
    """A span without spaces and punctuation at its edges, grown to whole words and numbers."""
    while end > start and not raw[end - 1].isalnum():
        end -= 1
    while start < end and not raw[start].isalnum():
        start += 1
    while start and is_cut(raw, start):
        start -= 1
    while end < len(raw) and is_cut(raw, end):
        end += 1
    return start, end
