"""Several processes decide on one account at once, and writers are killed: nothing is lost, doubled or half done."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import StoreBusy
from pipeline.settings import Settings
from pipeline.store import AccountStore, Store, both, connect, open_store
from tests.store.making import account, add_note, add_proposal, approve, person, update

ROOT = Path(__file__).resolve().parents[2]
PENDING = 50


def pending(account: AccountStore) -> None:
    """Somebody with fifty changes that wait, each adding an interest."""
    with account.write() as tx:
        one = person("stk-1", "Mara Lind")
        changes = [update(f"chg-{n}", "stk-1", "interests", None, [f"interest {n:02}"]) for n in range(PENDING)]
        add_proposal(tx, "prp", one, *changes)
        approve(tx, one)


def start(settings: Settings, account: AccountStore, seed: int) -> subprocess.Popen[str]:
    """A process that will decide when told to."""
    command = [sys.executable, "-m", "tests.store.deciding"]
    told = [str(settings.home), settings.database_url, account.id, str(PENDING), str(seed)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command + told, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]
    assert process.stdout.readline() == "ready\n"
    return process  # type: ignore[no-any-return]


def whole(account: AccountStore) -> int:
    """Checks that the plan is one of a whole number of decisions; that number."""
    with account.read() as tx:
        tx.verify()
        interests = tx.item("stk-1").values.get("interests", [])
        approved = [state for state in tx.states("prp").values() if state == "approved"]
        revisions = tx.revisions()
    assert len(interests) == len(set(interests)) == len(approved) - 1 == len(revisions) - 1
    return len(interests)


def test_fifty_decisions_by_four_processes_are_all_made_once(settings: Settings) -> None:
    with open_store(settings) as store:
        north = account(store, "Northwind Mills")
        pending(north)
        processes = [start(settings, north, seed) for seed in range(4)]
        for process in processes:
            process.stdin.write("go\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        made = [int(process.communicate(timeout=240)[0]) for process in processes]
        assert sum(made) == PENDING
        assert whole(north) == PENDING


def test_a_writer_killed_at_any_moment_leaves_the_plan_before_or_after(settings: Settings) -> None:
    with open_store(settings) as store:
        north = account(store, "Northwind Mills")
        pending(north)
        moments = random.Random(7)
        for seed in range(6):
            process = start(settings, north, seed)
            process.stdin.write("go\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            time.sleep(moments.uniform(0.0, 0.15))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            whole(north)


def test_threads_of_one_process_take_turns_too(store: Store, north: AccountStore) -> None:
    def add(number: int) -> None:
        with north.write() as tx:
            change = person(f"stk-{number}", f"Person {number}")
            add_proposal(tx, f"prp-{number}", change)
            approve(tx, change)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with north.read() as tx:
        assert tx.verify().revisions == 16


def test_a_reader_sees_one_moment_while_others_write(north: AccountStore) -> None:
    with north.read() as tx:
        before = tx.plan()
        with north.write() as other:
            change = person("stk-1", "Mara Lind")
            add_proposal(other, "prp", change)
            approve(other, change)
        assert tx.plan() == before
    with north.read() as tx:
        assert tx.plan().revision == 1


def test_a_source_moves_to_another_account_in_one_transaction(north: AccountStore, south: AccountStore) -> None:
    with north.write() as tx:
        add_note(tx, "About Southgate", "note")
    with pytest.raises(RuntimeError), both(north, south) as (here, there):  # noqa: PT012
        here.withdraw_source("note")
        there.add_delivery(b"About Southgate", "move")
        raise RuntimeError
    with both(north, south) as (here, there):
        assert not here.source("note").withdrawn
        here.withdraw_source("note")
        there.add_delivery(b"About Southgate", "move")
    with north.read() as here, south.read() as there:
        assert here.source("note").withdrawn
        assert len(there.deliveries()) == 1


def test_a_database_that_stays_locked_says_so(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "WAIT_SECONDS", 0.1)
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        with north.write(), pytest.raises(StoreBusy), north.write():
            pass


def test_a_killed_writer_of_a_first_open_does_not_spoil_the_next(embedded: Settings) -> None:
    program = (
        "import sys; from pathlib import Path; from pipeline.settings import Settings\n"
        f"from pipeline.store import open_store; open_store(Settings(home=Path({str(embedded.home)!r})))"
    )
    for wait in (0.3, 0.6, 0.9):
        process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        time.sleep(wait)
        process.kill()
        process.wait()
    with open_store(embedded) as store:
        pending(account(store, "Northwind Mills"))
