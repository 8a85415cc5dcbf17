"""Notes that tests bring, read and proposed from at once."""

from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.records import Account, Proposal


def noted(desk: Desk, account: Account, day: int, words: str, name: str | None = None) -> Proposal:
    """The proposal of a note of a day in March."""
    text = f"{day} March 2026\n\n{words}"
    delivery = flow.deliver(desk, account.id, text.encode(), name or f"call-{day}.txt")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
        made: Proposal = tx.proposals(source=source.id)[-1]
    return made
