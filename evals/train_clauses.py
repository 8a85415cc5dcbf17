"""Trains the clause classifiers of the rules proposer on evals/clauses: `python -m evals.train_clauses`.

Each is a softmax regression over the embedding of a clause whose names are masked; the results go to
pipeline/proposers/rules/data/meaning_<file>.npz. A name after the command trains that one alone. The
same input gives the same numbers: full-batch descent from zero.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import embed
from pipeline.proposers.rules.meaning import WORDS, marked, runs, stored_in
from pipeline.settings import Settings

HERE = Path(__file__).parent / "clauses"
STEPS, RATE, SMOOTH, FOLDS = 500, 12.0, 2e-4, 4
WITH_WORDS = ("actions", "cells", "roles")
"""The classifiers that see the words beside the embedding."""
MARK = re.compile(r"\{(\w)\}")


def examples(file: Path) -> Iterator[tuple[str, str]]:
    """(label, clause with its names masked) of each line."""
    label = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield label, MARK.sub(lambda match: WORDS[match.group(1)], line)


def words_of(clauses: Sequence[str]) -> list[str]:
    """The words and pairs of words that stand in two clauses or more, in order."""
    counted = Counter(run for clause in clauses for run in runs(clause))
    return sorted(run for run, count in counted.items() if count > 1)


def fit(vectors: Any, wanted: Any, classes: int) -> tuple[Any, Any]:
    """Weights [dimensions, classes] and offsets [classes], every class counting alike."""
    weights, offsets = np.zeros((vectors.shape[1], classes)), np.zeros(classes)
    target = np.eye(classes)[wanted]
    each = (1.0 / np.sqrt(np.bincount(wanted, minlength=classes)))[wanted]
    each = each / each.sum()
    for _ in range(STEPS):
        scores = vectors @ weights + offsets
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = (shares - target) * each[:, None]
        weights -= RATE * (vectors.T @ slope + SMOOTH * weights)
        offsets -= RATE * slope.sum(axis=0)
    return weights, offsets


def judged(vectors: Any, wanted: Any, classes: int) -> Any:
    """The shares [examples, classes] that models trained without each example give it."""
    order = list(range(len(wanted)))
    random.Random(0).shuffle(order)
    shares = np.zeros((len(wanted), classes))
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = sorted(set(order) - set(held))
        weights, offsets = fit(vectors[rest], wanted[rest], classes)
        scores = np.exp(vectors[held] @ weights + offsets)
        shares[held] = scores / scores.sum(axis=1, keepdims=True)
    return shares


def checked(shares: Any, wanted: Any, labels: list[str], sure: float) -> str:
    """Precision and recall of what is not `none`."""
    none = labels.index("none")
    best = shares.argmax(axis=1)
    said = (best != none) & (shares.max(axis=1) >= sure)
    right = int((said & (best == wanted)).sum())
    return f"at {sure:.2f}: precision {right / max(1, said.sum()):.2f}, recall {right / (wanted != none).sum():.2f}"


def main() -> None:
    """Trains on every file of evals/clauses, prints how well it does on folds held out, writes the numbers."""
    embedder = embed.load(Settings())
    if embedder is None:
        sys.exit(embed.why_missing(Settings()))
    for file in sorted(HERE.glob("*.txt")):
        if sys.argv[1:] and file.stem not in sys.argv[1:]:
            continue
        pairs = list(examples(file))
        labels = sorted({label for label, _ in pairs})
        vectors = np.asarray(embedder.embed([words for _, words in pairs]), dtype=np.float64)
        wanted = np.array([labels.index(label) for label, _ in pairs])
        known = words_of([words for _, words in pairs]) if file.stem in WITH_WORDS else []
        size = vectors.shape[1]
        if known:
            places = {word: place for place, word in enumerate(known)}
            vectors = np.hstack([vectors, marked([words for _, words in pairs], places)])
        weights, offsets = fit(vectors, wanted, len(labels))
        numbers: dict[str, Any] = {
            "weights": weights[:size].astype(np.float16),
            "offsets": offsets.astype(np.float32),
            "labels": np.array(labels),
        }
        if known:
            numbers |= {"words": np.array(known), "word_weights": weights[size:].astype(np.float16)}
        np.savez_compressed(stored_in(file.stem), **numbers)
        sys.stdout.write(f"{file.stem}: {len(pairs)} examples, {len(labels)} labels\n")
        shares = judged(vectors, wanted, len(labels))
        for sure in (0.4, 0.5, 0.6, 0.7, 0.8):
            sys.stdout.write(f"  {checked(shares, wanted, labels, sure)}\n")


if __name__ == "__main__":
    main()
