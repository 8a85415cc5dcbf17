"""Proposal + decisions -> approved changes. No decision means no."""

from collections.abc import Mapping, Sequence

from pipeline.errors import BadValue, UnknownChange
from pipeline.records import Approval, Change, Decision, FieldChange, Item, Op, Proposal, Verdict
from pipeline.sections import section


def review(
    proposal: Proposal, decisions: Sequence[Decision], current: Mapping[str, Item] | None = None
) -> tuple[Approval, ...]:
    """The changes to merge, in the proposal's order: those approved, and those edited with the reviewer's values.

    `current` are the items as they stand, for the old value of a field that only the reviewer sets.
    Raises UnknownChange for a decision about a change that the proposal does not have, BadValue for an edit that
    does not fit its field.
    """
    known = {change.id: change for change in proposal.changes}
    latest: Mapping[str, Decision] = {decision.change: decision for decision in decisions}
    for ident in latest:
        if ident not in known:
            raise UnknownChange(ident)
    return tuple(
        Approval(
            change=_decided(change, latest[change.id], (current or {}).get(change.item)), decision=latest[change.id]
        )
        for change in proposal.changes
        if change.id in latest and latest[change.id].verdict in (Verdict.approve, Verdict.edit)
    )


def _decided(change: Change, decision: Decision, item: Item | None) -> Change:
    if decision.verdict is not Verdict.edit:
        return change
    kind = section(change.section)
    fields = {each.field: each for each in change.fields}
    now = kind.values(item) if item is not None else {}
    for name, value in decision.fields.items():
        old = fields[name].old if name in fields else now.get(name)
        fields[name] = FieldChange(field=name, old=old, new=kind.parse(name, value))
    edited = change.model_copy(update={"fields": tuple(fields.values())})
    _require_complete(edited)
    return edited


def _require_complete(change: Change) -> None:
    lacking = [name for name in section(change.section).required if change.new_values().get(name) is None]
    if change.op is Op.add and lacking:
        raise BadValue(f"{change.section} can't be without {', '.join(lacking)}", "Fill it in, or reject the change.")
