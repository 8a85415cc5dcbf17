"""The plan is the fold of its revisions; each is made once, checked against what stands, and undone exactly."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from pipeline import sections
from pipeline.errors import BrokenChain, StaleDecision, UnknownChange, UnknownItem
from pipeline.records import Change, Decision, FieldChange, Op, Verdict
from pipeline.settings import Settings
from pipeline.store import AccountStore, Delta, Store, open_store
from pipeline.store import tables as t
from pipeline.store.append import prepared
from pipeline.store.fold import Fold, Folded
from tests.store.making import SAID_ON, START, account, add_note, add_proposal, approve, person, update


def values(tx: Any, item: str = "stk-1") -> dict[str, Any]:
    return dict(tx.item(item).values)


def adopted(account: AccountStore, *changes: Change, **more: Any) -> int:
    """Proposes and approves changes at once; the number of the revision."""
    with account.write() as tx:
        add_proposal(tx, f"prp-{changes[0].id}", *changes)
        return approve(tx, *changes, **more).number


def said(tx: Any, change: str, verdict: Verdict, **more: Any) -> Decision:
    return Decision(change=change, verdict=verdict, by="ann", at=tx.now, **more)


def test_a_proposal_comes_back_as_it_was_stored(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        change = person("stk-1", "Mara Lind", "Mara Lind", note, roles=["evaluator"])
        stored = add_proposal(tx, "prp", change, person("stk-2", "Ole Berg"), source="note")
    with north.read() as tx:
        assert tx.proposal("prp") == stored
        assert tx.proposals("open") == [stored]
        assert tx.change("chg-stk-1") == change
        assert tx.states("prp") == {"chg-stk-1": "pending", "chg-stk-2": "pending"}


def test_an_approved_change_is_in_the_plan_and_says_who_says_so(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        change = person("stk-1", "Mara Lind", "Mara Lind leads", note)
        add_proposal(tx, "prp", change, source="note")
        made = approve(tx, change)
    with north.read() as tx:
        assert values(tx) == {"name": "Mara Lind"}
        blame = tx.blame("stk-1", "name")
        assert blame.revision == made
        assert (blame.head.origin, blame.head.by, blame.head.said_on) == ("approved", "ann", SAID_ON)
        assert blame.change == change
        assert blame.decision is not None
        assert blame.decision.verdict is Verdict.approve
        assert blame.sources["note"].document.text == "Mara Lind leads the trial."
        assert tx.proposals("open") == []
        assert tx.verify(made.hash).head == made.hash


def test_an_edit_and_a_value_typed_in_say_so(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"), verdict=Verdict.edit)
    with north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "title", None, "CIO")], reason="Typed", origin="typed")
    with north.read() as tx:
        origins = {field: head.origin for (_, field), head in tx.heads(["stk-1"]).items()}
        assert origins == {"": "edited", "name": "edited", "title": "typed"}


def test_a_change_decided_twice_changes_nothing(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    with north.write() as tx:
        assert tx.save_decisions([said(tx, "chg-stk-1", Verdict.reject)]) == []
        assert tx.states("prp-chg-stk-1") == {"chg-stk-1": "approved"}


def test_a_merged_change_is_not_merged_again(north: AccountStore) -> None:
    change = person("stk-1", "Mara Lind")
    adopted(north, change)
    with pytest.raises(StaleDecision, match="decided before"), north.write() as tx:
        approve(tx, change)


def test_the_database_itself_refuses_to_merge_a_change_twice(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    with pytest.raises(sa.exc.IntegrityError), north.write() as tx:  # noqa: PT012
        row = tx._row(tx._select(t.decision))
        assert row is not None
        tx._connection.execute(sa.insert(t.decision).values({**row, "id": "dec_other"}))


def test_the_database_itself_refuses_a_revision_number_or_key_twice(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"), key="call")
    for other in ({"key": "other"}, {"number": 2}):
        with pytest.raises(sa.exc.IntegrityError), north.write() as tx:  # noqa: PT012
            row = tx._row(tx._select(t.revision))
            assert row is not None
            tx._connection.execute(sa.insert(t.revision).values({**row, **other}))


def test_a_call_repeated_with_its_key_gets_the_revision_that_it_made(north: AccountStore) -> None:
    change = person("stk-1", "Mara Lind")
    number = adopted(north, change, key="call-1")
    with north.write() as tx:
        assert approve(tx, change, key="call-1").number == number
        assert len(tx.revisions()) == 1
        assert [each.change for each in tx.decisions_of_call("call-1")] == [change.id]
        made = tx.revision_of_call("call-1")
        assert made is not None
        assert made.number == number


def test_after_asking_the_author_any_answer_counts(north: AccountStore) -> None:
    with north.write() as tx:
        add_proposal(tx, "prp", person("stk-1", "Mara Lind"))
        tx.save_decisions([said(tx, "chg-stk-1", Verdict.ask, why="Which Mara?")])
        assert [each.state for each in tx.pending_changes(["stk-1"])] == ["asked"]
        assert len(tx.proposals("open")) == 1
        assert tx.save_decisions([said(tx, "chg-stk-1", Verdict.reject)])
        assert tx.proposals("open") == []


def test_deciding_an_unknown_change_is_an_error(north: AccountStore) -> None:
    with pytest.raises(UnknownChange), north.write() as tx:
        tx.save_decisions([said(tx, "chg-nowhere", Verdict.approve)])


def test_an_old_value_that_no_longer_stands_stops_the_whole_call(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    stale = update("chg-2", "stk-1", "title", "CTO", "CIO")
    fine = update("chg-3", "stk-1", "email", None, "mara@northwind.example")
    with north.write() as tx:
        add_proposal(tx, "prp-2", stale, fine)
    with pytest.raises(StaleDecision, match=r"stk-1\.title"), north.write() as tx:
        approve(tx, fine, stale)
    with north.read() as tx:
        assert values(tx) == {"name": "Mara Lind"}
        assert tx.states("prp-2") == {"chg-2": "pending", "chg-3": "pending"}
        tx.verify()


@pytest.mark.parametrize(
    "delta",
    [
        Delta("stk-9", "stakeholders", "title", None, "CIO"),
        Delta("stk-1", "stakeholders", "", None, 1),
        Delta("stk-9", "stakeholders", "", 1, None),
    ],
    ids=["a field of nobody", "added twice", "removed twice"],
)
def test_an_item_that_is_not_as_the_call_says_stops_it(north: AccountStore, delta: Delta) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    with pytest.raises(StaleDecision), north.write() as tx:
        tx.append_revision([delta], reason="Stale")


def test_a_removal_takes_the_fields_along_and_is_undone_exactly(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind", title="CIO"), person("stk-2", "Ole Berg"))
    with north.read() as tx:
        before = tx.plan()
    gone = adopted(north, Change(id="chg-x", section="stakeholders", op=Op.remove, item="stk-1"))
    with north.write() as tx:
        assert list(tx.plan().items) == ["stk-2"]
        tx.append_revision(tx.inverse(gone), reason="Reverted")
    with north.read() as tx:
        after = tx.plan()
        assert after.model_dump_json(exclude={"revision"}) == before.model_dump_json(exclude={"revision"})
        tx.verify()


def test_the_plan_of_any_revision_and_any_day_is_there(settings: Settings) -> None:
    now = [datetime.fromisoformat("2026-03-01T22:30:00+00:00")]
    with open_store(settings, lambda: now[0]) as store:
        north = account(store, "Northwind Mills", time_zone="Europe/Berlin")
        adopted(north, person("stk-1", "Mara Lind"))
        now[0] += timedelta(hours=1)
        adopted(north, update("chg-2", "stk-1", "title", None, "CIO"))
        with north.read() as tx:
            assert values_at(tx, revision=1) == {"name": "Mara Lind"}
            assert tx.plan(revision=0).items == {}
            assert values_at(tx, as_of=date(2026, 3, 1)) == {"name": "Mara Lind"}, (
                "in Berlin it was the next day by then"
            )
            assert values_at(tx, as_of=date(2026, 3, 2)) == {"name": "Mara Lind", "title": "CIO"}
            assert tx.plan(as_of=date(2026, 2, 1)).items == {}
            assert (tx.plan(as_of=date.min).items, tx.plan(as_of=date.max).revision) == ({}, 2)


def test_a_revision_that_is_not_there_is_the_nearest_one(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    with north.read() as tx:
        assert [tx.plan(revision=number).revision for number in (-1, 0, 1, 9)] == [0, 0, 1, 1]
        assert tx.plan(revision=-1).items == {}


def test_free_words_are_kept_without_marks_that_nobody_sees(north: AccountStore) -> None:
    typed = "No\x00 con\ud800sent"
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        change = person("stk-1", "Mara Lind", "Mara Lind", note)
        made = add_proposal(tx, "prp", change, source="note")
        tx.add_proposal(made.model_copy(update={"id": "other", "why": typed, "changes": ()}))
        tx.append_revision([Delta("stk-2", "stakeholders", "", None, 1)], reason=typed)
        tx.withdraw_source("note", typed)
        assert tx.proposal("other").why == "No consent"
        assert tx.revision(1).reason == "No consent"
    erased = north.erase_source("note", typed)
    with north.read() as tx:
        assert tx.revision(erased.revision).reason == "Erased source note: No consent"
        tx.verify()


def values_at(tx: Any, **when: Any) -> dict[str, Any]:
    return dict(tx.plan(**when).items["stk-1"].values)


def test_revisions_never_run_backwards_in_time_even_when_the_clock_does(settings: Settings) -> None:
    now = [START]
    with open_store(settings, lambda: now[0]) as store:
        north = account(store, "Northwind Mills")
        adopted(north, person("stk-1", "Mara Lind"))
        now[0] -= timedelta(hours=3)
        adopted(north, person("stk-2", "Ole Berg"))
        with north.read() as tx:
            assert {revision.at for revision in tx.revisions()} == {START}


def test_what_differs_between_two_revisions_is_told_per_field(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"))
    adopted(north, update("chg-2", "stk-1", "name", "Mara Lind", "Mara Lindt"), person("stk-2", "Ole Berg"))
    with north.read() as tx:
        there = {(d.item, d.field): (d.before, d.after) for d in tx.diff(1, 2).deltas}
        back = {(d.item, d.field): (d.before, d.after) for d in tx.diff(2, 1).deltas}
    assert there == {
        ("stk-1", "name"): ("Mara Lind", "Mara Lindt"),
        ("stk-2", ""): (None, 1),
        ("stk-2", "name"): (None, "Ole Berg"),
    }
    assert back == {place: (after, before) for place, (before, after) in there.items()}


def test_who_refers_to_an_item_is_found(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind"), person("stk-10", "Ole Berg", reports_to="stk-1"))
    adopted(north, person("stk-3", "Eva Holm", notes="stk-1", interests=["stk-1"], reports_to="stk-1"))
    with north.read() as tx:
        assert tx.references_to("stk-1") == [("stk-10", "reports_to"), ("stk-3", "reports_to")]
        assert tx.references_to("stk-10") == []


def test_names_are_all_written_forms_and_an_actions_words(north: AccountStore) -> None:
    adopted(north, person("stk-1", "Mara Lind", aliases=["Ms. Lind", "M. Lind"]))
    fields = (FieldChange(field="action", new="Send the offer"),)
    adopted(north, Change(id="chg-a", section="actions", op=Op.add, item="act-1", fields=fields))
    with north.read() as tx:
        assert dict(tx.names()) == {"stk-1": ("Mara Lind", "Ms. Lind", "M. Lind"), "act-1": ("Send the offer",)}


def test_support_makes_a_value_younger_and_stays_outside_of_the_chain(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        change = person("stk-1", "Mara Lind", "Mara Lind", note)
        add_proposal(tx, "prp", change)
        head = approve(tx, change).hash
        later = change.evidence[0].model_copy(update={"said_on": SAID_ON + timedelta(days=9)})
        tx.add_support("stk-1", "name", "Mara Lind", [later])
        tx.add_support("stk-1", "name", "Mara Lind", change.evidence)
    with north.read() as tx:
        assert tx.verify().head == head
        blame = tx.blame("stk-1", "name")
        assert blame.head.confirmed_on == SAID_ON + timedelta(days=9)
        assert [each.said_on for each in blame.support] == [SAID_ON, later.said_on]


def test_a_refusal_is_remembered_with_its_occasion_and_text(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads the trial.", "note")
        add_proposal(tx, "prp", person("stk-1", "Mara Lind", "Mara Lind", note), source="note")
        tx.save_decisions([said(tx, "chg-stk-1", Verdict.reject, why="She left")])
        refusals = tx.refusals(sections=["stakeholders"])
        assert [(r.change.id, r.decision.why, r.occasion, r.text_sha256) for r in refusals] == [
            ("chg-stk-1", "She left", "occ-note", note.sha256)
        ]
        assert tx.refusals(["stk-1"]) == refusals
        assert tx.refusals(["stk-2"]) == []


def test_what_nobody_decided_leaves_the_inbox_with_its_proposal(north: AccountStore) -> None:
    with north.write() as tx:
        add_proposal(tx, "prp", person("stk-1", "Mara Lind"))
        tx.close_proposal("prp")
        assert (tx.proposals("open"), tx.pending_changes()) == ([], [])


def test_an_unknown_field_or_revision_is_named(north: AccountStore) -> None:
    with north.read() as tx:
        with pytest.raises(UnknownItem, match=r"stk-1\.name"):
            tx.blame("stk-1", "name")
        with pytest.raises(UnknownItem, match="revision 7"):
            tx.revision(7)


def test_a_source_read_again_is_the_next_version_and_the_same_reading_is_not(north: AccountStore) -> None:
    with north.write() as tx:
        first = add_note(tx, "Mara Lind leads the trial.", "note")
        assert add_note(tx, "Mara Lind leads the trial.", "note") == first
        assert tx.add_source(first.model_copy(update={"id": "again"})).version == 2
        found = tx.source_of_text("Mara Lind leads the trial.")
        assert found is not None
        tx.withdraw_source("note", "consent withdrawn")
        assert tx.source("note").withdrawn


def test_what_rests_only_on_a_source_is_found(north: AccountStore) -> None:
    with north.write() as tx:
        one, two = (
            add_note(tx, "Mara Lind and Ole Berg lead.", "one"),
            add_note(tx, "Ole Berg, again. Eva Holm too.", "two"),
        )
        mara = person("stk-1", "Mara Lind", "Mara Lind", one)
        ole = person("stk-2", "Ole Berg", "Ole Berg", one)
        both = ole.model_copy(update={"evidence": ole.evidence + person("x", "y", "Ole Berg", two).evidence})
        eva, waits = person("stk-3", "Eva Holm", "Eva Holm", two), person("stk-4", "Ole", "Ole", one)
        add_proposal(tx, "prp", mara, both, eva, waits)
        approve(tx, mara, both, eva)
        assert [each.id for each in tx.changes_resting_on("one")] == [mara.id]
        tx.withdraw_source("two")
        assert {each.id for each in tx.changes_resting_on("one")} == {mara.id, both.id}
        third = add_note(tx, "Mara Lind signs.", "three")
        tx.add_support("stk-1", "name", "Mara Lind", person("x", "y", "Mara Lind", third).evidence)
        assert {each.id for each in tx.changes_resting_on("one")} == {both.id}


@pytest.fixture
def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version of stakeholders, in which `title` is called `position`."""

    def upcast(stored: dict[str, Any], version: int) -> dict[str, Any]:
        return {"position" if name == "title" else name: value for name, value in stored.items()}

    now = sections.sections()
    later = sections.Section(
        **{name: getattr(now["stakeholders"], name) for name in sections.Section.__dataclass_fields__}
        | {"version": 2, "upcast": upcast}
    )
    monkeypatch.setattr(sections, "sections", lambda: {**now, "stakeholders": later})


