"""The first schema: accounts, deliveries, jobs, sources, proposals, the log of revisions, the plan, full text."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Column = sa.Column[Any]


def upgrade() -> None:
    """Makes all tables."""
    _account()
    _setting()
    _delivery()
    _blob()
    _job()
    _occasion()
    _source()
    _passage()
    _proposal()
    _change()
    _evidence()
    _decision()
    _revision()
    _delta()
    _commitment()
    _item()
    _field_head()
    _support()
    if op.get_bind().dialect.name == "sqlite":
        _full_text_of_sqlite()
    else:
        _full_text_of_postgresql()


def _account() -> None:
    op.create_table(
        "account",
        *_texts(
            "id", "name", "vendor", "domains", "owner", "reviewers", "time_zone", "currency", "created_at", "created_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        *_texts("name", "value"),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        *_texts("id"),
        *_texts_or_none("account"),
        *_texts("origin"),
        *_texts_or_none("filename"),
        *_texts("received_at", "received_by", "sha256"),
        *_numbers("size"),
        *_texts("state"),
        *_texts_or_none("problem", "said_on"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        _refers("delivery", ["account"], "account", ["id"]),
        sa.UniqueConstraint("account", "sha256", name="uq_delivery_account_sha256"),
    )
    where = sa.text("account IS NULL")
    op.create_index(
        "uq_delivery_unassigned_sha256", "delivery", ["sha256"], unique=True, sqlite_where=where, postgresql_where=where
    )


def _blob() -> None:
    op.create_table(
        "blob",
        *_texts("delivery"),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", name="pk_blob"),
        _refers("blob", ["delivery"], "delivery", ["id"]),
    )


def _job() -> None:
    op.create_table(
        "job",
        *_texts("id"),
        *_texts_or_none("account"),
        *_texts("kind", "subject", "payload", "state", "created_at", "created_by", "not_before"),
        *_texts_or_none("claimed_by", "claimed_at", "lease_until"),
        *_numbers("tries"),
        *_texts("progress"),
        *_texts_or_none("error", "ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        _refers("job", ["account"], "account", ["id"]),
    )
    op.create_index("ix_job_state", "job", ["state", "not_before"])
    op.create_index("ix_job_subject", "job", ["account", "subject"])


def _occasion() -> None:
    op.create_table(
        "occasion",
        *_texts("account", "id"),
        *_texts_or_none("said_on", "title", "calendar_id"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_occasion"),
        _refers("occasion", ["account"], "account", ["id"]),
    )
    op.create_index("ix_occasion_said_on", "occasion", ["account", "said_on"])


def _source() -> None:
    op.create_table(
        "source",
        *_texts("account", "id", "delivery"),
        *_numbers("version"),
        *_texts("sha256", "document", "text", "source_class", "occasion", "read_at"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *_texts_or_none("withdrawn_by", "withdrawn_because", "erased_at"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_source"),
        _refers("source", ["account"], "account", ["id"]),
        _refers("source", ["account", "occasion"], "occasion", ["account", "id"]),
        _refers("source", ["delivery"], "delivery", ["id"]),
        sa.UniqueConstraint("account", "delivery", "version", name="uq_source_account_delivery_version"),
    )
    op.create_index("ix_source_sha256", "source", ["account", "sha256"])


def _passage() -> None:
    op.create_table(
        "passage",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        *_texts("account", "id", "source"),
        *_numbers("number", "start", "end"),
        *_texts("text", "words"),
        *_texts_or_none("speaker", "item", "said_on", "embedder"),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("row", name="pk_passage"),
        _refers("passage", ["account"], "account", ["id"]),
        _refers("passage", ["account", "source"], "source", ["account", "id"]),
        sa.UniqueConstraint("account", "id", name="uq_passage_account_id"),
    )
    op.create_index("ix_passage_embedder", "passage", ["account", "embedder"])
    op.create_index("ix_passage_source", "passage", ["account", "source", "number"])


def _proposal() -> None:
    op.create_table(
        "proposal",
        *_texts("account", "id", "origin"),
        *_texts_or_none("source"),
        *_numbers("base_revision"),
        *_texts("proposer", "outcome", "why", "usage", "stamp", "model", "shown", "created_at", "created_by", "state"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_proposal"),
        _refers("proposal", ["account"], "account", ["id"]),
        _refers("proposal", ["account", "source"], "source", ["account", "id"]),
    )
    op.create_index("ix_proposal_source", "proposal", ["account", "source"])
    op.create_index("ix_proposal_state", "proposal", ["account", "state", "created_at"])


def _change() -> None:
    op.create_table(
        "change",
        *_texts("account", "id", "proposal"),
        *_numbers("ordinal"),
        *_texts("section", "op", "item"),
        *_texts_or_none("into"),
        *_texts("state", "content"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_change"),
        _refers("change", ["account"], "account", ["id"]),
        _refers("change", ["account", "proposal"], "proposal", ["account", "id"]),
        sa.UniqueConstraint("account", "proposal", "ordinal", name="uq_change_account_proposal_ordinal"),
    )
    op.create_index("ix_change_item", "change", ["account", "item", "state"])
    op.create_index("ix_change_section", "change", ["account", "section", "state"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        *_texts("account", "change"),
        *_numbers("ordinal"),
        *_texts("source", "content"),
        sa.PrimaryKeyConstraint("account", "change", "ordinal", name="pk_evidence"),
        _refers("evidence", ["account"], "account", ["id"]),
        _refers("evidence", ["account", "change"], "change", ["account", "id"]),
        _refers("evidence", ["account", "source"], "source", ["account", "id"]),
    )
    op.create_index("ix_evidence_source", "evidence", ["account", "source"])


def _decision() -> None:
    op.create_table(
        "decision",
        *_texts("account", "id", "proposal", "change", "verdict", "by", "at", "why", "fields"),
        *_texts_or_none("key"),
        *_numbers_or_none("revision"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_decision"),
        _refers("decision", ["account"], "account", ["id"]),
        _refers("decision", ["account", "change"], "change", ["account", "id"]),
    )
    op.create_index("ix_decision_change", "decision", ["account", "change"])
    op.create_index("ix_decision_key", "decision", ["account", "key"])
    where = sa.text("revision IS NOT NULL")
    op.create_index(
        "uq_decision_merged", "decision", ["account", "change"], unique=True, sqlite_where=where, postgresql_where=where
    )


def _revision() -> None:
    op.create_table(
        "revision",
        *_texts("account"),
        *_numbers("number"),
        *_texts("parent", "hash", "author", "at", "reason"),
        *_texts_or_none("proposal", "key"),
        *_texts("sealed"),
        sa.PrimaryKeyConstraint("account", "number", name="pk_revision"),
        _refers("revision", ["account"], "account", ["id"]),
        sa.UniqueConstraint("account", "key", name="uq_revision_account_key"),
    )
    op.create_index("ix_revision_at", "revision", ["account", "at"])


def _delta() -> None:
    op.create_table(
        "delta",
        *_texts("account"),
        *_numbers("revision", "ordinal"),
        *_texts("item", "section", "field"),
        *_texts_or_none("before", "after"),
        *_numbers("version"),
        *_texts_or_none("change", "decision"),
        *_texts("origin"),
        *_texts_or_none("said_on"),
        sa.PrimaryKeyConstraint("account", "revision", "ordinal", name="pk_delta"),
        _refers("delta", ["account"], "account", ["id"]),
        _refers("delta", ["account", "revision"], "revision", ["account", "number"]),
    )
    op.create_index("ix_delta_change", "delta", ["account", "change"])
    op.create_index("ix_delta_item", "delta", ["account", "item", "field", "revision"])


def _commitment() -> None:
    op.create_table(
        "commitment",
        *_texts("account"),
        *_numbers("revision", "ordinal"),
        *_texts("kind", "subject", "digest", "salt"),
        sa.PrimaryKeyConstraint("account", "revision", "ordinal", name="pk_commitment"),
        _refers("commitment", ["account"], "account", ["id"]),
        _refers("commitment", ["account", "revision"], "revision", ["account", "number"]),
    )


def _item() -> None:
    op.create_table(
        "item",
        *_texts("account", "id", "section"),
        *_numbers("version"),
        *_texts("content", "names"),
        *_numbers("born_in", "born_at", "revision"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_item"),
        _refers("item", ["account"], "account", ["id"]),
    )
    op.create_index("ix_item_section", "item", ["account", "section", "born_in", "born_at"])


def _field_head() -> None:
    op.create_table(
        "field_head",
        *_texts("account", "item", "field", "section"),
        *_texts_or_none("value"),
        *_numbers("revision"),
        *_texts_or_none("change", "decision"),
        *_texts("origin", "by", "at"),
        *_texts_or_none("said_on", "confirmed_on"),
        sa.PrimaryKeyConstraint("account", "item", "field", name="pk_field_head"),
        _refers("field_head", ["account"], "account", ["id"]),
    )


def _support() -> None:
    op.create_table(
        "support",
        *_texts("account", "id", "item", "field"),
        *_texts_or_none("value"),
        *_texts("source", "evidence"),
        *_texts_or_none("said_on"),
        *_texts("at", "by"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_support"),
        _refers("support", ["account"], "account", ["id"]),
        _refers("support", ["account", "source"], "source", ["account", "id"]),
    )
    op.create_index("ix_support_item", "support", ["account", "item", "field"])
    op.create_index("ix_support_source", "support", ["account", "source"])


def _full_text_of_sqlite() -> None:
    """An index over the passages' words that keeps no copy of them; triggers hold it to the table."""
    op.execute("CREATE VIRTUAL TABLE passage_words USING fts5(words, content=passage, content_rowid=row)")
    added = "INSERT INTO passage_words(rowid, words) VALUES (new.row, new.words);"
    taken = "INSERT INTO passage_words(passage_words, rowid, words) VALUES ('delete', old.row, old.words);"
    op.execute(f"CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN {added} END")
    op.execute(f"CREATE TRIGGER passage_taken AFTER DELETE ON passage BEGIN {taken} END")
    op.execute(f"CREATE TRIGGER passage_changed AFTER UPDATE OF words ON passage BEGIN {taken} {added} END")


def _full_text_of_postgresql() -> None:
    """The same as a generated column: `words` is plain words already, so the simple configuration parts it."""
    op.execute(
        "ALTER TABLE passage ADD COLUMN lexemes tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    )
    op.execute("CREATE INDEX ix_passage_lexemes ON passage USING gin (lexemes)")


def _texts(*names: str) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _texts_or_none(*names: str) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _numbers(*names: str) -> list[Column]:
    return [sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False) for name in names]


def _numbers_or_none(*names: str) -> list[Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=True) for name in names]


def _refers(table: str, columns: list[str], other: str, others: list[str]) -> sa.ForeignKeyConstraint:
    name = "_".join(("fk", table, *columns))
    return sa.ForeignKeyConstraint(columns, [f"{other}.{column}" for column in others], name=name)
