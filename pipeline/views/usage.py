"""What models have taken: the ledgers of all proposals, summed by account and month."""

from collections.abc import Iterable

from pydantic import BaseModel

from pipeline.records import Proposal
from pipeline.store import Store


class MonthUsage(BaseModel):
    """One account in one month (YYYY-MM, of the proposals' making, in UTC). Tokens are the servers' own counts."""

    account: str
    month: str
    proposals: int = 0
    attempts: int = 0
    failed: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


def usage(store: Store, actor: str, account: str | None = None) -> list[MonthUsage]:
    """A row for each account and month in which a model was asked, the latest month first. Raises UnknownAccount."""
    chosen = [store.account(account, actor).account] if account else store.accounts(actor)
    rows: list[MonthUsage] = []
    for each in chosen:
        with store.account(each.id, actor).read() as tx:
            rows += summed(each.name, tx.proposals())
    return sorted(sorted(rows, key=lambda row: row.account), key=lambda row: row.month, reverse=True)


def summed(account: str, proposals: Iterable[Proposal]) -> list[MonthUsage]:
    """The rows of one account's proposals; those that asked no model count nowhere."""
    rows: dict[str, MonthUsage] = {}
    for each in proposals:
        if not each.usage:
            continue
        month = f"{each.created_at:%Y-%m}"
        row = rows.setdefault(month, MonthUsage(account=account, month=month))
        row.proposals += 1
        row.attempts += sum(not use.cached for use in each.usage)
        row.failed += sum(use.outcome != "ok" for use in each.usage)
        row.cached += sum(use.cached for use in each.usage)
        row.prompt_tokens += sum(use.prompt_tokens for use in each.usage)
        row.completion_tokens += sum(use.completion_tokens for use in each.usage)
        row.seconds += sum(use.seconds for use in each.usage)
    return list(rows.values())
