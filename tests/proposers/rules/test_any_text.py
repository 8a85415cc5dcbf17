"""Whatever is written, however it was cut: the rules answer, and what they quote stands there."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from evals import dataset
from pipeline import offline
from pipeline.records import Proposal
from pipeline.settings import Settings

WRITTEN = [case for half in dataset.HALVES[:-1] for case in dataset.own(half) if case.note.suffix == ".txt"]


def cut(text: str, seed: int) -> str:
    """The text's lines, each cut off at a random word, some swapped for words of others."""
    draw = random.Random(seed)
    lines = [line.split(" ") for line in text.splitlines()]
    kept = [line[draw.randint(0, 2) : draw.randint(1, len(line) + 3)] for line in lines]
    draw.shuffle(kept)
    return "\n".join(" ".join(words) + draw.choice(["", ".", ":", ",", "?", " -", "\n"]) for words in kept)


def proposed(case: dataset.Case, text: str) -> Proposal:
    return offline.preview(text.encode(), "note.txt", case.plan, Settings(), None, "rules").proposal


@settings(deadline=None, max_examples=80)
@given(case=st.sampled_from(WRITTEN), seed=st.integers(0, 10**6))
def test_a_note_cut_anywhere_is_answered(case: dataset.Case, seed: int) -> None:
    text = cut(case.note.read_text(encoding="utf-8"), seed)
    if text.strip():
        found = proposed(case, text)
        assert all(each.quote in text for change in found.changes for each in change.evidence)