def test_a_field_renamed_by_a_later_section_keeps_its_past(north: AccountStore, renamed: None) -> None:
    with north.write() as tx:
        old = [
            Delta("stk-1", "stakeholders", f, None, v) for f, v in (("", 1), ("name", "Mara Lind"), ("title", "CIO"))
        ]
        tx.append_revision(old, reason="Before the upgrade")
        assert tx.heads(["stk-1"])["stk-1", "position"].value == "CIO", "read in the new form, though stored in the old"
        assert tx.blame("stk-1", "position").revision.number == 1
        assert [each.after for each in tx.history("stk-1", "position")] == ["CIO"]
    with north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "email", None, "m@northwind.example")], reason="After it")
        item = tx.item("stk-1")
        assert (item.version, dict(item.values)) == (
            2,
            {"name": "Mara Lind", "position": "CIO", "email": "m@northwind.example"},
        )
        assert tx.blame("stk-1", "position").revision.number == 1, "a new name does not change who said it"
        tx.verify()
        tx.append_revision(tx.inverse(2), reason="Reverted")
        assert dict(tx.item("stk-1").values) == {"name": "Mara Lind", "position": "CIO"}
        tx.append_revision(tx.inverse(1), reason="Reverted what the older form wrote")
        assert tx.plan().items == {}
        assert tx.verify().revisions == 4
        assert dict(tx.plan(revision=1).items["stk-1"].values) == {"name": "Mara Lind", "title": "CIO"}


