"""Imports: a plan from a file that a team already has, one file each: our JSON, Markdown tables, a workbook, any table.

An import reads bytes into rows; `assemble` makes one plan of them: ids, references by name, values parsed by their
section. What fits nowhere is told, never lost silently: `unmapped` keeps it word for word.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.errors import BadValue, Unreadable
from pipeline.records import Draft, Item, Json, Member, Op, Plan
from pipeline.registry import plugins
from pipeline.sections import OPAQUE, FieldShape, Section, new_id, opaque_id, references, section, sections, stored

IMPORTED = "in the imported file"
MADE_WHEN_NAMED = ("departments", "offerings", "stakeholders")
"""An entry may name one of these that has no row of its own; it is then made of its name."""


@dataclass(frozen=True)
class Row:
    """One entry as the file has it. References are the other item's name or id; `where` tells its place in the file."""

    section: str
    fields: Mapping[str, object]
    id: str | None = None
    where: str = ""


@dataclass(frozen=True)
class Ask:
    """What an import is told: the day that deadlines without a year count from, the currency of bare amounts, and for
    a table which column goes to which "section.field" (empty for "find out yourself").
    """

    as_of: date
    currency: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """What a file gave. `account_id` and `revision` are those it was written from, where it is an export of ours and
    says so: what differs from that revision is what somebody changed in it. `attributes` are the account's own
    (domains, time_zone, currency) where the file has them; `author` and `said_on` those of the note that a plain plan
    belongs to; `unmapped` what found no place.
    """

    plan: Plan
    account: str = ""
    account_id: str = ""
    revision: int | None = None
    vendor: str = ""
    as_of: date | None = None
    author: str | None = None
    said_on: date | None = None
    team: tuple[Member, ...] = ()
    attributes: Mapping[str, Json] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Import:
    """name: as in `--form`. suffixes: of its files. sniff(data, filename): whether it is this form. read: raises
    BadPlanFile or Unreadable, with what is wrong and where.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, str], bool]
    read: Callable[[bytes, str, Ask], Imported]


def read(data: bytes, filename: str, ask: Ask) -> Imported:
    """A plan file by whichever import knows its form. Raises Unreadable when none does."""
    for each in sorted(plugins("pipeline.imports", "IMPORT").values(), key=lambda each: each.name == "table"):
        if each.sniff(data, filename):
            found: Imported = each.read(data, filename, ask)
            return found
    raise Unreadable(
        f"{filename} as a plan", "Send our JSON, Markdown tables, or a table (.xlsx or .csv) with a column mapping."
    )


def assemble(rows: Iterable[Row], account: str, as_of: date | None = None) -> tuple[Plan, list[str]]:
    """One plan of all rows, and a sentence for each thing that could not be taken as it stands.

    Rows keep their own ids; the rest get readable ones. Two rows of one entry become one: the first has the say, the
    second fills what it leaves empty. References are by id, by exact name, by alike name, in this order.
    """
    work = _Assembly()
    kept = [row for row in rows if work.known(row)]
    placed = [(row, work.place(row)) for row in kept]
    for row, item in placed:
        work.fill(row, item)
    items = {key: stored(key, kind, work.values[key]) for key, kind in work.kinds.items() if work.complete(key)}
    return Plan(account=account, as_of=as_of, items=work.without_dangling(items)), work.warnings


class _Assembly:
    """The items as they come together."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.values: dict[str, dict[str, Json]] = {}
        self.written: dict[str, dict[str, Json]] = {}
        self.by_name: dict[tuple[str, str], str] = {}
        self.warnings: list[str] = []

    def known(self, row: Row) -> bool:
        if row.section in sections():
            return True
        self.warnings.append(f"{_at(row)}there is no section {row.section!r}; left out.")
        return False

    def place(self, row: Row) -> str:
        """The id of the row's item: its own, that of an earlier row of the same entry, or a new one."""
        kind = section(row.section)
        label = _label(kind, row.fields)
        if row.id and row.id not in self.kinds:
            return self._register(row.id, kind, label, row.fields)
        if row.id:
            self.warnings.append(f"{_at(row)}the id {row.id!r} is used twice; the second entry gets a new one.")
        earlier = self.by_name.get((kind.name, _folded(label))) or (kind.single and self._first(kind.name))
        if earlier and not row.id:
            if not kind.single and len(row.fields) > 1:
                self.warnings.append(f"{_at(row)}{label!r} stands twice; made one.")
            return earlier
        return self._register(new_id(kind, label, self.kinds), kind, label, row.fields)

    def _first(self, kind: str) -> str | None:
        return next((key for key, each in self.kinds.items() if each == kind), None)

    def _register(self, key: str, kind: Section, label: str, fields: Mapping[str, object]) -> str:
        self.kinds[key], self.values[key] = kind.name, {}
        self.written[key] = {"name": label, "aliases": list(_aliases(fields))}
        for name in (label, *_aliases(fields)):
            if name:
                self.by_name.setdefault((kind.name, _folded(name)), key)
        return key

    def fill(self, row: Row, key: str) -> None:
        """Parses the row's values into its item."""
        kind = section(row.section)
        for name, value in row.fields.items():
            shape = kind.fields.get(name)
            try:
                given = self._resolved(shape, value, row) if shape and shape.ref else value
                parsed = kind.parse(name, given)
            except BadValue as error:
                self.warnings.append(f"{_at(row)}{error.detail}; left out.")
                continue
            if parsed is not None:
                self.values[key].setdefault(name, parsed)

    def _resolved(self, shape: FieldShape, value: object, row: Row) -> object:
        if not isinstance(value, str) or not value.strip() or shape.ref is None:
            return value
        if self.kinds.get(value) == shape.ref:
            return value
        found = self.by_name.get((shape.ref, _folded(value))) or self._alike(shape.ref, value)
        if found:
            return found
        if shape.ref not in MADE_WHEN_NAMED:
            self.warnings.append(f"{_at(row)}{shape.name} names {value!r}, which is not in {shape.ref}; left out.")
            return None
        self.warnings.append(f"{_at(row)}{value!r} was not among the {shape.ref}; added.")
        kind = section(shape.ref)
        made = self._register(new_id(kind, value, self.kinds), kind, value, {})
        self.values[made]["name"] = kind.parse("name", value)
        return made

    def _alike(self, kind: str, name: str) -> str | None:
        """The one item that `name` is another way of writing of; None when there is none or more than one."""
        same = section(kind).same
        found = {key for (of, _), key in self.by_name.items() if of == kind and same({"name": name}, self.written[key])}
        return found.pop() if len(found) == 1 else None

    def complete(self, key: str) -> bool:
        missing = [name for name in section(self.kinds[key]).required if self.values[key].get(name) is None]
        if missing:
            self.warnings.append(f"{self.kinds[key]} {key}: no {', '.join(missing)}; the entry was left out.")
        return not missing

    def without_dangling(self, items: dict[str, Item]) -> dict[str, Item]:
        """Items whose references all exist and name others; a reference to an entry that was left out goes too."""
        for key, item in list(items.items()):
            lost = [name for name, target in references(item) if target not in items or target == key]
            if lost:
                self.warnings.append(f"{item.section} {key}: {', '.join(lost)} named no other entry; left out.")
                values = {name: value for name, value in item.values.items() if name not in lost}
                if set(section(item.section).required) & set(lost):
                    del items[key]
                    return self.without_dangling(items)
                items[key] = item.model_copy(update={"values": values})
        return items


