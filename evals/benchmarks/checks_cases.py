"""Notes with gold changes, as a proposer would draft them; and drafts whose values contradict their own quotes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import ingest
from pipeline.imports import json_plan
from pipeline.records import Context, Draft, Item, Op, Plan
from pipeline.sections import section
from pipeline.settings import Settings

SECTIONS = {"stakeholder": "stakeholders", "cell": "cells", "action": "actions"}


@dataclass(frozen=True)
class Gold:
    """One case: what a proposer sees, and its gold changes as drafts."""

    name: str
    context: Context
    drafts: tuple[Draft, ...]


def cases(folder: Path) -> Iterator[Gold]:
    """The cases of a folder with one sub-folder each: note, plan.json, gold.json."""
    for gold in sorted(folder.glob("*/gold.json")):
        yield case(gold.parent)


def case(folder: Path) -> Gold:
    """One case."""
    plan_file = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    given = json_plan.plan_of(plan_file)
    note = next(path for path in sorted(folder.iterdir()) if path.stem == "note")
    said_on = given.said_on or given.as_of
    document = ingest.read(note.read_bytes(), note.name, Settings(), said_on, said_on)
    document = ingest.sides(document, (), [member.name for member in given.team])
    document = document.model_copy(update={"said_on": said_on, "author": given.author or document.author})
    context = Context(
        document=document,
        plan=given.plan,
        account=given.account,
        vendor=given.vendor,
        author=document.author,
        said_on=said_on or date.min,
    )
    changes = [*gold["changes"], *gold.get("more", ())]
    return Gold(folder.name, context, tuple(draft(change, given.plan) for change in changes))


def draft(change: Mapping[str, Any], plan: Plan) -> Draft:
    """A gold change in the form that proposers draft."""
    kind = SECTIONS.get(change.get("target", ""), change.get("section", ""))
    key, fields = dict(change["key"]), dict(change["fields"])
    effective = fields.pop("effective", None)
    item = _found(kind, key, plan)
    op = Op(change["op"])
    if item is None and op is not Op.remove:
        op, fields = Op.add, {**{name: value for name, value in key.items() if name != "id"}, **fields}
    elif op is Op.add:
        op = Op.update
    quotes = [change["quote"], *change.get("extra_quotes", ())]
    return Draft(
        section=kind,
        op=op,
        item=item.id if item else None,
        fields={name: value for name, value in fields.items() if op is not Op.add or value is not None},
        quotes=tuple((words, None) for words in quotes),
        effective=date.fromisoformat(effective) if effective else None,
    )


def _found(kind: str, key: Mapping[str, Any], plan: Plan) -> Item | None:
    if "id" in key:
        return plan.get(str(key["id"]))
    shape = section(kind)
    if shape.single:
        return next(plan.section(kind), None)
    wanted = {name: _id(shape.fields[name].ref, value, plan) for name, value in key.items() if name in shape.fields}
    return next((item for item in plan.section(kind) if shape.same(wanted, item.values)), None)


def _id(ref: str | None, value: Any, plan: Plan) -> Any:
    if ref is None:
        return value
    same = section(ref).same
    return next((item.id for item in plan.section(ref) if same({"name": value}, item.values)), value)
