"""Imports: golden pairs, and what becomes of files that are not quite what they should be."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadPlanFile, BadSetting, Error, Unreadable
from pipeline.imports import Ask, Row, assemble, difference, person, read
from pipeline.imports import _written as written
from pipeline.imports._sheets import workbook
from pipeline.imports.json_plan import plan_of
from pipeline.imports.table import preview
from pipeline.records import Op, Plan
from pipeline.sections import references
from tests.imports import making

ASK = making.ASK


@pytest.mark.parametrize("path", making.cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_case_reads_as_its_golden_pair_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert making.shown(making.by_its_plugin(path)) == expected


@pytest.mark.parametrize("path", making.cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_recognised_by_what_it_holds(path: Path) -> None:
    assert making.shown(read(path.read_bytes(), path.name, ASK)) == making.shown(making.by_its_plugin(path))


def test_the_committed_workbook_is_the_one_its_rows_describe(tmp_path: Path) -> None:
    making.write_workbook(tmp_path / "made.xlsx")
    made = workbook((tmp_path / "made.xlsx").read_bytes(), "made.xlsx")
    assert made == workbook((making.CASES / "workbook" / "five-sheets.xlsx").read_bytes(), "five-sheets.xlsx")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-07-03", "2026-07-03"),
        ("July, week 2", "2026-07-10"),
        ("week 2 of July", "2026-07-10"),
        ("End of August", "2026-08-31"),
        ("late August 2027", "2027-08-31"),
        ("August", "2026-08-31"),
        ("mid-July", "2026-07-15"),
        ("Mitte Juli", "2026-07-15"),
        ("Q3", "2026-09-30"),
        ("end of Q1 2027", "2027-03-31"),
        ("January 2027", "2027-01-31"),
        ("KW 30", "2026-07-24"),
        ("2027", "2027-12-31"),
        ("3 August", "2026-08-03"),
        ("Fri 3 July", "2026-07-03"),
        ("15.07.", "2026-07-15"),
        ("20 December", "2026-12-20"),
        ("4 May", "2026-05-04"),
        ("1 March", "2027-03-01"),
    ],
)
def test_a_deadline_is_the_last_day_that_its_words_allow(words: str, day: str) -> None:
    assert str(written.deadline(words, ASK.as_of)) == day


@pytest.mark.parametrize(
    "words", ["asap", "after the works council", "tbd", "", "3/4", "next quarter", "KW 60", "FY27"]
)
def test_words_that_name_no_day_stay_words(words: str) -> None:
    assert written.deadline(words, ASK.as_of) is None


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("Deployed ($40K/yr)", {"status": "deployed", "value": "$40K/yr"}),
        ("Deployed (40K)", {"status": "deployed", "value": "40K EUR"}),
        ("deployed", {"status": "deployed"}),
        ("Need unknown", {"status": "need_unknown"}),
        ("Untouched", {"status": "untouched"}),
        ("Out of scope (own solution)", {"status": "out_of_scope", "grounds": "own solution"}),
        (
            "Need identified—not proposed (asked for a demo)",
            {"status": "need_identified", "grounds": "asked for a demo"},
        ),
        (
            "In negotiation (2 plants) / untouched (3)",
            {
                "status": "in_negotiation",
                "splits": [
                    {"count": 2, "unit": "plants", "status": "in_negotiation"},
                    {"count": 3, "unit": "plants", "status": "untouched"},
                ],
            },
        ),
        ("–", None),
        ("", None),
    ],
)
def test_a_square_of_the_map_is_read_as_people_write_it(words: str, values: Any) -> None:
    assert written.cell(words, "EUR") == values


def test_a_square_without_a_status_is_told_and_kept() -> None:
    text = "| Dept \\ Offering | Loomwatch |\n|-|-|\n| Weaving | great chances |\n"
    found = read(text.encode(), "map.md", ASK)
    assert found.unmapped == ("Weaving × Loomwatch: great chances",)
    assert "line 3" in found.warnings[0]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("Economic buyer", {"roles": ["economic_buyer"]}),
        ("evaluator; champion", {"roles": ["evaluator", "champion"]}),
        ("Evaluator, future champion candidate", {"roles": ["evaluator"], "candidate_roles": ["champion"]}),
        ("potential blocker", {"potential_roles": ["blocker"]}),
        ("unknown", {}),
    ],
)
def test_roles_are_had_potential_or_candidate(words: str, values: Any) -> None:
    assert written.roles(words) == values


def test_a_table_is_previewed_with_its_mapping_before_it_is_taken_in() -> None:
    seen = preview(b"Contact name,Level,Boss\nMira Falk,COO,\nJonas Abt,Head,Mira Falk\n", "p.csv", ASK, rows=1)
    assert seen.columns == ("Contact name", "Level", "Boss")
    assert seen.mapping["Contact name"] == "stakeholders.name"
    assert len(seen.rows) == len(seen.imported.plan.items) == 1


def test_a_given_mapping_has_the_say() -> None:
    columns = {"Contact name": "stakeholders.name", "Level": "stakeholders.title", "Boss": "stakeholders.reports_to"}
    ask = Ask(ASK.as_of, columns=columns)
    found = read(b"Contact name,Level,Boss\nJonas Abt,Head,Mira Falk\nMira Falk,COO,\n", "p.csv", ask)
    assert found.plan.items["stk_jonas_abt"].values["reports_to"] == "stk_mira_falk"
    assert not found.warnings


@pytest.mark.parametrize("columns", [{"Nobody": "stakeholders.name"}, {"Name": "stakeholders.shoe"}, {"Name": "x"}])
def test_a_mapping_to_nowhere_is_refused(columns: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        read(b"Name,Title\nMira Falk,COO\n", "p.csv", Ask(ASK.as_of, columns=columns))


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"account": "x", "stakeholders": {"name": "Mira"}},
        {"account": "x", "as_of": "soon"},
        {"account": "x", "cells": ["deployed", 3]},
        {"account": "x", "more": ["goals"]},
        {"items": [{"id": "a"}]},
        {"items": [{"id": "a", "section": "stakeholders", "values": {"title": "COO"}}]},
        {"items": [{"id": "a", "section": "stakeholders", "values": {"name": "Mira", "reports_to": "b"}}]},
        {"items": [{"id": "a", "section": "offerings", "values": {"name": "x"}}] * 2},
    ],
)
def test_what_is_no_plan_file_is_refused_with_the_reason(data: Any) -> None:
    with pytest.raises(BadPlanFile) as refused:
        plan_of(data)
    assert refused.value.detail


def test_a_file_of_no_known_form_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(b"just words", "plan.txt", ASK)
    with pytest.raises(Unreadable):
        read(b"PK\x03\x04 broken", "plan.xlsx", ASK)


@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.md", "a.csv", "a.xlsx", "a"]))
def test_no_file_breaks_an_import_otherwise_than_by_saying_no(data: bytes, filename: str) -> None:
    try:
        plan = read(data, filename, ASK).plan
    except Error:
        return
    assert all(target in plan.items for item in plan.items.values() for _, target in references(item))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "status"]), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["team", "departments", "stakeholders", "cells", "actions", "more"]), json_values)
)
def test_any_json_is_a_plan_whose_references_stand_or_is_refused(data: dict[str, Any]) -> None:
    try:
        found = plan_of({"account": "x", **data})
    except Error:
        return
    items = found.plan.items
    assert all(target in items for item in items.values() for _, target in references(item))


def test_references_find_their_item_by_another_spelling_and_in_any_order() -> None:
    rows = [
        Row("cells", {"department": "R&D", "offering": "Loom Watch"}),
        Row("departments", {"name": "Research & Development"}),
        Row("offerings", {"name": "Loomwatch"}),
    ]
    plan, warnings = assemble(rows, "Kern")
    (cell,) = plan.section("cells")
    assert cell.values == {"department": "dep_research_development", "offering": "off_loomwatch"}
    assert not warnings


def test_what_refers_to_an_entry_that_was_left_out_lets_go_of_it() -> None:
    rows = [
        Row("stakeholders", {"title": "COO"}, "s1"),
        Row("stakeholders", {"name": "Mira Falk"}, "s2"),
        Row("objections", {"objection": "Too slow", "raised_by": "s1"}, "x1"),
        Row("influence", {"who": "s1", "whom": "s2", "kind": "talks_to"}, "i1"),
    ]
    plan, warnings = assemble(rows, "Kern")
    assert sorted(plan.items) == ["s2", "x1"]
    assert plan.items["x1"].values == {"objection": "Too slow"}
    assert len(warnings) == 3


def test_two_people_of_one_surname_are_never_chosen_between() -> None:
    rows = [
        Row("stakeholders", {"name": "Mori Haruka"}),
        Row("stakeholders", {"name": "Mori Kenta"}),
        Row("objections", {"objection": "Too slow", "raised_by": "Mori"}),
    ]
    plan, warnings = assemble(rows, "Kern")
    assert {item.values["name"] for item in plan.section("stakeholders")} == {"Mori Haruka", "Mori Kenta", "Mori"}
    assert "added" in warnings[0]


def test_a_file_that_comes_back_changed_is_a_few_drafts_and_removes_nothing() -> None:
    before = plan_of(json.loads((making.CASES / "json_plan" / "plain.json").read_text()))
    data = json.loads((making.CASES / "json_plan" / "plain.json").read_text())
    data["stakeholders"][0]["title"] = "CEO"
    data["actions"] = data["actions"][:1]
    data["offerings"].append("Dyebook")
    drafts = difference(before.plan, plan_of(data).plan)
    assert [(draft.op, draft.fields) for draft in drafts] == [
        (Op.add, {"name": "Dyebook"}),
        (Op.update, {"title": "CEO"}),
    ]
    assert drafts[1].item == "stk_mira_falk"
    assert "dyebook" not in str(drafts[0].item), "an id tells nothing"
    assert difference(before.plan, before.plan) == ()


def test_new_entries_of_a_file_name_one_another() -> None:
    rows = [
        Row("stakeholders", {"name": "Dev Anand", "reports_to": "Mira Falk"}),
        Row("stakeholders", {"name": "Mira Falk"}),
    ]
    dev, mira = difference(Plan(account="x"), assemble(rows, "x")[0])
    assert dev.fields["reports_to"] == mira.item


def test_a_file_with_ids_of_its_own_is_matched_by_what_its_entries_are() -> None:
    before, _ = assemble(
        [Row("departments", {"name": "Weaving"}, "d7"), Row("stakeholders", {"name": "Mira Falk"}, "s9")], "K"
    )
    after, _ = assemble(
        [
            Row("departments", {"name": "weaving department"}),
            Row("stakeholders", {"name": "Falk, Mira", "department": "weaving department", "title": "COO"}),
        ],
        "K",
    )
    drafts = {draft.item: draft.fields for draft in difference(before, after)}
    assert drafts["s9"] == {"name": "Falk, Mira", "title": "COO", "department": "d7"}


def test_somebody_of_the_team_is_a_name_and_a_role() -> None:
    assert person("Ada Brandt (AE)") == ("Ada Brandt", "AE")
    assert person("Ada Brandt") == ("Ada Brandt", None)


def test_a_plan_of_thousands_of_entries_is_assembled_in_a_moment() -> None:
    rows = [Row("stakeholders", {"name": f"Person{n} Family{n}", "department": f"Unit {n % 90}"}) for n in range(4000)]
    plan, _ = assemble([*(Row("departments", {"name": f"Unit {n}"}) for n in range(90)), *rows], "K")
    assert len(plan.items) == 4090


def test_a_workbook_of_many_small_files_is_refused_by_what_it_unpacks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.imports._sheets.LARGEST", 10)
    with pytest.raises(Error):
        read((making.CASES / "workbook" / "five-sheets.xlsx").read_bytes(), "five-sheets.xlsx", ASK)
