"""Whole texts and all that the rules make of them: tests/cases/proposers/rules."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.proposers.rules.conftest import answer

CASES = sorted((Path(__file__).parents[2] / "cases" / "proposers" / "rules").glob("*.txt"))


def made_of(text: str) -> list[dict[str, Any]]:
    """The drafts for a text, as the expected files hold them."""
    return [
        {"section": draft.section, "op": str(draft.op), "item": draft.item, "fields": draft.fields, "rule": draft.rule}
        for draft in answer(text).drafts
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_text_gives_what_its_golden_file_says(case: Path) -> None:
    expected = json.loads(case.with_suffix("").with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert made_of(case.read_text(encoding="utf-8").rstrip("\n")) == expected
