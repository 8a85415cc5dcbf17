"""Proposers: Context -> drafts. One file or package each, behind one contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.llm import Budget, Cache
from pipeline.records import Answer, Context
from pipeline.settings import Settings


class Embed(Protocol):
    """Texts to vectors: float32, one row a text, unit length."""

    def embed(self, texts: Sequence[str]) -> Any:
        """The vectors, as a numpy array of shape [texts, dimensions]."""


Narrow = Callable[[Context, int], Context]
"""A context with less of its plan: what the text touches most, in at most so many tokens."""


def _as_it_is(context: Context, _tokens: int) -> Context:
    return context


@dataclass(frozen=True)
class Tools:
    """What a proposer is handed: settings; embeddings, earlier answers of a model and a token budget where there are.

    `narrow` cuts a context further, for a proposer that has less room than the slice it was given.
    """

    settings: Settings
    embedder: Embed | None = None
    cache: Cache | None = None
    budget: Budget | None = None
    narrow: Narrow = _as_it_is


@dataclass(frozen=True)
class Proposer:
    """name: as in `--proposer`. propose: never raises for anything in the text; failures are named outcomes."""

    name: str
    propose: Callable[[Context, Tools], Answer]
