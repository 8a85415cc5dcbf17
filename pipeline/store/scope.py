"""One transaction's view of one account: every statement of the store is built here, so that each has the filter."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa

Row = Mapping[str, Any]
"""A row by column name."""

BATCH = 500
Value = TypeVar("Value", str, int)


def new_id(prefix: str) -> str:
    """An opaque id that nobody can guess."""
    return f"{prefix}_{secrets.token_hex(8)}"


class Scope:
    """A connection in a transaction, bound to one account (None: what belongs to no account yet)."""

    def __init__(self, connection: sa.Connection, account: str | None, actor: str, now: datetime) -> None:
        self._connection = connection
        self._account = account
        self.actor = actor
        self.now = now

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.account.is_(None) if self._account is None else table.c.account == self._account

    def _select(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return sa.select(table).where(self._mine(table), *where)

    def _rows(self, statement: sa.Select[Any]) -> Sequence[Row]:
        return cast(Sequence[Row], self._connection.execute(statement).mappings().all())

    def _row(self, statement: sa.Select[Any]) -> Row | None:
        return cast(Row | None, self._connection.execute(statement).mappings().first())

    def _among(self, table: sa.Table, column: str, wanted: Iterable[Value]) -> Sequence[Row]:
        """The rows whose `column` is one of many values, asked for in batches that every database takes."""
        found: list[Row] = []
        for batch in self._batches(wanted):
            found += self._rows(self._select(table, table.c[column].in_(batch)))
        return found

    def _batches(self, wanted: Iterable[Value]) -> list[list[Value]]:
        """Values in batches that every database takes in one question."""
        values = sorted(set(wanted))
        return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]

    def _add(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(sa.insert(table), [{"account": self._account, **row} for row in rows])

    def _add_new(self, table: sa.Table, row: Mapping[str, Any]) -> bool:
        """Adds a row unless one with the same key is there; whether it was new."""
        from sqlalchemy.dialects import postgresql, sqlite

        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        first = next(iter(table.primary_key)) if "id" not in table.c else table.c.id
        statement = insert(table).values(account=self._account, **row).on_conflict_do_nothing().returning(first)
        return self._connection.execute(statement).first() is not None

    def _update(self, table: sa.Table, *where: sa.ColumnElement[bool], **values: Any) -> int:
        return self._connection.execute(sa.update(table).where(self._mine(table), *where).values(**values)).rowcount

    def _delete(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return self._connection.execute(sa.delete(table).where(self._mine(table), *where)).rowcount

    def _put(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows, or replaces those with the same primary key."""
        if not rows:
            return
        from sqlalchemy.dialects import postgresql, sqlite

        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        statement = insert(table)
        key = [column.name for column in table.primary_key]
        rest = {name: statement.excluded[name] for name in rows[0] if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, set_=rest)
        self._connection.execute(statement, [{"account": self._account, **row} for row in rows])