def _label(kind: Section, fields: Mapping[str, object]) -> str:
    return " ".join(str(fields[name]) for name in kind.key if fields.get(name))


def _aliases(fields: Mapping[str, object]) -> Iterable[str]:
    aliases = fields.get("aliases")
    if isinstance(aliases, str):
        aliases = aliases.split(";")
    return [str(alias).strip() for alias in aliases] if isinstance(aliases, (list, tuple)) else ()


def _folded(name: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))


def _at(row: Row) -> str:
    return f"{row.where}: " if row.where else ""


def person(words: str) -> tuple[str, str | None]:
    """Name and role of somebody written as "Dana Ruiz (AE)"."""
    name, bracket, rest = words.strip().partition(" (")
    return name.strip(), (rest.rstrip(") ").strip() or None) if bracket else None


def opaque(plan: Plan) -> Plan:
    """The plan with ids that tell nothing in place of those made of names; ids that people gave otherwise stay.

    A store keeps an id for good, in every line of its history; a name must be able to go.
    """
    return _renamed(
        plan,
        (
            key
            for key, item in plan.items.items()
            if key.startswith(f"{section(item.section).prefix}_") and not OPAQUE.fullmatch(key)
        ),
    )


def of_another(given: Imported) -> Imported:
    """What a file of another account gave: its ids mean nothing here, nor does its revision, and it says so."""
    whose = repr(given.account) if given.account else "no name"
    said = f"The file is of another account ({whose}): its entries were matched by what they say, not by their ids."
    plan = _renamed(given.plan, given.plan.items)
    return replace(given, plan=plan, revision=None, warnings=(said, *given.warnings))


