"""A person's own change, typed or brought in a file: what does not fit its field is refused, with field and value."""

import json
from datetime import date
from typing import Any

import pytest

from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import BadValue
from pipeline.imports import Ask
from pipeline.records import Account, Draft, Item, Op, Plan
from pipeline.store.plans import PlanReads


def state(desk: Desk, account: Account) -> tuple[Any, ...]:
    with desk.account(account.id).read() as tx:
        return tx.plan(), len(tx.proposals())


@pytest.mark.parametrize(
    ("section", "item", "field", "value"),
    [
        ("actions", "A1", "deadline", "someday"),
        ("stakeholders", "Kim Low", "warmth", "tepid"),
        ("stakeholders", "Kim Low", "reports_to", "Nobody Known"),
        ("stakeholders", "Kim Low", "shoe_size", "44"),
    ],
)
def test_a_typed_value_that_does_not_fit_its_field_is_refused_and_nothing_is_kept(
    desk: Desk, account: Account, section: str, item: str, field: str, value: str
) -> None:
    before = state(desk, account)
    fits = Draft(section="stakeholders", op=Op.update, item="Rosa Keller", fields={"title": "CEO"})
    draft = Draft(section=section, op=Op.update, item=item, fields={field: value})
    with pytest.raises(BadValue) as refused:
        flow.adopt(desk, account.id, [fits, draft], "direct", "Typed")
    assert field in refused.value.message
    assert value in refused.value.message or field == "shoe_size"
    assert refused.value.message.count("does not fit") == 1
    assert refused.value.message.startswith("A value does not fit its field: ")
    assert state(desk, account) == before


def test_a_person_typed_as_their_own_manager_is_refused_however_the_name_is_written(
    desk: Desk, account: Account
) -> None:
    before = state(desk, account)
    for manager in ("Rosa Keller", "Rosa Kellar"):
        draft = Draft(section="stakeholders", op=Op.update, item="Rosa Keller", fields={"reports_to": manager})
        with pytest.raises(BadValue, match="refer to the entry itself"):
            flow.adopt(desk, account.id, [draft], "direct", "Typed")
    assert state(desk, account) == before


def test_an_own_change_told_by_ids_reads_what_it_touches_and_not_the_whole_plan(
    desk: Desk, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _ = state(desk, account)
    ids = {str(each.values.get("name")): each.id for each in plan.items.values()}
    kim, rosa, area = (ids[name] for name in ("Kim Low", "Rosa Keller", "Production"))
    drafts = [
        Draft(section="stakeholders", op=Op.update, item=kim, fields={"reports_to": rosa, "title": "CFO"}),
        Draft(section="stakeholders", op=Op.add, fields={"name": "Ida Voss", "department": area}),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(PlanReads, "plan", lambda *_: pytest.fail("it read the whole plan"))
        done = flow.adopt(desk, account.id, drafts, "direct", "Typed")
        flow.revert(desk, account.id, done.revision.number if done.revision else 0)
    assert list(state(desk, account)[0].items) == list(plan.items)


def test_an_own_change_told_by_names_finds_what_they_mean(desk: Desk, account: Account) -> None:
    draft = Draft(section="stakeholders", op=Op.update, item="Kim Low", fields={"reports_to": "Rosa Kellar"})
    flow.adopt(desk, account.id, [draft], "direct", "Typed")
    people = {each.values["name"]: each for each in state(desk, account)[0].section("stakeholders")}
    assert people["Kim Low"].values["reports_to"] == people["Rosa Keller"].id


def test_a_table_in_which_the_head_manages_herself_is_taken_without_that(desk: Desk, account: Account) -> None:
    table = "Name,Title,Reports to\nIda Voss,CEO,Ida Voss\nRosa Kellar,,Rosa Keller\nRosa Keller,VP Quality,\n"
    proposal, _ = flow.take_in(desk, account.id, table.encode(), "people.csv", Ask(as_of=date(2026, 3, 1)))
    fresh, *rosa = (change.new_values() for change in proposal.changes)
    assert fresh == {"name": "Ida Voss", "title": "CEO"}
    assert all("reports_to" not in values for values in rosa)


def test_a_plan_to_start_from_with_a_value_that_does_not_fit_makes_no_account(desk: Desk) -> None:
    item = Item(id="A1", section="actions", values={"action": "Call", "deadline": "someday"})
    lost = Item(id="S1", section="stakeholders", values={"name": "Kim Low", "reports_to": "S9"})
    own = Item(id="S1", section="stakeholders", values={"name": "Kim Low", "reports_to": "S1"})
    for wrong, told in (
        (item, r"actions.deadline = 'someday'"),
        (lost, r"stakeholders.reports_to = 'S9'"),
        (own, r"stakeholders.reports_to goes round in a circle: S1 > S1"),
    ):
        with pytest.raises(BadValue, match=told):
            flow.set_up(desk, flow.NewAccount(name="Southgate Foods"), Plan(account="x", items={wrong.id: wrong}))
    assert desk.store.accounts(desk.actor) == []


def test_a_plan_to_start_from_in_which_two_manage_one_another_makes_no_account(desk: Desk) -> None:
    one, other = (
        Item(id=item, section="stakeholders", values={"name": name, "reports_to": manager})
        for item, name, manager in (("S1", "Kim Low", "S2"), ("S2", "Rosa Keller", "S1"))
    )
    with pytest.raises(BadValue, match="in a circle: S1 > S2 > S1"):
        flow.set_up(desk, flow.NewAccount(name="Southgate Foods"), Plan(account="x", items={"S1": one, "S2": other}))
    assert desk.store.accounts(desk.actor) == []


def test_a_plan_file_with_a_value_that_does_not_fit_tells_of_it(desk: Desk, account: Account) -> None:
    told = {"account": "x", "actions": [{"action": "Book a hall", "deadline": "someday"}]}
    proposal, given = flow.take_in(
        desk, account.id, json.dumps(told).encode(), "plan.json", Ask(as_of=date(2026, 3, 1))
    )
    assert [change.new_values() for change in proposal.changes] == [{"action": "Book a hall"}]
    assert any("deadline" in each and "someday" in each for each in given.warnings)
