"""Taking back: a revision, one change of it, or all that rests on a withdrawn source."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from pipeline import flow, jobs, undo
from pipeline.desk import Desk
from pipeline.errors import StaleDecision, StillReferred, UnknownChange
from pipeline.records import Account, Decision, Draft, Item, Json, Op, Plan, Proposal, Verdict
from pipeline.sections import stored
from pipeline.store.values import Delta as Step


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def came(item: str, change: str, **values: Json) -> list[Step]:
    fields = [Step(item, "stakeholders", name, None, value, change) for name, value in values.items()]
    return [Step(item, "stakeholders", "", None, 1, change), *fields]


def went(item: str, change: str, **values: Json) -> list[Step]:
    fields = [Step(item, "stakeholders", name, value, None, change) for name, value in values.items()]
    return [*fields, Step(item, "stakeholders", "", 1, None, change)]


def now(**values: Json) -> dict[str, Item]:
    return {"stk-1": stored("stk-1", "stakeholders", values)}


def test_an_entry_that_rests_on_nothing_else_goes() -> None:
    (change,) = undo.without(came("stk-1", "c1", name="Kim"), {"c1"}, now(name="Kim"), "prp")
    assert (change.op, change.item, change.id) == (Op.remove, "stk-1", "prp-1")


def test_a_field_set_again_since_keeps_its_later_value() -> None:
    steps = [*came("stk-1", "c0", name="Kim"), Step("stk-1", "stakeholders", "title", None, "CFO", "c1"),
             Step("stk-1", "stakeholders", "title", "CFO", "CEO", "c2")]  # fmt: skip
    assert undo.without(steps, {"c1"}, now(name="Kim", title="CEO"), "prp") == ()


def test_a_field_that_rests_on_it_goes_back() -> None:
    steps = [*came("stk-1", "c0", name="Kim", title="CFO"), Step("stk-1", "stakeholders", "title", "CFO", "CEO", "c1")]
    (change,) = undo.without(steps, {"c1"}, now(name="Kim", title="CEO"), "prp")
    assert [(each.field, each.old, each.new) for each in change.fields] == [("title", "CEO", "CFO")]


def test_of_a_set_goes_only_what_rests_on_it() -> None:
    steps = [*came("stk-1", "c0", name="Kim", interests=["cost"]),
             Step("stk-1", "stakeholders", "interests", ["cost"], ["cost", "uptime"], "c1"),
             Step("stk-1", "stakeholders", "interests", ["cost", "uptime"], ["training", "uptime"], "c2")]  # fmt: skip
    (change,) = undo.without(steps, {"c1"}, now(name="Kim", interests=["training", "uptime"]), "prp")
    assert [(each.old, each.new) for each in change.fields] == [(["training", "uptime"], ["training"])]
    (change,) = undo.without(steps, {"c2"}, now(name="Kim", interests=["training", "uptime"]), "prp")
    assert [each.new for each in change.fields] == [["cost", "uptime"]]


def test_an_entry_kept_for_a_later_word_keeps_its_name() -> None:
    steps = [*came("stk-1", "c1", name="Kim", title="CFO"), Step("stk-1", "stakeholders", "warmth", None, "weak", "c2")]
    (change,) = undo.without(steps, {"c1"}, now(name="Kim", title="CFO", warmth="weak"), "prp")
    assert [each.field for each in change.fields] == ["title"]


def test_an_entry_removed_on_its_word_alone_comes_back() -> None:
    steps = [*came("stk-1", "c0", name="Kim", title="CFO"), *went("stk-1", "c1", name="Kim", title="CFO")]
    (change,) = undo.without(steps, {"c1"}, {}, "prp")
    assert (change.op, change.new_values()) == (Op.add, {"name": "Kim", "title": "CFO"})


def test_an_entry_that_others_removed_stays_away() -> None:
    steps = [*came("stk-1", "c1", name="Kim"), *went("stk-1", "c2", name="Kim")]
    assert undo.without(steps, {"c1"}, {}, "prp") == ()


def test_steps_of_one_entry_are_one_change() -> None:
    made = undo.changes_of([*came("stk-2", "c", name="Ed"), *came("stk-1", "c", name="Kim")], "prp", "why")
    assert [(each.id, each.item, each.op) for each in made] == [("prp-1", "stk-1", Op.add), ("prp-2", "stk-2", Op.add)]


def test_a_field_that_was_set_on_the_way_is_shown_as_it_ends() -> None:
    steps = [
        Step("stk-1", "stakeholders", name, before, after, "c")
        for name, before, after in (
            ("title", None, "CFO"), ("title", "CFO", "CEO"), ("warmth", None, "weak"), ("warmth", "weak", None)
        )
    ]  # fmt: skip
    (change,) = undo.changes_of(steps, "prp", "why")
    assert [(each.field, each.old, each.new) for each in change.fields] == [("title", None, "CEO")]


def test_the_entries_that_steps_name_are_known() -> None:
    steps = [Step("stk-1", "stakeholders", "reports_to", None, "stk-2", None)]
    assert undo.named([*steps, *came("stk-3", "c", name="Ed")]) == {"stk-2"}


# On a real store


def plan_of(desk: Desk, account: Account) -> Plan:
    with desk.account(account.id).read() as tx:
        return tx.plan()


def item_of(desk: Desk, account: Account, name: str) -> str:
    return next(each.id for each in plan_of(desk, account).items.values() if each.values.get("name") == name)


def typed(desk: Desk, account: Account, *drafts: Draft) -> int:
    done = flow.adopt(desk, account.id, drafts, "direct", "Typed")
    assert done.revision is not None, done.conflicts
    return done.revision.number


def approved_note(desk: Desk, account: Account, *lines: str) -> Proposal:
    note = "Call, 3 March 2026\n\n" + "\n".join(lines) + "\n"
    delivery = flow.deliver(desk, account.id, note.encode())
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
        proposal: Proposal = tx.proposals(source=source.id)[-1]
    approve(desk, account, proposal)
    return proposal


def approve(desk: Desk, account: Account, proposal: Proposal) -> flow.Decided:
    said = [Decision(change=c.id, verdict=Verdict.approve, by="ann", at=datetime.now(UTC)) for c in proposal.changes]
    return flow.decide(desk, account.id, proposal.id, said)


def names(items: Sequence[Item]) -> list[Json]:
    return [each.values.get("name") for each in items]


def test_a_removal_is_not_undone_when_it_would_name_who_is_gone(desk: Desk, account: Account) -> None:
    rosa, kim = item_of(desk, account, "Rosa Keller"), item_of(desk, account, "Kim Low")
    typed(desk, account, Draft(section="stakeholders", op=Op.update, item=kim, fields={"reports_to": rosa}))
    gone = typed(desk, account, Draft(section="stakeholders", op=Op.remove, item=kim))
    typed(desk, account, Draft(section="stakeholders", op=Op.remove, item=rosa))
    with pytest.raises(StaleDecision, match="left the plan"):
        flow.revert(desk, account.id, gone)


def test_a_join_can_be_undone_and_redone(desk: Desk, account: Account) -> None:
    one, into = item_of(desk, account, "Production"), item_of(desk, account, "Field Service")
    before = plan_of(desk, account)
    made = typed(desk, account, Draft(section="departments", op=Op.join, item=one, into=into))
    joined = plan_of(desk, account)
    undone = flow.revert(desk, account.id, made)
    assert list(plan_of(desk, account).items.items()) == list(before.items.items())
    assert undone.revision is not None
    flow.revert(desk, account.id, undone.revision.number)
    assert list(plan_of(desk, account).items.items()) == list(joined.items.items())


def test_what_a_join_moves_keeps_its_words_and_how_it_came(desk: Desk, account: Account) -> None:
    rosa = item_of(desk, account, "Rosa Keller")
    approved_note(desk, account, "New name: Ines Okafor, Controller.", "New name: Dev Anand, Controller.")
    ines, dev = item_of(desk, account, "Ines Okafor"), item_of(desk, account, "Dev Anand")
    approved_note(desk, account, "Ines Okafor cares about training.")
    for one, into in ((ines, dev), (dev, rosa)):
        typed(desk, account, Draft(section="stakeholders", op=Op.join, item=one, into=into))
    with desk.account(account.id).read() as tx:
        found = tx.blame(rosa, "interests")
    assert (found.head.value, found.head.origin, found.head.said_on) == (["training"], "approved", date(2026, 3, 3))
    assert [each.evidence.words for each in found.support] == ["Ines Okafor cares about training."]


def test_what_came_back_by_undoing_rests_on_the_words_it_rested_on(desk: Desk, account: Account) -> None:
    proposal = approved_note(desk, account, "New name: Ines Okafor, Controller.")
    ines, into = item_of(desk, account, "Ines Okafor"), item_of(desk, account, "Rosa Keller")
    made = typed(desk, account, Draft(section="stakeholders", op=Op.join, item=ines, into=into))
    flow.revert(desk, account.id, made)
    with desk.account(account.id).read() as tx:
        change = tx.blame(ines, "title").change
    assert [piece.words for piece in change.evidence] == ["New name: Ines Okafor, Controller."]
    (taken,) = flow.withdraw(desk, account.id, proposal.source or "").changes
    assert (taken.op, taken.item) == (Op.remove, ines)


def test_withdrawing_what_came_back_by_undoing_never_brings_back_what_was_undone(desk: Desk, account: Account) -> None:
    kim = item_of(desk, account, "Kim Low")
    older = approved_note(desk, account, "Kim Low is now Plant Manager.")
    newer = approved_note(desk, account, "Kim Low is now Head of Procurement.")
    flow.revert(desk, account.id, plan_of(desk, account).revision)
    assert flow.withdraw(desk, account.id, newer.source or "").changes == ()
    (taken,) = flow.withdraw(desk, account.id, older.source or "").changes
    assert [(each.old, each.new) for each in taken.fields] == [("Plant Manager", "Controller")]
    assert taken.item == kim


def test_a_join_is_undone_after_notes_told_more_of_the_two(desk: Desk, account: Account) -> None:
    one, into = item_of(desk, account, "Kim Low"), item_of(desk, account, "Rosa Keller")
    approved_note(desk, account, "Kim Low cares about uptime.", "Rosa Keller cares about audit trails.")
    made = typed(desk, account, Draft(section="stakeholders", op=Op.join, item=one, into=into))
    approved_note(desk, account, "Rosa Keller cares about training.")
    flow.revert(desk, account.id, made)
    there = plan_of(desk, account).items
    assert there[one].values["interests"] == ["uptime"]
    assert there[into].values["interests"] == ["audit trails", "training"]
    assert "aliases" not in there[into].values


def test_what_came_into_a_set_is_undone_when_more_came_since(desk: Desk, account: Account) -> None:
    kim = item_of(desk, account, "Kim Low")
    approved_note(desk, account, "Kim Low cares about uptime.")
    first = plan_of(desk, account).revision
    approved_note(desk, account, "Kim Low cares about training.")
    done = flow.revert(desk, account.id, first)
    assert plan_of(desk, account).items[kim].values["interests"] == ["training"]
    with desk.account(account.id).read() as tx:
        (shown,) = tx.proposal(done.decisions[0].change.rsplit("-", 1)[0]).changes
        assert tx.blame(kim, "interests").head.origin == "approved"
    assert [(each.old, each.new) for each in shown.fields] == [(["training", "uptime"], ["training"])]
    with pytest.raises(UnknownChange):
        flow.revert(desk, account.id, first)


def test_what_named_an_entry_for_a_moment_only_is_undone_and_redone(desk: Desk, account: Account) -> None:
    before = plan_of(desk, account)
    proposal = approved_note(
        desk, account, "New name: Dev Anand, Controller.", "Kim Low reports to Dev Anand.", "Kim Low has left."
    )
    assert [each.op for each in proposal.changes] == [Op.add, Op.update, Op.remove]
    approved = plan_of(desk, account)
    for turn in range(4):
        flow.revert(desk, account.id, plan_of(desk, account).revision)
        assert list(plan_of(desk, account).items.items()) == list((approved if turn % 2 else before).items.items())


def test_an_entry_that_was_named_since_is_not_undone(desk: Desk, account: Account) -> None:
    made = typed(desk, account, Draft(section="departments", op=Op.add, fields={"name": "Laboratory"}))
    kim, area = item_of(desk, account, "Kim Low"), item_of(desk, account, "Laboratory")
    typed(desk, account, Draft(section="stakeholders", op=Op.update, item=kim, fields={"department": area}))
    with pytest.raises(StillReferred, match=kim):
        flow.revert(desk, account.id, made)


def test_an_entry_that_was_filled_in_since_is_not_undone(desk: Desk, account: Account) -> None:
    made = typed(desk, account, Draft(section="stakeholders", op=Op.add, fields={"name": "Ines Okafor"}))
    approved_note(desk, account, "Ines Okafor is now Controller.")
    with pytest.raises(StaleDecision, match="title was filled in since"):
        flow.revert(desk, account.id, made)
    assert "Ines Okafor" in names(list(plan_of(desk, account).section("stakeholders")))


def test_a_revision_without_changes_and_a_strange_change_are_not_undone(desk: Desk, account: Account) -> None:
    approved_note(desk, account, "New name: Dev Anand, Controller.")
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources()
    flow.erase(desk, account.id, source.id)
    head = plan_of(desk, account).revision
    with pytest.raises(UnknownChange):
        flow.revert(desk, account.id, head)
    with pytest.raises(UnknownChange):
        flow.revert(desk, account.id, 1, change="no-such")
    assert plan_of(desk, account).revision == head


def test_withdrawing_a_source_brings_back_who_left_on_its_word(desk: Desk, account: Account) -> None:
    before = plan_of(desk, account)
    proposal = approved_note(desk, account, "Kim Low has left.", "New name: Dev Anand, Controller.")
    assert names(plan_of(desk, account).section("stakeholders")) == ["Rosa Keller", "Dev Anand"]
    taken = flow.withdraw(desk, account.id, proposal.source or "")
    approve(desk, account, taken)
    after = plan_of(desk, account)
    assert list(after.items.items()) == list(before.items.items())


def test_withdrawing_takes_an_interest_out_of_those_that_were_told_later(desk: Desk, account: Account) -> None:
    kim = item_of(desk, account, "Kim Low")
    first = approved_note(desk, account, "Kim Low cares about uptime.")
    approved_note(desk, account, "Kim Low cares about training.")
    approve(desk, account, flow.withdraw(desk, account.id, first.source or ""))
    assert plan_of(desk, account).items[kim].values["interests"] == ["training"]


def test_an_entry_of_which_another_note_speaks_stays_when_the_one_that_brought_it_is_withdrawn(
    desk: Desk, account: Account
) -> None:
    first = approved_note(desk, account, "New name: Ines Okafor, Controller.")
    approved_note(desk, account, "Ines Okafor is now Controller.")
    assert flow.withdraw(desk, account.id, first.source or "").changes == ()
    other = approved_note(desk, account, "New name: Dev Anand, Plant Manager.")
    (change,) = flow.withdraw(desk, account.id, other.source or "").changes
    assert change.op is Op.remove


def test_withdrawing_takes_back_what_a_new_entry_filled_in_an_entry_there_was(desk: Desk, account: Account) -> None:
    one = "Call, 3 March 2026\n\nNew name: Ines Okafor, Controller.\n"
    delivery = flow.deliver(desk, account.id, one.encode())
    jobs.run_all(desk)
    typed(desk, account, Draft(section="stakeholders", op=Op.add, fields={"name": "Ines Okafor"}))
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
        (proposal,) = tx.proposals(source=source.id)
    approve(desk, account, proposal)
    ines = item_of(desk, account, "Ines Okafor")
    assert plan_of(desk, account).items[ines].values["title"] == "Controller"
    approve(desk, account, flow.withdraw(desk, account.id, source.id))
    assert plan_of(desk, account).items[ines].values == {"name": "Ines Okafor"}


def test_what_withdrawing_brings_back_is_again_whose_word_it_was(desk: Desk, account: Account) -> None:
    rosa, kim = item_of(desk, account, "Rosa Keller"), item_of(desk, account, "Kim Low")
    typed(desk, account, Draft(section="stakeholders", op=Op.update, item=kim, fields={"title": "Chair"}))
    first = approved_note(desk, account, "Rosa Keller is now Plant Manager.")
    with desk.account(account.id).read() as tx:
        before = tx.heads([rosa, kim])
    second = approved_note(desk, account, "Rosa Keller is now Controller.", "Kim Low is now Controller.")
    approve(desk, account, flow.withdraw(desk, account.id, second.source or ""))
    with desk.account(account.id).read() as tx:
        after = tx.heads([rosa, kim])
    assert first.changes[0].fields[0].new == after[rosa, "title"].value
    for place, origin in (((rosa, "title"), "approved"), ((kim, "title"), "typed")):
        assert (after[place].value, after[place].origin) == (before[place].value, origin)
        assert after[place].said_on == before[place].said_on
    later = "Call, 9 March 2026\n\nKim Low is now Plant Manager.\n"
    flow.deliver(desk, account.id, later.encode())
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (change,) = tx.proposals()[-1].changes
    assert [finding.message for finding in change.findings] == ["It challenges what a person typed."]
