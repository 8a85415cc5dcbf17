"""One of several processes that decide on one account at once: `… -m tests.store.deciding HOME URL ACCOUNT COUNT SEED`.

It tries to approve every pending change, in an order of its own, each adding one interest to one and the same person.
"""

import random
import sys
from pathlib import Path

from pipeline.records import Decision, Verdict
from pipeline.settings import Settings
from pipeline.store import AccountStore, Delta, open_store


def decide(account: AccountStore, change: str) -> bool:
    """Approves a change unless somebody has; as flow does it, in one transaction."""
    with account.write() as tx:
        said = Decision(change=change, verdict=Verdict.approve, by="ann", at=tx.now)
        if not (saved := tx.save_decisions([said])):
            return False
        now = list(tx.item("stk-1").values.get("interests", []))
        word = tx.change(change).fields[0].new[0]
        delta = Delta("stk-1", "stakeholders", "interests", now or None, sorted([*now, word]))
        tx.append_revision([delta], reason="Approved", decisions=saved)
        return True


def say(line: str) -> None:
    """Tells the process that started this one."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(home: str, url: str, name: str, count: str, seed: str) -> None:
    """Prints how many it approved."""
    order = [f"chg-{number}" for number in range(int(count))]
    random.Random(seed).shuffle(order)
    with open_store(Settings(home=Path(home), database_url=url)) as store:
        account = store.account(name, "ann")
        say("ready")
        sys.stdin.readline()
        say(str(sum(decide(account, change) for change in order)))


if __name__ == "__main__":
    main(*sys.argv[1:])
