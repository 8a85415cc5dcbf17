"""Lists are read without texts, and a proposal or delivery leads to its account by one question."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipeline.errors import UnknownProposal, UnknownSource
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.connect import FILE
from tests.store.making import SAID_ON, account, add_note, add_proposal, approve, person

COLUMNS = ("title", "kind", "said_on")
INDEXES = ("ix_source_said_on", "ix_proposal_id", "ix_passage_speaker", "ix_passage_item")
"""Those that migrations after the first make."""


def statements(store: Store) -> list[str]:
    """What is asked of the database from now on."""
    asked: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda _c, _cur, said, *_: asked.append(said))
    return asked


def test_a_source_is_outlined_by_its_title_or_its_first_words(store: Store) -> None:
    with account(store, "North").write() as tx:
        add_note(tx, "the quick brown fox jumps over the lazy dog and more", "bare")
        add_note(tx, "words", "titled", title="Quarterly call")
        told = {each.id: each for each in tx.source_outlines()}
    assert told["bare"].title == "the quick brown fox jumps over the lazy dog"
    assert (told["titled"].title, str(told["titled"].kind), told["titled"].said_on) == (
        "Quarterly call",
        "note",
        SAID_ON,
    )


def test_an_outline_reads_no_text(store: Store) -> None:
    here = account(store, "North")
    with here.write() as tx:
        add_note(tx, "words", "note")
    asked = statements(store)
    with here.read() as tx:
        tx.source_outlines()
        tx.sources_around(SAID_ON, 2)
    assert [said for said in asked if "source.text" in said or "source.document" in said] == []


def test_sources_around_a_day_come_nearest_first_and_without_withdrawn_ones(store: Store) -> None:
    with account(store, "North").write() as tx:
        for name in ("one", "two"):
            add_note(tx, f"words of {name}", name)
        tx.withdraw_source("two")
        assert [each.id for each in tx.sources_around(SAID_ON + timedelta(days=3), 3)] == ["one"]
        assert tx.sources_around(SAID_ON + timedelta(days=3), 2) == []


def test_a_proposals_outline_says_what_waits_and_what_was_decided(store: Store) -> None:
    with account(store, "North").write() as tx:
        note = add_note(tx, "Rosa is new, and so is Dev", "note")
        rosa, dev = person("stk-1", "Rosa", "Rosa", note), person("stk-2", "Dev", "Dev", note)
        add_proposal(tx, "prp", rosa, dev, source="note")
        approve(tx, rosa)
        (told,) = tx.proposal_outlines(sources=["note"])
    assert sorted(state for state, _ in told.changes) == ["approved", "pending"]


def test_a_job_that_failed_and_was_done_later_is_not_unfinished(store: Store) -> None:
    here = account(store, "North")
    with here.write() as tx:
        tx.add_job("propose", "note")
    job = store.claim_job("w")
    assert job is not None
    store.fail_job(job, "no answer")
    with here.write() as tx:
        assert [each.state for each in tx.unfinished()] == ["failed"]
        tx.add_job("propose", "note")
    again = store.claim_job("w")
    assert again is not None
    store.finish_job(again)
    with here.read() as tx:
        assert tx.unfinished() == []
        assert [each.state for each in tx.jobs_about(["note"])] == ["failed", "done"]


def test_a_proposal_and_a_delivery_lead_to_their_account_and_strangers_to_none(store: Store) -> None:
    account(store, "South")
    here = account(store, "North")
    with here.write() as tx:
        note = add_note(tx, "Rosa is new", "note")
        add_proposal(tx, "prp", person("stk-1", "Rosa", "Rosa", note), source="note")
    assert store.account_of_proposal("prp", "ann").id == here.id
    assert store.account_of_delivery(note.delivery, "ann").id == here.id
    with pytest.raises(UnknownProposal):
        store.account_of_proposal("other", "ann")
    with pytest.raises(UnknownSource):
        store.account_of_delivery("other", "ann")


def test_a_store_of_before_gets_its_outlines_from_the_documents(embedded: Settings) -> None:
    with open_store(embedded) as store:
        here = account(store, "North")
        with here.write() as tx:
            add_note(tx, "words of an old note", "note")
    database = sa.create_engine(f"sqlite:///{embedded.home / FILE}")
    with database.begin() as connection:
        for index in INDEXES:
            connection.execute(sa.text(f"DROP INDEX {index}"))
        for column in COLUMNS:
            connection.execute(sa.text(f"ALTER TABLE source DROP COLUMN {column}"))
        connection.execute(sa.text("DROP TABLE mark"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    database.dispose()
    with open_store(embedded) as store, store.account("North", "ann").read() as tx:
        (told,) = tx.source_outlines()
    assert (told.title, str(told.kind), told.said_on) == ("words of an old note", "note", SAID_ON)
