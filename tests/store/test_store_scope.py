"""No account sees another's bytes, and nothing is asked for by a bare account id."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import pipeline.store
from pipeline.errors import Error, UnknownAccount, UnknownChange, UnknownItem, UnknownProposal, UnknownSource
from pipeline.records import Change, Decision, Op, Verdict
from pipeline.store import AccountStore, Store, marks
from pipeline.store import tables as t
from pipeline.store.values import Delta
from tests.store.making import SAID_ON, add_note, add_proposal, approve, person

ROOT = Path(__file__).resolve().parents[2]
CANARY = "heliotrope-canary"


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function and method of every module of the store, migrations aside."""
    for found in pkgutil.iter_modules(pipeline.store.__path__, "pipeline.store."):
        if found.name.endswith("migrations"):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                yield f"{found.name}.{name}", thing
            elif inspect.isclass(thing):
                for method, function in vars(thing).items():
                    if inspect.isfunction(function) and not method.startswith("_"):
                        yield f"{found.name}.{name}.{method}", function


def test_only_the_stores_door_takes_a_bare_account_id() -> None:
    asking = set()
    for name, function in public_functions():
        for parameter, hint in inspect.signature(function).parameters.items():
            bare = hint.annotation in (str, "str", inspect.Parameter.empty) or "str |" in str(hint.annotation)
            if "account" in parameter and bare:
                asking.add(name)
    assert asking == {"pipeline.store.doors.Store.account"}


def test_the_walk_over_public_functions_sees_them() -> None:
    names = {name for name, _ in public_functions()}
    assert {"pipeline.store.doors.Store.account", "pipeline.store.plans.PlanReads.plan"} <= names
    assert len(names) > 100


def reads(tx: Any) -> dict[str, Callable[[], Any]]:
    """Every reading of a transaction, asked with ids of the other account."""
    return {
        "delivery": lambda: tx.delivery(tx.other["delivery"]),
        "delivery_bytes": lambda: tx.delivery_bytes(tx.other["delivery"]),
        "has_bytes": lambda: tx.has_bytes(tx.other["delivery"]),
        "delivery_of": lambda: tx.delivery_of(f"{CANARY} is our champion".encode()),
        "deliveries": tx.deliveries,
        "source": lambda: tx.source("note"),
        "sources": tx.sources,
        "sources by id": lambda: tx.sources(["note"]),
        "source_of_text": lambda: tx.source_of_text(f"{CANARY} is our champion"),
        "occasions": tx.occasions,
        "passages": lambda: tx.passages("note"),
        "unembedded": lambda: tx.unembedded("other"),
        "search": lambda: tx.search(CANARY, [1.0, 0.0], embedder="test"),
        "search_words": lambda: tx.search_words(CANARY),
        "search_meaning": lambda: tx.search_meaning([1.0, 0.0], "test"),
        "speakers": tx.speakers,
        "filing_items": tx.filing_items,
        "lines": lambda: tx.lines(["note-1"]),
        "search by ids": lambda: tx.search(CANARY, by_meaning=["note-1"]),
        "proposal": lambda: tx.proposal("prp"),
        "proposals": tx.proposals,
        "change": lambda: tx.change("chg-stk-1"),
        "proposal_of": lambda: tx.proposal_of("chg-stk-1"),
        "states": lambda: tx.states("prp"),
        "decisions": lambda: tx.decisions("prp"),
        "decisions_of_call": lambda: tx.decisions_of_call("key"),
        "pending_changes": tx.pending_changes,
        "refusals": tx.refusals,
        "changes_resting_on": lambda: tx.changes_resting_on("note"),
        "plan": lambda: tx.plan().items,
        "plan at a revision": lambda: tx.plan(revision=1).items,
        "head": tx.head,
        "item": lambda: tx.item("stk-1"),
        "items": lambda: tx.items(["stk-1"]),
        "heads": lambda: tx.heads(["stk-1"]),
        "blame": lambda: tx.blame("stk-1", "name"),
        "support": lambda: tx.support("stk-1", "reports_to"),
        "revisions": tx.revisions,
        "revision": lambda: tx.revision(1),
        "revision_of_call": lambda: tx.revision_of_call("key"),
        "deltas": lambda: tx.deltas(1),
        "inverse": lambda: tx.inverse(1),
        "as_they_came": lambda: [step for step in tx.as_they_came([NAMED]) if step.origin],
        "history": lambda: tx.history("stk-1"),
        "diff": lambda: tx.diff(0, 1).deltas,
        "past": lambda: tx.past(["chg-stk-1"]).steps,
        "references_to": lambda: tx.references_to("stk-1"),
        "names": tx.names,
        "alike": lambda: tx.alike([])("stakeholders", {"name": CANARY}),
        "marked": lambda: [found for found in tx.marked([marks.of_reference("stk-1")]).values() if found],
        "verify": lambda: tx.verify().revisions,
        "job": lambda: tx.job(tx.other["job"]),
        "jobs": tx.jobs,
        "jobs_about": lambda: tx.jobs_about([tx.other["delivery"]]),
        "unfinished": tx.unfinished,
        "deliveries by id": lambda: tx.deliveries(ids=[tx.other["delivery"]]),
        "gone": lambda: tx.gone(["stk-9"]),
        "joined": lambda: tx.joined(["stk-9"]),
        "held": lambda: tx.held("test").ids,
        "vectors": lambda: tx.vectors("test", ["note-1"]),
        "vectors of all": lambda: tx.vectors("test"),
        "vector_count": lambda: tx.vector_count("test"),
        "source_outlines": tx.source_outlines,
        "source_outlines by id": lambda: tx.source_outlines(["note"]),
        "source_outlines by delivery": lambda: tx.source_outlines(deliveries=[tx.other["delivery"]]),
        "sources_around": lambda: tx.sources_around(SAID_ON, 400),
        "sources_of_occasion": lambda: tx.sources_of_occasion("occ-note"),
        "proposal_outlines": tx.proposal_outlines,
        "proposal_outlines by source": lambda: tx.proposal_outlines(sources=["note"]),
    }


