"""What a merge changes, as values: one field of one item, from what to what. They apply, invert and fold."""

from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.errors import StaleDecision
from pipeline.records import Item, Json, Record
from pipeline.sections import section, stored


class Delta(Record):
    """One field of one item, before and after; None is empty.

    Field "" is the item itself: the section's version where it is in the plan, None where it is not. An item comes
    before its fields are filled, and goes after they are emptied.
    """

    item: str
    section: str
    field: str
    before: Json = None
    after: Json = None
    change: str | None = None
    effective: date | None = None

    def inverse(self) -> "Delta":
        """What undoes it."""
        return self.model_copy(update={"before": self.after, "after": self.before})


def invert(deltas: Iterable[Delta]) -> tuple[Delta, ...]:
    """What undoes them all, in the order to apply it."""
    return tuple(each.inverse() for each in reversed(tuple(deltas)))


def apply(items: Mapping[str, Item], deltas: Iterable[Delta]) -> dict[str, Item]:
    """The items after the deltas, in today's form and the stored order of fields; what is gone is left out.

    Raises StaleDecision when an old value is not the one that stands.
    """
    after = dict(items)
    for each in deltas:
        _step(after, each)
    return after


def _step(items: dict[str, Item], each: Delta) -> None:
    here = items.get(each.item)
    if each.field == "":
        if (here is None) != (each.before is None):
            raise StaleDecision(f"{each.item} is {'not ' if here is None else ''}in the plan")
        if each.after is None:
            items.pop(each.item, None)
        elif here is None:
            items[each.item] = stored(each.item, each.section, {})
        return
    if here is None:
        raise StaleDecision(f"{each.item} is not in the plan")
    values = section(here.section).values(here)
    if values.get(each.field) != each.before:
        raise StaleDecision(f"{each.item}.{each.field} has changed meanwhile")
    items[each.item] = stored(each.item, each.section, {**values, each.field: each.after})
