"""Whoever alters the history behind the product's back is found out, and the first break is named."""

from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.errors import BrokenChain
from pipeline.records import Decision, Verdict
from pipeline.store import AccountStore
from pipeline.store import tables as t
from pipeline.store.fold import digest, revision_hash
from tests.store.making import add_note, add_proposal, approve, person, update


@pytest.fixture
def history(north: AccountStore) -> AccountStore:
    """Three revisions: somebody added on a quote, a title, and somebody else."""
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        one = person("stk-1", "Mara Lind", "Mara Lind", note)
        two = update("chg-2", "stk-1", "title", None, "CIO")
        three = person("stk-3", "Ole Berg")
        add_proposal(tx, "prp", one, two, three, source="note")
        for change in (one, two, three):
            approve(tx, change)
    return north


def run(account: AccountStore, *statements: Any) -> None:
    with account.write() as tx:
        for statement in statements:
            tx._connection.execute(statement)


def at(table: sa.Table, **where: Any) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in where.items()]


def changed(table: sa.Table, values: dict[str, Any], **where: Any) -> Any:
    return sa.update(table).where(*at(table, **where)).values(**values)


QUOTE = {"start": 0, "end": 4, "words": "Mara", "tier": "exact", "line": 1}
TAMPERINGS = {
    "a value in the log": (changed(t.delta, {"after": "CEO"}, revision=2, field="title"), "revision 2: the delta 0"),
    "a reason": (changed(t.revision, {"reason": "Nothing"}, number=2), "revision 2: the reason"),
    "an author": (changed(t.revision, {"author": "eve"}, number=1), "revision 1 was altered"),
    "a proposal": (changed(t.revision, {"proposal": "prp"}, number=3), "revision 3 was altered"),
    "a parent": (changed(t.revision, {"parent": "0" * 64}, number=2), "revision 2 does not follow"),
    "what a decision said": (changed(t.decision, {"by": "eve"}, change="chg-2"), "revision 2: the decision"),
    "a quote": (changed(t.evidence, {"content": QUOTE}, change="chg-stk-1"), "revision 1: the change chg-stk-1"),
    "a commitment": (changed(t.commitment, {"digest": "0" * 64}, revision=2, ordinal=1), "revision 2: what it sealed"),
    "a salt": (changed(t.commitment, {"salt": "0" * 32}, revision=2, ordinal=1), "revision 2: the delta 0"),
    "the source under a quote": (changed(t.source, {"text": "Nora Lind leads the trial."}), "do not stand in note"),
    "an item of the plan": (changed(t.item, {"content": {"name": "Eve"}}, id="stk-3"), "stk-3 is not what its history"),
    "an item gone": (sa.delete(t.item).where(t.item.c.id == "stk-3"), "stk-3 is not what its history"),
    "the order of the plan": (changed(t.item, {"born_in": 9}, id="stk-1"), "out of order"),
    "a head": (changed(t.field_head, {"value": "CEO"}, field="title"), r"the head of stk-1\.title"),
    "a line of the log gone": (sa.delete(t.delta).where(t.delta.c.revision == 2), "revision 2: its log"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_altered_is_named(history: AccountStore, name: str) -> None:
    statement, message = TAMPERINGS[name]
    run(history, statement)
    with history.read() as tx, pytest.raises(BrokenChain, match=message):
        tx.verify()


def test_a_line_slipped_into_the_log_is_named(history: AccountStore) -> None:
    with history.write() as tx:
        row = tx._row(tx._select(t.delta, t.delta.c.revision == 2))
        assert row is not None
        tx._connection.execute(sa.insert(t.delta).values({**row, "ordinal": 7}))
        with pytest.raises(BrokenChain, match="revision 2: its log"):
            tx.verify()


def test_a_revision_taken_out_is_missed(history: AccountStore) -> None:
    for table in (t.delta, t.commitment):
        run(history, sa.delete(table).where(table.c.revision == 2))
    run(
        history,
        changed(t.decision, {"revision": None}, change="chg-2"),
        sa.delete(t.revision).where(t.revision.c.number == 2),
    )
    with history.read() as tx, pytest.raises(BrokenChain, match="revision 2 is missing"):
        tx.verify()


def test_the_first_of_several_breaks_is_named(history: AccountStore) -> None:
    run(history, changed(t.revision, {"reason": "x"}, number=3), changed(t.revision, {"reason": "x"}, number=1))
    with history.read() as tx, pytest.raises(BrokenChain, match="revision 1: the reason was altered"):
        tx.verify()


def test_a_history_rewritten_to_its_end_no_longer_leads_through_the_hash_noted_before(history: AccountStore) -> None:
    with history.write() as tx:
        noted = tx.verify().head
        rows = [dict(row) for row in tx._rows(tx._select(t.revision).order_by(t.revision.c.number))]
        parent = rows[0]["parent"]
        for row in rows:
            row |= {"parent": parent, "author": "eve"}
            parent = row["hash"] = revision_hash(row)
            tx._put(t.revision, [{name: value for name, value in row.items() if name != "account"}])
        assert tx.verify().revisions == 3, "it agrees with itself"
        with pytest.raises(BrokenChain, match="noted before"):
            tx.verify(noted)


def test_contents_declared_erased_need_a_revision_that_seals_them(history: AccountStore) -> None:
    run(
        history,
        changed(t.delta, {"after": "CEO"}, revision=2),
        changed(t.commitment, {"salt": "x"}, revision=2, ordinal=1),
    )
    with history.write() as tx, pytest.raises(BrokenChain, match="revision 2"):
        tx.verify()


def test_one_content_under_two_salts_has_two_digests() -> None:
    assert digest("one", ["CIO"]) != digest("other", ["CIO"])


def test_an_empty_history_verifies(north: AccountStore) -> None:
    with north.read() as tx:
        assert (tx.verify().revisions, tx.verify("0" * 64).items) == (0, 0)


def test_undecided_and_rejected_changes_are_not_part_of_the_chain(history: AccountStore) -> None:
    with history.write() as tx:
        add_proposal(tx, "later", person("stk-5", "Eva Holm"), person("stk-6", "Per Dahl"))
        head = tx.verify().head
        tx.save_decisions([Decision(change="chg-stk-5", verdict=Verdict.reject, by="ann", at=tx.now)])
        assert tx.verify().head == head
