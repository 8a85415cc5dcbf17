"""A plan from any .xlsx or .csv table: each column goes to a field of a section, as mapped by a person or guessed.

One row may fill several sections (a person and the department); the columns of one section make one entry. Look at
`preview` first: it tells the columns, the guess, and how the first rows would be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.errors import BadSetting, BadValue
from pipeline.imports import Ask, Import, Imported, Row, assemble
from pipeline.imports._sheets import is_workbook, separated, workbook
from pipeline.imports._template import Table, column, dated, folded
from pipeline.records import Json
from pipeline.sections import section, sections

SPOKEN = {
    "account": "overview.company",
    "company": "overview.company",
    "customer": "overview.company",
    "contact": "stakeholders.name",
    "contact name": "stakeholders.name",
    "full name": "stakeholders.name",
    "person": "stakeholders.name",
    "name": "stakeholders.name",
    "job title": "stakeholders.title",
    "title": "stakeholders.title",
    "position": "stakeholders.title",
    "e mail": "stakeholders.email",
    "email": "stakeholders.email",
    "email address": "stakeholders.email",
    "department": "stakeholders.department",
    "dept": "stakeholders.department",
    "role": "stakeholders.roles",
    "task": "actions.action",
    "action": "actions.action",
    "next step": "actions.action",
    "due": "actions.deadline",
    "due date": "actions.deadline",
    "deadline": "actions.deadline",
    "assignee": "actions.owner",
    "owner": "actions.owner",
    "opportunity": "opportunities.name",
    "opportunity name": "opportunities.name",
    "deal": "opportunities.name",
    "amount": "opportunities.amount",
    "close date": "opportunities.close_date",
    "probability": "opportunities.likelihood",
    "product": "cells.offering",
    "offering": "cells.offering",
}


@dataclass(frozen=True)
class Preview:
    """A table before it is taken in: its columns, the field each would go to (None: nowhere), its first rows as
    words, and what reading them would give.
    """

    columns: tuple[str, ...]
    mapping: Mapping[str, str | None]
    rows: tuple[tuple[str, ...], ...]
    imported: Imported


def preview(data: bytes, filename: str, ask: Ask, rows: int = 10) -> Preview:
    """The first rows as they would be read. Raises Unreadable, TooLarge or BadSetting."""
    table = _table(data, filename)
    few = replace(table, rows=table.rows[:rows])
    return Preview(table.header, mapping(table.header, ask.columns), few.rows, _imported(few, ask))


def mapping(columns: tuple[str, ...], given: Mapping[str, str]) -> dict[str, str | None]:
    """Column -> "section.field" or None. A given mapping has the say; without any, the columns are guessed by name.

    Raises BadSetting for a field or column that does not exist.
    """
    for name, field in given.items():
        if name not in columns:
            raise BadSetting(f"there is no column {name!r}", f"The columns are {', '.join(columns)}.")
        _field(field)
    if given:
        return {name: given.get(name) for name in columns}
    guessed = {name: _guess(name) for name in columns}
    main = next((field.split(".")[0] for field in guessed.values() if field), None)
    return {name: _settled(name, field, main) for name, field in guessed.items()}


def _field(words: str) -> tuple[str, str]:
    kind, _, name = words.partition(".")
    try:
        if name in section(kind).fields:
            return kind, name
    except BadValue:
        pass
    raise BadSetting(f"{words!r} is no field", "Write section.field, e.g. stakeholders.title.")


def _guess(name: str) -> str | None:
    plain = folded(name)
    if plain in SPOKEN:
        return SPOKEN[plain]
    field = plain.replace(" ", "_")
    holders = [kind.name for kind in sections().values() if field in kind.fields]
    return f"{holders[0]}.{field}" if len(holders) == 1 else None


def _settled(name: str, guess: str | None, main: str | None) -> str | None:
    """A name that several sections have goes to the one that the table is about: "status" in a list of tasks."""
    field = folded(name).replace(" ", "_")
    return f"{main}.{field}" if guess is None and main and field in section(main).fields else guess


def _table(data: bytes, filename: str) -> Table:
    if is_workbook(data):
        title, rows = next(((title, rows) for title, rows in workbook(data, filename).items() if rows), ("", []))
    else:
        title, rows = "", separated(data, filename)
    start = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    header = tuple(name or f"column {place}" for place, name in enumerate(rows[start], 1)) if rows else ()
    return Table(title, header, tuple(rows[start + 1 :]), "row", start + 2)


def _imported(table: Table, ask: Ask) -> Imported:
    where = mapping(table.header, ask.columns)
    readers = {
        name: (_field(field), column(section(_field(field)[0]), field.split(".")[1].replace("_", " ")))
        for name, field in where.items()
        if field
    }
    rows: list[Row] = []
    unmapped, notes = [], []
    for number, words in enumerate(table.rows):
        at = table.at(number)
        left = [f"{name}: {each}" for name, each in zip(table.header, words, strict=False) if each and not where[name]]
        made: dict[str, Mapping[str, Json]] = {}
        for name, each in zip(table.header, words, strict=False):
            if each and name in readers:
                (kind, field), read = readers[name]
                made[kind] = {**made.get(kind, {}), **(read(each, ask) if read else {field: each})}
        if "actions" in made:
            made["actions"], note = dated(made["actions"], ask)
            notes += [f"{at}: {note}"] if note else []
        rows += [Row(kind, values, where=at) for kind, values in made.items()]
        unmapped += [f"{at}: {' | '.join(left)}"] if left else []
    account = next((str(row.fields["company"]) for row in rows if row.fields.get("company")), "")
    plan, warnings = assemble(rows, account, ask.as_of)
    nowhere = [name for name, field in where.items() if field is None]
    told = [f"These columns go nowhere: {', '.join(nowhere)}."] if nowhere else []
    return Imported(plan, account, as_of=ask.as_of, unmapped=tuple(unmapped), warnings=(*told, *notes, *warnings))


def sniff(data: bytes, filename: str) -> bool:
    """Whether it is a workbook or is called .csv; what it holds is for the mapping to say."""
    return is_workbook(data) or filename.lower().endswith((".csv", ".tsv"))


def read(data: bytes, filename: str, ask: Ask) -> Imported:
    """The whole table. Raises Unreadable, TooLarge or BadSetting."""
    return _imported(_table(data, filename), ask)


IMPORT = Import(name="table", suffixes=(".xlsx", ".csv", ".tsv"), sniff=sniff, read=read)
