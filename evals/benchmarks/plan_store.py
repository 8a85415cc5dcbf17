"""The plan store: how merge, blame, the plan of the past and loading grow with the plan and with its history.

    python -m evals.benchmarks.plan_store                                  # 100, 1,600, 25,000 items; 10,000 revisions
    python -m evals.benchmarks.plan_store --items 100 1600 --revisions 500
    python -m evals.benchmarks.plan_store --postgres                       # on a PostgreSQL server of its own

Milliseconds, the median of several tries; the growth factor is set beside that of what grew.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals import big_plan
from evals.long import stage
from pipeline import flow
from pipeline.desk import Desk
from pipeline.flow import making
from pipeline.merge import Delta
from pipeline.records import Account, Decision, Draft, Item, Op, Plan, Verdict
from pipeline.settings import Settings
from pipeline.store import AccountStore, open_store

FIRST = 50
"""Revisions that every plan has."""
PER_TRANSACTION = 250
TRIES = 15


@dataclass(frozen=True)
class Row:
    """A plan of so many items and revisions, and the milliseconds of each question."""

    items: int
    revisions: int
    took: dict[str, float]


def measured(items: int, revisions: int, url: str = "") -> Row:
    """One plan, built and asked; in the database of `url`, which is emptied first, or in a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", user="benchmark", embeddings="off", database_url=url)
        if url:
            open_store(settings).close()
            stage.empty(url)
        desk = Desk(settings)
        account = flow.set_up(desk, flow.NewAccount(name="Benchmark"))
        here = desk.account(account.id)
        people = _fill(here, items)
        _revise(here, people, revisions)
        took = dict(_questions(desk, account, here, people, revisions))
        desk.store.close()
    return Row(items, revisions, took)


def _fill(here: AccountStore, items: int) -> list[str]:
    """A plan of so many items in one revision; the ids of its people."""
    plan = big_plan.grown(Plan(account=here.id, revision=0, items={}), items)
    with here.write() as tx:
        tx.append_revision([step for item in plan.items.values() for step in _came(item)], reason="Start")
    return [item.id for item in plan.section("stakeholders")]


def _came(item: Item) -> Iterator[Delta]:
    yield Delta(item=item.id, section=item.section, field="", after=item.version)
    for name, value in item.values.items():
        yield Delta(item=item.id, section=item.section, field=name, after=value)


def _revise(here: AccountStore, people: list[str], revisions: int) -> None:
    """Revisions of one field each."""
    notes: dict[str, str] = {}
    for start in range(0, revisions, PER_TRANSACTION):
        with here.write() as tx:
            for number in range(start, min(start + PER_TRANSACTION, revisions)):
                person, said = people[number % len(people)], f"Said {number}"
                step = Delta(item=person, section="stakeholders", field="notes", before=notes.get(person), after=said)
                tx.append_revision([step], reason="Typed", origin="typed")
                notes[person] = said


def _questions(
    desk: Desk, account: Account, here: AccountStore, people: list[str], revisions: int
) -> Iterator[tuple[str, float]]:
    chance = random.Random(7)
    updates = [
        Draft(section="stakeholders", op=Op.update, item=person, fields={"cadence": "monthly"})
        for person in people[:TRIES]
    ]
    yield "merge of an update", _merging(desk, account, updates)
    yield "merge of an addition", _merging(desk, account, [_newcomer(chance, number) for number in range(TRIES)])
    yield "merge of a removal", _merging(desk, account, [_leaver(person) for person in people[-TRIES:]])
    yield "blame", _median(lambda: _read(here, lambda tx: tx.blame(chance.choice(people), "name")))
    yield "as of ten revisions ago", _median(lambda: _read(here, lambda tx: tx.plan(revision=revisions - 10)), 5)
    yield "as of the middle", _median(lambda: _read(here, lambda tx: tx.plan(revision=revisions // 2)), 5)
    yield "load", _median(lambda: _read(here, lambda tx: tx.plan()), 5)
    yield "verify", _median(lambda: _read(here, lambda tx: tx.verify()), 1)


def _newcomer(chance: random.Random, number: int) -> Draft:
    """Somebody whose first name, or whose surname, many have."""
    own = f"Ottokar{chr(97 + number)}"
    pair = (chance.choice(big_plan.GIVEN), own) if number % 2 else (own, chance.choice(big_plan.SURNAMES))
    return Draft(section="stakeholders", op=Op.add, fields={"name": " ".join(pair), "title": "Buyer"})


def _leaver(person: str) -> Draft:
    return Draft(section="stakeholders", op=Op.remove, item=person)


def _merging(desk: Desk, account: Account, drafts: list[Draft]) -> float:
    """One approved change: decision, merge, revision, commit."""
    with desk.account(account.id).write() as tx:
        proposal = making.own(account, "note", tx, desk.actor, drafts, "Benchmark")
        tx.add_proposal(proposal)
    changes = iter(proposal.changes)

    def decide() -> None:
        said = Decision(change=next(changes).id, verdict=Verdict.approve, by=desk.actor, at=datetime.now(UTC))
        assert flow.decide(desk, account.id, proposal.id, [said]).revision is not None

    return _median(decide, len(proposal.changes))


def _read(here: AccountStore, ask: Callable[..., object]) -> None:
    with here.read() as tx:
        ask(tx)


def _median(do: Callable[[], object], tries: int = TRIES) -> float:
    taken = []
    for _ in range(tries):
        started = time.perf_counter()
        do()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def report(rows: list[Row]) -> str:
    """A table, and beside each further row by how much it grew over the one before."""
    lines = []
    for number, row in enumerate(rows):
        lines.append(f"{row.items:,} items, {row.revisions:,} revisions")
        older = rows[number - 1] if number else None
        if older:
            lines[-1] += f" (items x {row.items / older.items:.1f}, revisions x {row.revisions / older.revisions:.1f})"
        for name, took in row.took.items():
            grew = f"   x {took / older.took[name]:.1f}" if older else ""
            lines.append(f"  {name:<26}{took:>10.1f} ms{grew}")
    return "\n".join(lines)


def main() -> None:
    """Plans of growing size with a short history, then the middle one with a long one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[100, 1_600, 25_000])
    parser.add_argument("--revisions", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with stage.postgresql() if asked.postgres else nullcontext("") as url:
        print(report([measured(items, FIRST, url) for items in asked.items]), flush=True)
        middle = sorted(asked.items)[len(asked.items) // 2]
        longer = [measured(middle, revisions, url) for revisions in (FIRST, asked.revisions)]
        print(f"\nA long history\n{report(longer)}")


if __name__ == "__main__":
    main()
