"""Sources say their title, kind and day in columns, so that lists need no text; a proposal is found by its id alone."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FIRST_WORDS = 9


def upgrade() -> None:
    """Adds the columns and fills them from the documents that are there."""
    for name in ("title", "kind", "said_on"):
        op.add_column("source", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_source_said_on", "source", ["account", "said_on"])
    op.create_index("ix_proposal_id", "proposal", ["id"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    keys = connection.execute(sa.text("SELECT account, id FROM source")).all()
    one = sa.text("SELECT document, text FROM source WHERE account = :account AND id = :id")
    put = sa.text(
        "UPDATE source SET title = :title, kind = :kind, said_on = :said_on WHERE account = :account AND id = :id"
    )
    for account, identity in keys:
        key = {"account": account, "id": identity}
        document, text = connection.execute(one, key).one()
        told: dict[str, Any] = json.loads(document)
        title = told.get("title") or " ".join(text.split()[:FIRST_WORDS])
        connection.execute(put, {**key, "title": title, "kind": told["kind"], "said_on": told.get("said_on")})
