"""Erasing through the flow: somebody who came with a plan file, ids that tell a name, sources moved after."""

import json
from datetime import date

import pytest

from evals.long import stage
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.errors import UnknownSource, Unreadable
from pipeline.imports import Ask, json_plan
from pipeline.records import Account, Decision, Draft, Op, Proposal, Source, Verdict
from pipeline.sections import OPAQUE
from pipeline.store import Delta, masking, renaming
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
    assert {key for key in ids(desk, account) if not OPAQUE.fullmatch(key)} == {"zephyrine-2"}
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


NOTE = f"Call, 3 March 2026\n\nNew name: Dev Anand, Controller.\n{PLANTED} is now CFO.\n"


def noted(desk: Desk, account: Account) -> Source:
    delivery = flow.deliver(desk, account.id, NOTE.encode(), f"Call with {PLANTED}.txt")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
    return source


@pytest.fixture
def other(desk: Desk) -> Account:
    return stage.set_up(desk, "Southgate Foods", "else")


def test_a_source_that_named_somebody_erased_moves_with_its_masked_text(
    desk: Desk, account: Account, other: Account
) -> None:
    source = noted(desk, account)
    flow.erase(desk, account.id, None, FORMS, "asked to")
    _, delivery = flow.move(desk, account.id, source.id, other.id)
    jobs.run_all(desk)
    with desk.account(other.id).read() as tx:
        (there,) = tx.sources(delivery=delivery.id)
        (proposal,) = tx.proposals(source=there.id)
        assert there.document.text == masking.of_words((PLANTED,))(source.document.text)
        assert there.document.said_on == source.document.said_on
        assert "Dev Anand" in [change.new_values().get("name") for change in proposal.changes]
        assert tx.search("Controller")
        assert not tx.jobs("failed")
    with desk.account(account.id).read() as tx:
        assert tx.source(source.id).withdrawn
    assert rows_with(desk.store, PLANTED) == []
    assert files_with(desk.settings.home, PLANTED) == []


def test_a_masked_source_moves_back_and_forth(desk: Desk, account: Account, other: Account) -> None:
    source, at, to = noted(desk, account), account, other
    flow.erase(desk, account.id, None, FORMS, "asked to")
    for _ in range(4):
        _, delivery = flow.move(desk, at.id, source.id, to.id)
        jobs.run_all(desk)
        with desk.account(to.id).read() as tx:
            (source,) = [each for each in tx.sources(delivery=delivery.id) if not each.withdrawn]
            tx.verify()
        at, to = to, at


def test_a_source_that_was_erased_moves_nowhere(desk: Desk, account: Account, other: Account) -> None:
    source = noted(desk, account)
    flow.erase(desk, account.id, source.id)
    with pytest.raises(UnknownSource, match="was erased"):
        flow.move(desk, account.id, source.id, other.id)


def test_reading_a_masked_source_again_says_that_its_bytes_were_erased(desk: Desk, account: Account) -> None:
    source = noted(desk, account)
    flow.erase(desk, account.id, None, FORMS, "asked to")
    with pytest.raises(Unreadable, match="were erased"):
        flow.read(desk, account.id, source.delivery)
    with desk.account(account.id).read() as tx:
        assert len(tx.sources()) == 1


def test_an_id_is_renamed_when_any_part_of_it_may_be_of_the_name() -> None:
    known = dict.fromkeys(
        ("stk_rosa_keller", "rosa", "kel-2", "stk_zoe", "stk_0123456789ab", "A1", "stk_0d8e"), "stakeholders"
    )
    found = renaming.telling(known, ("Rosa Keller",), ("A1", "stk_0d8e"))
    assert set(found) == {"stk_rosa_keller", "rosa", "kel-2", "stk_0d8e"}
    assert all(OPAQUE.fullmatch(each) for each in found.values())


def test_an_id_is_replaced_only_as_a_whole() -> None:
    mask = renaming.renamed({"stk_rosa": "stk_1", "stk_rosa_2": "stk_2"})
    assert mask("stk_rosa, stk_rosa_2, stk_rosa_22, my-stk_rosa.") == "stk_1, stk_2, stk_rosa_22, my-stk_rosa."
