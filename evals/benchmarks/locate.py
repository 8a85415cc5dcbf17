"""Finding quotes: speed and quality beside langextract's aligner, over invented texts and real filings and meetings.

    python -m evals.benchmarks.locate --seeds 11 12 13 --words 5000 80000 --data ../shared/data

langextract is measured where it can be imported (install it in an environment of its own), on texts up to --peer-words.
A quote is located when its place and the true one share 80 % of their characters; it is proof when the tier says so.
"""

import argparse
import html
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from evals.benchmarks.locate_cases import SCENARIOS, Asked, Corpus, edited_quotes, invented_corpus
from pipeline.locate import locate_all

_QUOTES = 50


@dataclass(frozen=True, slots=True)
class Found:
    """An aligner's answer: the place, its own word for how it was found, and whether that counts as proof."""

    place: tuple[int, int]
    tier: str
    proof: bool


Aligner = Callable[[str, Sequence[str]], list[Found | None]]


@dataclass(frozen=True, slots=True)
class Score:
    """What came back for one scenario."""

    seconds: float
    asked: int
    located: int
    accepted: int
    proof: int
    tiers: dict[str, int]

    def __str__(self) -> str:
        tiers = ", ".join(f"{count} {tier}" for tier, count in sorted(self.tiers.items()))
        return (
            f"{self.seconds:8.3f} s  located {self.located:2}/{self.asked}  accepted {self.accepted:2}  "
            f"proof {self.proof:2}  ({tiers or 'nothing'})"
        )


def ours(text: str, quotes: Sequence[str]) -> list[Found | None]:
    """pipeline.locate."""
    return [
        Found((match.start, match.end), match.tier.value, match.tier.proof) if match else None
        for match in locate_all(text, quotes)
    ]


def langextract(text: str, quotes: Sequence[str]) -> list[Found | None]:
    """The aligner of `lx.extract`, on the whole text. It knows no proof: an exact match counts as such."""
    from langextract.core.data import AlignmentStatus, Extraction  # type: ignore[import-not-found, unused-ignore]
    from langextract.resolver import WordAligner  # type: ignore[import-not-found, unused-ignore]

    extractions = [Extraction(extraction_class="quote", extraction_text=quote) for quote in quotes]
    (aligned,) = WordAligner().align_extractions([extractions], text)
    found: list[Found | None] = []
    for each in aligned:
        if each.char_interval is None:
            found.append(None)
            continue
        place = (each.char_interval.start_pos, each.char_interval.end_pos)
        found.append(Found(place, each.alignment_status.value, each.alignment_status is AlignmentStatus.MATCH_EXACT))
    return found


def score(aligner: Aligner, text: str, asked: Sequence[Asked], repeats: int = 1) -> Score:
    """Run one scenario. The time is the least of several runs, reading the text included."""
    seconds, found = float("inf"), []
    for _ in range(repeats):
        begun = time.perf_counter()
        found = aligner(text, [each.quote for each in asked])
        seconds = min(seconds, time.perf_counter() - begun)
    answers = [each for each in found if each]
    located = sum(_is_located(text, each, answer) for each, answer in zip(asked, found, strict=True))
    tiers = {tier: sum(each.tier == tier for each in answers) for tier in {each.tier for each in answers}}
    return Score(seconds, len(asked), located, len(answers), sum(each.proof for each in answers), tiers)


def _is_located(text: str, asked: Asked, found: Found | None) -> bool:
    """Whether the place found is the true one, or one where the very same words stand."""
    if found is None or asked.place is None:
        return False
    (start, end), (true_start, true_end) = found.place, asked.place
    shared = min(end, true_end) - max(start, true_start)
    union = max(end, true_end) - min(start, true_start)
    return shared >= 0.8 * union or _bare(text[start:end]) == _bare(text[true_start:true_end])


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def measure(name: str, corpus: Corpus, seed: int, aligners: dict[str, Aligner]) -> None:
    """Print every scenario over one text, then the edits that change a meaning."""
    print(f"\n{name}: {len(corpus.words):,} words")
    for scenario, make in SCENARIOS.items():
        asked = make(random.Random(f"{scenario} {seed}"), corpus, _QUOTES)
        for label, aligner in aligners.items():
            print(f"  {scenario:11}{label:12}{score(aligner, corpus.text, asked, 3 if aligner is ours else 1)}")
    text, edited = edited_quotes(corpus)
    for label, aligner in aligners.items():
        print(f"  {'meaning':11}{label:12}{score(aligner, text, edited)}")


def real_texts(data: Path) -> Iterator[tuple[str, Corpus]]:
    """Filings, tags stripped, and meetings of at least 2,000 words from the folder of real data."""
    paths = [*data.glob("filings/10k/*.html"), *data.glob("filings/other/*.htm*"), *data.glob("meetings/ami/*.txt")]
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8", errors="replace")
        corpus = Corpus.of(_stripped(text) if path.suffix.startswith(".htm") else text)
        if len(corpus.words) >= 2_000:
            yield path.name, corpus


def _stripped(markup: str) -> str:
    """The visible text of a filing, roughly: enough to take quotes from."""
    markup = re.sub(r"(?is)<(script|style|ix:header)\b.*?</\1>", " ", markup)
    markup = re.sub(r"(?i)<(?:/p|/div|/tr|br|/h\d)\b[^>]*>", "\n", markup)
    text = html.unescape(re.sub(r"<[^>]*>", "", markup))
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11])
    parser.add_argument("--words", type=int, nargs="+", default=[5_000, 80_000])
    parser.add_argument("--peer-words", type=int, default=5_000, help="the longest text langextract is given (slow)")
    parser.add_argument("--data", type=Path, help="a folder of real filings and meetings")
    options = parser.parse_args(arguments)
    has_peer = find_spec("langextract") is not None
    if not has_peer:
        print("NOT RUN: langextract is not installed here")
    texts = [(f"seed {seed}", seed, invented_corpus(seed, words)) for words in options.words for seed in options.seeds]
    if options.data is None or not options.data.is_dir():
        print("NOT RUN: real texts (no --data, or no such folder)")
    else:
        texts += [(name, options.seeds[0], corpus) for name, corpus in real_texts(options.data)]
    for name, seed, corpus in texts:
        peers = {"langextract": langextract} if has_peer and len(corpus.words) <= options.peer_words * 1.2 else {}
        measure(name, corpus, seed, {"notes2plan": ours, **peers})
    return 0


if __name__ == "__main__":
    sys.exit(main())
