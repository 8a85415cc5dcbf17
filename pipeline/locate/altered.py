"""The place a quote was probably made from, when its words were changed: shown beside it, never a proof."""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, count, pairwise

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
_CHUNK = 1_000  # characters of text that are cut into words at a time

_UNSPACED_PIECE = re.compile(rf"[ {UNSPACED}]|[^ {UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?]['\")\]]* |[。！？]")
_EDGES = " .,;:!?'\"()[]{}<>|/\\*_#…。、「」『』·•"


@dataclass(frozen=True, slots=True)
class _Block:
    """Words that agree: the same `length` from `text_at` in the text and from `quote_at` in the quote."""

    text_at: int
    quote_at: int
    length: int


class WordIndex:
    """The words of a folded text, how often each occurs, and where the rarer ones of `wanted` do.

    A text is cut into words chunk by chunk: 80,000 strings at once would not stay in the processor's cache.
    """

    def __init__(self, folded: Folded, wanted: Iterable[str]) -> None:
        self._text = folded.text
        self._bare = _Bare()
        self.words: list[str] = []
        self._chunks = list(_chunks(folded.text))
        self._firsts: list[int] = []  # the number of each chunk's first word
        self._starts: dict[int, list[int]] = {}  # where the words of a chunk start, once asked for
        for start, end in self._chunks:
            self._firsts.append(len(self.words))
            self.words += filter(None, map(self._bare.__getitem__, _pieces(self._text[start:end])[0]))
        self.counts = Counter(self.words)
        self.places: dict[str, list[int]] = {word: [] for word in wanted if self.counts[word] <= _COMMON}
        for at in compress(count(), map(self.places.__contains__, self.words)):
            self.places[self.words[at]].append(at)

    def start(self, at: int) -> int:
        """Where word number `at` starts, with the punctuation before it; behind the last one, the text's end."""
        if at == len(self.words):
            return len(self._text)
        chunk = bisect_right(self._firsts, at) - 1
        if chunk not in self._starts:
            self._starts[chunk] = self._starts_of(*self._chunks[chunk])
        return self._starts[chunk][at - self._firsts[chunk]]

    def _starts_of(self, start: int, end: int) -> list[int]:
        pieces, gap = _pieces(self._text[start:end])
        starts = accumulate((len(piece) + gap for piece in pieces), initial=start)
        return list(compress(starts, map(self._bare.__getitem__, pieces)))

    def sentence_ends(self, at: int) -> bool:
        """Whether a sentence ends between word number `at` and the next."""
        return _SENTENCE_END.search(self._text, self.start(at), self.start(at + 1)) is not None

    def weight(self, word: str) -> float:
        """The surprise, in bits, of meeting this word."""
        return math.log2((len(self.words) + 2) / (self.counts[word] + 1))


class _Bare(dict[str, str]):
    """What each piece of a text is without punctuation at its edges."""

    def __missing__(self, piece: str) -> str:
        self[piece] = bare = piece.strip(_EDGES)
        return bare


def words_of(quote: str) -> list[str]:
    """The words of a quote as the index has them: folded, hyphens parting them, edge punctuation left out."""
    pieces, _ = _pieces(fold(quote).text)
    return [word for piece in pieces if (word := piece.strip(_EDGES))]


def _chunks(text: str) -> Iterator[Span]:
    """The stretches between one space and another about _CHUNK characters on."""
    start = 0
    while start <= len(text):
        end = text.find(" ", start + _CHUNK)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _pieces(folded: str) -> tuple[list[str], int]:
    """A folded text cut at spaces and hyphens, or into characters if a script is unspaced; how much lies between."""
    spaced = folded.replace("-", " ")
    if not spaced.isascii() and any(map(is_unspaced, set(spaced))):
        return _UNSPACED_PIECE.findall(spaced), 0
    return spaced.split(" "), 1


def altered_spans(raw: str, folded: Folded, index: WordIndex, words: Sequence[str]) -> list[tuple[int, Span]]:
    """Places most of a quote's words come from, as (number of words that agree, original offsets), best first."""
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
    counts = [index.counts[word] for word in words]
    for at, word in enumerate(words):
        if counts[at] <= _RARE and not (len(word) == 1 and is_unspaced(word)):
            yield from ((at, text_at, 1 / (1 + counts[at])) for text_at in index.places[word])
    pairs = sorted((min(counts[at], counts[at + 1]), at) for at in range(len(words) - 1))
    for rarer_count, at in [pair for pair in pairs if 0 < pair[0] <= _COMMON][:_PAIRS]:
        shift = int(rarer_count < counts[at])
        rarer, other = words[at + shift], words[at + 1 - shift]
        step = -1 if shift else 1
        places = index.places[rarer]
        hits = [
            place for place in places if 0 <= place + step < len(index.words) and index.words[place + step] == other
        ]
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
        start -= int(start > 0 and not index.sentence_ends(start - 1))
    for _ in range(len(words) - last.quote_at - last.length):
        end += int(end < len(index.words) and not index.sentence_ends(end - 1))
    return _whole_words(raw, folded.source(index.start(start)), folded.source(index.start(end)))


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
