"""Every check on small notes of its own: tests/cases/checks/<check>/<case>.json and what it must find.

One plan for all of them; "GS" stands for the cell of Catering and GalleyStock, "BB" for that of the Harbour Office and
BerthBook.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import ingest, verify
from pipeline.imports import json_plan
from pipeline.records import Change, Context, Draft
from pipeline.registry import plugins
from pipeline.settings import Settings

CASES = Path(__file__).resolve().parents[1] / "cases" / "checks"
FILES = sorted(path for path in CASES.glob("*/*.json") if not path.name.endswith(".expected.json"))
PLAN = json_plan.plan_of(json.loads((CASES / "plan.json").read_text()))
CELLS = {"GS": "off_galleystock", "BB": "off_berthbook"}


def context(note: str) -> Context:
    document = ingest.read(note.encode(), "note.txt", Settings(), PLAN.said_on, PLAN.said_on)
    assert PLAN.said_on
    return Context(
        document=document,
        plan=PLAN.plan,
        account=PLAN.account,
        vendor=PLAN.vendor,
        author=PLAN.author,
        said_on=PLAN.said_on,
    )


def tried(note: str, *drafts: dict[str, Any]) -> tuple[Change, ...]:
    return verify.verify([drafted(draft) for draft in drafts], context(note), "prp_t", "src_t")


def drafted(draft: dict[str, Any]) -> Draft:
    offering = CELLS.get(draft.get("item") or "")
    cell = next((item.id for item in PLAN.plan.section("cells") if item.values["offering"] == offering), None)
    return Draft.model_validate({**draft, "item": cell or draft.get("item")})


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_check_finds_what_is_wrong_and_nothing_else(path: Path) -> None:
    given = json.loads(path.read_text())
    (change,) = tried(given["note"], given["draft"])
    found = sorted([each.check, str(each.effect), each.field] for each in change.findings)
    expected = json.loads(path.with_suffix(".expected.json").read_text())
    assert [list(each) for each in dict.fromkeys(map(tuple, found))] == sorted(expected, key=str), change.findings


def test_every_check_has_cases() -> None:
    assert {path.parent.name for path in FILES} == set(plugins("pipeline.checks", "CHECK"))


def test_findings_are_sentences() -> None:
    for path in FILES:
        given = json.loads(path.read_text())
        (change,) = tried(given["note"], given["draft"])
        assert all(each.message[0].isupper() and each.message[-1] in '."!' for each in change.findings), change.findings
