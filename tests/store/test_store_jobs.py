"""Deliveries are kept before anything else; jobs are claimed by one worker, and taken over from a dead one."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from pipeline.errors import Conflicted, UnknownSource
from pipeline.settings import Settings
from pipeline.store import AccountStore, Job, Store, open_store
from pipeline.store import tables as t
from tests.store.making import START, account


class Clock:
    """An instant that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Some seconds later."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(settings: Settings, clock: Clock) -> Iterator[Store]:
    with open_store(settings, clock) as opened:
        yield opened


@pytest.fixture
def north(store: Store) -> AccountStore:
    return account(store, "Northwind Mills")


def queued(north: AccountStore, *subjects: str) -> list[Job]:
    with north.write() as tx:
        return [tx.add_job("read", subject) for subject in subjects]


def claimed(store: Store, worker: str = "w1", lease: float = 60) -> Job:
    job = store.claim_job(worker, lease)
    assert job is not None
    return job


def test_the_same_bytes_are_the_same_delivery(north: AccountStore) -> None:
    with north.write() as tx:
        one, new = tx.add_delivery(b"a note", "paste", "a.txt")
        again, old = tx.add_delivery(b"a note", "mail", "b.txt")
        assert (new, old) == (True, False)
        assert again == one
        assert tx.delivery_bytes(one.id) == b"a note"


def test_the_database_itself_refuses_the_same_bytes_twice(north: AccountStore) -> None:
    with pytest.raises(sa.exc.IntegrityError), north.write() as tx:  # noqa: PT012
        one, _ = tx.add_delivery(b"a note", "paste")
        row = one.model_dump() | {"id": "del_other"}
        tx._connection.execute(sa.insert(t.delivery).values(row))


def test_a_delivery_and_its_job_are_kept_together_or_not_at_all(north: AccountStore) -> None:
    with pytest.raises(RuntimeError), north.write() as tx:  # noqa: PT012
        delivery, _ = tx.add_delivery(b"a note", "paste")
        tx.add_job("read", delivery.id)
        raise RuntimeError
    with north.read() as tx:
        assert (tx.deliveries(), tx.jobs()) == ([], [])


def test_a_delivery_of_no_account_is_given_to_one_with_its_jobs(store: Store, north: AccountStore) -> None:
    with store.unsorted("ann").write() as tx:
        delivery, _ = tx.add_delivery(b"whose is it", "mail")
        tx.add_job("read", delivery.id)
        assert tx.add_delivery(b"whose is it", "mail") == (delivery, False)
        assert tx.assign(delivery.id, north).account == north.id
        assert tx.deliveries() == []
    with north.read() as tx:
        assert tx.delivery(delivery.id).account == north.id
        assert [job.subject for job in tx.jobs()] == [delivery.id]


def test_a_delivery_that_the_account_has_already_is_not_given_to_it_again(store: Store, north: AccountStore) -> None:
    with north.write() as tx:
        tx.add_delivery(b"twice", "paste")
    with store.unsorted("ann").write() as tx:
        delivery, _ = tx.add_delivery(b"twice", "mail")
        with pytest.raises(Conflicted, match="Northwind"):
            tx.assign(delivery.id, north)


def test_the_desk_sees_no_accounts_deliveries(store: Store, north: AccountStore) -> None:
    with north.write() as tx:
        delivery, _ = tx.add_delivery(b"private", "paste")
    with store.unsorted("ann").read() as tx, pytest.raises(UnknownSource):
        tx.delivery_bytes(delivery.id)


def test_jobs_are_claimed_in_order_and_each_once(store: Store, north: AccountStore, clock: Clock) -> None:
    queued(north, "first")
    clock.forward(1)
    queued(north, "second")
    assert [claimed(store, name).subject for name in ("w1", "w2")] == ["first", "second"]
    assert store.claim_job("w3") is None


def test_a_worker_takes_only_the_kinds_it_knows(store: Store, north: AccountStore) -> None:
    queued(north, "first")
    assert store.claim_job("w1", 60, ("propose",)) is None
    assert store.claim_job("w1", 60, ("propose", "read")) is not None


def test_a_job_that_waits_is_not_due_before_its_time(store: Store, north: AccountStore, clock: Clock) -> None:
    with north.write() as tx:
        tx.add_job("remind", "later", {"day": "2026-03-02"}, wait=30)
    assert store.claim_job("w1") is None
    clock.forward(31)
    assert claimed(store).payload == {"day": "2026-03-02"}


def test_a_dead_workers_job_is_taken_over_when_its_lease_has_run_out(
    store: Store, north: AccountStore, clock: Clock
) -> None:
    queued(north, "first")
    lost = claimed(store, "w1", lease=60)
    clock.forward(59)
    assert store.claim_job("w2") is None
    clock.forward(2)
    taken = claimed(store, "w2")
    assert (taken.id, taken.tries) == (lost.id, 2)
    assert not store.finish_job(lost), "the first worker came back to life, but the job is no longer its own"
    assert not store.progress_job(lost, "half")
    assert store.finish_job(taken)
    with north.read() as tx:
        assert [(job.state, job.claimed_by) for job in tx.jobs()] == [("done", "w2")]


def test_progress_extends_the_lease(store: Store, north: AccountStore, clock: Clock) -> None:
    queued(north, "first")
    job = claimed(store, "w1", lease=60)
    clock.forward(50)
    assert store.progress_job(job, "2 of 3", lease=60)
    clock.forward(50)
    assert store.claim_job("w2") is None
    with north.read() as tx:
        assert tx.jobs(state="running")[0].progress == "2 of 3"


def test_a_job_that_ends_its_workers_fails_after_some_tries(store: Store, north: AccountStore, clock: Clock) -> None:
    queued(north, "poison")
    for _ in range(3):
        assert store.claim_job("w1", 10, (), 3) is not None
        clock.forward(11)
    assert store.claim_job("w1", 10, (), 3) is None
    with north.read() as tx:
        job = tx.jobs()[0]
    assert job.state == "failed"
    assert "gave up" in (job.error or "")


def test_a_failed_job_says_why_and_may_be_tried_again(store: Store, north: AccountStore, clock: Clock) -> None:
    queued(north, "first", "second")
    assert store.fail_job(claimed(store), "no model", retry_in=5)
    assert store.fail_job(claimed(store), "broken")
    assert store.claim_job("w1") is None
    clock.forward(6)
    assert claimed(store).error == "no model"


def test_many_workers_at_once_claim_each_job_once(store: Store, north: AccountStore) -> None:
    queued(north, *(f"job {n}" for n in range(40)))
    taken: list[str] = []

    def work(name: str) -> None:
        while (job := store.claim_job(name)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 40


def test_jobs_queued_on_one_subject_at_one_instant_are_done_in_that_order(store: Store, north: AccountStore) -> None:
    for subject in map(str, range(8)):
        with north.write() as tx:
            tx.add_job("propose", subject)
            tx.add_job("index", subject)
        assert [claimed(store).kind for _ in range(2)] == ["propose", "index"]
