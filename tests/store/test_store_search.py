"""Search finds by words and by meaning, the same on both databases; the index is a cache that can always be dropped."""

import fcntl
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import IndexBusy
from pipeline.settings import Settings
from pipeline.store import AccountStore, Filters, Store, open_store
from pipeline.store import search as searching
from pipeline.store import vectors as holding
from pipeline.store.words import asked, words
from tests.store.making import SAID_ON, account, add_note

EMBEDDER = "test"
ROOT = Path(__file__).resolve().parents[2]


def vectors(count: int, seed: int = 1) -> Any:
    return np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)


def embedded_note(account: AccountStore, name: str, count: int, seed: int = 1) -> Any:
    """A note of many lines, each with a vector; the vectors."""
    made = vectors(count, seed)
    with account.write() as tx:
        add_note(tx, "\n".join(f"line {n} of {name}" for n in range(count)), name)
        tx.add_vectors(EMBEDDER, {f"{name}-{n + 1}": made[n] for n in range(count)})
    return made


def found(tx: Any, question: str, **more: Any) -> list[str]:
    return [passage.id for passage, _, _ in tx.search(question, **more)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("budget", ["note-2"]),
        ("BUDGET!", ["note-2"]),
        ("Müller", ["note-1"]),
        ("muller", ["note-1"]),
        ("who holds the budget and the rollout", ["note-2", "note-3"]),
        ("東京", ["note-4"]),
        ("e-mail", ["note-5"]),
        ("c++ & (or) 'quotes\" NEAR *", []),
        ("", []),
        ("...", []),
        ("nothing-of-this", []),
    ],
)
def test_words_are_found_whatever_their_case_accents_or_signs(
    north: AccountStore, question: str, expected: list[str]
) -> None:
    text = "Frau Müller leads\nwe hold the budget\nrollout in May\n田中さんは東京支社\nsend an e-mail"
    with north.write() as tx:
        add_note(tx, text, "note")
        assert sorted(tx.search_words(question)) == expected


def test_the_better_match_comes_first(north: AccountStore) -> None:
    with north.write() as tx:
        add_note(tx, "budget\nbudget and rollout plan\nweather", "note")
        assert tx.search_words("rollout budget")[0] == "note-2"


def test_passages_stored_again_are_found_by_their_new_words_only(north: AccountStore) -> None:
    with north.write() as tx:
        add_note(tx, "budget is set", "note")
        again = [each.model_copy(update={"text": "rollout is set"}) for each in tx.passages("note")]
        tx.add_passages(again)
        assert (tx.search_words("budget"), tx.search_words("rollout")) == ([], ["note-1"])


def test_meaning_is_exact_and_joined_with_words_by_rank(north: AccountStore) -> None:
    made = embedded_note(north, "note", 30)
    with north.read() as tx:
        nearest = tx.search_meaning(made[7], EMBEDDER, 3)
        assert nearest[0] == "note-8"
        hits = tx.search("4", made[7], 5, embedder=EMBEDDER)
        assert {hit.passage.id for hit in hits} >= {"note-8", "note-5"}
        assert {hit.how for hit in hits} <= {"words", "meaning", "both"}
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len(hits) == 5


def test_what_both_find_comes_before_what_one_finds(north: AccountStore) -> None:
    made = embedded_note(north, "note", 12)
    with north.read() as tx:
        passage, _, how = tx.search("4", made[4], 3, embedder=EMBEDDER)[0]
        assert (passage.id, how) == ("note-5", "both")


def test_filters_hold_for_words_and_for_meaning(north: AccountStore) -> None:
    made = embedded_note(north, "one", 3)
    embedded_note(north, "two", 3)
    with north.read() as tx:
        ask = {"vector": made[0], "embedder": EMBEDDER}
        only = found(tx, "line", filters=Filters(sources=frozenset({"two"})), **ask)
        assert sorted(only) == ["two-1", "two-2", "two-3"]
        rest = found(tx, "line", filters=Filters(without=frozenset({"two"})), **ask)
        assert sorted(rest) == ["one-1", "one-2", "one-3"]
        assert found(tx, "line", filters=Filters(since=SAID_ON + timedelta(days=1)), **ask) == []
        assert found(tx, "line", filters=Filters(until=SAID_ON - timedelta(days=1)), **ask) == []
        assert len(found(tx, "line", filters=Filters(since=SAID_ON, until=SAID_ON), **ask)) == 6


