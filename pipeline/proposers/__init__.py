"""Proposers: Context -> drafts. One file or package each, behind one contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.llm import Budget, Cache
from pipeline.records import Answer, Context, Document
from pipeline.settings import Settings


class Embed(Protocol):
    """Texts to vectors: float32, one row a text, unit length."""

    def embed(self, texts: Sequence[str]) -> Any:
        """The vectors, as a numpy array of shape [texts, dimensions]."""


Narrow = Callable[[Context, int], Context]
"""A context with less of its plan: what the text touches most, in at most so many tokens."""


def _as_it_is(context: Context, _tokens: int) -> Context:
    return context


WorthReading = Callable[[Document, Sequence[str], int], Sequence[tuple[int, int]]]
"""The lines of a long text worth reading for some sections, in so many tokens: (first, last) numbers, in order."""


def _all_of_it(document: Document, _sections: Sequence[str], _tokens: int) -> Sequence[tuple[int, int]]:
    return ((1, len(document.lines)),)


@dataclass(frozen=True)
class Tools:
    """What a proposer is handed: settings; embeddings, earlier answers of a model and a token budget where there are.

    `narrow` cuts a context further, for a proposer that has less room than the slice it was given; `worth_reading`
    chooses what is read of a text too long to read.
    """

    settings: Settings
    embedder: Embed | None = None
    cache: Cache | None = None
    budget: Budget | None = None
    narrow: Narrow = _as_it_is
    worth_reading: WorthReading = _all_of_it


@dataclass(frozen=True)
class Proposer:
    """name: as in `--proposer`. propose: never raises for anything in the text; failures are named outcomes."""

    name: str
    propose: Callable[[Context, Tools], Answer]
