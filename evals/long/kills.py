"""kill -9 at random moments, while decisions are merged and while a worker delivers, reads and proposes.

    python -m evals.long.kills --times 200
    python -m evals.long.kills --times 200 --postgres

After each kill the plan is before or after a decision, never between; no acknowledged delivery is lost, and the next
worker brings each to exactly one proposal.
"""

import argparse
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from evals.long import invariants, stage, waiting
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.records import Account
from pipeline.settings import Settings

LONGEST = 0.25
"""Seconds that a process lives at most before it is killed."""
LEASE = timedelta(seconds=0.3)
AT_ONCE = 40
"""Changes of one proposal."""


def killed(work: Callable[[int], None], moments: random.Random) -> list[int]:
    """Runs `work` in a process of its own and kills it; the numbers that it had acknowledged on its pipe by then."""
    hears, says = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(hears)
            work(says)
        finally:
            os._exit(0)
    os.close(says)
    time.sleep(moments.uniform(0.0, LONGEST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(hears) as told:
        return [int(line) for line in told.read().split()]


def during_decisions(where: stage.Stage, times: int, moments: random.Random) -> int:
    """Kills deciders; how many decisions were made in spite of it."""
    desk = where.fresh()
    settings, account, supplied = desk.settings, stage.set_up(desk, "Northwind Mills", "anything"), 0
    approved = left = 0
    desk.store.close()
    for _ in range(times):
        desk = Desk(settings)
        if left < AT_ONCE // 2:
            waiting.add(desk, account, supplied, AT_ONCE)
            supplied += AT_ONCE
        desk.store.close()  # a process must not inherit an open database
        seed = moments.random()
        told = killed(lambda says, seed=seed: _decide(settings, account, seed, says), moments)  # type: ignore[misc]
        desk = Desk(settings)
        before = approved
        approved, left = waiting.whole(desk, account)
        assert len(told) <= approved - before <= len(told) + 1, f"{len(told)} told, {approved - before} made"
        desk.store.close()
    where.clear(Desk(settings))
    return approved


def _decide(settings: Settings, account: Account, seed: float, says: int) -> None:
    desk = Desk(settings)
    with desk.account(account.id).read() as tx:
        pending = tx.pending_changes()
    random.Random(seed).shuffle(pending)
    for number, each in enumerate(pending):
        if waiting.approve(desk, account, each.proposal, each.change.id):
            os.write(says, f"{number}\n".encode())


def during_work(where: stage.Stage, times: int, moments: random.Random) -> int:
    """Kills those who deliver, read and propose; how many deliveries came through."""
    desk = where.fresh()
    settings, account = desk.settings, stage.set_up(desk, "Northwind Mills", "anything")
    desk.store.close()
    known: set[int] = set()
    for each in range(times):
        first = each * 1_000
        told = killed(lambda says, first=first: _work(settings, account, first, says), moments)  # type: ignore[misc]
        known |= set(told)
        time.sleep(LEASE.total_seconds())
        desk = Desk(settings)
        jobs.run_all(desk, LEASE)
        _each_once(desk, account, known)
        desk.store.close()
    desk = Desk(settings)
    invariants.whole(desk, account.id)
    where.clear(desk)
    return len(known)


def _note(number: int) -> bytes:
    return (
        f"Call number {number}, 3 March 2026\n\nDev Anand number {number} called.\nNew area: Area {number}.\n".encode()
    )


def _work(settings: Settings, account: Account, first: int, says: int) -> None:
    desk = Desk(settings)
    for number in range(first, first + 1_000):
        flow.deliver(desk, account.id, _note(number))
        os.write(says, f"{number}\n".encode())
        for _ in range(number % 4):
            jobs.run_one(desk, LEASE)


def _each_once(desk: Desk, account: Account, known: set[int]) -> None:
    """Every acknowledged delivery is there; every delivery has one source and that one proposal."""
    with desk.account(account.id).read() as tx:
        here = {each.id: each for each in tx.deliveries()}
        lost = [number for number in known if tx.delivery_of(_note(number)) is None]
        sources = {each.id: each.delivery for each in tx.sources()}
        proposed = [each.source for each in tx.proposals() if each.source]
        stuck = [job for job in tx.jobs() if job.state != "done"]
    assert not lost, f"deliveries {lost} were acknowledged and are lost"
    assert sorted(sources.values()) == sorted(here), "a delivery has no source, or two"
    assert sorted(proposed) == sorted(sources), "a source has no proposal, or two"
    assert not stuck, [(job.kind, job.state, job.error) for job in stuck]


def main() -> None:
    """Kills so many of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    name = "PostgreSQL" if asked.postgres else "SQLite"
    with stage.stage(asked.postgres) as where:
        made = during_decisions(where, asked.times, moments)
        print(f"{name}: {asked.times} deciders killed, {made} decisions made, none half", flush=True)
        came = during_work(where, asked.times, moments)
        print(f"{name}: {asked.times} workers killed, {came} deliveries acknowledged, none lost, one proposal each")


if __name__ == "__main__":
    main()
