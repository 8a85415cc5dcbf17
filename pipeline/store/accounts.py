"""Account rows. Internal: `Store` asks these, and everybody else goes through `Store.account`."""

from typing import cast

import sqlalchemy as sa

from pipeline.errors import Conflicted, UnknownAccount
from pipeline.records import Account
from pipeline.store import tables as t
from pipeline.store.scope import Row, new_id

__all__ = ["add", "everything", "lock", "new_id", "of_delivery", "of_proposal", "one"]


def everything(connection: sa.Connection) -> list[Account]:
    """All accounts, by name."""
    rows = connection.execute(sa.select(t.account).order_by(t.account.c.name, t.account.c.id)).mappings()
    return [_to_account(cast(Row, row)) for row in rows]


def one(connection: sa.Connection, asked: str) -> Account | None:
    """The account of that id, or else of that name in any case; or None."""
    named = sa.func.lower(t.account.c.name) == asked.strip().lower()
    wanted = sa.select(t.account).where(sa.or_(t.account.c.id == asked, named))
    rows = connection.execute(wanted.order_by((t.account.c.id == asked).desc(), t.account.c.id)).mappings().all()
    return _to_account(cast(Row, rows[0])) if rows else None


def of_proposal(connection: sa.Connection, proposal: str) -> list[Account]:
    """The account that has this proposal, if any."""
    return _having(connection, t.proposal, proposal)


def of_delivery(connection: sa.Connection, delivery: str) -> list[Account]:
    """The account that has this delivery, if any."""
    return _having(connection, t.delivery, delivery)


def _having(connection: sa.Connection, table: sa.Table, identity: str) -> list[Account]:
    joined = sa.select(t.account).join(table, table.c.account == t.account.c.id).where(table.c.id == identity)
    return [_to_account(cast(Row, row)) for row in connection.execute(joined).mappings()]


def add(connection: sa.Connection, account: Account, actor: str) -> None:
    """A new account. Raises Conflicted when there is one of this name or id."""
    if one(connection, account.id) or one(connection, account.name):
        raise Conflicted(f"there is an account {account.name} already")
    connection.execute(sa.insert(t.account).values(**_values(account), created_by=actor))


def lock(connection: sa.Connection, identity: str) -> None:
    """Waits for this account's turn to be written. On SQLite the transaction itself is the lock."""
    wanted = sa.select(t.account.c.id).where(t.account.c.id == identity).with_for_update(key_share=True)
    if connection.scalar(wanted) is None:
        raise UnknownAccount(identity)


def _values(account: Account) -> dict[str, object]:
    return account.model_dump() | {"domains": list(account.domains), "reviewers": list(account.reviewers)}


def _to_account(row: Row) -> Account:
    return Account.model_validate({name: row[name] for name in Account.model_fields})
