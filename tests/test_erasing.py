"""Erasing through the flow: somebody who came with a plan file, ids that tell a name, sources moved after."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evals.long import stage
from pipeline import flow
from pipeline.desk import Desk
from pipeline.imports import Ask, json_plan
from pipeline.records import Account, Decision, Draft, Op, Proposal, Verdict
from pipeline.store import Delta, renaming
from tests.store.test_store_erase import files_with, rows_with

PLANTED = "Zephyrine Quillfeather"
FORMS = (PLANTED, "Quillfeather", "Zephyrine")
PLAN = {
    "account": "Northwind Mills",
    "departments": ["Production"],
    "stakeholders": [
        {"name": PLANTED, "department": "Production", "roles": ["champion"]},
        {"name": "Kim Low", "reports_to": PLANTED},
        {"id": "zephyrine-2", "name": "Ole Berg"},
    ],
    "actions": [{"action": f"Call {PLANTED} about the very long offer of the spring"}],
    "more": {"objections": [{"objection": "Too dear", "raised_by": PLANTED}]},
}
TABLE = f"Name,Title,Reports to\nDev Anand,Buyer,{PLANTED}\nRosa Quillfeather,CFO,Dev Anand\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    stage.use_script()
    desk = Desk(stage.Stage(tmp_path).settings(tmp_path / "home"))
    yield desk
    desk.store.close()


@pytest.fixture
def account(desk: Desk) -> Account:
    new = flow.NewAccount(name="Northwind Mills", owner=stage.OWNER)
    return flow.set_up(desk, new, json_plan.plan_of(PLAN).plan)


def approve(desk: Desk, account: Account, proposal: Proposal) -> None:
    said = [
        Decision(change=each.id, verdict=Verdict.approve, by=stage.OWNER, at=proposal.created_at)
        for each in proposal.changes
    ]
    done = flow.decide(desk, account.id, proposal.id, said)
    assert not done.conflicts


def ids(desk: Desk, account: Account) -> set[str]:
    with desk.account(account.id).read() as tx:
        return set(tx.plan().items)


def test_ids_of_what_was_imported_tell_nothing(desk: Desk, account: Account) -> None:
    proposal, _ = flow.take_in(desk, account.id, TABLE.encode(), "people.csv", Ask(as_of=date(2026, 3, 1)))
    approve(desk, account, proposal)
    assert {key for key in ids(desk, account) if not renaming.OPAQUE.fullmatch(key)} == {"zephyrine-2"}
    with desk.account(account.id).read() as tx:
        people = {each.values["name"]: each for each in tx.plan().section("stakeholders")}
    assert people["Dev Anand"].values["reports_to"] == people[PLANTED].id
    assert people["Rosa Quillfeather"].values["reports_to"] == people["Dev Anand"].id


def old_folder(desk: Desk, account: Account) -> None:
    """Entries with readable ids, as imports made them once: in the log, in references, in proposals."""
    one, other = "stk_zephyrine_quillfeather", "act_call_zephyrine_quillf"
    with desk.account(account.id).write() as tx:
        deltas = [Delta(one, "stakeholders", "", None, 1), Delta(one, "stakeholders", "name", None, PLANTED)]
        deltas += [Delta(other, "actions", "", None, 1), Delta(other, "actions", "action", None, f"Call {PLANTED}")]
        deltas += [Delta("stk_uma", "stakeholders", "", None, 1), Delta("stk_uma", "stakeholders", "name", None, "Uma")]
        deltas += [Delta("stk_uma", "stakeholders", "reports_to", None, one)]
        tx.append_revision(deltas, reason=f"Imported {one}", origin="imported")
    typed = [Draft(section="stakeholders", op=Op.update, item=one, fields={"title": "CFO"})]
    typed += [Draft(section="stakeholders", op=Op.update, item="stk_uma", fields={"reports_to": None})]
    flow.adopt(desk, account.id, typed, "direct", "Typed")
    flow.adopt(desk, account.id, [Draft(section="stakeholders", op=Op.remove, item=one)], "direct", "Left")


def test_a_name_that_came_with_a_plan_file_is_in_no_file_and_no_table_after_erasing(
    desk: Desk, account: Account
) -> None:
    proposal, _ = flow.take_in(desk, account.id, TABLE.encode(), "people.csv", Ask(as_of=date(2026, 3, 1)))
    approve(desk, account, proposal)
    old_folder(desk, account)
    with desk.account(account.id).read() as tx:
        head, size = tx.verify().head, len(tx.plan().items)
    assert files_with(desk.settings.home, PLANTED)
    flow.erase(desk, account.id, None, FORMS, "asked to")
    assert rows_with(desk.store, PLANTED) == []
    assert files_with(desk.settings.home, PLANTED) == []
    with desk.account(account.id).read() as tx:
        tx.verify(head)
        assert len(tx.plan().items) == size
        assert not {"stk_zephyrine_quillfeather", "zephyrine-2", "act_call_zephyrine_quillf"} & set(tx.plan().items)
        assert "stk_uma" in tx.plan().items, "what tells nobody's name stays"
        last = next(each.number for each in tx.revisions() if tx.deltas(each.number))
    flow.revert(desk, account.id, last)
    with desk.account(account.id).read() as tx:
        tx.verify(head)
        assert len(tx.plan().items) == size + 1
        assert json.dumps([item.model_dump(mode="json") for item in tx.plan().items.values()])


def test_an_id_is_renamed_when_any_part_of_it_may_be_of_the_name() -> None:
    known = dict.fromkeys(
        ("stk_rosa_keller", "rosa", "kel-2", "stk_zoe", "stk_0123456789ab", "A1", "stk_0d8e"), "stakeholders"
    )
    found = renaming.telling(known, ("Rosa Keller",), ("A1", "stk_0d8e"))
    assert set(found) == {"stk_rosa_keller", "rosa", "kel-2", "stk_0d8e"}
    assert all(renaming.OPAQUE.fullmatch(each) for each in found.values())


def test_an_id_is_replaced_only_as_a_whole() -> None:
    mask = renaming.renamed({"stk_rosa": "stk_1", "stk_rosa_2": "stk_2"})
    assert mask("stk_rosa, stk_rosa_2, stk_rosa_22, my-stk_rosa.") == "stk_1, stk_2, stk_rosa_22, my-stk_rosa."
