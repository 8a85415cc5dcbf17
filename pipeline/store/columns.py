"""How values are kept in columns, the same on SQLite and PostgreSQL.

Instants are kept as ISO texts in UTC of fixed width, days as ISO texts, JSON as canonical text: what is hashed is
byte for byte what is stored, on both databases, and sorting texts sorts instants.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


def canonical(value: Any) -> str:
    """A JSON value as text in the one form that is stored and hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Canonical(TypeDecorator[Any]):
    """A JSON value; None is NULL."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """To the stored text."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """From the stored text."""
        return None if value is None else json.loads(value)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """To the stored text."""
        return None if value is None else instant(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """From the stored text."""
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A day without a time."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """To the stored text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> date | None:  # noqa: ARG002
        """From the stored text."""
        return None if value is None else date.fromisoformat(value)


def instant(value: datetime) -> str:
    """An instant as stored: UTC, microseconds, always 27 characters."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
