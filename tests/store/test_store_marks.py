"""What may be the same as a new entry, or refers to one, is found by marks; they follow the plan and hold no word."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from pipeline.errors import BrokenChain
from pipeline.sections import sections
from pipeline.settings import Settings
from pipeline.store import AccountStore, Delta, Store, marks, open_store
from pipeline.store import tables as t
from tests.store.making import account, add_proposal, approve, person


def add(north: AccountStore, *names: str) -> None:
    with north.write() as tx:
        changes = [person(f"stk-{number}", name) for number, name in enumerate(names, 1)]
        add_proposal(tx, "prp", *changes)
        approve(tx, *changes)


def found(north: AccountStore, name: str) -> list[str]:
    with north.read() as tx:
        return [item.id for item in tx.alike([])("stakeholders", {"name": name})]


def test_who_may_be_the_same_is_found_by_another_spelling_and_nobody_else_is_read(north: AccountStore) -> None:
    add(north, "Mara Lindqvist", "Ole Berg", "Eva Holm")
    assert found(north, "Marta Lindquist") == ["stk-1"]
    assert found(north, "O. Berg-Hansen") == ["stk-2"]
    assert found(north, "Dev Anand") == []


def test_what_was_looked_up_at_once_is_not_asked_for_again(store: Store, north: AccountStore) -> None:
    add(north, "Mara Lindqvist", "Ole Berg")
    asked: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with north.read() as tx:
        find = tx.alike([("stakeholders", {"name": "Nobody Here"}), ("stakeholders", {"name": "Ole Berg"})])
        so_far = len(asked)
        assert find("stakeholders", {"name": "Nobody Here"}) == []
        assert len(asked) == so_far
        assert [item.id for item in find("stakeholders", {"name": "Ole Berg"})] == ["stk-2"]


def test_marks_follow_a_new_name_a_removal_and_its_undoing(north: AccountStore) -> None:
    add(north, "Mara Lind")
    with north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "name", "Mara Lind", "Eva Holm")], reason="Married")
    assert (found(north, "Mara Lind"), found(north, "Eva Holm")) == ([], ["stk-1"])
    with north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "", 1, None)], reason="Left")
        tx.verify()
    assert found(north, "Eva Holm") == []
    with north.write() as tx:
        tx.append_revision(tx.inverse(3), reason="Came back")
        tx.verify()
    assert found(north, "Eva Holm") == ["stk-1"]


def test_an_erased_person_is_found_by_nothing(north: AccountStore) -> None:
    add(north, "Mara Lind", "Ole Berg")
    north.erase_person(("Mara Lind",))
    assert (found(north, "Mara Lind"), found(north, "Ole Berg")) == ([], ["stk-2"])
    with north.read() as tx:
        tx.verify()


def test_an_entry_that_is_not_found_by_its_marks_is_named(store: Store, north: AccountStore) -> None:
    add(north, "Mara Lind", "Ole Berg")
    with store._engine.begin() as connection:
        connection.execute(sa.delete(t.mark).where(t.mark.c.item == "stk-2"))
    with north.read() as tx, pytest.raises(BrokenChain, match="stk-2 is not found"):
        tx.verify()


def test_marks_of_what_is_not_there_are_named(store: Store, north: AccountStore) -> None:
    add(north, "Mara Lind")
    with store._engine.begin() as connection:
        connection.execute(sa.insert(t.mark).values(account=north.id, mark=7, item="stk-9"))
    with north.read() as tx, pytest.raises(BrokenChain, match="stk-9 is not found"):
        tx.verify()


def test_a_store_of_before_gets_its_marks_when_it_is_opened(settings: Settings) -> None:
    with open_store(settings) as store:
        add(account(store, "North"), "Mara Lindqvist", "Ole Berg")
        with store._engine.begin() as connection:  # as the migration leaves it: a table without rows, and no stamp
            connection.execute(sa.delete(t.mark))
            connection.execute(sa.delete(t.setting).where(t.setting.c.name == marks.STAMP))
    with open_store(settings) as store:
        north = store.account("North", "ann")
        assert found(north, "Marta Lindquist") == ["stk-1"]
        with north.read() as tx:
            tx.verify()


def test_marks_made_by_other_rules_are_made_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(settings) as store:
        add(account(store, "North"), "Mara Lind")
        with store._engine.begin() as connection:
            connection.execute(sa.update(t.mark).values(mark=t.mark.c.mark - 1))
        assert found(store.account("North", "ann"), "Mara Lind") == []
    open_store(settings).close()
    with open_store(settings) as store:
        assert found(store.account("North", "ann"), "Mara Lind") == [], "the rules are the same: nothing is made anew"
    monkeypatch.setattr(marks, "RULES", 0)
    with open_store(settings) as store:
        assert found(store.account("North", "ann"), "Mara Lind") == ["stk-1"]


def test_whoever_changes_how_marks_are_made_raises_the_number_of_their_rules() -> None:
    told = {
        "name": "Dr. Jürgen Müller-Lindqvist (森春香)",
        "aliases": ["HR & Payroll Services", "IT"],
        "department": "one",
        "offering": "two",
        "goal": "three",
        "kind": "talks_to",
        "who": "four",
        "whom": "five",
    }
    said = "Send the new questionnaires to all 3 plants before the site visit"
    asked = ("stakeholders", "departments", "competitors", "actions", "needs", "cells", "influence", "kpi_readings")
    every = {
        name: sorted(marks.of_item(name, 1, {**dict.fromkeys(sections()[name].fields, said), **told})) for name in asked
    }
    digest = hashlib.sha256(json.dumps([every, sorted(marks.of_values("actions", {"action": "Call"}))]).encode())
    assert (marks.RULES, digest.hexdigest()[:12]) == (1, "7a5ce51af8bd")
