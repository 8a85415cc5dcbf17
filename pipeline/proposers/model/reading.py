"""A model's answer as drafts: handles become items, values become what sections parse, parts become one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.errors import BadValue
from pipeline.proposers.model.showing import Handles
from pipeline.proposers.model.wire import EFFECTIVE, INTO, WireChange
from pipeline.records import Draft, Item, Json, Op
from pipeline.sections import FieldShape, Section, section

SPLIT = re.compile(r"(?P<count>\d+)\s+(?P<unit>.+?)[\s:=]+(?P<status>[a-z_]+)")
NUMBER = re.compile(r"(?P<digits>\d[\d.,' ]*?)\s*%?")


def draft(change: WireChange, known: Handles, rule: str) -> Draft:
    """One change of the answer as a draft. Raises BadValue when it can't be one."""
    kind = section(change.section)
    try:
        op = Op(change.op)
    except ValueError:
        raise BadValue(f"{change.op!r} is no operation") from None
    given = {each.name: each.value for each in change.fields}
    fields = {
        name: _value(kind.fields.get(name), value, known)
        for name, value in given.items()
        if name not in (INTO, EFFECTIVE)
    }
    item = _item(change.handle, kind, fields, known)
    if op is Op.add and item is not None:
        op = Op.update
    elif op is Op.update and item is None:
        op = Op.add
    elif op in (Op.remove, Op.join) and item is None:
        raise BadValue(f"{op} of {kind.name} that the plan does not hold")
    if op in (Op.update, Op.add) and not fields:
        raise BadValue(f"{op} of {kind.name} without a field")
    return Draft(
        section=kind.name,
        op=op,
        item=item.id if item else None,
        fields={} if op in (Op.remove, Op.join) else fields,
        quotes=tuple((each.words, each.line) for each in change.quotes if each.words.strip()),
        into=_into(op, given.get(INTO), known),
        effective=_day(given.get(EFFECTIVE)),
        reason=change.reason.strip()[:500],
        rule=rule,
    )


def _item(handle: str | None, kind: Section, fields: Mapping[str, Json], known: Handles) -> Item | None:
    """The item meant: by its handle or id; without one, the listed entry that means the same."""
    if handle:
        found = known.items.get(handle.strip()) or known.plan.get(handle.strip())
        if found is None or found.section != kind.name:
            raise BadValue(f"there is no {handle!r} among the {kind.name} shown")
        return found
    here = list(known.plan.section(kind.name))
    if kind.single:
        return here[0] if here else None
    named = {name: _ident(kind.fields[name], fields.get(name), known) for name in kind.key}
    if any(value is None for value in named.values()):
        return None
    return next((item for item in here if kind.same({**fields, **named}, item.values)), None)


def _ident(shape: FieldShape, value: Json, known: Handles) -> Json:
    """The id that a reference by name means, or the value itself."""
    if not shape.ref or not isinstance(value, str):
        return value
    named = (item for item in known.plan.section(shape.ref) if known.label(item).casefold() == value.casefold())
    return next((item.id for item in named), value)


def _value(shape: FieldShape | None, value: str | None, known: Handles) -> Json:
    """A string of the wire as the section parses it; what can't be is left to say so there."""
    words = (value or "").strip()
    if shape is None or not words or words.casefold() in ("null", "none"):
        return "" if shape is not None else words
    if shape.kind == "splits":
        found = [SPLIT.fullmatch(part.strip()) for part in words.split(";") if part.strip()]
        return [each.groupdict() for each in found] if all(found) else words  # type: ignore[union-attr]
    if shape.kind == "number" and (number := NUMBER.fullmatch(words)):
        return re.sub(r"\D", "", number["digits"])
    if shape.is_set:
        return [_named(shape, part.strip(), known) for part in words.split(";") if part.strip()]
    return _named(shape, words, known)


def _named(shape: FieldShape, words: str, known: Handles) -> str:
    """A handle where a name was asked for: the item's id for a reference, its name in free words."""
    item = known.items.get(words)
    if item is None or shape.choices:
        return words
    return item.id if shape.ref else known.label(item)


def _into(op: Op, handle: str | None, known: Handles) -> str | None:
    if op is not Op.join:
        return None
    item = known.items.get((handle or "").strip())
    if item is None:
        raise BadValue("a join needs the handle of the item that stays")
    return item.id


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat((value or "").strip()[:10])
    except ValueError:
        return None


def reconciled(answers: Iterable[Sequence[Draft]]) -> tuple[Draft, ...]:
    """The drafts of all parts in order, those about one item as one: the later word wins, all quotes are kept."""
    found: dict[tuple[Any, ...], Draft] = {}
    for part in answers:
        for each in part:
            key = _same(each)
            found[key] = _joined(found[key], each) if key in found else each
    return tuple(found.values())


def _same(each: Draft) -> tuple[Any, ...]:
    if each.item is not None:
        return each.section, each.item, each.op
    kind = section(each.section)
    return each.section, None, *(str(each.fields.get(name, "")).casefold() for name in kind.key)


def _joined(one: Draft, later: Draft) -> Draft:
    quotes = tuple(dict.fromkeys((*one.quotes, *later.quotes)))
    return later.model_copy(update={"fields": {**one.fields, **later.fields}, "quotes": quotes})
