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


def draft(change: WireChange, known: Handles, rule: str) -> tuple[Draft, tuple[str, ...]]:
    """One change of the answer as a draft, and a sentence for each word of a set that had to be left out of it.

    What one field can't take stays in the draft, for the checks to say so beside the change. Raises BadValue when
    nothing is left that could be a change.
    """
    kind = section(change.section)
    try:
        op = Op(change.op)
    except ValueError:
        raise BadValue(f"{change.op!r} is no operation") from None
    given = {_name(each.name): each.value for each in change.fields}
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
    if op is Op.update:
        _readable(kind, fields)
    fields, told = _without_strangers(kind, fields, known.label(item) if item else fields.get(kind.key[0]))
    found = Draft(
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
    return found, told


def _name(written: str) -> str:
    """A field's name as the plan spells it: "Live on" is live_on, and "name*" copied from the catalogue is name."""
    return re.sub(r"[\s-]+", "_", written.strip(" *[]`'\"").casefold())


def _readable(kind: Section, fields: Mapping[str, Json]) -> None:
    """Raises BadValue when no field of an update is one of the section with a value that it takes."""
    wrong = []
    for name, value in fields.items():
        shape = kind.fields.get(name)
        if shape is not None and (shape.ref or shape.choices or value in ("", [])):
            wrong += [] if _takes(shape, value) else [f"{name} does not take {str(value)[:60]!r}"]
            continue
        try:
            kind.parse(name, value)
        except BadValue:
            wrong.append(f"{name} does not take {str(value)[:60]!r}" if shape else f"{kind.name} have no {name[:40]!r}")
    if len(wrong) == len(fields):
        raise BadValue("; ".join(wrong))


def _takes(shape: FieldShape, value: Json) -> bool:
    """Whether a value of a closed field, or any of a set of them, is one that it knows; open ones take all."""
    given = value if isinstance(value, list) else [value] if value else []
    return not shape.choices or not given or any(_spelt(each) in shape.choices for each in given)


def _spelt(word: Json) -> str:
    return str(word).strip().lower().replace(" ", "_").replace("-", "_")


def _without_strangers(kind: Section, fields: dict[str, Json], named: Json) -> tuple[dict[str, Json], tuple[str, ...]]:
    """Sets of allowed words without the ones that are not, as long as any is; and a sentence on what was left out."""
    kept, told = dict(fields), []
    for name, value in fields.items():
        shape = kind.fields.get(name)
        if shape is None or not shape.choices or not isinstance(value, list):
            continue
        good = [each for each in value if _spelt(each) in shape.choices]
        if good and len(good) < len(value):
            kept[name] = good
            strange = ", ".join(repr(str(each)[:40]) for each in value if each not in good)
            told.append(f"Of {name} of {named}, {strange} was left out: it takes {', '.join(shape.choices)}.")
    return kept, tuple(told)


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
    named = tuple(str(each.fields.get(name) or "").strip().casefold() for name in kind.key)
    nameless = not kind.single and not all(each.fields.get(name) for name in kind.required)
    return each.section, None, id(each) if nameless else 0, *named


def _joined(one: Draft, later: Draft) -> Draft:
    quotes = tuple(dict.fromkeys((*one.quotes, *later.quotes)))
    return later.model_copy(update={"fields": {**one.fields, **later.fields}, "quotes": quotes})