def test_a_withdrawn_source_is_no_longer_found(north: AccountStore) -> None:
    made = embedded_note(north, "note", 3)
    with north.write() as tx:
        tx.withdraw_source("note")
        assert found(tx, "line", vector=made[0], embedder=EMBEDDER) == []
        assert found(tx, "line", by_meaning=["note-1"]) == []


def test_vectors_of_another_embedder_are_never_compared(north: AccountStore) -> None:
    made = embedded_note(north, "note", 3)
    with north.read() as tx:
        assert tx.search_meaning(made[0], "another") == []
        assert len(tx.unembedded("another")) == 3
        assert tx.unembedded(EMBEDDER) == []


def test_the_index_agrees_with_the_exact_search(store: Store, north: AccountStore) -> None:
    made = embedded_note(north, "note", 200)
    assert north.index_behind(EMBEDDER) == 200
    assert north.index_passages(EMBEDDER) == 200
    assert north.index_behind(EMBEDDER) == 0
    agreed = 0
    with north.read() as tx:
        for vector in vectors(20, seed=2):
            exact = tx.search_meaning(vector, EMBEDDER, 10)
            agreed += len(set(exact) & set(store.nearest(north, EMBEDDER, vector, 10) or ()))
    assert agreed >= 190
    hits = north.search("line", made[3], 5, embedder=EMBEDDER)
    assert "note-4" in {hit.passage.id for hit in hits}


def test_an_index_that_is_behind_is_not_asked(store: Store, north: AccountStore) -> None:
    made = embedded_note(north, "note", 3)
    north.index_passages(EMBEDDER)
    embedded_note(north, "more", 2)
    assert north.index_behind(EMBEDDER) == 2
    assert store.nearest(north, EMBEDDER, made[0], 3) is None
    assert north.search("nothing", made[0], 3, embedder=EMBEDDER)[0].passage.id in {"note-1", "more-1"}
    assert north.index_passages(EMBEDDER) == 2


def test_a_dropped_or_damaged_index_is_filled_again_from_the_store(settings: Settings) -> None:
    with open_store(settings) as store:
        north = account(store, "Northwind Mills")
        embedded_note(north, "note", 20)
        north.index_passages(EMBEDDER)
    shutil.rmtree(settings.home / "chroma")
    with open_store(settings) as store:
        north = store.account("Northwind Mills", "ann")
        heard: list[tuple[int, int]] = []
        assert north.rebuild_index(EMBEDDER, lambda done, everything: heard.append((done, everything))) == 20
        assert heard[-1] == (20, 20)
        assert north.index_behind(EMBEDDER) == 0


def test_only_ids_and_vectors_lie_in_the_index(embedded: Settings) -> None:
    with open_store(embedded) as store:
        north = account(store, "Northwind Mills")
        embedded_note(north, "note", 5)
        north.index_passages(EMBEDDER)
    content = b"".join(path.read_bytes() for path in (embedded.home / "chroma").rglob("*") if path.is_file())
    assert b"note-1" in content
    assert b"of note" not in content


