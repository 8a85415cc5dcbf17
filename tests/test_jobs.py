"""Jobs: what a killed or unlucky worker leaves is done by the next one, once."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from evals.long import stage
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.errors import StoreBusy, UnknownSource
from pipeline.records import Account, Outcome

NOTE = b"Call, 3 March 2026\n\nDev Anand is now Controller.\nNew name: Dev Anand, Plant Manager.\n"
AT_ONCE = timedelta(0)


def proposals(desk: Desk, account: Account) -> list[Any]:
    with desk.account(account.id).read() as tx:
        return list(tx.proposals())[1:]  # the first is the start plan's


def claim_and_do(desk: Desk, kind: str) -> None:
    """A worker that does a job and is killed before it can say so."""
    job = desk.store.claim_job("killed", lease=0.0, kinds=(kind,))
    assert job is not None
    jobs.STEPS[kind](desk, job)


def test_a_worker_killed_after_reading_leads_to_one_proposal(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    claim_and_do(desk, "read")
    jobs.run_all(desk)
    assert len(proposals(desk, account)) == 1


def test_a_worker_killed_after_proposing_leads_to_one_proposal(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    assert jobs.run_one(desk)
    claim_and_do(desk, "propose")
    jobs.run_all(desk)
    assert len(proposals(desk, account)) == 1


def test_asking_again_is_another_proposal(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    jobs.run_all(desk)
    source = proposals(desk, account)[0].source
    flow.propose_again(desk, account.id, source)
    flow.propose_again(desk, account.id, source)
    jobs.run_all(desk)
    assert len(proposals(desk, account)) == 3


def test_a_source_withdrawn_before_its_turn_proposes_nothing(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    assert jobs.run_one(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources()
    flow.withdraw(desk, account.id, source.id)
    jobs.run_all(desk)
    made = proposals(desk, account)[-1]
    assert (made.outcome, made.changes, made.why) == (Outcome.nothing, (), "Its text was withdrawn.")
    with pytest.raises(UnknownSource, match="withdrawn"):
        flow.propose_again(desk, account.id, source.id)


def test_a_delivery_erased_before_its_turn_is_no_failure(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    jobs.run_all(desk)
    with desk.account(account.id).write() as tx:
        (source,) = tx.sources()
        tx.add_job("read", source.delivery)
    flow.erase(desk, account.id, source.id)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert tx.jobs("failed") == []


def test_a_busy_store_is_tried_again(desk: Desk, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_desk: Desk, _job: object) -> None:
        raise StoreBusy

    flow.deliver(desk, account.id, NOTE)
    monkeypatch.setattr(jobs, "STEPS", {**jobs.STEPS, "read": busy})
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.0)
    assert jobs.run_all(desk) == jobs.MOST_TRIES
    with desk.account(account.id).read() as tx:
        (job,) = tx.jobs()
    assert job.state == "failed"
    assert "busy" in (job.error or "")


def test_a_job_is_another_workers_when_its_lease_has_run_out(desk: Desk, account: Account) -> None:
    flow.deliver(desk, account.id, NOTE)
    assert desk.store.claim_job("gone", lease=0.0, kinds=("read",)) is not None
    assert jobs.run_one(desk, AT_ONCE)
    with desk.account(account.id).read() as tx:
        assert [job.tries for job in tx.jobs() if job.kind == "read"] == [2]


def test_the_worker_survives_a_database_that_goes_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()
    calls = []

    def gone(_desk: Desk) -> bool:
        calls.append(1)
        if len(calls) > 1:
            tried.set()
        raise ConnectionError("the server closed the connection")

    monkeypatch.setattr(jobs, "run_one", gone)
    worker = jobs.Worker(desk)
    desk.store.now()
    worker.start()
    try:
        worker.wake()
        assert tried.wait(5)
    finally:
        worker.stop()


def test_a_note_delivered_again_after_a_move_and_back_stands_again(desk: Desk, account: Account) -> None:
    other = stage.set_up(desk, "Southgate Foods", "else")
    flow.deliver(desk, account.id, NOTE)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (first,) = tx.sources()
    flow.move(desk, account.id, first.id, other.id)
    jobs.run_all(desk)
    with desk.account(other.id).read() as tx:
        (there,) = tx.sources()
    flow.move(desk, other.id, there.id, account.id)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert sorted(each.withdrawn for each in tx.sources()) == [False, True]
    assert any(each.source not in (None, first.id) and each.changes for each in proposals(desk, account))
