"""Fifty decisions on one account by several processes at once: none is lost, none made twice.

    python -m evals.long.concurrency --times 5
    python -m evals.long.concurrency --times 5 --postgres

Every process tries all fifty, each in an order of its own.
"""

import argparse
import multiprocessing
import random
import time
from typing import Any

from evals.long import stage, waiting
from pipeline.desk import Desk
from pipeline.records import Account
from pipeline.settings import Settings

DECISIONS = 50
PROCESSES = 4


def at_once(where: stage.Stage, processes: int = PROCESSES, seed: int = 0) -> float:
    """One round, checked; the seconds that it took."""
    desk = where.fresh()
    settings, account = desk.settings, stage.set_up(desk, "Northwind Mills", "anything")
    proposal = waiting.add(desk, account, 0, DECISIONS)
    desk.store.close()  # a process must not inherit an open database
    context = multiprocessing.get_context("fork")
    ready, made = context.Barrier(processes + 1), context.SimpleQueue()
    people = [
        context.Process(target=_decide, args=(settings, account, proposal, seed * 100 + number, ready, made))
        for number in range(processes)
    ]
    for person in people:
        person.start()
    ready.wait(60)
    started = time.monotonic()
    counts = [made.get() for _ in people]
    seconds = time.monotonic() - started
    for person in people:
        person.join(60)
    desk = Desk(settings)
    approved, left = waiting.whole(desk, account)
    assert (sum(counts), approved, left) == (DECISIONS, DECISIONS, 0), f"made {counts}, {approved} stand, {left} wait"
    where.clear(desk)
    return seconds


def _decide(settings: Settings, account: Account, proposal: str, seed: int, ready: Any, made: Any) -> None:
    desk = Desk(settings)
    with desk.account(account.id).read() as tx:
        changes = list(tx.states(proposal))
    random.Random(seed).shuffle(changes)
    ready.wait(60)
    try:
        made.put(sum(waiting.approve(desk, account, proposal, change) for change in changes))
    except Exception as error:
        made.put(-1_000)
        raise error from None
    desk.store.close()


def main() -> None:
    """So many rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with stage.stage(asked.postgres) as where:
        for number in range(asked.times):
            seconds = at_once(where, asked.processes, number)
            print(f"{DECISIONS} decisions by {asked.processes} processes: all made once, {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
