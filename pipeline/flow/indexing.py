"""The index made anew: passages without a vector get one, and what the index holds is filled again from the store."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.access import Act
from pipeline.desk import Desk

BATCH = 128
"""Passages embedded at a time; each batch is stored at once, so that what was done survives a crash."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reindexed:
    """What was done: passages embedded, passages in the index, and by how many it was behind."""

    embedded: int
    indexed: int
    behind: int


def reindex(desk: Desk, account: str, progress: Progress) -> Reindexed:
    """Embeds what has no vector by this embedder yet, then fills the account's part of the index from the store.

    `progress` hears (done, all) of both together. Without an embedder there is nothing to do: all is 0.
    Raises IndexBusy when another process owns the index; the vectors are stored by then, and it takes them over.
    """
    here = desk.account(account, Act.read)
    embedder = desk.embedder
    if embedder is None:
        return Reindexed(0, 0, 0)
    with here.read() as tx:
        bare = tx.unembedded(embedder.name, limit=10**9)
    for start in range(0, len(bare), BATCH):
        part = bare[start : start + BATCH]
        vectors = embedder.embed([passage.text for passage in part])
        with here.write() as tx:
            tx.add_vectors(embedder.name, {each.id: row for each, row in zip(part, vectors, strict=True)})
        progress(start + len(part), 2 * len(bare))
    behind = here.index_behind(embedder.name)
    indexed = here.rebuild_index(embedder.name, lambda done, every: progress(every + done, 2 * every))
    return Reindexed(len(bare), indexed, behind)
