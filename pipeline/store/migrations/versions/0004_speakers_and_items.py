"""Who speaks in an account, and which filing items there are, can be listed and asked for without reading passages."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes two indexes."""
    op.create_index("ix_passage_speaker", "passage", ["account", "speaker"])
    op.create_index("ix_passage_item", "passage", ["account", "item"])
