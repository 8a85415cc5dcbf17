"""A plan that goes out as a file and comes back: what somebody changed in it counts, what the plan changed stays."""

import json
from datetime import date
from typing import Any

import pytest

from pipeline import flow
from pipeline.desk import Desk
from pipeline.exports import plain, whole
from pipeline.flow import making
from pipeline.imports import Ask, Imported
from pipeline.records import Account, Draft, Item, Json, Op, Outcome, Plan, Proposal, Standing
from pipeline.views.reads import one_proposal

ASK = Ask(as_of=date(2026, 3, 1))
FORMS = {"whole": whole.write, "plain": plain.write}


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def plan_of(desk: Desk, account: Account) -> Plan:
    with desk.account(account.id).read() as tx:
        plan: Plan = tx.plan()
    return plan


def exported(desk: Desk, account: Account, form: str = "whole") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FORMS[form](account, plan_of(desk, account)))
    return told


def comes_back(desk: Desk, account: Account, told: dict[str, Any]) -> tuple[Proposal, Imported]:
    return flow.take_in(desk, account.id, json.dumps(told).encode(), "plan.json", ASK)


def entry(told: dict[str, Any], name: str) -> dict[str, Json]:
    """A stakeholder's values in a file of either form."""
    if "items" in told:
        values: dict[str, Json] = next(e["values"] for e in told["items"] if e["values"].get("name") == name)
        return values
    return next(each for each in told["stakeholders"] if each["name"] == name)


def person(plan: Plan, name: str) -> Item:
    return next(item for item in plan.section("stakeholders") if item.values["name"] == name)


def typed(desk: Desk, account: Account, item: str, **fields: Json) -> None:
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.update, item=item, fields=fields)], "direct", "")


def approve(desk: Desk, account: Account, proposal: Proposal) -> flow.Decided:
    decisions = making.approved(proposal, desk.actor, proposal.created_at)
    return flow.decide(desk, account.id, proposal.id, decisions)


@pytest.mark.parametrize("form", FORMS)
def test_what_only_the_plan_changed_since_the_export_is_not_proposed(desk: Desk, account: Account, form: str) -> None:
    told = exported(desk, account, form)
    typed(desk, account, "Kim Low", title="Plant Manager")
    entry(told, "Rosa Keller")["email"] = "rosa@northwind.example"
    proposal, _ = comes_back(desk, account, told)
    (change,) = proposal.changes
    assert change.new_values() == {"email": "rosa@northwind.example"}
    assert (proposal.base_revision, plan_of(desk, account).revision) == (1, 2)
    assert "written from revision 1" in proposal.why
    assert not approve(desk, account, proposal).conflicts
    now = plan_of(desk, account)
    assert person(now, "Kim Low").values["title"] == "Plant Manager"
    assert person(now, "Rosa Keller").values["email"] == "rosa@northwind.example"


@pytest.mark.parametrize("form", FORMS)
def test_a_field_that_both_changed_is_a_conflict_of_three_values(desk: Desk, account: Account, form: str) -> None:
    told = exported(desk, account, form)
    typed(desk, account, "Kim Low", title="Plant Manager")
    entry(told, "Kim Low")["title"] = "VP Finance"
    proposal, _ = comes_back(desk, account, told)
    (shown,) = one_proposal(desk.store, desk.actor, proposal.id).changes
    assert shown.standing is Standing.conflict
    (conflict,) = approve(desk, account, proposal).conflicts
    assert (conflict.base, conflict.current, conflict.proposed) == ("Controller", "Plant Manager", "VP Finance")
    assert person(plan_of(desk, account), "Kim Low").values["title"] == "Plant Manager"


def test_a_field_that_only_the_person_changed_applies_beside_one_that_both_changed(
    desk: Desk, account: Account
) -> None:
    told = exported(desk, account)
    typed(desk, account, "Kim Low", title="Plant Manager")
    entry(told, "Kim Low").update(title="VP Finance", email="kim@northwind.example")
    proposal, _ = comes_back(desk, account, told)
    (conflict,) = approve(desk, account, proposal).conflicts
    assert conflict.field == "title"
    kept = person(plan_of(desk, account), "Kim Low").values
    assert (kept["title"], kept["email"]) == ("Plant Manager", "kim@northwind.example")
    settled = {(conflict.change, "title"): conflict.current}
    last = [each for each in making.approved(proposal, "", proposal.created_at) if each.change == conflict.change]
    flow.decide(desk, account.id, proposal.id, last, seen=settled)
    assert person(plan_of(desk, account), "Kim Low").values["title"] == "VP Finance"


def test_a_set_that_both_added_to_holds_what_both_added(desk: Desk, account: Account) -> None:
    told = exported(desk, account)
    typed(desk, account, "Kim Low", interests=["uptime"])
    entry(told, "Kim Low")["interests"] = "training; ;"
    proposal, _ = comes_back(desk, account, told)
    approve(desk, account, proposal)
    assert person(plan_of(desk, account), "Kim Low").values["interests"] == ["training", "uptime"]


