"""Passages without a vector get one, batch by batch, and the index is filled from the store.

Each batch is a short transaction of its own: what was embedded before a crash is not embedded again.
"""

from dataclasses import dataclass

from pipeline.access import Act
from pipeline.desk import Desk, Progress
from pipeline.embed import Embedder
from pipeline.store import AccountStore

BATCH = 128
"""Passages embedded at a time; each batch is stored at once, so that what was done survives a crash."""

EVERYTHING = 10**9


@dataclass(frozen=True)
class Reindexed:
    """What was done: passages embedded, passages in the index, and by how many it was behind."""

    embedded: int
    indexed: int
    behind: int


def index(desk: Desk, account: str, source: str, progress: Progress) -> None:
    """Embeds what of a source has no vector yet, and brings the index up to the store; nothing without an embedder.

    `progress` hears (done, all).
    """
    if (embedder := desk.embedder) is None:
        return
    here = desk.account(account)
    _embed(here, embedder, source, progress)
    here.index_passages(embedder.name)


def reindex(desk: Desk, account: str, progress: Progress) -> Reindexed:
    """Embeds what has no vector by this embedder yet, then fills the account's part of the index from the store.

    `progress` hears (done, all) of both together. Without an embedder there is nothing to do: all is 0.
    Raises NotAllowed, and IndexBusy when another process owns the index; the vectors are stored by then, and it takes
    them over.
    """
    here = desk.account(account, Act.manage)
    if (embedder := desk.embedder) is None:
        return Reindexed(0, 0, 0)
    embedded = _embed(here, embedder, None, lambda done, every: progress(done, 2 * every))
    behind = here.index_behind(embedder.name)
    indexed = here.rebuild_index(embedder.name, lambda done, every: progress(every + done, 2 * every))
    return Reindexed(embedded, indexed, behind)


def _embed(here: AccountStore, embedder: Embedder, source: str | None, progress: Progress) -> int:
    """Gives the passages of a source, or of all, that have none by this embedder their vectors; how many."""
    with here.read() as tx:
        bare = tx.unembedded(embedder.name, EVERYTHING, source)
    for start in range(0, len(bare), BATCH):
        part = bare[start : start + BATCH]
        vectors = embedder.embed([passage.text for passage in part])
        with here.write() as tx:
            tx.add_vectors(embedder.name, {each.id: row for each, row in zip(part, vectors, strict=True)})
        progress(start + len(part), len(bare))
    return len(bare)
