"""What a text comes near to in meaning, where words alone do not tell."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Protocol

from pipeline.records import Item, Plan
from pipeline.retrieve.touching import AXES, OVER, PEOPLE, Touched
from pipeline.sections import section

MOST_ENTRIES = 32
"""Entries looked at for one text: those that the words put first, so that the cost stays the same in a larger plan."""

MOST_SENTENCES = 24
FROM, TO = 0.35, 0.75
"""Cosines that count for nothing, and for all."""

REMEMBERED = 20_000


class Embed(Protocol):
    """Texts to vectors: float32, one row a text, unit length."""

    @property
    def name(self) -> str:
        """Names the vector space."""

    def embed(self, texts: Sequence[str]) -> Any:
        """The vectors, as a numpy array of shape [texts, dimensions]."""


class _Memory:
    """Vectors of entries by vector space and words, the latest used ones: a plan is not embedded for every note."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._lock = Lock()

    def vectors(self, embedder: Embed, texts: Sequence[str]) -> list[Any]:
        """One vector for each text, embedded only where it is not remembered."""
        keys = [(embedder.name, text) for text in texts]
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = list(dict.fromkeys(key for key in keys if key not in found))
        if missing:
            found |= dict(zip(missing, embedder.embed([text for _, text in missing]), strict=True))
        with self._lock:
            for key in keys:
                self._kept[key] = found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return [found[key] for key in keys]


_memory = _Memory()


def likeness(touched: Touched, embedder: Embed) -> Mapping[str, float]:
    """How near the text comes in meaning to the actions and other entries that its words put first, 0 to 1."""
    import numpy as np

    entries = _candidates(touched)
    sentences = touched.telling(MOST_SENTENCES)
    if not entries or not sentences:
        return {}
    said = np.asarray(embedder.embed(sentences))
    meant = np.asarray(_memory.vectors(embedder, [_words(item, touched.plan) for item in entries]))
    near = (meant @ said.T).max(axis=1)
    share = np.clip((near - FROM) / (TO - FROM), 0.0, 1.0)
    return {item.id: float(value) for item, value in zip(entries, share, strict=True)}


def _candidates(touched: Touched) -> list[Item]:
    told = {*PEOPLE, *AXES, "cells"}
    found = [
        item
        for item in touched.plan.items.values()
        if item.section not in told and not section(item.section).single and item.values.get("status") not in OVER
    ]
    return sorted(found, key=lambda item: -touched.scores[item.id])[:MOST_ENTRIES]


def _words(item: Item, plan: Plan) -> str:
    label = section(item.section).label(item.values, plan)
    target = item.values.get("target") if item.section == "actions" else None
    return f"{label} ({target})" if target else label
