"""The tables, the same on SQLite and PostgreSQL. Every table of an account has its column first in the key."""

from typing import Any

import sqlalchemy as sa

from pipeline.store.columns import Canonical, Day, Instant

HEAD = "0004"
"""The migration that these tables stand at; a test holds it to the newest file of migrations/versions."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *more: Any, optional: bool = False, **options: Any) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, *more, nullable=optional, **options)


def _number(name: str, *, key: bool = False, optional: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, primary_key=key, autoincrement=False, nullable=optional)


def _json(name: str, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, Canonical, nullable=optional)


def _owner(*, key: bool = True, optional: bool = False) -> "sa.Column[str]":
    return _text("account", sa.ForeignKey("account.id"), primary_key=key, optional=optional)


account = sa.Table(
    "account",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("vendor"),
    _json("domains"),
    _text("owner"),
    _json("reviewers"),
    _text("time_zone"),
    _text("currency"),
    sa.Column("created_at", Instant, nullable=False),
    _text("created_by"),
)

setting = sa.Table("setting", metadata, _text("name", primary_key=True), _text("value"))
"""What the store remembers of itself, such as how often something was erased."""

delivery = sa.Table(
    "delivery",
    metadata,
    _text("id", primary_key=True),
    _owner(key=False, optional=True),
    _text("origin"),
    _text("filename", optional=True),
    sa.Column("received_at", Instant, nullable=False),
    _text("received_by"),
    _text("sha256"),
    _number("size"),
    _text("state"),
    _text("problem", optional=True),
    sa.Column("said_on", Day),
    sa.UniqueConstraint("account", "sha256"),
    sa.Index("uq_delivery_unassigned_sha256", "sha256", unique=True, sqlite_where=sa.text("account IS NULL"),
             postgresql_where=sa.text("account IS NULL")),
)  # fmt: skip

blob = sa.Table(
    "blob",
    metadata,
    _text("delivery", sa.ForeignKey("delivery.id"), primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)

job = sa.Table(
    "job",
    metadata,
    _text("id", primary_key=True),
    _owner(key=False, optional=True),
    _text("kind"),
    _text("subject"),
    _json("payload"),
    _text("state"),
    sa.Column("created_at", Instant, nullable=False),
    _text("created_by"),
    sa.Column("not_before", Instant, nullable=False),
    _text("claimed_by", optional=True),
    sa.Column("claimed_at", Instant),
    sa.Column("lease_until", Instant),
    _number("tries"),
    _text("progress"),
    _text("error", optional=True),
    sa.Column("ended_at", Instant),
    sa.Index("ix_job_state", "state", "not_before"),
    sa.Index("ix_job_subject", "account", "subject"),
)

occasion = sa.Table(
    "occasion",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    sa.Column("said_on", Day),
    _text("title", optional=True),
    _text("calendar_id", optional=True),
    sa.Index("ix_occasion_said_on", "account", "said_on"),
)

source = sa.Table(
    "source",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("delivery", sa.ForeignKey("delivery.id")),
    _number("version"),
    _text("sha256"),
    _json("document"),
    _text("text"),
    _text("source_class"),
    _text("title", optional=True),
    _text("kind", optional=True),
    sa.Column("said_on", Day),
    _text("occasion"),
    sa.Column("read_at", Instant, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    _text("withdrawn_by", optional=True),
    _text("withdrawn_because", optional=True),
    sa.Column("erased_at", Instant),
    sa.ForeignKeyConstraint(["account", "occasion"], ["occasion.account", "occasion.id"]),
    sa.UniqueConstraint("account", "delivery", "version"),
    sa.Index("ix_source_sha256", "account", "sha256"),
    sa.Index("ix_source_said_on", "account", "said_on"),
)

passage = sa.Table(
    "passage",
    metadata,
    sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
    _owner(key=False),
    _text("id"),
    _text("source"),
    _number("number"),
    _number("start"),
    _number("end"),
    _text("text"),
    _text("words"),
    _text("speaker", optional=True),
    _text("item", optional=True),
    sa.Column("said_on", Day),
    _text("embedder", optional=True),
    sa.Column("vector", sa.LargeBinary),
    sa.ForeignKeyConstraint(["account", "source"], ["source.account", "source.id"]),
    sa.UniqueConstraint("account", "id"),
    sa.Index("ix_passage_source", "account", "source", "number"),
    sa.Index("ix_passage_embedder", "account", "embedder"),
    sa.Index("ix_passage_speaker", "account", "speaker"),
    sa.Index("ix_passage_item", "account", "item"),
)

proposal = sa.Table(
    "proposal",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("origin"),
    _text("source", optional=True),
    _number("base_revision"),
    _text("proposer"),
    _text("outcome"),
    _text("why"),
    _json("usage"),
    _text("stamp"),
    _text("model"),
    _json("shown"),
    sa.Column("created_at", Instant, nullable=False),
    _text("created_by"),
    _text("state"),
    sa.ForeignKeyConstraint(["account", "source"], ["source.account", "source.id"]),
    sa.Index("ix_proposal_state", "account", "state", "created_at"),
    sa.Index("ix_proposal_source", "account", "source"),
    sa.Index("ix_proposal_id", "id"),
)

change = sa.Table(
    "change",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("proposal"),
    _number("ordinal"),
    _text("section"),
    _text("op"),
    _text("item"),
    _text("into", optional=True),
    _text("state"),
    _json("content"),
    sa.ForeignKeyConstraint(["account", "proposal"], ["proposal.account", "proposal.id"]),
    sa.UniqueConstraint("account", "proposal", "ordinal"),
    sa.Index("ix_change_item", "account", "item", "state"),
    sa.Index("ix_change_section", "account", "section", "state"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    _owner(),
    _text("change", primary_key=True),
    sa.Column("ordinal", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("source"),
    _json("content"),
    sa.ForeignKeyConstraint(["account", "change"], ["change.account", "change.id"]),
    sa.ForeignKeyConstraint(["account", "source"], ["source.account", "source.id"]),
    sa.Index("ix_evidence_source", "account", "source"),
)

decision = sa.Table(
    "decision",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("proposal"),
    _text("change"),
    _text("verdict"),
    _text("by"),
    sa.Column("at", Instant, nullable=False),
    _text("why"),
    _json("fields"),
    _text("key", optional=True),
    _number("revision", optional=True),
    sa.ForeignKeyConstraint(["account", "change"], ["change.account", "change.id"]),
    sa.Index("ix_decision_change", "account", "change"),
    sa.Index("ix_decision_key", "account", "key"),
    sa.Index("uq_decision_merged", "account", "change", unique=True, sqlite_where=sa.text("revision IS NOT NULL"),
             postgresql_where=sa.text("revision IS NOT NULL")),
)  # fmt: skip

revision = sa.Table(
    "revision",
    metadata,
    _owner(),
    _number("number", key=True),
    _text("parent"),
    _text("hash"),
    _text("author"),
    sa.Column("at", Instant, nullable=False),
    _text("reason"),
    _text("proposal", optional=True),
    _text("key", optional=True),
    _json("sealed"),
    sa.UniqueConstraint("account", "key"),
    sa.Index("ix_revision_at", "account", "at"),
)

delta = sa.Table(
    "delta",
    metadata,
    _owner(),
    _number("revision", key=True),
    _number("ordinal", key=True),
    _text("item"),
    _text("section"),
    _text("field"),
    _json("before", optional=True),
    _json("after", optional=True),
    _number("version"),
    _text("change", optional=True),
    _text("decision", optional=True),
    _text("origin"),
    sa.Column("said_on", Day),
    sa.ForeignKeyConstraint(["account", "revision"], ["revision.account", "revision.number"]),
    sa.Index("ix_delta_item", "account", "item", "field", "revision"),
    sa.Index("ix_delta_change", "account", "change"),
)

commitment = sa.Table(
    "commitment",
    metadata,
    _owner(),
    _number("revision", key=True),
    _number("ordinal", key=True),
    _text("kind"),
    _text("subject"),
    _text("digest"),
    _text("salt"),
    sa.ForeignKeyConstraint(["account", "revision"], ["revision.account", "revision.number"]),
)

item = sa.Table(
    "item",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("section"),
    _number("version"),
    _json("content"),
    _json("names"),
    _number("born_in"),
    _number("born_at"),
    _number("revision"),
    sa.Index("ix_item_section", "account", "section", "born_in", "born_at"),
)

mark = sa.Table(
    "mark",
    metadata,
    _owner(),
    _number("mark", key=True),
    _text("item", primary_key=True),
    sa.Index("ix_mark_item", "account", "item"),
)

field_head = sa.Table(
    "field_head",
    metadata,
    _owner(),
    _text("item", primary_key=True),
    _text("field", primary_key=True),
    _text("section"),
    _json("value", optional=True),
    _number("revision"),
    _text("change", optional=True),
    _text("decision", optional=True),
    _text("origin"),
    _text("by"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("said_on", Day),
    sa.Column("confirmed_on", Day),
)

support = sa.Table(
    "support",
    metadata,
    _owner(),
    _text("id", primary_key=True),
    _text("item"),
    _text("field"),
    _json("value", optional=True),
    _text("source"),
    _json("evidence"),
    sa.Column("said_on", Day),
    sa.Column("at", Instant, nullable=False),
    _text("by"),
    sa.ForeignKeyConstraint(["account", "source"], ["source.account", "source.id"]),
    sa.Index("ix_support_item", "account", "item", "field"),
    sa.Index("ix_support_source", "account", "source"),
)
