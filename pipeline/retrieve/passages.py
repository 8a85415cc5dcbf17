"""Earlier passages that bear on what a text touches, and the parts of a long text that are worth reading.

Both join several rankings by reciprocal rank. A long text is asked standing questions, one for each section.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.records import Context, Document, Line, LineKind, Passage
from pipeline.retrieve.fitting import tokens
from pipeline.retrieve.meaning import Embed
from pipeline.retrieve.touching import SURE, Touched
from pipeline.retrieve.words import stems
from pipeline.sections import Section, section
from pipeline.sections import sections as all_sections

RANK_CONSTANT = 60
MOST_EARLIER = 6
MOST_QUESTIONS = 8
EARLIER_TOKENS = 900
CHUNK_TOKENS = 170
DEEP = 12
"""Chunks of one ranking of one question that count."""

MOST_EMBEDDED = 96
STANDING: Mapping[str, str] = {
    "overview": "net sales revenue increased decreased fiscal year employees headquarters acquisition strategy outlook",
    "stakeholders": "appointed named chief executive officer president director resigned retire executive officers age",
    "actions": "will send by next week agreed to follow up action items",
    "cells": "deployed contract pilot evaluation negotiation vendor software purchase",
    "agenda": "strategic priorities initiative transformation plan goal challenge we intend to invest",
    "goals": "target objective by year end growth",
    "competitors": "competition compete competitors rivals alternative supplier",
    "obstacles": "risk factors could adversely affect uncertainty",
    "departments": "segment division reorganization restructuring new unit operating segments",
    "trajectory": "expansion restructuring workforce reduction growth stabilise",
}
"""What a section is asked for beside its own guidance; a section that is not listed asks with that alone."""

Find = Callable[[Sequence[str]], Sequence[Sequence[Passage]]]
"""Questions -> for each the passages of earlier sources, best first."""


def earlier(context: Context, find: Find, budget: int = EARLIER_TOKENS) -> Context:
    """`context`, cut to its slice, with the passages of earlier sources that bear on what its text surely touches.

    At most six, within `budget` tokens, the best first.
    """
    questions = _questions(context)
    if not questions:
        return context
    scores: dict[str, float] = {}
    found: dict[str, Passage] = {}
    for ranked in find(questions):
        for rank, passage in enumerate(ranked):
            scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (RANK_CONSTANT + rank)
            found[passage.id] = passage
    kept: list[Passage] = []
    for ident in sorted(scores, key=lambda each: (-scores[each], each)):
        price = tokens(found[ident].text)
        if price <= budget and len(kept) < MOST_EARLIER:
            budget -= price
            kept.append(found[ident])
    return context.model_copy(update={"earlier": tuple(kept)})


def _questions(context: Context) -> list[str]:
    """What to ask earlier sources: the entries that the text surely touches, by what they are called."""
    plan = context.plan
    scores = Touched(plan, context.document, context.said_on).scores
    sure = [item for item in plan.items.values() if scores[item.id] >= SURE and not section(item.section).single]
    sure = [item for item in sure if item.section not in ("team", "departments", "offerings")]
    best = sorted(sure, key=lambda item: -scores[item.id])[:MOST_QUESTIONS]
    return [section(item.section).label(item.values, plan) for item in best]


def worth_reading(
    document: Document, sections: Iterable[str], embedder: Embed | None, budget: int
) -> tuple[tuple[int, int], ...]:
    """The lines of a long text worth reading for these sections: (first, last) numbers, in order, without overlap.

    At most `budget` tokens. The beginning always comes; then, in turn, what answers each section's standing question.
    """
    chunks = _chunks(document)
    if not chunks:
        return ()
    texts = [document.text[chunk[0].start : chunk[-1].end] for chunk in chunks]
    prices = [tokens(text) for text in texts]
    queues = _ranked(texts, [question(all_sections()[name]) for name in sections], embedder)
    kept: set[int] = set()
    for number in [0, *_in_turn(queues)]:
        if number not in kept and prices[number] <= budget:
            kept.add(number)
            budget -= prices[number]
    return _joined([chunks[number] for number in sorted(kept)])


def question(kind: Section) -> str:
    """What a section asks of a long text."""
    return f"{STANDING.get(kind.name, '')} {kind.title} {kind.guidance} {' '.join(kind.fields).replace('_', ' ')}"


def _chunks(document: Document) -> list[list[Line]]:
    """Lines with words in groups of about a passage, parted where a filing's item begins."""
    found: list[list[Line]] = []
    size = 0
    for line in document.lines:
        words = document.words(line)
        if line.kind is LineKind.boilerplate or not words.strip():
            continue
        price = tokens(words)
        if not found or size + price > CHUNK_TOKENS or line.item != found[-1][-1].item:
            found.append([])
            size = 0
        found[-1].append(line)
        size += price
    return found


def _ranked(texts: Sequence[str], questions: Sequence[str], embedder: Embed | None) -> list[list[int]]:
    """For each question the numbers of the texts that answer it, best first."""
    index = _Index(texts)
    by_words = [index.best(each) for each in questions]
    if embedder is None:
        return [ranked[:DEEP] for ranked in by_words]
    depth = max(2, MOST_EMBEDDED // max(1, len(questions)))
    candidates = sorted({number for ranked in by_words for number in ranked[:depth]})
    if not candidates:
        return [[] for _ in questions]
    asked = embedder.embed(questions)
    near = embedder.embed([texts[number] for number in candidates]) @ asked.T
    found = []
    for column, ranked in enumerate(by_words):
        by_meaning = [candidates[row] for row in (-near[:, column]).argsort(kind="stable")]
        found.append(_fused(ranked, by_meaning)[:DEEP])
    return found


def _fused(*rankings: Sequence[int]) -> list[int]:
    scores: dict[int, float] = {}
    for ranked in rankings:
        for rank, number in enumerate(ranked):
            scores[number] = scores.get(number, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))


def _in_turn(queues: Sequence[Sequence[int]]) -> Iterable[int]:
    """The best of each, then the second of each, and so on."""
    for rank in range(max((len(queue) for queue in queues), default=0)):
        for queue in queues:
            if rank < len(queue):
                yield queue[rank]


def _joined(chunks: Sequence[Sequence[Line]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for chunk in chunks:
        first, last = chunk[0].number, chunk[-1].number
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


class _Index:
    """Texts by their words (BM25)."""

    SATURATION, LENGTH = 1.2, 0.75

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts: dict[str, dict[int, int]] = {}
        self._lengths = []
        for number, text in enumerate(texts):
            found = stems(text)
            self._lengths.append(len(found))
            for word, count in Counter(found).items():
                self._counts.setdefault(word, {})[number] = count
        self._mean = sum(self._lengths) / max(1, len(self._lengths)) or 1.0

    def best(self, asked: str) -> list[int]:
        """The numbers of the texts that say any of the words, best first."""
        scores: dict[int, float] = {}
        for word in sorted(set(stems(asked))):
            holders = self._counts.get(word, {})
            weight = math.log(1 + (len(self._lengths) - len(holders) + 0.5) / (len(holders) + 0.5))
            for number, count in holders.items():
                long = 1 - self.LENGTH + self.LENGTH * self._lengths[number] / self._mean
                gain = weight * count * (1 + self.SATURATION) / (count + self.SATURATION * long)
                scores[number] = scores.get(number, 0.0) + gain
        return sorted(scores, key=lambda number: (-scores[number], number))
