"""Texts and quotes with known places for `evals.benchmarks.locate`: invented from a seed, or made from given texts."""

import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SHORTEST, LONGEST = 8, 20  # words of a quote

# A sentence, and one kind of edit each that changes what it means: (kind, words as said, words as quoted).
SENTENCE = (
    "Before the board meets on Thursday, Hanna Brandt from procurement must approve all 40 licences for the Leeds "
    "plant, and then in March her team will probably increase the budget from 1.5 million euros to 3 million euros."
)
MEANING_EDITS = (
    ("first name", "Hanna", "Klara"),
    ("last name", "Brandt", "Brendt"),
    ("department", "procurement", "engineering"),
    ("role", "board", "committee"),
    ("site", "Leeds", "Luton"),
    ("weekday", "Thursday", "Tuesday"),
    ("month", "March", "May"),
    ("order", "Before", "After"),
    ("order inside", "then", "earlier"),
    ("verb", "approve", "reject"),
    ("verb of meeting", "meets", "skips"),
    ("direction", "increase", "decrease"),
    ("quantifier", "all", "some"),
    ("quantifier to none", "all 40", "no"),
    ("number", "40", "14"),
    ("decimal point", "1.5", "15"),
    ("digit", "3 million", "8 million"),
    ("scale", "3 million", "3 billion"),
    ("currency", "1.5 million euros", "1.5 million dollars"),
    ("sign", "40", "-40"),
    ("range", "40", "40-50"),
    ("modal", "must", "may"),
    ("modal certainty", "will", "might"),
    ("hedge left out", "will probably", "will"),
    ("negation", "will probably", "will not"),
    ("negation inside a word", "approve", "disapprove"),
    ("whose", "her", "our"),
    ("from and to swapped", "from 1.5 million euros to 3 million", "to 1.5 million euros from 3 million"),
)

_CONNECTIVES = (
    *("the", "of", "to", "and", "in", "we", "that", "for", "is", "on", "it", "with", "as", "will", "they", "by"),
    *("this", "be", "at", "our", "not", "from", "have", "has", "an", "are", "but", "or", "if"),
)
_REPEATED = (
    "As said before, the numbers on this slide are preliminary and may still change.",
    "Thank you all for joining, and let us go through the open points one by one.",
    "Nothing in this section is a promise about future results of the company.",
)
_SPEAKERS = ("Ilse Marten", "Tomoko Arai", "Bea Lindqvist", "Oskar Vance")


@dataclass(frozen=True, slots=True)
class Asked:
    """A quote and the place it was made from; None when it was made up."""

    quote: str
    place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Corpus:
    """A text and the offsets of its words."""

    text: str
    words: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> "Corpus":
        """The corpus of any text; words are what spaces part."""
        return cls(text, tuple(match.span() for match in re.finditer(r"\S+", text)))

    def stretch(self, random_: random.Random, low: int = SHORTEST, high: int = LONGEST) -> tuple[int, int]:
        """A random stretch of whole words that begins and ends with a letter or digit."""
        while True:
            count = random_.randint(low, high)
            first = random_.randrange(len(self.words) - count)
            start, end = self.words[first][0], self.words[first + count - 1][1]
            end -= len(self.text[start:end]) - len(self.text[start:end].rstrip(".,;:!?)\"'”’"))
            if self.text[start].isalnum() and self.text[end - 1].isalnum() and _reads(self.text[start:end]):
                return start, end


def _reads(stretch: str) -> bool:
    """Whether a stretch is running text rather than table cells or bare numbers."""
    words = re.findall(r"[^\W\d_]{2,}", stretch)
    return len(words) >= 0.7 * len(stretch.split()) and len(set(words)) >= 0.5 * len(words)


def invented_corpus(seed: int, words: int) -> Corpus:
    """Talk of nothing: words as frequent as in language, recurring sentences, speakers, wrapped lines, curly quotes."""
    random_ = random.Random(seed)
    vocabulary = [*_CONNECTIVES, *dict.fromkeys(_invented_word(random_) for _ in range(9_000))]
    frequencies = [1 / (rank + 2.7) for rank in range(len(vocabulary))]
    drawn = random_.choices(vocabulary, frequencies, k=words)
    parts, done = [], 0
    while done < words:
        count = random_.randint(6, 24)
        recurs = random_.random() < 0.03
        sentence = random_.choice(_REPEATED) if recurs else _sentence(random_, drawn[done : done + count])
        speaker = f"\n{random_.choice(_SPEAKERS)}: " if random_.random() < 0.15 else ""
        parts.append(speaker + sentence)
        done += count
    return Corpus.of(_wrapped(random_, " ".join(parts)))


def _invented_word(random_: random.Random) -> str:
    onsets, codas = (*"bdfgklmnprstv", "st", "tr", "fi", "fl"), ("", "n", "r", "s", "t", "lm")
    syllables = range(random_.randint(1, 4))
    return "".join(random_.choice(onsets) + random_.choice("aeiou") + random_.choice(codas) for _ in syllables)


def _sentence(random_: random.Random, words: Sequence[str]) -> str:
    printed = [word + ("," if random_.random() < 0.08 else "") for word in words]
    at = random_.randrange(len(printed))
    kind = random_.random()
    if kind < 0.06:
        printed[at] = f"“{printed[at]}”"
    elif kind < 0.12:
        printed[at] = f"— {printed[at]}"
    elif kind < 0.18:
        printed[at] = f"{random_.randint(1, 90)}.{random_.randint(1, 9)} {printed[at]}"
    return " ".join(printed).capitalize() + "."


