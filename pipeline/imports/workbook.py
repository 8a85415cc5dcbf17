"""A plan from the five-sheet workbook: Overview & KGI, Potential map, Relationship map, Actions, Update log.

The sheets hold the tables of the template, one below another with an empty row between; a sheet named after any other
section holds that section.
"""

from collections.abc import Iterator, Sequence

from pipeline.imports import Ask, Import, Imported
from pipeline.imports._sheets import is_workbook, workbook
from pipeline.imports._template import Table, folded, imported

SHEETS = frozenset({"potential map", "relationship map", "actions", "action map"})


def tables(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[Table]:
    """The tables of one sheet. A row of a single cell above a table is its heading; else the sheet's title is."""
    heading, at = title, 0
    while at < len(rows):
        filled = [words for words in rows[at] if words]
        if len(filled) < 2:
            heading = filled[0] if filled else heading
            at += 1
            continue
        end = at + 1
        while end < len(rows) and any(rows[end]):
            end += 1
        width = max(place for place, words in enumerate(rows[at], 1) if words)
        body = tuple(row[:width] for row in rows[at + 1 : end])
        yield Table(heading, rows[at][:width], body, f"{title}, row", at + 2)
        heading, at = title, end


def sniff(data: bytes, filename: str) -> bool:
    """Whether it is a workbook with at least one sheet of the template."""
    return is_workbook(data) and any(folded(title) in SHEETS for title in workbook(data, filename))


def read(data: bytes, filename: str, ask: Ask) -> Imported:
    """Every sheet of the workbook. Raises Unreadable, TooLarge or BadPlanFile."""
    sheets = workbook(data, filename)
    return imported([table for title, rows in sheets.items() for table in tables(title, rows)], filename, ask)


IMPORT = Import(name="workbook", suffixes=(".xlsx",), sniff=sniff, read=read)
