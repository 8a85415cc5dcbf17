"""Words that say again what the plan says: kept beside the value, outside fold and hash."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.errors import UnknownItem
from pipeline.records import Change, Evidence, Json, Outcome, Plan, Proposal, Source
from pipeline.sections import section
from pipeline.store import says
from pipeline.views.standing import first_hand
from pipeline.views.words import label, title_of

MOST = 6
"""Entries named in the reason of a proposal that only confirms."""


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
    if value is None or not says(value, now.head.value):
        return False
    speaking = {source.delivery for source in now.sources.values() if not source.withdrawn}
    fresh = [piece for piece in said if sources[piece.source].delivery not in speaking]
    if fresh:
        tx.add_support(item, field, value, fresh)
    return bool(fresh)


def outcome_of(changes: Iterable[Change]) -> Outcome:
    """Whether a proposal of these changes has anything to propose, beyond what it confirms."""
    return Outcome.changes if any(not change.confirms for change in changes) else Outcome.nothing


def told(changes: Sequence[Change], plan: Plan) -> str:
    """What changes confirm that bring no news, in a sentence; "" when there is news, or nothing at all."""
    if not changes or outcome_of(changes) is Outcome.changes:
        return ""
    said = dict.fromkeys(_said(change, plan) for change in changes)
    more = f"; and {len(said) - MOST} more" if len(said) > MOST else ""
    return f"It says nothing new. The plan has already: {'; '.join(list(said)[:MOST])}{more}."


def _said(change: Change, plan: Plan) -> str:
    kind, item = section(change.section), plan.get(change.item)
    name = label(kind, item.values if item else change.new_values(), plan, {})
    fields = ", ".join(title_of(each.field).lower() for each in change.fields)
    return f"{name} ({fields})" if fields else name


def keep(tx: Any, proposal: Proposal) -> None:
    """Keeps what a stored proposal confirms as support of what it confirms."""
    for change in proposal.changes:
        if change.confirms:
            for each in change.fields:
                confirm(tx, change.item, each.field, each.new, change.evidence)


def _counts(piece: Evidence, source: Source | None) -> bool:
    return piece.tier.proof and source is not None and not source.withdrawn and first_hand(piece, source)
