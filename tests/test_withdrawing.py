"""Withdrawing a source: field by field, what others say stays; what a join moved goes with what it rested on."""

from datetime import UTC, datetime

import pytest

from pipeline import flow, undo
from pipeline.desk import Desk
from pipeline.flow import confirming
from pipeline.records import Account, Decision, Draft, FieldChange, Item, Json, Op, Plan, Proposal, Verdict
from pipeline.sections import stored
from pipeline.store.values import Delta as Step
from tests.noting import noted


@pytest.fixture
def database_url(either_database_url: str) -> str:
    return either_database_url


def plan_of(desk: Desk, account: Account) -> Plan:
    with desk.account(account.id).read() as tx:
        return tx.plan()


def person(desk: Desk, account: Account, name: str) -> Item:
    return next(each for each in plan_of(desk, account).section("stakeholders") if each.values.get("name") == name)


def approve(desk: Desk, account: Account, proposal: Proposal) -> Proposal:
    said = [Decision(change=c.id, verdict=Verdict.approve, by="ann", at=datetime.now(UTC)) for c in proposal.changes]
    assert not flow.decide(desk, account.id, proposal.id, said).conflicts
    return proposal


def note(desk: Desk, account: Account, day: int, *lines: str) -> Proposal:
    return approve(desk, account, noted(desk, account, day, "\n".join(lines) + "\n"))


def at_once(desk: Desk, account: Account, day: int, line: str, **fields: Json) -> Proposal:
    """A note whose line is one change of some fields, approved."""
    made = noted(desk, account, day, f"{line}\n")
    (change,) = made.changes
    asked = tuple(FieldChange(field=field, new=value) for field, value in fields.items())
    kept = [each for each in change.fields if each.field not in fields]
    change = change.model_copy(update={"id": f"more-{day}", "fields": (*kept, *asked)})
    more = made.model_copy(update={"id": f"prp-more-{day}", "changes": (change,)})
    with desk.account(account.id).write() as tx:
        tx.close_proposal(made.id)
        tx.add_proposal(more)
    return approve(desk, account, more)


def typed(desk: Desk, account: Account, op: Op, item: str | None = None, into: str | None = None, **to: Json) -> int:
    draft = Draft(section="stakeholders", op=op, item=item, into=into, fields=to)
    done = flow.adopt(desk, account.id, [draft], "direct", "Typed")
    assert done.revision is not None, done.conflicts
    return done.revision.number


def confirmed(desk: Desk, account: Account, day: int, interests: Json) -> Proposal:
    """A note that says some of Kim's interests again."""
    made = noted(desk, account, day, "Kim Low sits in Production.\n")
    with desk.account(account.id).write() as tx:
        item = person(desk, account, "Kim Low").id
        assert confirming.confirm(tx, item, "interests", interests, made.changes[0].evidence)
    return made


def withdrawn(desk: Desk, account: Account, proposal: Proposal) -> dict[str, Json]:
    """What withdrawing its source takes back, approved at once: the new values of the only change by field."""
    taken = flow.withdraw(desk, account.id, proposal.source or "")
    approve(desk, account, taken)
    assert [each.op for each in taken.changes] in ([], [Op.update])
    return {each.field: each.new for change in taken.changes for each in change.fields}


def test_of_one_change_goes_only_what_nobody_else_says(desk: Desk, account: Account) -> None:
    first = at_once(desk, account, 2, "Kim Low is now Plant Manager.", warmth="weak")
    assert person(desk, account, "Kim Low").values["warmth"] == "weak"
    other = note(desk, account, 9, "Kim Low is now Plant Manager.")
    assert withdrawn(desk, account, first) == {"warmth": None}
    assert withdrawn(desk, account, other) == {"title": "Controller"}


def test_of_a_set_goes_only_what_nobody_else_says(desk: Desk, account: Account) -> None:
    first = at_once(desk, account, 2, "Kim Low cares about uptime.", interests=["audits", "training", "uptime"])
    other = confirmed(desk, account, 9, ["uptime"])
    confirmed(desk, account, 10, ["training"])
    assert withdrawn(desk, account, first) == {"interests": ["training", "uptime"]}
    assert withdrawn(desk, account, other) == {"interests": ["training"]}


def test_a_new_entry_of_which_others_say_a_part_stays_with_that_part(desk: Desk, account: Account) -> None:
    first = at_once(desk, account, 2, "New name: Ines Okafor, Controller.", interests=["uptime"])
    other = note(desk, account, 9, "Ines Okafor is now Controller.")
    assert withdrawn(desk, account, first) == {"interests": None}
    assert person(desk, account, "Ines Okafor").values == {"name": "Ines Okafor", "title": "Controller"}
    (gone,) = flow.withdraw(desk, account.id, other.source or "").changes
    assert gone.op is Op.remove


def test_what_a_join_poured_goes_with_what_it_rested_on(desk: Desk, account: Account) -> None:
    before = person(desk, account, "Kim Low")
    first = at_once(desk, account, 2, "New name: Ines Okafor, Controller.", interests=["training"])
    ines = person(desk, account, "Ines Okafor").id
    second = note(desk, account, 3, "Rosa Keller reports to Ines Okafor.")
    note(desk, account, 4, "Kim Low cares about uptime.")
    typed(desk, account, Op.join, ines, before.id)
    joined = {"aliases": ["Ines Okafor"], "interests": ["training", "uptime"]}
    assert person(desk, account, "Kim Low").values == {**before.values, **joined}
    assert person(desk, account, "Rosa Keller").values["reports_to"] == before.id
    assert withdrawn(desk, account, second) == {"reports_to": None}
    assert withdrawn(desk, account, first) == {"aliases": None, "interests": ["uptime"]}
    assert person(desk, account, "Kim Low").values == {**before.values, "interests": ["uptime"]}


