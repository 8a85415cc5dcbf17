"""Words that say again what the plan says: kept beside the value, outside fold and hash."""

from collections.abc import Iterable
from typing import Any

from pipeline.errors import UnknownItem
from pipeline.records import Evidence, Json, Proposal, Source
from pipeline.views.standing import first_hand


def confirm(tx: Any, item: str, field: str, value: Json, words: Iterable[Evidence]) -> bool:
    """Puts words beside a value that stands: first-hand ones, of texts that do not speak for it yet. Whether any were.

    A value that does not stand as said is left alone.
    """
    pieces = list(words)
    sources = {each.id: each for each in tx.sources({piece.source for piece in pieces})}
    said = [piece for piece in pieces if _counts(piece, sources.get(piece.source))]
    if not said:
        return False
    try:
        now = tx.blame(item, field)
    except UnknownItem:
        return False
    if value is None or not _stands(value, now.head.value):
        return False
    speaking = {source.delivery for source in now.sources.values() if not source.withdrawn}
    fresh = [piece for piece in said if sources[piece.source].delivery not in speaking]
    if fresh:
        tx.add_support(item, field, value, fresh)
    return bool(fresh)


def keep(tx: Any, proposal: Proposal) -> None:
    """Keeps what a stored proposal confirms as support of what it confirms."""
    for change in proposal.changes:
        if change.confirms:
            for each in change.fields:
                confirm(tx, change.item, each.field, each.new, change.evidence)


def _counts(piece: Evidence, source: Source | None) -> bool:
    return piece.tier.proof and source is not None and not source.withdrawn and first_hand(piece, source)


def _stands(value: Json, now: Json) -> bool:
    if isinstance(value, list) and isinstance(now, list) and all(isinstance(each, str) for each in value):
        return set(value) <= set(now)
    return bool(value == now)
