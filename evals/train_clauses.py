"""Trains the clause classifiers of the rules proposer on evals/clauses: `python -m evals.train_clauses`.

Each is a softmax regression over the embedding of a clause whose names are masked; the result goes to
pipeline/proposers/rules/data/meaning.npz. The same input gives the same numbers: full-batch descent from zero.
"""

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import embed
from pipeline.proposers.rules.meaning import WORDS
from pipeline.settings import Settings

HERE = Path(__file__).parent / "clauses"
OUT = Path(__file__).parents[1] / "pipeline/proposers/rules/data/meaning.npz"
STEPS, RATE, SMOOTH, FOLDS = 1500, 4.0, 2e-4, 8
MARK = re.compile(r"\{(\w)\}")


def examples(file: Path) -> Iterator[tuple[str, str]]:
    """(label, clause with its names masked) of each line."""
    label = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield label, MARK.sub(lambda match: WORDS[match.group(1)], line)


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


def checked(vectors: Any, wanted: Any, labels: list[str], sure: float) -> str:
    """Precision and recall of what is not `none`, by cross-validation."""
    order = list(range(len(wanted)))
    random.Random(0).shuffle(order)
    said = right = 0
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [number for number in order if number not in set(held)]
        weights, offsets = fit(vectors[rest], wanted[rest], len(labels))
        scores = vectors[held] @ weights + offsets
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        for row, truth in zip(shares, wanted[held], strict=True):
            best = int(row.argmax())
            if labels[best] != "none" and row[best] >= sure:
                said += 1
                right += best == truth
    asked = sum(labels[truth] != "none" for truth in wanted)
    return f"at {sure:.2f}: precision {right / max(1, said):.2f}, recall {right / asked:.2f}"


def main() -> None:
    """Trains on every file of evals/clauses, prints how well it does on folds held out, writes the numbers."""
    embedder = embed.load(Settings())
    if embedder is None:
        sys.exit(embed.why_missing(Settings()))
    out: dict[str, Any] = {}
    for file in sorted(HERE.glob("*.txt")):
        pairs = list(examples(file))
        labels = sorted({label for label, _ in pairs})
        vectors = np.asarray(embedder.embed([words for _, words in pairs]), dtype=np.float64)
        wanted = np.array([labels.index(label) for label, _ in pairs])
        weights, offsets = fit(vectors, wanted, len(labels))
        out |= {
            f"{file.stem}_weights": weights.astype(np.float16),
            f"{file.stem}_offsets": offsets.astype(np.float32),
            f"{file.stem}_labels": np.array(labels),
        }
        sys.stdout.write(f"{file.stem}: {len(pairs)} examples, {len(labels)} labels\n")
        for sure in (0.4, 0.5, 0.6, 0.7, 0.8):
            sys.stdout.write(f"  {checked(vectors, wanted, labels, sure)}\n")
    np.savez_compressed(OUT, **out)


if __name__ == "__main__":
    main()
