"""Deciding on a real store: whose word counts, which of several, and what a repeated call answers."""

from datetime import UTC, datetime

import pytest

from evals.long import stage
from evals.long.stage import OWNER, REVIEWER
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.errors import KeyReused
from pipeline.records import Account, Change, Decision, Proposal, Verdict
from tests.noting import noted

NOTE = b"Call, 3 March 2026\n\nKim Low is now Plant Manager.\nNew name: Ines Okafor, Controller.\n"


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


@pytest.fixture
def proposal(desk: Desk, account: Account) -> Proposal:
    flow.deliver(desk, account.id, NOTE)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        made: Proposal = tx.proposals()[-1]
    return made


def say(change: Change, verdict: Verdict, by: str = OWNER) -> Decision:
    return Decision(change=change.id, verdict=verdict, by=by, at=datetime.now(UTC))


def states(desk: Desk, account: Account, proposal: Proposal) -> dict[str, str]:
    with desk.account(account.id).read() as tx:
        found: dict[str, str] = tx.states(proposal.id)
    return found


def test_of_two_decisions_on_one_change_in_a_call_the_last_counts(
    desk: Desk, account: Account, proposal: Proposal
) -> None:
    one, other = proposal.changes
    said = [
        say(one, Verdict.approve),
        say(one, Verdict.reject),
        say(other, Verdict.reject),
        say(other, Verdict.approve),
    ]
    done = flow.decide(desk, account.id, proposal.id, said)
    assert states(desk, account, proposal) == {one.id: "rejected", other.id: "approved"}
    assert done.revision is not None
    with desk.account(account.id).read() as tx:
        assert {step.change for step in tx.deltas(done.revision.number)} == {other.id}
        assert all(step.decision for step in tx.deltas(done.revision.number))


def test_a_decision_counts_as_that_of_whoever_is_at_the_desk(desk: Desk, account: Account, proposal: Proposal) -> None:
    said = [say(proposal.changes[0], Verdict.approve, by=OWNER)]
    done = flow.decide(desk.as_(REVIEWER), account.id, proposal.id, said)
    assert [each.by for each in done.decisions] == [REVIEWER]
    assert done.revision is not None
    assert done.revision.author == REVIEWER


def test_a_repeated_call_that_only_rejected_answers_the_same(desk: Desk, account: Account, proposal: Proposal) -> None:
    said = [say(change, Verdict.reject) for change in proposal.changes]
    first = flow.decide(desk, account.id, proposal.id, said, key="call-1")
    again = flow.decide(desk, account.id, proposal.id, said, key="call-1")
    assert first.revision is again.revision is None
    assert {each.change for each in again.decisions} == {each.change for each in first.decisions}


def test_the_key_of_another_call_is_refused_and_nothing_is_decided(
    desk: Desk, account: Account, proposal: Proposal
) -> None:
    other = noted(desk, account, 9, "New name: Tomas Lind, Controller.\n")
    first, second = ([say(each, Verdict.approve) for each in made.changes] for made in (proposal, other))
    flow.decide(desk, account.id, proposal.id, first, key="call-1")
    with pytest.raises(KeyReused):
        flow.decide(desk, account.id, other.id, second, key="call-1")
    with desk.account(account.id).read() as tx:
        assert set(tx.states(other.id).values()) == {"pending"}


def test_a_reason_is_kept_without_marks_that_nobody_sees(desk: Desk, account: Account, proposal: Proposal) -> None:
    said = say(proposal.changes[0], Verdict.reject).model_copy(update={"why": "Not\x00 so\ud800 \u202esure"})
    flow.decide(desk, account.id, proposal.id, [said])
    with desk.account(account.id).read() as tx:
        assert [each.why for each in tx.decisions(proposal.id)] == ["Not so sure"]


def test_an_account_is_set_up_with_its_plan_for_another_owner(desk: Desk) -> None:
    new = flow.NewAccount(name="Southgate Foods", owner="dee")
    account = flow.set_up(desk, new, stage.start_of("else"))
    with desk.account(account.id).read() as tx:
        assert tx.plan().revision == 1
        assert tx.revision(1).author == OWNER
