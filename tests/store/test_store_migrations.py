"""The schema is made and brought up to date on open, once, whoever opens first."""

import fcntl
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import BadSetting
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store import tables as t
from pipeline.store.connect import FILE
from tests.store.making import account

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "pipeline" / "store" / "migrations" / "versions"


def test_the_tables_stand_at_the_newest_migration(store: Store) -> None:
    newest = max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    with store._engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == t.HEAD == newest


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return not (name or "").startswith("passage_words") and name not in ("lexemes", "ix_passage_lexemes")

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_unique_keys_and_references_are_the_same_on_both_databases(store: Store) -> None:
    inspected = sa.inspect(store._engine)
    assert {key["name"] for key in inspected.get_unique_constraints("revision")} == {"uq_revision_account_key"}
    assert inspected.get_pk_constraint("revision")["constrained_columns"] == ["account", "number"]
    unique = {index["name"] for index in inspected.get_indexes("decision") if index["unique"]}
    assert unique == {"uq_decision_merged"}
    for table in t.metadata.tables.values():
        assert len(inspected.get_foreign_keys(table.name)) == len(table.foreign_key_constraints), table.name


def test_processes_that_open_first_at_the_same_time_do_not_disturb_one_another(embedded: Settings) -> None:
    program = (
        "from pathlib import Path; from pipeline.settings import Settings\n"
        f"from pipeline.store import open_store; open_store(Settings(home=Path({str(embedded.home)!r}))).close()"
    )
    command = [sys.executable, "-c", program]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4


def test_a_store_that_somebody_else_migrates_is_waited_for(embedded: Settings) -> None:
    embedded.home.mkdir()
    opening = threading.Thread(target=lambda: open_store(embedded).close())
    with (embedded.home / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        opening.start()
        opening.join(timeout=1.0)
        assert opening.is_alive()
        with sqlite3.connect(embedded.home / FILE) as database:
            assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        database.close()
    opening.join(timeout=30)
    assert not opening.is_alive()


def test_the_data_folder_is_its_owners_alone(embedded: Settings) -> None:
    with open_store(embedded) as store:
        account(store, "Northwind Mills")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [embedded.home, *embedded.home.iterdir()]}
    assert modes.pop("migrate.lock") is not None
    assert modes.pop("home") == 0o700
    assert set(modes.values()) == {0o600}
    assert "notes2plan.sqlite-wal" in modes, "it is in write-ahead mode"


def test_a_folder_that_is_there_already_keeps_its_mode(embedded: Settings) -> None:
    embedded.home.mkdir(mode=0o755)
    open_store(embedded).close()
    assert stat.S_IMODE(embedded.home.stat().st_mode) == 0o755


def test_what_is_stored_is_there_after_reopening(settings: Settings) -> None:
    with open_store(settings) as store:
        made = account(store, "Northwind Mills").account
    with open_store(settings) as store:
        assert store.accounts("ann") == [made]


@pytest.mark.parametrize("url", ["mysql://there/db", "nonsense"])
def test_a_database_that_is_not_postgresql_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSetting, match="NOTES2PLAN_DATABASE_URL"):
        open_store(Settings(home=tmp_path, database_url=url))
