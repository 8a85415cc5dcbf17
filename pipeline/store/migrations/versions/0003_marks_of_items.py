"""Marks, by which the few items that may be the same as a new one, or that refer to one, are found among very many."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the table, empty: a store fills it when it is opened, as whenever the rules of marks have changed."""
    op.create_table(
        "mark",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "mark", "item", name="pk_mark"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_mark_account"),
    )
    op.create_index("ix_mark_item", "mark", ["account", "item"])