def test_a_process_without_the_lock_never_opens_the_index_and_searches_the_store(settings: Settings) -> None:
    with open_store(settings) as store:
        north = account(store, "Northwind Mills")
        made = embedded_note(north, "note", 5)
        with (settings.home / "chroma.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert not store.index.owned
            assert north.index_passages(EMBEDDER) == 0
            assert north.index_behind(EMBEDDER) == 5
            assert north.search("line", made[2], 1, embedder=EMBEDDER)[0].passage.id == "note-3"
            with pytest.raises(IndexBusy):
                north.rebuild_index(EMBEDDER)
        assert not (settings.home / "chroma").exists()


def test_two_accounts_share_no_collection(north: AccountStore, south: AccountStore, store: Store) -> None:
    made = embedded_note(north, "note", 5)
    embedded_note(south, "other", 5)
    north.index_passages(EMBEDDER)
    south.index_passages(EMBEDDER)
    assert set(store.nearest(north, EMBEDDER, made[0], 10) or ()) == {f"note-{n}" for n in range(1, 6)}


def test_an_erasure_by_another_process_drops_the_index(embedded: Settings) -> None:
    with open_store(embedded) as serving, open_store(embedded) as other:
        north = account(serving, "Northwind Mills")
        embedded_note(north, "note", 5)
        embedded_note(north, "kept", 2)
        north.index_passages(EMBEDDER)
        other.account(north.id, "ann").erase_source("note")
        assert north.index_behind(EMBEDDER) == 2
        assert north.index_passages(EMBEDDER) == 2


def test_words_are_parted_the_same_way_when_indexed_and_asked() -> None:
    assert words("Straße, CAFÉ_au-lait 4.5") == ["strasse", "cafe", "au", "lait", "4", "5"]
    assert words("東京支社A1") == ["東京", "京支", "支社", "a1"]
    assert asked("the the end") == ["the", "end"]


def test_opening_a_store_does_not_open_the_index(store: Store) -> None:
    assert store._index is None
    assert "chromadb" not in sys.modules or store._index is None


def spoken_note(account: AccountStore, name: str, parts: list[tuple[str | None, str | None]]) -> Any:
    """A note whose lines are by given speakers and in given filing items; its vectors."""
    made = vectors(len(parts), seed=len(name))
    with account.write() as tx:
        add_note(tx, "\n".join(f"line {n} of {name}" for n in range(len(parts))), name)
        told = zip(tx.passages(name), parts, strict=True)
        tx.add_passages([each.model_copy(update={"speaker": who, "item": item}) for each, (who, item) in told])
        tx.add_vectors(EMBEDDER, {f"{name}-{n + 1}": row for n, row in enumerate(made)})
    return made


def test_speaker_item_and_kind_are_asked_of_the_store_for_words_and_for_meaning(north: AccountStore) -> None:
    made = spoken_note(north, "talk", [("Rosa", None), ("Imran", None), (None, "5.02"), ("Rosa", "9.01")])
    with north.read() as tx:
        assert (tx.speakers(), tx.filing_items()) == (["Imran", "Rosa"], ["5.02", "9.01"])
        for chosen, expected in (
            (Filters(speakers=frozenset({"Rosa"})), {"talk-1", "talk-4"}),
            (Filters(items=frozenset({"5.02"})), {"talk-3"}),
            (Filters(speakers=frozenset({"Rosa"}), items=frozenset({"9.01"})), {"talk-4"}),
            (Filters(speakers=frozenset()), set()),
            (Filters(kinds=frozenset({"note"})), {"talk-1", "talk-2", "talk-3", "talk-4"}),
            (Filters(kinds=frozenset({"filing"})), set()),
        ):
            assert set(tx.search_words("line", 10, chosen)) == expected
            assert set(tx.search_meaning(made[0], EMBEDDER, 10, chosen)) == expected


def test_a_filter_finds_what_is_deep_below_everything_else(north: AccountStore) -> None:
    made = spoken_note(north, "talk", [(None, None)] * 900 + [("Rosa", None)])
    with north.read() as tx:
        rosa = Filters(speakers=frozenset({"Rosa"}))
        assert found(tx, "line", vector=made[0], embedder=EMBEDDER, k=1, filters=rosa) == ["talk-901"]


def test_a_passage_tells_the_line_it_begins_in(north: AccountStore, south: AccountStore) -> None:
    embedded_note(north, "note", 5)
    with north.read() as tx:
        assert tx.lines(["note-1", "note-4"]) == {"note-1": 1, "note-4": 4}
    with south.read() as tx:
        assert tx.lines(["note-1"]) == {}


def test_words_of_most_passages_are_left_out_where_others_find_something(
    north: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with north.write() as tx:
        add_note(tx, "\n".join(["the pump runs"] * 19 + ["a seal of the pump leaks"]), "note")
    analyzed(north)
    with north.read() as tx:
        assert len(tx.search_words("the seal", 30)) == 20
        monkeypatch.setattr(searching, "MANY", 10)
        assert tx.search_words("the seal", 30) == ["note-20"]
        assert len(tx.search_words("the pump", 30)) == 20
        assert len(tx.search_words("the pump", 30, Filters(until=SAID_ON))) == 20
        assert len(tx.search_words("the valve", 30)) == 20
        assert tx.search_words("the seal", 30, Filters(until=SAID_ON)) == ["note-20"]


def analyzed(account: AccountStore) -> None:
    """PostgreSQL knows common words once its statistics are made, which it does by itself in time."""
    with account._store._writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE passage")


def test_held_vectors_are_read_again_after_whoever_changed_them(settings: Settings) -> None:
    with open_store(settings) as one, open_store(settings) as other:
        north = account(one, "Northwind Mills")
        there = other.account(north.id, "ann")
        made = embedded_note(north, "note", 5)
        with there.read() as tx:
            assert tx.search_meaning(made[4], EMBEDDER, 1) == ["note-5"]
        with north.write() as tx:
            tx.supersede_source("note")
        with there.read() as tx:
            assert tx.search_meaning(made[4], EMBEDDER, 1) == []
        more = embedded_note(north, "more", 5, seed=9)
        with there.read() as tx:
            assert tx.search_meaning(more[4], EMBEDDER, 1) == ["more-5"]
            assert set(tx.search_meaning(more[4], EMBEDDER, 9)) == {f"more-{n}" for n in range(1, 6)}
        north.erase_person(("line 4 of more",))
        with there.read() as tx:
            assert set(tx.search_meaning(more[4], EMBEDDER, 9)) == {f"more-{n}" for n in (1, 2, 3, 4)}


def test_what_a_rolled_back_transaction_saw_is_not_held(north: AccountStore) -> None:
    made = embedded_note(north, "note", 2)

    def undone() -> None:
        with north.write() as tx:
            add_note(tx, "never", "gone")
            tx.add_vectors(EMBEDDER, {"gone-1": made[0]})
            assert len(tx.search_meaning(made[0], EMBEDDER, 9)) == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with north.read() as tx:
        assert len(tx.search_meaning(made[0], EMBEDDER, 9)) == 2


def test_of_more_accounts_than_fit_the_last_asked_for_are_held(
    north: AccountStore, south: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded_note(north, "note", 5)
    embedded_note(south, "other", 5)
    monkeypatch.setattr(holding, "MOST_BYTES", 5 * 16 * 4)
    for each in (north, south, north):
        with each.read() as tx:
            assert len(tx.search_meaning(vectors(1)[0], EMBEDDER, 9)) == 5
            shelf = holding._SHELVES[tx._connection.engine]
            assert [key[0] for key in shelf._held] == [each.id]


WITHOUT = """
import sys
from pathlib import Path
from pipeline import flow
from pipeline.desk import Desk, silent
from pipeline.errors import IndexBusy
from pipeline.flow import indexing
from pipeline.settings import Settings
from pipeline.views.search import index_state, search
from tests.test_indexing import Counting

at = Desk(Settings(home=Path(sys.argv[1]), user="ann", embeddings="off"))
at.__dict__["embedder"] = Counting()
told = flow.deliver(at, "Northwind Mills", b"Rosa wants the budget.", "more.txt")
source = flow.read(at, "Northwind Mills", told.id, alone=False)
flow.index(at, "Northwind Mills", source.id)
assert [row.how for row in search(at.store, "ann", "Northwind Mills", "budget", at.embedder)] == ["both"]
assert index_state(at.store, "ann", "Northwind Mills", "counting").behind is None
flow.erase(at, "Northwind Mills", source.id)
try:
    indexing.reindex(at, "Northwind Mills", silent)
except IndexBusy:
    print("busy", "chromadb" in sys.modules, (at.settings.home / "chroma").exists())
"""


def test_another_process_without_the_lock_does_all_its_work_without_ever_loading_chroma(embedded: Settings) -> None:
    with open_store(embedded) as store:
        account(store, "Northwind Mills")
        assert store.index.owned
        command = [sys.executable, "-c", WITHOUT, str(embedded.home)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert (ran.stdout, ran.returncode) == ("busy False False\n", 0), ran.stderr


def test_a_process_becomes_the_owner_when_the_other_ends(embedded: Settings) -> None:
    with open_store(embedded) as waiting:
        with open_store(embedded) as first:
            assert first.index.owned
            assert not waiting.index.owned
        assert waiting.index.owned
