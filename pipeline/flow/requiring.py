"""What undoing requires, so that no reference of the plan dangles, and what a person's own change does."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline import undo
from pipeline.errors import BadValue, StaleDecision, StillReferred
from pipeline.records import Change, Item, Plan
from pipeline.sections import references, section


def known(tx: Any, steps: Sequence[undo.Step]) -> None:
    """What comes back may name only what is there, or comes back with it. Raises StaleDecision."""
    done = undo.last(steps)
    named = undo.named(done)
    coming = {step.item for step in done if step.field == "" and step.after is not None}
    leaving = {step.item for step in done if step.field == "" and step.after is None}
    gone = sorted(named - coming - (set(tx.items(named)) - leaving))
    if gone:
        raise StaleDecision(f"it would name {', '.join(gone)}, which left the plan since")


def unreferred(tx: Any, steps: Sequence[undo.Step]) -> None:
    """What goes may be named only by what goes with it, or names another by the same steps. Raises StillReferred."""
    leaving = {step.item for step in undo.last(steps) if step.field == "" and step.after is None}
    changing = {(step.item, step.field) for step in steps}
    for item in sorted(leaving):
        naming = (place for place in tx.references_to(item) if place not in changing)
        others = sorted({found for found, _ in naming} - leaving)
        if others:
            raise StillReferred(f"{item} is named by {', '.join(others)}")


def readable(changes: Iterable[Change]) -> None:
    """What a person typed or a file brought fits its fields; a proposer's value that does not is a finding instead.

    Raises BadValue with each field and value that does not fit.
    """
    told = [
        f"{change.section}.{each.field}: {each.message.removeprefix(BadValue().message[:-1]).lstrip(': ')}"
        for change in changes
        for each in change.findings
        if each.check == "value" and each.field
    ]
    if told:
        raise BadValue(" ".join(told))


def fitting(plan: Plan) -> None:
    """A plan to start from holds values that fit their fields, and names what it holds, not in circles.

    Raises BadValue.
    """
    for item in plan.items.values():
        kind = section(item.section)
        for name, value in kind.values(item).items():
            kind.parse(name, value)
        for name, target in references(item):
            round_trip = _circle(plan, item, name)
            if target not in plan.items:
                raise BadValue(f"{kind.name}.{name} = {target!r} is not in the plan")
            if round_trip:
                raise BadValue(f"{kind.name}.{name} goes round in a circle: {' > '.join(round_trip)}")


def _circle(plan: Plan, item: Item, name: str) -> list[str]:
    """Who reports to whom, say, from an item back to itself; empty where the way ends elsewhere."""
    way, at = [item.id], item.values.get(name)
    while isinstance(at, str) and at not in way:
        way.append(at)
        at = plan.items[at].values.get(name) if at in plan.items else None
    return [*way, item.id] if at == item.id else []
