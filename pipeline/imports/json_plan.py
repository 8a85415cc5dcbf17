"""A plan from JSON: the plain plan form that people write by hand, and our own form of an account whole.

The plain form:
    account, vendor, as_of             customer, our company, the plan's day
    account_id, revision               of the account and the plan that we wrote it from
    note_meta {file, date, author}     of the note it goes with: its day, and who "I" is in it
    team ["Name (role)"]               our people
    departments, offerings             names, or entries
    stakeholders, cells, actions       entries; references by name; actions keep their own ids
    more {section: [entry, ...]}       every other section, in the store's own fields

Our own form: {"account": {"id", "name", ...}, "revision", "as_of",
"items": [{"id", "section", "version", "values"}, ...]}, references by id.
Any entry of either form may hold any field of its section.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from pydantic import ValidationError

from pipeline.errors import BadPlanFile, BadValue
from pipeline.imports import Ask, Import, Imported, Row, assemble, person
from pipeline.records import Item, Json, Member, Plan
from pipeline.sections import references, section, sections, stored

AXES = ("departments", "offerings")
ENTRIES = ("stakeholders", "cells", "actions")
ATTRIBUTES = ("domains", "owner", "reviewers", "time_zone", "currency")
KNOWN = {"account", "account_id", "revision", "vendor", "as_of", "note_meta", "team", "more", *AXES, *ENTRIES}


def plan_of(data: object) -> Imported:
    """The plan in a parsed JSON file of either form. Raises BadPlanFile when it is neither."""
    if not isinstance(data, dict):
        raise BadPlanFile("it is not a JSON object")
    if isinstance(data.get("items"), list):
        return _whole(data)
    if not isinstance(data.get("account"), str):
        raise BadPlanFile("it names no account")
    rows = list(_rows(data))
    as_of = _day(data, "as_of")
    plan, warnings = assemble(rows, data["account"], as_of)
    meta: dict[str, Json] = data["note_meta"] if isinstance(data.get("note_meta"), dict) else {}
    return Imported(
        plan=plan,
        account=data["account"],
        account_id=str(data.get("account_id") or ""),
        revision=_revision(data),
        vendor=str(data.get("vendor") or ""),
        as_of=as_of,
        author=str(meta["author"]) if meta.get("author") else None,
        said_on=_day(meta, "date"),
        team=team(plan),
        unmapped=tuple(_unmapped(data, KNOWN) + _unmapped(data.get("more") or {}, sections().keys())),
        warnings=tuple(warnings),
    )


def _unmapped(data: Mapping[str, Json], known: Collection[str]) -> list[str]:
    return [f"{key}: {json.dumps(data[key], ensure_ascii=False)}" for key in data if key not in known]


def _rows(data: Mapping[str, Json]) -> Iterator[Row]:
    for words in _list(data, "team"):
        if isinstance(words, str):
            name, role = person(words)
            yield Row("team", {"name": name, "role": role}, where="team")
        else:
            yield _entry("team", words, "team")
    for name in AXES + ENTRIES:
        for number, entry in enumerate(_list(data, name), 1):
            yield _entry(name, {"name": entry} if isinstance(entry, str) else entry, f"{name} {number}")
    more = data.get("more") or {}
    if not isinstance(more, dict):
        raise BadPlanFile("`more` is not an object of sections")
    for name in more:
        entries = [more[name]] if isinstance(more[name], dict) else _list(more, name)
        for number, entry in enumerate(entries, 1):
            yield _entry(name, {"name": entry} if isinstance(entry, str) else entry, f"more.{name} {number}")


def _entry(name: str, entry: Json, where: str) -> Row:
    if not isinstance(entry, dict):
        raise BadPlanFile(f"{where} is not an entry")
    return Row(name, {key: value for key, value in entry.items() if key != "id"}, _id(entry), where)


def _id(entry: Mapping[str, Json]) -> str | None:
    return str(entry["id"]) if entry.get("id") else None


def _list(data: Mapping[str, Json], key: str) -> list[Json]:
    found = data.get(key) or []
    if not isinstance(found, list):
        raise BadPlanFile(f"`{key}` is not a list")
    return found


def _day(data: Mapping[str, Json], key: str) -> date | None:
    if not data.get(key):
        return None
    try:
        return date.fromisoformat(str(data[key])[:10])
    except ValueError:
        raise BadPlanFile(f"`{key}` is {data[key]!r}, not a day as YYYY-MM-DD") from None


def _revision(data: Mapping[str, Json]) -> int | None:
    found = data.get("revision")
    return found if type(found) is int and found >= 0 else None


def _whole(data: Mapping[str, Json]) -> Imported:
    """Our own form: items are taken as they stand, older versions brought to today's form."""
    account = data["account"] if isinstance(data.get("account"), dict) else {"name": data.get("account")}
    items: dict[str, Item] = {}
    unmapped, warnings = [], []
    for number, entry in enumerate(data["items"], 1):
        try:
            item = Item.model_validate(entry)
            if item.section not in sections():
                unmapped.append(json.dumps(entry, ensure_ascii=False))
            elif item.id in items:
                raise BadPlanFile(f"item {number}: the id {item.id!r} is used twice")
            else:
                items[item.id] = _today(item)
        except (ValidationError, BadValue) as error:
            raise BadPlanFile(f"item {number}: {_why(error)}") from None
    for item in items.values():
        lost = [name for name, target in references(item) if target not in items]
        warnings += [f"{item.section} {item.id}: {name} points to nothing." for name in lost]
    if warnings:
        raise BadPlanFile(warnings[0])
    as_of = _day(data, "as_of")
    plan = Plan(account=str(account.get("name") or ""), as_of=as_of, items=items)
    return Imported(
        plan=plan,
        account=plan.account,
        account_id=str(account.get("id") or ""),
        revision=_revision(data),
        vendor=str(account.get("vendor") or ""),
        as_of=as_of,
        team=tuple(
            Member(**{key: one.values.get(key) for key in ("name", "role", "email")}) for one in plan.section("team")
        ),
        attributes={key: account[key] for key in ATTRIBUTES if account.get(key)},
        unmapped=tuple(unmapped),
    )


def team(plan: Plan) -> tuple[Member, ...]:
    """Our people on a plan."""
    values = (item.values for item in plan.section("team"))
    return tuple(Member(name=one["name"], role=one.get("role"), email=one.get("email")) for one in values)


def _today(item: Item) -> Item:
    kind = section(item.section)
    values = {name: kind.parse(name, value) for name, value in kind.values(item).items()}
    missing = [name for name in kind.required if values.get(name) is None]
    if missing:
        raise BadValue(f"{item.id} has no {', '.join(missing)}")
    return stored(item.id, kind.name, values)


def _why(error: Exception) -> str:
    return error.detail if isinstance(error, BadValue) else str(error).splitlines()[0]


def sniff(data: bytes, filename: str) -> bool:
    """Whether it looks like a JSON object."""
    return filename.lower().endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read(data: bytes, filename: str, _ask: Ask) -> Imported:
    """A plan file's bytes. Raises BadPlanFile."""
    try:
        parsed = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadPlanFile(f"{filename} is not JSON ({error})") from None
    return plan_of(parsed)


IMPORT = Import(name="json_plan", suffixes=(".json",), sniff=sniff, read=read)
