"""How retrieval finds passages of earlier sources: the store's search, without the source at hand and its occasion."""

from collections.abc import Sequence

from pipeline.desk import Desk
from pipeline.records import Passage, Source
from pipeline.retrieve import Find
from pipeline.store import AccountStore, Filters

DEEP = 6
"""Passages looked at for one question."""


def finder(desk: Desk, here: AccountStore, source: Source) -> Find:
    """What finds, for each of several questions, the passages of sources said no later than `source`, best first.

    Other records of the same occasion are left out: they would only say the same again.
    """

    def find(questions: Sequence[str]) -> list[list[Passage]]:
        embedder = desk.embedder
        vectors = embedder.embed(questions) if embedder else [None] * len(questions)
        space = embedder.name if embedder else None
        chosen = Filters(without=frozenset({source.id}), until=source.document.said_on)
        with here.read() as tx:
            ranked = [
                [hit.passage for hit in tx.search(question, vector, DEEP, chosen, embedder=space)]
                for question, vector in zip(questions, vectors, strict=True)
            ]
            met = tx.sources({passage.source for found in ranked for passage in found})
        same = {each.id for each in met if each.occasion.id == source.occasion.id}
        return [[passage for passage in found if passage.source not in same] for found in ranked]

    return find
