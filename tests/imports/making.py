"""Golden pairs of the imports: what is compared, and how the expected files and the workbook are written again.

`python -m tests.imports.making` writes them; read the difference before committing it.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.imports import Ask, Imported
from pipeline.registry import plugins

CASES = Path(__file__).parents[1] / "cases" / "imports"
ASK = Ask(as_of=date(2026, 6, 15))
SHEETS: dict[str, list[list[Any]]] = {
    "Overview & KGI": [
        ["Overview"],
        ["Field", "Entry"],
        ["Company, industry, size", "Kern Textil AG; manufacturing; 1,200 employees"],
        ["Relationship strength", "medium"],
        [],
        ["Goals"],
        ["ID", "Statement", "Kind", "Category", "Measure", "Level", "Due", "Owner"],
        ["G1", "Loomwatch in five plants", "KGI", "revenue", "plants", "5", date(2028, 3, 31), "Ada Brandt"],
    ],
    "Potential map": [
        ["Dept \\ Offering", "Loomwatch", "Dyebook"],
        ["Weaving", "Deployed ($40K/yr)", None],
        ["Finishing", "In negotiation", "Need unknown (ask the shift leads)"],
    ],
    "Relationship map": [
        ["ID", "Name", "Title", "Department", "Role", "Warmth", "Reports to", "Shoe size"],
        ["stk_1", "Mira Falk", "COO", None, "economic buyer", "Medium", None, 39],
        ["stk_2", "Jonas Abt", "Head of Weaving", "Weaving", "champion; evaluator", "strong", "Mira Falk", None],
    ],
    "Actions": [
        ["ID", "Deadline", "Action", "Target", "Owner", "Status"],
        ["A1", date(2026, 7, 3), "Send the offer", "Mira Falk", "Ada Brandt", "Not started"],
        ["A2", "mid-July", "Clear data access", "IT", None, "done"],
    ],
    "Team": [["Name", "Role"], ["Ada Brandt", "AE"]],
    "Update log": [["When", "Who", "What"], [date(2026, 6, 1), "Ada Brandt", "first version"]],
}


def cases() -> list[Path]:
    """The inputs: every case file that is not an expectation."""
    return sorted(path for path in CASES.glob("*/*") if not path.name.endswith(".expected.json"))


def shown(imported: Imported) -> dict[str, Any]:
    """What a golden pair compares."""
    return {
        "account": imported.account,
        "vendor": imported.vendor,
        "as_of": str(imported.as_of) if imported.as_of else None,
        "author": imported.author,
        "said_on": str(imported.said_on) if imported.said_on else None,
        "team": [member.model_dump(mode="json") for member in imported.team],
        "attributes": dict(imported.attributes),
        "items": {item.id: {"section": item.section, **item.values} for item in imported.plan.items.values()},
        "unmapped": list(imported.unmapped),
        "warnings": list(imported.warnings),
    }


def by_its_plugin(path: Path) -> Imported:
    """The case as the plug-in of its folder reads it."""
    found: Imported = plugins("pipeline.imports", "IMPORT")[path.parent.name].read(path.read_bytes(), path.name, ASK)
    return found


def write_workbook(path: Path) -> None:
    """The five sheets and one more, as SHEETS has them."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def main() -> None:
    """Writes the workbook and all expectations."""
    write_workbook(CASES / "workbook" / "five-sheets.xlsx")
    for path in cases():
        expected = json.dumps(shown(by_its_plugin(path)), ensure_ascii=False, indent=1)
        path.with_suffix(".expected.json").write_text(expected + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
