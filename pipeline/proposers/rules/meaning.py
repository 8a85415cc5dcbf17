"""What a clause means where word lists end: a small classifier over its embedding, its names masked.

evals/train_clauses.py trains it on evals/clauses; without an embedder nothing is said. Only a few clauses of a text are
asked about, those that name somebody or something of the plan and on which no word list had anything to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.language.days import Day
from pipeline.proposers import Embed
from pipeline.proposers.rules.tokens import Sentence

FOLDER = Path(__file__).with_name("data")
"""Holds one file of numbers a classifier: meaning_<about>.npz."""
WORDS: Mapping[str, str] = {
    "P": "the product",
    "D": "the department",
    "A": "Alex",
    "U": "we",
    "B": "last week",
    "F": "next month",
}
"""What stands for each kind of name, in training and in use."""
KINDS = {"offering": "P", "department": "D", "person": "A", "stranger": "A", "ours": "U", "rival": ""}
LONGEST = 40
WORD_SHARE = 0.7
"""How much the words themselves weigh beside the embedding, which has length 1: chosen on folds held out."""
NO_WORD = re.compile(r"[^\w']")
WEEK = 7
PAST = frozenset({"was", "were", "went", "had"})
MOST = 24
"""Clauses asked about in one text, so that a long transcript stays quick."""


@dataclass(frozen=True)
class Guess:
    """What a clause most likely says, and how likely (0 to 1)."""

    label: str
    share: float


def stored_in(about: str) -> Path:
    """The file of a classifier's numbers: weights, offsets, labels."""
    return FOLDER / f"meaning_{about}.npz"


@cache
def _model(about: str) -> Mapping[str, Any]:
    import numpy as np

    with np.load(stored_in(about)) as stored:
        return {name: stored[name] for name in stored.files}


def guesses(embedder: Embed | None, about: str, clauses: Sequence[str]) -> list[Guess]:
    """One guess for each masked clause; `about` names the file. Empty without an embedder or a model."""
    if embedder is None or not clauses or not stored_in(about).exists():
        return []
    import numpy as np

    model = _model(about)
    vectors = np.asarray(embedder.embed(list(clauses)), dtype=np.float32)
    if vectors.shape[1] != model["weights"].shape[0]:
        return []
    scores = vectors @ model["weights"].astype(np.float32) + model["offsets"]
    if "words" in model:
        scores += marked(clauses, _places(about)) @ model["word_weights"].astype(np.float32)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    labels = [str(label) for label in model["labels"]]
    return [Guess(labels[int(row.argmax())], float(row.max())) for row in shares]


@cache
def _places(about: str) -> Mapping[str, int]:
    return {str(word): place for place, word in enumerate(_model(about)["words"])}


def runs(clause: str) -> set[str]:
    """The words and pairs of words of a clause, its ends among them: what an embedding blurs ("did not drop")."""
    words = ["^", *filter(None, (NO_WORD.sub("", word) for word in clause.lower().replace("'s", " 's").split())), "$"]
    return {*words, *(" ".join(pair) for pair in pairwise(words))}


def marked(clauses: Sequence[str], places: Mapping[str, int]) -> Any:
    """Which of the known words and pairs stand in each clause: [clauses, words], every row of length WORD_SHARE."""
    import numpy as np

    found = np.zeros((len(clauses), len(places)), dtype=np.float32)
    for row, clause in enumerate(clauses):
        columns = [places[run] for run in runs(clause) if run in places]
        if columns:
            found[row, columns] = WORD_SHARE / len(columns) ** 0.5
    return found


def masked(sentence: Sentence, said_on: date, first: int = 0, last: int | None = None) -> str:
    """Tokens [first, last) as words, each name replaced by what stands for its kind."""
    words: list[str] = []
    for token in sentence.tokens[first:last][:LONGEST]:
        mention = token.mention
        if mention is None:
            words.append(token.form)
        elif mention.kind in KINDS:
            words.append(WORDS.get(KINDS[mention.kind]) or "another vendor")
        elif mention.kind == "date" and isinstance(mention.value, Day):
            on = mention.value.on
            past = on is not None and ((on - said_on).days <= WEEK and bool(PAST & set(sentence.forms)))
            words.append(WORDS["F"] if on is None or (on > said_on and not past) else WORDS["B"])
        else:
            words.append(str(mention.value))
    return " ".join(words)


def spoken(sentence: Sentence, said_on: date, first: int, last: int) -> str:
    """Tokens [first, last) as words; "I" and "you" as they are said, people's names replaced."""
    words: list[str] = []
    for token in sentence.tokens[first:last][:LONGEST]:
        mention = token.mention
        if mention is None:
            words.append(token.form)
        elif mention.pronoun:
            said = sentence.text[token.start - sentence.start : token.end - sentence.start].lower()
            words.append(said.replace("’", "'").split("'")[0])
        elif mention.kind in ("person", "stranger", "ours"):
            words.append(WORDS["A"])
        elif mention.kind == "date" and isinstance(mention.value, Day):
            on = mention.value.on
            words.append(WORDS["F"] if on is None or on > said_on else WORDS["B"])
        else:
            words.append(sentence.text[token.start - sentence.start : token.end - sentence.start])
    return " ".join(words)