def test_what_a_join_poured_goes_back_to_what_else_was_said_of_it(desk: Desk, account: Account) -> None:
    note(desk, account, 2, "New name: Ines Okafor, Controller.")
    second = note(desk, account, 3, "Ines Okafor is now Plant Manager.")
    typed(desk, account, Op.add, name="Dev Anand")
    dev = person(desk, account, "Dev Anand").id
    typed(desk, account, Op.join, person(desk, account, "Ines Okafor").id, dev)
    assert withdrawn(desk, account, second) == {"title": "Controller"}
    assert person(desk, account, "Dev Anand").values["title"] == "Controller"


def test_what_others_say_of_it_stays_where_a_join_poured_it(desk: Desk, account: Account) -> None:
    first = note(desk, account, 2, "New name: Ines Okafor, Controller.")
    typed(desk, account, Op.add, name="Dev Anand")
    dev = person(desk, account, "Dev Anand").id
    typed(desk, account, Op.join, person(desk, account, "Ines Okafor").id, dev)
    note(desk, account, 9, "Dev Anand is now Controller.")
    assert withdrawn(desk, account, first) == {"aliases": None}


def test_joins_of_joins_are_followed_also_when_they_were_undone_and_done_again(desk: Desk, account: Account) -> None:
    first = note(desk, account, 2, "New name: Ines Okafor, Controller.")
    typed(desk, account, Op.add, name="Dev Anand")
    typed(desk, account, Op.add, name="Tomas Lind")
    dev, tomas = (person(desk, account, name).id for name in ("Dev Anand", "Tomas Lind"))
    made = typed(desk, account, Op.join, person(desk, account, "Ines Okafor").id, dev)
    undone = flow.revert(desk, account.id, made)
    assert undone.revision is not None
    flow.revert(desk, account.id, undone.revision.number)
    typed(desk, account, Op.join, dev, tomas)
    assert person(desk, account, "Tomas Lind").values["title"] == "Controller"
    assert withdrawn(desk, account, first) == {"aliases": ["Dev Anand"], "title": None}


def test_what_leaves_by_a_join_is_told_before_where_it_goes_whatever_their_ids(desk: Desk, account: Account) -> None:
    note(desk, account, 2, "New name: Ines Okafor, Controller.", "New name: Tomas Lind, Controller.")
    ids = [person(desk, account, name).id for name in ("Ines Okafor", "Tomas Lind")]
    for one, into in (ids, ids[::-1]):
        made = typed(desk, account, Op.join, one, into)
        with desk.account(account.id).read() as tx:
            brought = {step.change for each in ids for step in tx.history(each) if step.revision < made}
            told = [step.item for step in tx.past(brought).steps if step.revision == made]
        assert told == sorted(told, key=lambda item: item == into)
        assert set(told) == {one, into}
        flow.revert(desk, account.id, made)


def test_an_entry_that_came_of_the_note_alone_goes_with_all_that_was_joined_into_it(
    desk: Desk, account: Account
) -> None:
    first = note(desk, account, 2, "New name: Ines Okafor, Controller.", "New name: Dev Anand, Controller.")
    ines, dev = (person(desk, account, name).id for name in ("Ines Okafor", "Dev Anand"))
    typed(desk, account, Op.join, ines, dev)
    (taken,) = flow.withdraw(desk, account.id, first.source or "").changes
    assert (taken.op, taken.item) == (Op.remove, dev)


def came(change: str, **values: Json) -> list[Step]:
    fields = [Step("cmp-1", "competitors", name, None, value, change) for name, value in values.items()]
    return [Step("cmp-1", "competitors", "", None, 1, change), *fields]


HERE = {"name": "Oxbow", "department": "dep-1", "standing": "strong", "relationship": "old"}


def test_the_name_of_an_entry_that_stays_stays_whole() -> None:
    now = {"cmp-1": stored("cmp-1", "competitors", HERE)}
    said = {("cmp-1", "standing"): ["strong"]}
    (change,) = undo.without(came("c1", **HERE), {"c1"}, now, "prp", said)
    assert [(each.field, each.new) for each in change.fields] == [("relationship", None)]


def test_who_says_only_the_name_of_what_came_with_more_does_not_hold_it() -> None:
    now = {"cmp-1": stored("cmp-1", "competitors", HERE)}
    said = {("cmp-1", "name"): ["Oxbow"]}
    (change,) = undo.without(came("c1", **HERE), {"c1"}, now, "prp", said)
    assert change.op is Op.remove


def test_who_says_the_name_of_what_came_with_nothing_else_holds_it() -> None:
    now = {"cmp-1": stored("cmp-1", "competitors", {"name": "Oxbow"})}
    assert undo.without(came("c1", name="Oxbow"), {"c1"}, now, "prp", {("cmp-1", "name"): ["Oxbow"]}) == ()


def test_what_was_replaced_and_came_back_goes_all_the_same_but_for_what_others_say() -> None:
    steps = [
        *came("c0", name="Oxbow"),
        Step("cmp-1", "stakeholders", "interests", None, ["a", "b"], "c1"),
        Step("cmp-1", "stakeholders", "interests", ["a", "b"], ["c"], "c2"),
        Step("cmp-1", "stakeholders", "interests", ["c"], ["a", "b"], "c1"),
    ]
    steps = [Step(s.item, "stakeholders", s.field, s.before, s.after, s.change) for s in steps]
    now = {"cmp-1": stored("cmp-1", "stakeholders", {"name": "Oxbow", "interests": ["a", "b"]})}
    (change,) = undo.without(steps, {"c1"}, now, "prp", {("cmp-1", "interests"): [["a"]]})
    assert [each.new for each in change.fields] == [["a"]]
