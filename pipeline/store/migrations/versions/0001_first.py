"""The first schema: accounts, deliveries, jobs, sources, proposals, the log of revisions, the plan, full text."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes all tables."""
    _accounts()
    _deliveries()
    _sources()
    _passages()
    _proposals()
    _history()
    _plan()
    if op.get_bind().dialect.name == "sqlite":
        _full_text_of_sqlite()
    else:
        _full_text_of_postgresql()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reviewers", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_delivery_account"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("account", "sha256", name="uq_delivery_account_sha256"),
    )
    op.create_index(
        "uq_delivery_unassigned_sha256",
        "delivery",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("account IS NULL"),
        postgresql_where=sa.text("account IS NULL"),
    )
    op.create_table(
        "blob",
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_blob_delivery"),
        sa.PrimaryKeyConstraint("delivery", name="pk_blob"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_job_account"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_state", "job", ["state", "not_before"])
    op.create_index("ix_job_subject", "job", ["account", "subject"])


def _sources() -> None:
    op.create_table(
        "occasion",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("calendar_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_occasion_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_occasion"),
    )
    op.create_index("ix_occasion_said_on", "occasion", ["account", "said_on"])
    op.create_table(
        "source",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_class", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account", "occasion"], ["occasion.account", "occasion.id"], name="fk_source_account_occasion"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_source_account"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_source_delivery"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_source"),
        sa.UniqueConstraint("account", "delivery", "version", name="uq_source_account_delivery_version"),
    )
    op.create_index("ix_source_sha256", "source", ["account", "sha256"])


def _passages() -> None:
    op.create_table(
        "passage",
        sa.Column(
            "row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.Column("embedder", sa.Text(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account", "source"], ["source.account", "source.id"], name="fk_passage_account_source"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_passage_account"),
        sa.PrimaryKeyConstraint("row", name="pk_passage"),
        sa.UniqueConstraint("account", "id", name="uq_passage_account_id"),
    )
    op.create_index("ix_passage_embedder", "passage", ["account", "embedder"])
    op.create_index("ix_passage_source", "passage", ["account", "source", "number"])


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("base_revision", sa.BigInteger(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "source"], ["source.account", "source.id"], name="fk_proposal_account_source"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_proposal_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_proposal"),
    )
    op.create_index("ix_proposal_source", "proposal", ["account", "source"])
    op.create_index("ix_proposal_state", "proposal", ["account", "state", "created_at"])
    op.create_table(
        "change",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("into", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "proposal"], ["proposal.account", "proposal.id"], name="fk_change_account_proposal"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_change_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_change"),
        sa.UniqueConstraint("account", "proposal", "ordinal", name="uq_change_account_proposal_ordinal"),
    )
    op.create_index("ix_change_item", "change", ["account", "item", "state"])
    op.create_index("ix_change_section", "change", ["account", "section", "state"])
    op.create_table(
        "evidence",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "change"], ["change.account", "change.id"], name="fk_evidence_account_change"
        ),
        sa.ForeignKeyConstraint(
            ["account", "source"], ["source.account", "source.id"], name="fk_evidence_account_source"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_evidence_account"),
        sa.PrimaryKeyConstraint("account", "change", "ordinal", name="pk_evidence"),
    )
    op.create_index("ix_evidence_source", "evidence", ["account", "source"])
    op.create_table(
        "decision",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account", "change"], ["change.account", "change.id"], name="fk_decision_account_change"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_decision_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_decision"),
    )
    op.create_index("ix_decision_change", "decision", ["account", "change"])
    op.create_index("ix_decision_key", "decision", ["account", "key"])
    op.create_index(
        "uq_decision_merged",
        "decision",
        ["account", "change"],
        unique=True,
        sqlite_where=sa.text("revision IS NOT NULL"),
        postgresql_where=sa.text("revision IS NOT NULL"),
    )


def _history() -> None:
    op.create_table(
        "revision",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_revision_account"),
        sa.PrimaryKeyConstraint("account", "number", name="pk_revision"),
        sa.UniqueConstraint("account", "key", name="uq_revision_account_key"),
    )
    op.create_index("ix_revision_at", "revision", ["account", "at"])
    op.create_table(
        "delta",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account", "revision"], ["revision.account", "revision.number"], name="fk_delta_account_revision"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_delta_account"),
        sa.PrimaryKeyConstraint("account", "revision", "ordinal", name="pk_delta"),
    )
    op.create_index("ix_delta_change", "delta", ["account", "change"])
    op.create_index("ix_delta_item", "delta", ["account", "item", "field", "revision"])
    op.create_table(
        "commitment",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "revision"], ["revision.account", "revision.number"], name="fk_commitment_account_revision"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_commitment_account"),
        sa.PrimaryKeyConstraint("account", "revision", "ordinal", name="pk_commitment"),
    )


def _plan() -> None:
    op.create_table(
        "item",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("born_in", sa.BigInteger(), nullable=False),
        sa.Column("born_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_item_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_item"),
    )
    op.create_index("ix_item_section", "item", ["account", "section", "born_in", "born_at"])
    op.create_table(
        "field_head",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_field_head_account"),
        sa.PrimaryKeyConstraint("account", "item", "field", name="pk_field_head"),
    )
    op.create_table(
        "support",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "source"], ["source.account", "source.id"], name="fk_support_account_source"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_support_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_support"),
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
