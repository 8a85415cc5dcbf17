"""What was rejected does not come again from the same words, by whatever ids it names new entries."""

import pytest

from evals.long.stage import OWNER
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.records import Account, Change, Draft, Op, Proposal, Verdict
from tests.test_answering import TITLE, decide, noted, say

AREA = "New area: Foundry.\n"
IN_IT = "FlowWatch in Foundry is live.\nRosa Keller sits in Foundry.\n"


def told_of(proposal: Proposal) -> list[tuple[str, Op]]:
    return [(change.section, change.op) for change in proposal.changes]


def reject(desk: Desk, account: Account, proposal: Proposal, *changes: Change) -> None:
    decide(desk, account, proposal, *(say(each, Verdict.reject) for each in changes))


def again(desk: Desk, account: Account, proposal: Proposal) -> Proposal:
    """Another proposal of the same source."""
    flow.propose_again(desk, account.id, proposal.source or "")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        newest: Proposal = tx.proposals(source=proposal.source)[-1]
    assert newest.id != proposal.id
    return newest


def test_a_cell_whose_department_was_not_found_does_not_come_again(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, f"FlowWatch in Foundry is live.\n{TITLE}")
    cell, title = first.changes
    assert "department" not in cell.new_values()
    reject(desk, account, first, cell)
    assert [change.item for change in again(desk, account, first).changes] == [title.item]


def test_another_cell_whose_department_was_not_found_was_not_rejected_with_it(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, "FlowWatch in Foundry is live.\nFlowWatch in Quarry is live.\n" + TITLE)
    reject(desk, account, first, first.changes[0])
    left, _ = again(desk, account, first).changes
    assert left.new_values() == first.changes[0].new_values()
    assert [piece.words for piece in left.evidence] == ["FlowWatch in Quarry is live."]


@pytest.mark.parametrize("with_it", [True, False])
def test_what_names_a_new_entry_does_not_come_again_under_its_new_id(
    desk: Desk, account: Account, with_it: bool
) -> None:
    first = noted(desk, account, 2, AREA + IN_IT)
    area, *naming = first.changes
    reject(desk, account, first, *naming, *([area] if with_it else []))
    left = again(desk, account, first)
    assert told_of(left) == ([] if with_it else [("departments", Op.add)])


def test_what_is_said_of_a_new_entry_does_not_come_again_under_its_new_id(desk: Desk, account: Account) -> None:
    lines = "New name: Ines Okafor, Controller.\nInes Okafor cares about training.\nInes Okafor cares about uptime.\n"
    first = noted(desk, account, 2, lines)
    _, training, _ = first.changes
    reject(desk, account, first, training)
    left = again(desk, account, first)
    assert [(each.op, [piece.words for piece in each.evidence]) for each in left.changes] == [
        (Op.add, ["New name: Ines Okafor, Controller."]),
        (Op.update, ["Ines Okafor cares about uptime."]),
    ]


def test_nor_when_the_plan_has_that_entry_by_now(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, AREA + IN_IT)
    reject(desk, account, first, *first.changes)
    area = Draft(section="departments", op=Op.add, fields={"name": "Foundry"})
    flow.adopt(desk.as_(OWNER), account.id, [area], "direct", "Typed")
    assert [change for change in again(desk, account, first).changes if not change.confirms] == []


def test_what_names_another_new_entry_was_not_rejected(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, AREA + IN_IT)
    reject(desk, account, first, *first.changes)
    other = noted(desk, account, 9, AREA.replace("Foundry", "Quarry") + IN_IT.replace("Foundry", "Quarry"))
    assert told_of(other) == told_of(first)
    assert not [finding for change in other.changes for finding in change.findings]


def test_what_was_rejected_comes_with_a_flag_on_another_day_whatever_id_it_names(desk: Desk, account: Account) -> None:
    first = noted(desk, account, 2, AREA + IN_IT)
    reject(desk, account, first, *first.changes)
    later = noted(desk, account, 9, AREA + IN_IT)
    assert told_of(later) == told_of(first)
    assert [[finding.check for finding in change.findings] for change in later.changes] == [["precedence"]] * 3


def test_what_names_a_new_entry_says_so_while_that_waits_and_when_it_was_rejected(desk: Desk, account: Account) -> None:
    proposal = noted(desk, account, 2, AREA + IN_IT)
    area, cell, person = proposal.changes
    (waits,) = decide(desk, account, proposal, say(cell)).conflicts
    assert waits.message == "It names Foundry, which is new itself: approve that first."
    reject(desk, account, proposal, area)
    (gone,) = decide(desk, account, proposal, say(person)).conflicts
    assert gone.message == "It names Foundry, which was rejected."