WORDS = st.sampled_from(["Mara", "Ole", "Eva"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["stk-1", "stk-2", "stk-3"]), st.sampled_from(["", "name", "title"]), st.none() | WORDS),
    min_size=1,
    max_size=4,
)


def wanted(standing: dict[str, Folded], steps: list[tuple[str, str, str | None]]) -> list[Delta]:
    """Deltas that fit what stands: adds who isn't there, sets a field of who is, removes for "" and None."""
    state = {identity: dict(folded.values) for identity, folded in standing.items()}
    made = []
    for item, field, word in steps:
        if item not in state:
            made.append(Delta(item, "things", "", None, 1))
            state[item] = {}
        elif field == "" and word is None and not any(each.item == item for each in made):
            made.append(Delta(item, "things", "", 1, None))
            del state[item]
        elif field:
            made.append(Delta(item, "things", field, state[item].get(field), word))
            state[item] = {n: v for n, v in {**state[item], field: word}.items() if v is not None}
    return [
        each
        for each in made
        if not any(o.item == each.item and o.after is None and o.field == "" and o is not each for o in made)
    ]


@given(st.lists(STEPS, max_size=8))
def test_undoing_any_call_gives_back_exactly_what_stood(calls: list[list[tuple[str, str, str | None]]]) -> None:
    fold = Fold()
    for number, steps in enumerate(calls, start=1):
        before = {identity: item.model_dump() for identity, item in fold.plan().items()}
        done = prepared(
            wanted(fold.items, steps), fold.items, lambda section, stored, version: (dict(stored), version or 1)
        )
        applied(fold, done.deltas, 2 * number)
        after = {identity: item.model_dump() for identity, item in fold.plan().items()}
        assert after == {
            **{i: v for i, v in before.items() if i not in done.items},
            **{i: f.item(i).model_dump() for i, f in done.items.items() if f is not None},
        }
        applied(fold, [each.inverse() for each in reversed(done.deltas)], 2 * number + 1)
        assert {identity: item.model_dump() for identity, item in fold.plan().items()} == before
        assert list(fold.plan()) == list(before)
        applied(fold, done.deltas, 2 * number + 1)


