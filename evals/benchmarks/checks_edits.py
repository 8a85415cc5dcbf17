"""Edits that turn a gold change into one that its own quotes refute: another person, day, amount, status, direction …

Each takes a draft and its context and gives the edited draft, or None where it can't be made. They are deterministic:
the other value is always the next one that fits.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.names import same_person
from pipeline.records import Context, Draft, Op
from pipeline.sections import section

Edit = Callable[[Draft, Context], Draft | None]
STRANGERS = ("Oswin Tarrant", "Philippa Growcott", "Benoit Larrazet")
CELL = {
    "deployed": "out_of_scope",
    "in_negotiation": "out_of_scope",
    "need_identified": "out_of_scope",
    "out_of_scope": "need_identified",
}
FURTHER = {"need_identified": "deployed", "in_negotiation": "deployed", "out_of_scope": "deployed"}
SHORT = {"deployed": "need_identified"}
SWAPS = """
all/some every/no more_than/less_than increase/decrease first/second week/month weekly/monthly twice/three_times
thirty/forty two/five six/nine eight/nine must/might north/south halve/double fewer/more external/internal acht/neun
reduce/increase
"""
OTHER_UNITS = """
million/thousand hectares/acres percent/points seconds/minutes a_week/a_month days/weeks EUR/USD USD/EUR $/€
"""
WORDS, UNITS = (tuple(tuple(pair.split("/")) for pair in text.split()) for text in (SWAPS, OTHER_UNITS))


def put(draft: Draft, **fields: Any) -> Draft:
    """The draft with other values."""
    return draft.model_copy(update={"fields": {**draft.fields, **fields}})


def _day(name: str, shift: int) -> Edit:
    def edit(draft: Draft, _context: Context) -> Draft | None:
        value = draft.fields.get(name)
        if not isinstance(value, str):
            return None
        return put(draft, **{name: (date.fromisoformat(value) + timedelta(shift)).isoformat()})

    return edit


def _effective(draft: Draft, _context: Context) -> Draft | None:
    if draft.effective is None:
        return None
    return draft.model_copy(update={"effective": draft.effective + timedelta(31)})


def _invented_day(draft: Draft, context: Context) -> Draft | None:
    if draft.section != "actions" or draft.op is not Op.add or draft.fields.get("deadline"):
        return None
    return put(draft, deadline=(context.said_on + timedelta(10)).isoformat())


def _team(context: Context) -> list[str]:
    return [str(item.values["name"]) for item in context.plan.section("team")]


def _theirs(context: Context) -> list[str]:
    return [str(item.values["name"]) for item in context.plan.section("stakeholders")]


def _next(names: Sequence[str], *not_these: object) -> str | None:
    taken = [str(each) for each in not_these if each]
    return next((name for name in names if not any(same_person((name,), (each,)) for each in taken)), None)


def _person(field: str, among: Callable[[Context], list[str]], sections: Iterable[str]) -> Edit:
    def edit(draft: Draft, context: Context) -> Draft | None:
        value = draft.fields.get(field)
        if draft.section not in sections or not isinstance(value, str):
            return None
        other = _next(among(context), value, draft.fields.get("owner"), draft.fields.get("target"))
        return put(draft, **{field: other}) if other else None

    return edit


def _invented_owner(draft: Draft, context: Context) -> Draft | None:
    if draft.section != "actions" or draft.op is not Op.add or draft.fields.get("owner"):
        return None
    other = _next(_team(context), context.author) or _next(_theirs(context))
    return put(draft, owner=other) if other else None


def _swap_owner(draft: Draft, context: Context) -> Draft | None:
    owner, target = draft.fields.get("owner"), draft.fields.get("target")
    if draft.section != "actions" or not owner or not target or target not in {*_team(context), *_theirs(context)}:
        return None
    return put(draft, owner=target, target=owner)


def _newcomer(draft: Draft, _context: Context) -> Draft | None:
    if draft.section != "stakeholders" or draft.op is not Op.add:
        return None
    return put(draft, name=STRANGERS[len(str(draft.fields["name"])) % len(STRANGERS)])


def _half_name(draft: Draft, _context: Context) -> Draft | None:
    """The right given name with another surname."""
    words = str(draft.fields.get("name") or "").split()
    if draft.section != "stakeholders" or draft.op is not Op.add or len(words) < 2:
        return None
    return put(draft, name=f"{words[0]} {STRANGERS[len(words[0]) % 3].split()[1]}")


def _wrong_person(draft: Draft, context: Context) -> Draft | None:
    """What is said of one person, put on another one of the plan."""
    if draft.section != "stakeholders" or draft.item is None:
        return None
    others = [item.id for item in context.plan.section("stakeholders") if item.id != draft.item]
    return draft.model_copy(update={"item": others[0]}) if others else None


def _role(among: Mapping[str, str]) -> Edit:
    def edit(draft: Draft, context: Context) -> Draft | None:
        roles: list[str] = list(draft.fields.get("roles") or ())
        item = context.plan.get(draft.item or "")
        now = set(item.values.get("roles") or ()) if item else set()
        new = sorted(set(roles) - now)
        if draft.section != "stakeholders" or not new:
            return None
        return put(draft, roles=sorted({among.get(role, role) if role in new else role for role in roles}))

    return edit


def _invented_role(draft: Draft, _context: Context) -> Draft | None:
    if draft.section != "stakeholders" or draft.op is not Op.add or draft.fields.get("roles"):
        return None
    return put(draft, roles=["economic_buyer"])


def _title(draft: Draft, _context: Context) -> Draft | None:
    return put(draft, title="Chief Happiness Officer") if draft.fields.get("title") else None


def _cell(changed: Mapping[str, str]) -> Edit:
    def edit(draft: Draft, _context: Context) -> Draft | None:
        status = draft.fields.get("status")
        return put(draft, status=changed[str(status)]) if draft.section == "cells" and status in changed else None

    return edit


def _action(status: str, instead: str) -> Edit:
    def edit(draft: Draft, _context: Context) -> Draft | None:
        fits = draft.section == "actions" and draft.op is Op.update and draft.fields.get("status") == status
        return put(draft, status=instead) if fits else None

    return edit


def _other_cell(axis: str) -> Edit:
    def edit(draft: Draft, context: Context) -> Draft | None:
        if draft.section != "cells":
            return None
        item = context.plan.get(draft.item or "")
        now = dict(item.values) if item else {}
        pair = {
            name: _id(draft.fields.get(name) or now.get(name), name, context) for name in ("department", "offering")
        }
        other = next((each.id for each in context.plan.section(f"{axis}s") if each.id != pair[axis]), None)
        if other is None:
            return None
        pair[axis] = other
        found = next((each for each in context.plan.section("cells") if section("cells").same(pair, each.values)), None)
        fields = {name: value for name, value in draft.fields.items() if name not in pair}
        if found is not None:
            return draft.model_copy(update={"op": Op.update, "item": found.id, "fields": fields})
        return draft.model_copy(update={"op": Op.add, "item": None, "fields": {**pair, **fields}})

    return edit


def _id(value: Any, name: str, context: Context) -> Any:
    shape = section(f"{name}s")
    return next((item.id for item in context.plan.section(shape.name)
                 if value == item.id or shape.same({"name": value}, item.values)), value)  # fmt: skip


def _department(draft: Draft, context: Context) -> Draft | None:
    """A new person in another department."""
    mine = draft.fields.get("department")
    if draft.section != "stakeholders" or not mine:
        return None
    same = section("departments").same
    other = next((item for item in context.plan.section("departments") if not same({"name": mine}, item.values)), None)
    return put(draft, department=other.values["name"]) if other else None


def _other_task(draft: Draft, context: Context) -> Draft | None:
    """What is said of one action, put on another one."""
    if draft.section != "actions" or draft.item is None:
        return None
    others = [item.id for item in context.plan.section("actions") if item.id != draft.item]
    return draft.model_copy(update={"item": others[0]}) if others else None


def _words(pairs: Sequence[tuple[str, ...]]) -> Edit:
    """One word of a free text for another: the first that occurs."""

    def edit(draft: Draft, _context: Context) -> Draft | None:
        for name, value in draft.fields.items():
            shape = section(draft.section).fields.get(name)
            if shape is None or shape.kind not in ("text", "money") or not isinstance(value, str):
                continue
            for one, other in ((each.replace("_", " ") for each in pair) for pair in pairs):
                found = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", other, value, count=1)
                if found != value:
                    return put(draft, **{name: found})
        return None

    return edit


def _number(draft: Draft, _context: Context) -> Draft | None:
    """A number of a free text or an amount made half as much again."""
    for name, value in draft.fields.items():
        shape = section(draft.section).fields.get(name)
        if shape is None or shape.kind not in ("text", "money", "number") or name == "name":
            continue
        found = re.sub(r"\d[\d,]*", lambda match: str(int(match[0].replace(",", "")) * 3 // 2 + 7), str(value), count=1)
        if found != str(value):
            return put(draft, **{name: int(found) if isinstance(value, int) else found})
    return None


def _negated(draft: Draft, _context: Context) -> Draft | None:
    """A statement turned into its denial."""
    for name, value in draft.fields.items():
        shape = section(draft.section).fields.get(name)
        if (
            draft.section == "actions"
            or shape is None
            or shape.kind != "text"
            or name in ("name", "title", "value", "owner")
        ):
            continue
        if isinstance(value, str) and len(value.split()) > 3:
            return put(
                draft, **{name: f"No longer: {value}" if " is " not in value else value.replace(" is ", " is not ")}
            )
    return None


def _removed(draft: Draft, _context: Context) -> Draft | None:
    """Somebody who is spoken of is said to be gone."""
    if draft.section != "stakeholders" or draft.op is not Op.update:
        return None
    return draft.model_copy(update={"op": Op.remove, "fields": {}})


def _edge(draft: Draft, _context: Context) -> Draft | None:
    if draft.section != "influence" or not draft.fields.get("whom"):
        return None
    return put(draft, who=draft.fields["whom"], whom=draft.fields["who"])


def _offering_in_words(draft: Draft, context: Context) -> Draft | None:
    text = str(draft.fields.get("action") or "")
    names = [str(item.values["name"]) for item in context.plan.section("offerings")]
    mine = next((name for name in names if name in text), None)
    other = next((name for name in names if name != mine), None)
    return put(draft, action=text.replace(mine, other)) if mine and other else None


def _side(draft: Draft, context: Context) -> Draft | None:
    if draft.section != "actions" or draft.op is not Op.add or draft.fields.get("owner") not in _team(context):
        return None
    return put(draft, owner_side="theirs")


def _email(draft: Draft, _context: Context) -> Draft | None:
    return put(draft, email="someone.else@elsewhere.example") if draft.section in ("stakeholders", "team") else None


OTHER_ROLE = {
    "economic_buyer": "champion",
    "champion": "evaluator",
    "evaluator": "economic_buyer",
    "blocker": "champion",
}
OPPOSITE_ROLE = {
    "economic_buyer": "blocker",
    "champion": "blocker",
    "evaluator": "blocker",
    "blocker": "economic_buyer",
}
ACTIONS = ("actions",)

KINDS: Mapping[str, Edit] = {
    "deadline a month later": _day("deadline", 30),
    "deadline a week later": _day("deadline", 7),
    "deadline two days later": _day("deadline", 2),
    "deadline a day earlier": _day("deadline", -1),
    "deadline a year later": _day("deadline", 365),
    "deadline nobody named": _invented_day,
    "date of leaving": _effective,
    "due date of a goal": _day("due", 45),
    "signature date": _day("signed_on", 12),
    "owner: another of ours": _person("owner", _team, ACTIONS),
    "owner: one of theirs": _person("owner", _theirs, ACTIONS),
    "owner nobody named": _invented_owner,
    "owner and target swapped": _swap_owner,
    "owner on the wrong side": _side,
    "target: another person": _person("target", _theirs, ACTIONS),
    "new person: a stranger": _newcomer,
    "new person: other surname": _half_name,
    "said of another person": _wrong_person,
    "title": _title,
    "person's department": _department,
    "address nobody wrote": _email,
    "role: another": _role(OTHER_ROLE),
    "role: the opposite": _role(OPPOSITE_ROLE),
    "role nobody stated": _invented_role,
    "somebody gone who is not": _removed,
    "cell: yes for no": _cell(CELL),
    "cell: further than it is": _cell(FURTHER),
    "cell: less than it is": _cell(SHORT),
    "cell: other department": _other_cell("department"),
    "cell: other offering": _other_cell("offering"),
    "action: done for dropped": _action("dropped", "done"),
    "action: dropped for done": _action("done", "dropped"),
    "action: not started for done": _action("done", "not_started"),
    "action: another task": _other_task,
    "action: other offering": _offering_in_words,
    "number": _number,
    "word: quantity, order, modal": _words(WORDS),
    "unit or currency": _words(UNITS),
    "negated": _negated,
    "influence: the other way": _edge,
}