NAMED = Delta("stk-1", "stakeholders", "name", None, CANARY)
OF_THE_STORE = {"erasures"}
"""Readings that tell of no account: a mere count over all."""
UNKNOWN = (UnknownSource, UnknownProposal, UnknownChange, UnknownItem)


def fill(north: AccountStore) -> dict[str, str]:
    """Everything there is, with the canary in it, in one account."""
    with north.write() as tx:
        note = add_note(tx, f"{CANARY} is our champion", "note")
        spoken = [each.model_copy(update={"speaker": CANARY, "item": "5.02"}) for each in tx.passages("note")]
        tx.add_passages(spoken)
        tx.add_vectors("test", {"note-1": [1.0, 0.0]})
        job = tx.add_job("read", note.delivery)
        one = person("stk-1", CANARY, CANARY, note, reports_to="stk-1")
        two, three = person("stk-2", f"{CANARY} the other"), person("stk-3", f"{CANARY} the third")
        add_proposal(tx, "prp", one, two, three, source="note")
        approve(tx, one, key="key")
        tx.save_decisions([Decision(change=two.id, verdict=Verdict.reject, by="ann", at=tx.now)])
        tx.add_support("stk-1", "reports_to", "stk-1", one.evidence)
        tx.append_revision([Delta("stk-9", "stakeholders", "", None, 1)], reason="Typed")
        join = Change(id="chg-9", section="stakeholders", op=Op.join, item="stk-9", into="stk-1")
        add_proposal(tx, "prp-join", join)
        said = Decision(change=join.id, verdict=Verdict.approve, by="ann", at=tx.now)
        tx.append_revision([Delta("stk-9", "stakeholders", "", 1, None)], reason="Joined", decisions=[said])
    return {"delivery": note.delivery, "job": job.id}