def applied(fold: Fold, deltas: Any, revision: int) -> None:
    for ordinal, each in enumerate(deltas):
        fold.step({**{n: getattr(each, n) for n in ("item", "section", "field", "before", "after")},
                   "revision": revision, "ordinal": ordinal})  # fmt: skip


@limits(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=5))
def test_the_stored_plan_is_the_fold_of_its_revisions(
    store: Store, calls: list[list[tuple[str, str, str | None]]]
) -> None:
    with store.unsorted("ann").read() as desk:
        number = desk._connection.scalar(sa.select(sa.func.count()).select_from(t.account))
    here = account(store, f"Account {number}")
    with here.write() as tx:
        for steps in calls:
            deltas = wanted(tx._standing(["stk-1", "stk-2", "stk-3"]), steps)
            if deltas:
                tx.append_revision(deltas, reason="Any")
        assert tx.verify().items == len(tx.plan().items)
        newest = len(tx.revisions())
        assert tx._folded(newest) == tx.plan().items
        for revision in range(newest + 1):
            folded = Fold()
            for line in tx._log(t.delta.c.revision <= revision):
                folded.step(line)
            there = tx.plan(revision=revision).items
            assert (there, list(there)) == (folded.plan(), list(folded.plan())), "folded or undone, it is the same"
        for revision in range(newest, 0, -1):
            tx.append_revision(tx.inverse(revision), reason="Undone")
            assert tx.plan().items == tx.plan(revision=revision - 1).items
        tx.verify()


def test_a_log_line_whose_old_value_does_not_stand_breaks_the_fold() -> None:
    fold = Fold()
    line = {
        "revision": 3,
        "ordinal": 0,
        "item": "x",
        "section": "things",
        "field": "name",
        "before": None,
        "after": "a",
    }
    with pytest.raises(BrokenChain, match="revision 3"):
        fold.step(line)
