"""Decisions of several processes at once on one account: none is lost, none made twice, twins get one answer.

    python -m evals.long.concurrency --times 5
    python -m evals.long.concurrency --times 5 --postgres

Fifty changes that every process tries to approve, each in an order of its own; then claims that three notes make, each
process deciding those of its own note, for or against.
"""

import argparse
import multiprocessing
import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from evals.long import invariants, stage, waiting
from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.records import Account, Decision, Verdict
from pipeline.settings import Settings
from pipeline.views.twins import in_own_words

DECISIONS = 50
PROCESSES = 4
NOTES, CLAIMS = 3, 12

Decide = Callable[..., int]
"""What one person does (desk, account, proposal, chance); how many decisions it came to."""


def at_once(where: stage.Stage, processes: int = PROCESSES, seed: int = 0) -> float:
    """One round of fifty decisions, checked; the seconds that it took."""
    desk = where.fresh()
    settings, account = desk.settings, stage.set_up(desk, "Northwind Mills", "anything")
    proposal = waiting.add(desk, account, 0, DECISIONS)
    desk.store.close()  # a process must not inherit an open database
    counts, seconds = _together(settings, account, _approve_all, [proposal] * processes, seed)
    desk = Desk(settings)
    approved, left = waiting.whole(desk, account)
    assert (sum(counts), approved, left) == (DECISIONS, DECISIONS, 0), f"made {counts}, {approved} stand, {left} wait"
    where.clear(desk)
    return seconds


def twins_at_once(where: stage.Stage, seed: int = 0) -> float:
    """One round of claims that several notes make, checked; the seconds that it took."""
    desk = where.fresh()
    settings, account = desk.settings, stage.set_up(desk, "Northwind Mills", "anything")
    for day in range(1, NOTES + 1):
        lines = "\n".join(f"{waiting.PERSON} cares about topic {number}." for number in range(CLAIMS))
        flow.deliver(desk, account.id, f"Call, {day} March 2026\n\n{lines}\n".encode(), f"{day}.txt")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        proposals = [each.id for each in tx.proposals() if each.source]
    desk.store.close()
    counts, seconds = _together(settings, account, _decide_either_way, proposals, seed)
    desk = Desk(settings)
    _answered_once(desk, account, sum(counts))
    where.clear(desk)
    return seconds


def _approve_all(desk: Desk, account: Account, proposal: str, chance: random.Random) -> int:
    return sum(
        waiting.approve(desk, account, proposal, change) for change in _shuffled(desk, account, proposal, chance)
    )


def _decide_either_way(desk: Desk, account: Account, proposal: str, chance: random.Random) -> int:
    """One call a change; counts the changes that were still open, and so were decided by this call."""
    made = 0
    for change in _shuffled(desk, account, proposal, chance):
        verdict = chance.choice((Verdict.approve, Verdict.reject))
        said = Decision(change=change, verdict=verdict, by=desk.actor, at=datetime.now(UTC))
        made += len(flow.decide(desk, account.id, proposal, [said]).decisions)
    return made


def _shuffled(desk: Desk, account: Account, proposal: str, chance: random.Random) -> list[str]:
    with desk.account(account.id).read() as tx:
        changes = list(tx.states(proposal))
    chance.shuffle(changes)
    return changes


def _answered_once(desk: Desk, account: Account, made: int) -> None:
    """Each claim has one answer, which all its changes have; the plan holds what was approved, once."""
    invariants.whole(desk, account.id)
    with desk.account(account.id).read() as tx:
        proposals = [each for each in tx.proposals() if each.source]
        states = tx.states(*(each.id for each in proposals))
        decisions = [said for each in proposals for said in tx.decisions(each.id)]
        person = next(one for one in tx.plan().section("stakeholders") if one.values["name"] == waiting.PERSON)
    claims: dict[str, set[str]] = {}
    for each in proposals:
        for change in each.changes:
            claims.setdefault(change.evidence[0].words, set()).add(states[change.id])
    assert len(claims) == CLAIMS, claims
    assert all(len(answers) == 1 for answers in claims.values()), f"twins were answered otherwise: {claims}"
    assert made == sum(in_own_words(said)[0] is None for said in decisions) == CLAIMS, f"{made} of {CLAIMS} decided"
    assert len(decisions) == NOTES * CLAIMS, f"{len(decisions)} answers"
    approved = [words for words, answers in claims.items() if answers == {"approved"}]
    assert len(person.values.get("interests") or ()) == len(approved), f"{len(approved)} approved"


def _together(
    settings: Settings, account: Account, decide: Decide, proposals: Iterable[str], seed: int
) -> tuple[list[int], float]:
    """What each of several processes made, all starting at one moment; and the seconds until the last was done."""
    context, asked = multiprocessing.get_context("fork"), list(proposals)
    ready, made = context.Barrier(len(asked) + 1), context.SimpleQueue()
    people = [
        context.Process(
            target=_alone,
            args=(settings, partial(decide, account=account, proposal=proposal), seed * 100 + number, ready, made),
        )
        for number, proposal in enumerate(asked)
    ]
    for person in people:
        person.start()
    ready.wait(60)
    started = time.monotonic()
    counts = [made.get() for _ in people]
    seconds = time.monotonic() - started
    for person in people:
        person.join(60)
    return counts, seconds


def _alone(settings: Settings, decide: Callable[..., int], seed: int, ready: Any, made: Any) -> None:
    desk = Desk(settings)
    desk.store.accounts(desk.actor)  # open before the race begins
    ready.wait(60)
    try:
        made.put(decide(desk, chance=random.Random(seed)))
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
            seconds = twins_at_once(where, number)
            print(
                f"{CLAIMS} claims of {NOTES} notes by {NOTES} processes: one answer each, {seconds:.1f} s", flush=True
            )


if __name__ == "__main__":
    main()
