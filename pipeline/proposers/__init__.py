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


@dataclass(frozen=True)
class Tools:
    """What a proposer is handed: settings; embeddings, earlier answers of a model and a token budget where there are."""

    settings: Settings
    embedder: Embed | None = None
    cache: Cache | None = None
    budget: Budget | None = None


@dataclass(frozen=True)
class Proposer:
    """name: as in `--proposer`. propose: never raises for anything in the text; failures are named outcomes."""

    name: str
    propose: Callable[[Context, Tools], Answer]
