"""The plain form: plans and changes as people write them by hand, by name instead of by id.

Stakeholders, cells and actions have the short form that the README describes; every other section, and what the
short form has no place for, goes under `more`. Its five cell statuses are a mapping of the store's six.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.exports import Export
from pipeline.records import Account, Change, Json, Op, Plan
from pipeline.sections import section

SHORT: Mapping[str, tuple[str, frozenset[str]]] = {
    "stakeholders": ("stakeholder", frozenset({"name", "title", "department", "roles"})),
    "cells": ("cell", frozenset({"department", "offering", "status"})),
    "actions": ("action", frozenset({"action", "deadline", "target", "owner", "status"})),
}
"""Section -> its target word in the short form, and the fields that form knows."""

BLANKS: Mapping[str, dict[str, Json]] = {
    "stakeholders": {"title": None, "department": None, "roles": []},
    "cells": {},
    "actions": {"deadline": None, "target": None, "owner": None, "status": "not_started"},
}
"""What a new entry says in the short form where nothing was said."""


def plain_changes(changes: Iterable[Change], plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """`{"changes": [...], "more": [...], "findings": [...]}`: kept changes in the short form and the other sections',
    and for each finding the change it speaks of. `plan` names what the changes refer to.
    """
    told: dict[str, list[dict[str, Any]]] = {"changes": [], "more": [], "findings": []}
    changes = tuple(changes)
    names = _names(changes, plan)
    for change in changes:
        word = _plain(change, plan, names)
        told["findings"] += [
            {"check": f.check, "effect": str(f.effect), "message": f.message, "change": word} for f in change.findings
        ]
        if not (change.demoted or change.confirms) and (change.fields or change.op in (Op.remove, Op.join)):
            told["changes" if _is_short(change) else "more"].append(word)
    return told


def _is_short(change: Change) -> bool:
    if change.section not in SHORT:
        return False
    fields = {each.field for each in change.fields}
    said = fields - set(section("cells").key) if change.section == "cells" else fields
    return change.op in (Op.remove, Op.join) or bool(SHORT[change.section][1] & said)


def _names(changes: Iterable[Change], plan: Plan) -> dict[str, str]:
    names = {item.id: section(item.section).label(item.values, plan) for item in plan.items.values()}
    for change in changes:
        if change.op is Op.add:
            names[change.item] = section(change.section).label(change.new_values(), plan)
    return names


def _plain(change: Change, plan: Plan, names: Mapping[str, str]) -> dict[str, Any]:
    short = SHORT.get(change.section)
    fields = {name: _named(change.section, name, value, names) for name, value in change.new_values().items()}
    if short and change.op is Op.add:
        fields = BLANKS[change.section] | fields
    if change.effective is not None:
        fields["effective"] = change.effective.isoformat()
    key = _key(change, plan, names)
    word: dict[str, Any] = {"target": short[0]} if short else {"section": change.section}
    told = {name: value for name, value in fields.items() if name not in key or name == "action"}
    quotes = [piece.words or piece.quote or "" for piece in change.evidence]
    word |= {"op": _op(change), "key": key, "fields": told, "quote": quotes[0] if quotes else ""}
    return word | {"extra_quotes": quotes[1:], "reason": change.reason, "rule": change.rule}


def _op(change: Change) -> str:
    return "update" if change.section == "cells" and change.op is Op.add else str(change.op)


def _key(change: Change, plan: Plan, names: Mapping[str, str]) -> dict[str, Json]:
    kind = section(change.section)
    item = plan.get(change.item)
    if kind.single:
        return {}
    if change.section == "actions" and item is not None:
        return {"id": change.item}
    values = {**(item.values if item else {}), **(change.new_values() if change.op is Op.add else {})}
    return {name: _named(change.section, name, values.get(name), names) for name in kind.key}


def _named(name: str, field: str, value: Json, names: Mapping[str, str]) -> Json:
    shape = section(name).fields[field]
    if name == "cells" and field == "status" and value == "untouched":
        return "need_unknown"
    if shape.ref and isinstance(value, list):
        return [names.get(each, each) for each in value]
    return names.get(value, value) if shape.ref and value is not None else value


def plain_plan(plan: Plan) -> dict[str, Any]:
    """The plan in the plain form, sections by name, references by the other item's name."""
    names = _names((), plan)
    told: dict[str, Any] = {}
    for item in plan.items.values():
        values = {field: _named(item.section, field, value, names) for field, value in item.values.items()}
        told.setdefault(item.section, []).append({"id": item.id, **values})
    return told


def write(account: Account, plan: Plan) -> bytes:
    """The plan as a JSON file in the plain form."""
    told = plain_plan(plan)
    named = {name: told.pop(name) for name in ("stakeholders", "cells", "actions") if name in told}
    axes = {name: [entry["name"] for entry in told.pop(name, [])] for name in ("departments", "offerings")}
    head = {"account": account.name, "vendor": account.vendor, "as_of": plan.as_of and plan.as_of.isoformat()}
    told_of = {"account_id": account.id, "revision": plan.revision}
    return json.dumps({**head, **told_of, **axes, **named, "more": told}, ensure_ascii=False, indent=1).encode()


EXPORT = Export("plain", ".json", write)
