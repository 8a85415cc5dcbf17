"""The tables of the plan template, wherever they stand (Markdown, a workbook), as rows for `assemble`.

| table | how it is known | how it is read |
|---|---|---|
| Field, Entry | its first two columns | each row by what its field is called: overview, definition, goals |
| potential map | first column names departments and offerings | one cell a square |
| relationship map | a column "Name" or "Name & title" | one person a row |
| action map | columns "Action" and "Deadline" | one action a row |
| any section | the heading is a section's title or name | columns by the names of its fields |
| update log | its heading | left out: history is the store's own |
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import BadPlanFile
from pipeline.imports import Ask, Imported, Row, assemble
from pipeline.imports import _written as written
from pipeline.records import Json
from pipeline.sections import Section, section, sections


@dataclass(frozen=True)
class Table:
    """One table: the heading above it, its header, its rows as words; the first of them is the `first` `where`."""

    heading: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    where: str = "row"
    first: int = 1

    def at(self, number: int) -> str:
        """Where a row stands in the file, counted from 0."""
        return f"{self.where} {self.first + number}"


@dataclass
class Found:
    """What tables gave: rows, and word for word what found no place."""

    rows: list[Row]
    unmapped: list[str]
    warnings: list[str]


def read_tables(tables: Sequence[Table], ask: Ask) -> Found:
    """All rows of all tables."""
    found = Found([], [], [])
    for table in tables:
        reader = _reader(table)
        if reader is None:
            found.unmapped += [_line(table, row) for row in table.rows]
        else:
            reader(table, ask, found)
    return found


def imported(found: list[Table], filename: str, ask: Ask, title: str = "") -> Imported:
    """A plan of template tables. Raises BadPlanFile when they hold nothing of a plan."""
    result = read_tables(found, ask)
    if not result.rows:
        raise BadPlanFile(f"{filename} has no table of a plan", "See the headings of the template in the manual.")
    name = re.sub(r"(?i)^\s*account plan\s*[:–—-]?\s*|\s*[:–—-]?\s*account plan\s*$", "", title).strip()
    name = "" if _of_a_part(folded(name)) else name
    company = next((str(row.fields["company"]) for row in result.rows if row.fields.get("company")), "")
    plan, warnings = assemble(result.rows, company or name, ask.as_of)
    return Imported(
        plan=plan,
        account=company or name,
        as_of=ask.as_of,
        unmapped=tuple(result.unmapped),
        warnings=(*result.warnings, *warnings),
    )


def folded(words: str) -> str:
    """A heading without case and marks: "Name & title" is "name title"."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


def _line(table: Table, row: Sequence[str]) -> str:
    pairs = (f"{name}: {words}" for name, words in zip(table.header, row, strict=False) if words.strip())
    return f"{table.heading}: {' | '.join(pairs)}"


def _reader(table: Table) -> Callable[[Table, Ask, Found], None] | None:
    names = [folded(name) for name in table.header]
    heading = folded(table.heading)
    if heading.startswith("update log"):
        return _left_out
    if names[:2] == ["field", "entry"]:
        return _fields
    if names and names[0].startswith(("dept", "department")) and "offering" in names[0]:
        return _map
    kind = _named_section(heading)
    if kind is None and "action" in names and "deadline" in names:
        kind = section("actions")
    if kind is None and any(name in ("name", "name title", "name and title") for name in names):
        kind = section("stakeholders")
    return None if kind is None else lambda table, ask, found: _entries(kind, table, ask, found)


def _named_section(heading: str) -> Section | None:
    found = (kind for kind in sections().values() if heading in (folded(kind.title), kind.name.replace("_", " ")))
    return next(found, None)


def _of_a_part(heading: str) -> bool:
    """Whether a heading is that of a part of the template, so not the account's name."""
    plain = re.sub(r"^(?:section )?\d+ ", "", heading)
    return _named_section(plain) is not None or plain.startswith("overview") or plain.endswith(" map")


def _left_out(table: Table, _ask: Ask, found: Found) -> None:
    found.warnings.append(
        f"{table.at(0)}: the update log was left out ({len(table.rows)} rows); the plan keeps its own."
    )