def _renamed(plan: Plan, keys: Iterable[str]) -> Plan:
    names = {key: opaque_id(section(plan.items[key].section).prefix) for key in keys}
    items = (stored(names.get(key, key), item.section, _values(item, names)) for key, item in plan.items.items())
    return plan.model_copy(update={"items": {item.id: item for item in items}})


def difference(current: Plan, imported: Plan) -> tuple[Draft, ...]:
    """What an imported plan would change, as drafts: an edited workbook that comes back is a proposal like any other.
    `current` is the plan that the file was written from, where that is known; else the plan of now.

    An entry is matched by id, then by being the same; a new one gets an id that tells nothing. What the file leaves
    empty or out is not removed: a blank cell says nothing, nor does a name written otherwise as its own manager.
    """
    ids = _matches(current, imported)
    ids |= {item.id: opaque_id(section(item.section).prefix) for item in imported.items.values() if item.id not in ids}
    drafts = []
    for item in imported.items.values():
        known = current.get(ids[item.id])
        now = section(known.section).values(known) if known else {}
        itself = {name for name, target in references(item) if ids.get(target) == ids[item.id]}
        new = {
            name: value for name, value in _values(item, ids).items() if now.get(name) != value and name not in itself
        }
        if new:
            op = Op.update if known else Op.add
            drafts.append(Draft(section=item.section, op=op, item=ids[item.id], fields=new, reason=IMPORTED))
    return tuple(drafts)


def _values(item: Item, ids: Mapping[str, str]) -> dict[str, Json]:
    """An item's values, its references turned to other ids."""
    referring = {name for name, _ in references(item)}
    return {
        name: (ids.get(value, value) if isinstance(value, str) else [ids.get(each, each) for each in value])
        if name in referring
        else value
        for name, value in item.values.items()
    }


def _matches(current: Plan, imported: Plan) -> dict[str, str]:
    """Imported id -> the id of the same item now. What refers to nothing comes first."""
    found: dict[str, str] = {}
    plainly = {(item.section, section(item.section).identity(item.values)): item.id for item in current.items.values()}
    for item in sorted(imported.items.values(), key=lambda item: bool(references(item))):
        known = current.get(item.id)
        kind, values = section(item.section), _values(item, found)
        if known is not None and known.section == item.section:
            found[item.id] = item.id
            continue
        plain = current.get(plainly.get((item.section, kind.identity(values)), ""))
        if plain is not None and (kind.single or kind.same(values, plain.values)):
            found[item.id] = plain.id
        else:
            same = [each.id for each in current.section(item.section) if kind.same(values, each.values)]
            if len(same) == 1:
                found[item.id] = same[0]
    return found
