"""What undoing requires, so that no reference of the plan dangles."""

from collections.abc import Sequence
from typing import Any

from pipeline import undo
from pipeline.errors import StaleDecision, StillReferred


def known(tx: Any, steps: Sequence[undo.Step]) -> None:
    """What comes back may name only what is there, or comes back with it. Raises StaleDecision."""
    named = undo.named(steps)
    coming = {step.item for step in steps if step.field == "" and step.after is not None}
    leaving = {step.item for step in steps if step.field == "" and step.after is None}
    gone = sorted(named - coming - (set(tx.items(named)) - leaving))
    if gone:
        raise StaleDecision(f"it would name {', '.join(gone)}, which left the plan since")


def unreferred(tx: Any, steps: Sequence[undo.Step]) -> None:
    """What goes may be named only by what goes with it, or names another by the same steps. Raises StillReferred."""
    leaving = {step.item for step in steps if step.field == "" and step.after is None}
    changing = {(step.item, step.field) for step in steps}
    for item in sorted(leaving):
        naming = (place for place in tx.references_to(item) if place not in changing)
        others = sorted({found for found, _ in naming} - leaving)
        if others:
            raise StillReferred(f"{item} is named by {', '.join(others)}")