def test_an_entry_that_went_since_the_export_comes_back_only_as_a_conflict(desk: Desk, account: Account) -> None:
    told = exported(desk, account)
    gone = Draft(section="stakeholders", op=Op.remove, item="Kim Low")
    flow.adopt(desk, account.id, [gone], "direct", "")
    assert comes_back(desk, account, told)[0].changes == ()
    entry(told, "Kim Low")["title"] = "VP Finance"
    (conflict,) = approve(desk, account, comes_back(desk, account, told)[0]).conflicts
    assert "removed" in conflict.message


@pytest.mark.parametrize("form", FORMS)
def test_the_same_file_once_more_proposes_nothing_and_waits_for_nobody(desk: Desk, account: Account, form: str) -> None:
    told = exported(desk, account, form)
    assert told["revision"] == 1
    entry(told, "Kim Low")["title"] = "VP Finance"
    told.setdefault("more", {})["team"] = [{"name": "Ida Voss"}]
    if form == "plain":
        told["departments"].append("Laboratory")
        told["stakeholders"].append({"name": "Dev Anand", "department": "Laboratory"})
    first, _ = comes_back(desk, account, told)
    assert first.outcome is Outcome.changes
    approve(desk, account, first)
    again, _ = comes_back(desk, account, told)
    assert (again.outcome, again.changes) == (Outcome.nothing, ())
    assert "nothing that the plan does not say already" in again.why
    with desk.account(account.id).read() as tx:
        assert tx.proposals("open") == []


def test_what_a_file_adds_names_what_the_plan_has_by_now(desk: Desk, account: Account) -> None:
    told = exported(desk, account, "plain")
    area = Draft(section="departments", op=Op.add, fields={"name": "Laboratory"})
    flow.adopt(desk, account.id, [area], "direct", "")
    told["departments"].append("Laboratory")
    told["stakeholders"].append({"name": "Dev Anand", "department": "Laboratory"})
    proposal, _ = comes_back(desk, account, told)
    (change,) = proposal.changes
    assert not approve(desk, account, proposal).conflicts
    now = plan_of(desk, account)
    (laboratory,) = (item.id for item in now.section("departments") if item.values["name"] == "Laboratory")
    assert change.new_values()["department"] == person(now, "Dev Anand").values["department"] == laboratory


@pytest.mark.parametrize("revision", [None, 99, -1, True, "1", 1.5])
def test_a_file_of_no_known_revision_is_told_against_the_plan_of_now(
    desk: Desk, account: Account, revision: Json
) -> None:
    told = exported(desk, account)
    typed(desk, account, "Kim Low", title="Plant Manager")
    told["revision"] = revision
    proposal, _ = comes_back(desk, account, told)
    (change,) = proposal.changes
    assert [(each.old, each.new) for each in change.fields] == [("Plant Manager", "Controller")]
    assert proposal.base_revision == 2


@pytest.mark.parametrize("form", FORMS)
def test_an_id_in_a_file_of_another_account_means_nothing_here(desk: Desk, account: Account, form: str) -> None:
    other = flow.set_up(desk, flow.NewAccount(name="Southgate Foods"))
    task = Item(id="A1", section="actions", values={"action": "Order the catering", "status": "done"})
    told = json.loads(FORMS[form](other, Plan(account=other.id, revision=1, items={"A1": task})))
    typed(desk, account, "Kim Low", title="Plant Manager")
    proposal, given = comes_back(desk, account, told)
    (change,) = proposal.changes
    assert (change.op, change.item == "A1", proposal.base_revision) == (Op.add, False, 2)
    assert "of another account ('Southgate Foods')" in given.warnings[0]
    assert given.warnings[0] in proposal.why
    approve(desk, account, proposal)
    kept = plan_of(desk, account).items["A1"].values
    assert (kept["action"], kept["status"]) == ("Send the questionnaire", "in_progress")


def test_entries_of_another_account_are_matched_by_what_they_are(desk: Desk, account: Account) -> None:
    told = exported(desk, account)
    told["account"]["id"] = "acc_elsewhere"
    entry(told, "Kim Low")["title"] = "VP Finance"
    proposal, given = comes_back(desk, account, told)
    (change,) = proposal.changes
    assert "of another account ('Northwind Mills')" in given.warnings[0], "a namesake with another id"
    assert (change.op, change.item) == (Op.update, person(plan_of(desk, account), "Kim Low").id)


@pytest.mark.parametrize(("name", "own"), [("northwind  MILLS Ltd.", True), ("", True), ("Southgate Foods", False)])
def test_a_file_without_an_accounts_id_is_of_the_account_that_it_names(
    desk: Desk, account: Account, name: str, own: bool
) -> None:
    told = {"account": name, "actions": [{"id": "A1", "action": "Order the catering"}]}
    proposal, given = comes_back(desk, account, told)
    assert (proposal.changes[0].item == "A1") is own
    assert bool(given.warnings) is not own


@pytest.mark.parametrize(
    "title", ["Northwind Mills", "Account plan: Northwind Mills", "Actions", "3. Relationship map"]
)
def test_a_heading_of_the_template_is_no_other_account(desk: Desk, account: Account, title: str) -> None:
    table = f"# {title}\n\n## Actions\n\n| ID | Action | Deadline |\n|---|---|---|\n| A1 | Send it all | 2026-03-09 |\n"
    proposal, given = flow.take_in(desk, account.id, table.encode(), "plan.md", ASK)
    assert (proposal.changes[0].item, given.warnings) == ("A1", ())