def _wrapped(random_: random.Random, text: str) -> str:
    """The text in lines of about 90 characters, some ending in the middle of a word."""
    lines, start = [], 0
    while len(text) - start > 90:
        end = text.rindex(" ", start, start + 90)
        broken = re.match(r" ([a-z]{3,4})(?=[a-z]{3})", text[end : end + 12])
        if broken and random_.random() < 0.3:
            lines.append(text[start : end + broken.end()] + "-")
            start = end + broken.end()
        else:
            lines.append(text[start:end])
            start = end + 1
    return "\n".join([*lines, text[start:]])


def in_order(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """Verbatim, in the order of the text."""
    return sorted(shuffled(random_, corpus, count), key=lambda asked: asked.place or (0, 0))


def shuffled(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """Verbatim, in any order."""
    spans = [corpus.stretch(random_) for _ in range(count)]
    return [Asked(corpus.text[start:end], (start, end)) for start, end in spans]


def reformatted(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """Every word there, formatting changed: quotes, dashes, spaces, case, ligatures, line-end and soft hyphens."""
    return [Asked(_reformat(random_, asked.quote), asked.place) for asked in shuffled(random_, corpus, count)]


def _reformat(random_: random.Random, quote: str) -> str:
    quote = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", quote)
    for old, new in zip("“”‘’—–", "\"\"''--", strict=True):
        quote = quote.replace(old, new)
    quote = re.sub(r"\s+", lambda _: random_.choice([" "] * 12 + ["\n", "  ", "\u00a0", "\u2009"]), quote)
    tricks: tuple[Callable[[str], str], ...] = (
        str.upper,
        lambda text: text[0].swapcase() + text[1:],
        lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
        lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "-\n", text, count=1),
        lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u00ad", text, count=1),
        lambda text: re.sub(" ", " \u200b", text, count=1),
        lambda text: f"“{text}”",
    )
    return random_.choice(tricks)(quote)


def paraphrased(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """One to three words replaced, left out, put in or swapped with their neighbour."""
    return [Asked(_edit(random_, corpus, asked.quote), asked.place) for asked in shuffled(random_, corpus, count)]


def _edit(random_: random.Random, corpus: Corpus, quote: str) -> str:
    words = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", quote).split()
    before = list(words)
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(1, len(words) - 1)
        other = corpus.text[slice(*random_.choice(corpus.words))]
        match random_.randrange(4):
            case 0:
                words[at] = other if other != words[at] else "otherwise"
            case 1:
                del words[at]
            case 2:
                words.insert(at, other)
            case _:
                words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words) if words != before else f"{quote} otherwise"


def ellipsed(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """Two or three pieces of four words and more, up to 25 words left out between them."""
    asked = []
    for _ in range(count):
        first = random_.randrange(len(corpus.words) - 120)
        spans, at = [], first
        for _ in range(random_.choice((2, 2, 3))):
            end = at + random_.randint(4, 8)
            spans.append((corpus.words[at][0], corpus.words[end - 1][1]))
            at = end + random_.randint(2, 25)
        joint = random_.choice(("...", " ... ", "…", " … ", " [...] ", " [ … ] "))
        quote = joint.join(corpus.text[start:end] for start, end in spans)
        asked.append(Asked(quote, (spans[0][0], spans[-1][1])))
    return asked


def invented(random_: random.Random, corpus: Corpus, count: int) -> list[Asked]:
    """Never said, not even half of it in one run, though each word follows one that it follows in the text."""
    words = [corpus.text[start:end] for start, end in corpus.words]
    following: defaultdict[str, list[str]] = defaultdict(list)
    for word, after in pairwise(words):
        following[word].append(after)
    said = " ".join(words)
    asked: list[Asked] = []
    while len(asked) < count:
        chain = [random_.choice(words)]
        while len(chain) < random_.randint(SHORTEST, LONGEST):
            chain.append(random_.choice(following[chain[-1]] or words))
        half = max(4, len(chain) // 2)
        if not any(" ".join(chain[at : at + half]) in said for at in range(len(chain) - half + 1)):
            asked.append(Asked(" ".join(chain), None))
    return asked


SCENARIOS: dict[str, Callable[[random.Random, Corpus, int], list[Asked]]] = {
    "in order": in_order,
    "shuffled": shuffled,
    "formatting": reformatted,
    "paraphrase": paraphrased,
    "ellipsis": ellipsed,
    "invented": invented,
}


def edited_quotes(corpus: Corpus) -> tuple[str, list[Asked]]:
    """A text that says SENTENCE in its middle, and the sentence quoted with each edit that changes its meaning."""
    starts = [start for start, _ in corpus.words]
    middle = starts[bisect_right(starts, len(corpus.text) // 2) - 1]
    text = f"{corpus.text[:middle]}{SENTENCE} {corpus.text[middle:]}"
    place = (middle, middle + len(SENTENCE))
    return text, [Asked(SENTENCE.replace(said, quoted, 1), place) for _, said, quoted in MEANING_EDITS]