def test_no_byte_of_one_account_is_read_in_another(north: AccountStore, south: AccountStore) -> None:
    other = fill(north)
    for account, sees in ((north, True), (south, False)):
        with account.read() as tx:
            tx.other = other  # type: ignore[attr-defined]
            for name, ask in reads(tx).items():
                try:
                    answer = ask()
                except UNKNOWN:
                    answer = None
                assert bool(answer) is sees, name


def test_the_canary_asks_every_reading_there_is(north: AccountStore) -> None:
    with north.read() as tx:
        asked = {name.split()[0] for name in reads(tx)}
        there = {name for name, _ in inspect.getmembers(tx, inspect.ismethod) if not name.startswith("_")}
    assert there - OF_THE_STORE == asked


def test_writing_in_one_account_changes_nothing_in_another(north: AccountStore, south: AccountStore) -> None:
    other = fill(north)
    with south.write() as tx:
        tx.mark_delivery(other["delivery"], "spoilt")
        tx.assign_occasion("note", "occ-none")
        tx.add_vectors("other", {"note-1": [0.0, 1.0]})
        tx.close_proposal("prp")
        with pytest.raises(UnknownSource):
            tx.withdraw_source("note")
        with pytest.raises(UnknownChange):
            tx.save_decisions([Decision(change="chg-stk-3", verdict=Verdict.reject, by="ann", at=tx.now)])
    with north.read() as tx:
        assert tx.delivery(other["delivery"]).state == "accepted"
        assert tx.source("note").occasion.id == "occ-note"
        assert tx.search_meaning([1.0, 0.0], "test") == ["note-1"]
        assert [each.change.id for each in tx.pending_changes()] == ["chg-stk-3"]


def test_the_same_bytes_in_two_accounts_are_two_deliveries(north: AccountStore, south: AccountStore) -> None:
    with north.write() as tx:
        one, _ = tx.add_delivery(b"the same", "paste")
    with south.write() as tx:
        other, new = tx.add_delivery(b"the same", "paste")
    assert new
    assert one.id != other.id


def test_an_unknown_account_is_named(store: Store) -> None:
    with pytest.raises(UnknownAccount, match="Nowhere"):
        store.account("Nowhere", "ann")


def test_an_account_is_found_by_its_name_in_any_case(store: Store, north: AccountStore) -> None:
    assert store.account("northwind MILLS", "ann").id == north.id


def test_two_accounts_of_one_name_are_refused(store: Store, north: AccountStore) -> None:
    with pytest.raises(Error, match="already"):
        store.create_account(north.account.model_copy(update={"id": ""}), "ann")


def test_a_reading_keeps_nothing_that_is_written_in_it(store: Store, north: AccountStore) -> None:
    with store.unsorted("ann").write() as tx:
        tx.add_delivery(b"kept", "mail")
    with store.unsorted("ann").read() as tx:
        assert len(tx.deliveries()) == 1


def test_importing_the_store_loads_no_database_library() -> None:
    heavy = "('sqlalchemy', 'chromadb', 'numpy', 'alembic')"
    program = f"import sys, pipeline.store; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout.strip() == "[]"


def test_opening_a_store_that_is_up_to_date_loads_no_migration_library(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipeline.settings import Settings\n"
        f"from pipeline.store import open_store; open_store(Settings(home=Path({str(tmp_path)!r}))).close()\n"
        "print('alembic' in sys.modules, 'chromadb' in sys.modules)"
    )
    for expected in ("True False", "False False"):
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
        assert said.stdout.strip() == expected


def test_a_database_error_does_not_tell_what_a_note_says(north: AccountStore) -> None:
    with pytest.raises(sa.exc.IntegrityError) as told, north.write() as tx:
        tx._add(t.proposal, [{"id": "prp", "why": CANARY}])
    assert CANARY not in str(told.value)
