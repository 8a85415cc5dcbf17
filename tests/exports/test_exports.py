"""Exports: a golden pair each, and what goes out comes in again as it was."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.exports import Export
from pipeline.exports.plain import plain_changes
from pipeline.imports import json_plan
from pipeline.records import Account, Change, Effect, Evidence, FieldChange, Finding, Op, Plan, Tier
from pipeline.registry import plugins

CASES = Path(__file__).resolve().parent.parent / "cases" / "exports"
EXPORTS: dict[str, Export] = plugins("pipeline.exports", "EXPORT")


def account(plan: json_plan.Imported) -> Account:
    return Account(
        id="acc_1", name=plan.account, vendor=plan.vendor, owner="jo", created_at=datetime(2026, 9, 1, tzinfo=UTC)
    )


def written(name: str, path: Path) -> object:
    given = json_plan.plan_of(json.loads(path.read_text(encoding="utf-8")))
    return json.loads(EXPORTS[name].write(account(given), given.plan))


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_writes_what_its_golden_pair_says(name: str) -> None:
    for path in CASES.joinpath(name).glob("*.plan.json"):
        expected = path.with_name(path.name.replace(".plan.json", ".plan.expected.json"))
        assert written(name, path) == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPORTS)
def test_what_goes_out_comes_in_again_as_it_was(name: str) -> None:
    for path in CASES.joinpath(name).glob("*.plan.json"):
        before = json_plan.plan_of(json.loads(path.read_text(encoding="utf-8"))).plan
        after = json_plan.plan_of(written(name, path)).plan
        assert {key: item.values for key, item in after.items.items()} == {
            key: item.values for key, item in before.items.items()
        }


def change(section: str, op: Op, item: str, *findings: Finding, **fields: object) -> Change:
    proof = Evidence(source="src_1", start=0, end=4, words="live", tier=Tier.exact, line=1)
    told = tuple(FieldChange(field=name, new=value) for name, value in fields.items())
    return Change(id=f"c-{item}", section=section, op=op, item=item, fields=told, evidence=(proof,), findings=findings)


def the_plan() -> Plan:
    (path,) = CASES.joinpath("plain").glob("*.plan.json")
    return json_plan.plan_of(json.loads(path.read_text(encoding="utf-8"))).plan


def test_changes_in_the_plain_form_name_what_they_refer_to() -> None:
    told = plain_changes([change("cells", Op.update, "cell_production_flowwatch", status="deployed")], the_plan())
    (cell,) = told["changes"]
    assert cell["key"] == {"department": "Production", "offering": "FlowWatch"}
    assert (cell["op"], cell["fields"], cell["quote"]) == ("update", {"status": "deployed"}, "live")


def test_a_new_person_says_what_is_not_known_too() -> None:
    told = plain_changes([change("stakeholders", Op.add, "stk_new", name="Dev Anand")], the_plan())
    assert told["changes"][0]["fields"] == {"title": None, "department": None, "roles": []}


def test_what_the_short_form_has_no_place_for_goes_under_more() -> None:
    told = plain_changes(
        [
            change("goals", Op.add, "goa_new", statement="Two plants", kind="kgi"),
            change("stakeholders", Op.update, "stk_rosa_keller", warmth="strong"),
        ],
        the_plan(),
    )
    assert told["changes"] == []
    assert [each.get("section") or each["target"] for each in told["more"]] == ["goals", "stakeholder"]


def test_what_a_check_refuted_is_told_as_a_finding_and_not_as_a_change() -> None:
    refuted = Finding(check="quote", effect=Effect.drop, message="Not in the text.")
    told = plain_changes([change("actions", Op.update, "A1", refuted, status="done")], the_plan())
    assert told["changes"] == []
    assert told["findings"][0]["message"] == "Not in the text."


def test_an_untouched_cell_is_need_unknown_in_the_plain_form() -> None:
    told = plain_changes([change("cells", Op.update, "cell_production_flowwatch", status="untouched")], the_plan())
    assert told["changes"][0]["fields"] == {"status": "need_unknown"}