# Entries, one a row


def _entries(kind: Section, table: Table, ask: Ask, found: Found) -> None:
    readers = [column(kind, folded(name)) for name in table.header]
    for number, words in enumerate(table.rows):
        if not any(not written.blank(each) for each in words):
            continue
        where = table.at(number)
        values: Mapping[str, Json] = {}
        left = []
        key = None
        for name, read, each in zip(table.header, readers, words, strict=False):
            if folded(name) == "id":
                key = each.strip() or None
            elif read is None:
                left += [] if written.blank(each) else [f"{name}: {each}"]
            elif each.strip():
                values = {**values} | {
                    field: value for field, value in read(each, ask).items() if value not in (None, "", [])
                }
        if kind.name == "actions":
            values, note = dated(values, ask)
            found.warnings += [f"{where}: {note}"] if note else []
        found.unmapped += [f"{where}: {' | '.join(left)}"] if left else []
        found.rows.append(Row(kind.name, values, key, where))


def _filled(values: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


Reader = Callable[[str, Ask], Mapping[str, Json]]
COMBINED: Mapping[str, Reader] = {
    "name title": lambda words, _: written.named(words),
    "name and title": lambda words, _: written.named(words),
    "role": lambda words, _: written.roles(words),
    "roles": lambda words, _: written.roles(words),
    "relationship status touchpoints": lambda words, _: written.relationship(words),
    "relationship status and touchpoints": lambda words, _: written.relationship(words),
    "interests notes": lambda words, _: _interests(words),
    "interests and notes": lambda words, _: _interests(words),
}


def column(kind: Section, name: str) -> Reader | None:
    """How to read a column of that (folded) name in a section's table; None when it has no such field."""
    if kind.name == "stakeholders" and name in COMBINED:
        return COMBINED[name]
    field = name.replace(" ", "_")
    shape = kind.fields.get(field)
    if shape is None:
        return None
    if field == "status" and kind.name == "actions":
        return lambda words, _: {"status": written.action_status(words)}
    if shape.kind == "date":
        return lambda words, ask: {field: written.deadline(words, ask.as_of) or words}
    if shape.kind in ("choice", "choices"):
        return lambda words, _: {field: _choices(words) if shape.is_set else _choice(words)}
    if shape.kind == "money":
        return lambda words, ask: {field: written.money_of(words, ask.currency) or words}
    if shape.is_set:
        return lambda words, _: {field: written.several(words)}
    return lambda words, _: {field: None if words.strip() in ("-", "–", "—") else words.strip()}


def _choice(words: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", words.casefold()))


def _choices(words: str) -> list[str]:
    return [_choice(part) for part in re.split(r"[;,]", words) if part.strip()]


def _interests(words: str) -> Mapping[str, Json]:
    parts = written.several(words)
    long = [part for part in parts if len(part.split()) > 8]
    return {"interests": [part for part in parts if part not in long], "notes": " ".join(long)}


def dated(values: Mapping[str, Json], ask: Ask) -> tuple[Mapping[str, Json], str]:
    """An action whose deadline is no day keeps its words beside the task, where they are read."""
    words = values.get("deadline")
    if not isinstance(words, str) or written.deadline(words, ask.as_of):
        return values, ""
    rest = {name: value for name, value in values.items() if name != "deadline"}
    if written.blank(words):
        return rest, ""
    kept = f"{values.get('action', '')} (deadline: {words.strip()})".strip()
    return {**rest, "action": kept}, f"the deadline {words!r} names no day; kept in words."


# The potential map


def _map(table: Table, ask: Ask, found: Found) -> None:
    offerings = [name.strip() for name in table.header[1:]]
    found.rows += [Row("offerings", {"name": name}, where=table.at(-1)) for name in offerings if name]
    for number, words in enumerate(table.rows):
        where, department = table.at(number), words[0].strip() if words else ""
        if not department:
            continue
        found.rows.append(Row("departments", {"name": department}, where=where))
        for offering, square in zip(offerings, words[1:], strict=False):
            try:
                values = written.cell(square, ask.currency)
            except ValueError as error:
                found.warnings.append(f"{where}: {error}; left out.")
                found.unmapped.append(f"{department} × {offering}: {square}")
                continue
            if values:
                found.rows.append(Row("cells", {"department": department, "offering": offering, **values}, where=where))


# Field, Entry


def _fields(table: Table, ask: Ask, found: Found) -> None:
    for number, words in enumerate(table.rows):
        name, entry = folded(words[0]) if words else "", words[1].strip() if len(words) > 1 else ""
        if written.blank(entry):
            continue
        where = table.at(number)
        reader = next((read for start, read in FIELDS if name.startswith(start)), None)
        made = list(reader(entry, ask)) if reader else list(_plain_field(name, entry))
        found.rows += [Row(kind, {k: v for k, v in values.items() if v}, where=where) for kind, values in made]
        if not made:
            found.unmapped.append(f"{words[0]}: {entry}")


Made = Iterator[tuple[str, Mapping[str, Json]]]


def _plain_field(name: str, entry: str) -> Made:
    """A row that is called as a field of the overview or definition is."""
    for kind in ("overview", "definition"):
        shape = section(kind).fields.get(name.replace(" ", "_"))
        if shape is not None:
            words: Json = written.several(entry) if shape.is_set else entry
            yield kind, {shape.name: _choice(entry) if shape.kind == "choice" else words}
            return


def _company(entry: str, _ask: Ask) -> Made:
    parts = [part.strip() for part in re.split(r";|,(?!\d{3})|\n|<br\s*/?>", entry) if part.strip()]
    industry = next((value for part in parts if (value := _industry(part))), None)
    rest = [part for part in parts[1:] if _industry(part) is None or industry is None]
    yield "overview", {"company": parts[0] if parts else None, "industry": industry, "size": ", ".join(rest)}


def _industry(words: str) -> str | None:
    plain = folded(words)
    spoken = {"saas": "saas_tech", "tech": "saas_tech", "software": "saas_tech", "finance": "financial_services"}
    known = {value.replace("_", " "): value for value in section("overview").fields["industry"].choices} | spoken
    return next((value for form, value in known.items() if form == plain or form in plain.split()), None)


def _first_and_rest(first: str, rest: str, is_set: bool) -> Callable[[str, Ask], Made]:
    def read(entry: str, _ask: Ask) -> Made:
        parts = written.several(entry)
        yield "overview", {first: parts[0], rest: parts[1:] if is_set else "; ".join(parts[1:])}

    return read


def _whole(kind: str, field: str) -> Callable[[str, Ask], Made]:
    def read(entry: str, _ask: Ask) -> Made:
        yield kind, {field: entry}

    return read


def _classification(entry: str, _ask: Ask) -> Made:
    tier, _, segment = entry.partition("/")
    yield "definition", {"tier": tier.strip(), "segment": segment.strip()}


def _goals(kind: str) -> Callable[[str, Ask], Made]:
    def read(entry: str, ask: Ask) -> Made:
        for statement in written.several(entry):
            said = re.search(r"\b(?:by|until|bis)\s+(.+?)(?:[,:;]|$)", statement, re.IGNORECASE)
            due = written.deadline(said[1], ask.as_of) if said else None
            yield "goals", {"statement": statement, "kind": kind, "due": due}

    return read


def _assumptions(entry: str, _ask: Ask) -> Made:
    yield "definition", {"assumptions": written.several(entry)}


FIELDS: tuple[tuple[str, Callable[[str, Ask], Made]], ...] = (
    ("company industry", _company),
    ("earnings trend", _first_and_rest("earnings", "news", is_set=True)),
    ("mid term plan", _first_and_rest("mid_term_plan", "executive_agenda", is_set=False)),
    ("org structure", _first_and_rest("organisation", "reorganisations", is_set=True)),
    ("industry position", _whole("overview", "competitive_position")),
    ("summary of our business", _whole("overview", "history")),
    ("account classification", _classification),
    ("kgi", _goals("kgi")),
    ("interim kpi", _goals("interim_kpi")),
    ("assumptions", _assumptions),
)
