"""Many notes become one proposal: the newest value, with the older words that say the same."""

from datetime import UTC, date, datetime

from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.gather import gathered
from pipeline.records import (
    Account,
    Change,
    Decision,
    Evidence,
    FieldChange,
    Item,
    Json,
    Op,
    Outcome,
    Plan,
    Tier,
    Verdict,
)
from pipeline.sections import stored


def words(number: int) -> Evidence:
    said = date(2026, 3, number)
    return Evidence(source=f"src-{number}", start=0, end=3, words="yes", tier=Tier.exact, line=1, said_on=said)


def change(number: int, op: Op = Op.update, old: Json = None, **fields: Json) -> Change:
    told = tuple(FieldChange(field=name, old=old, new=value) for name, value in fields.items())
    return Change(id=f"c{number}", section="stakeholders", op=op, item="stk-1", fields=told, evidence=(words(number),))


def plan(**values: Json) -> Plan:
    return Plan(account="acc", revision=0, items=items(**values))


def items(**values: Json) -> dict[str, Item]:
    return {"stk-1": stored("stk-1", "stakeholders", values)} if values else {}


def test_the_newest_value_wins_and_older_words_that_say_the_same_support_it() -> None:
    found = [change(1, title="CFO"), change(2, title="CEO"), change(3, title="CFO")]
    (made,) = gathered(plan(name="Kim"), items(name="Kim", title="CFO"), found, "prp")
    assert made.new_values() == {"title": "CFO"}
    assert [piece.source for piece in made.evidence] == ["src-3", "src-1"]
    assert made.id == "prp-1"


def test_an_entry_that_one_note_adds_and_another_fills_is_one_addition() -> None:
    found = [change(1, Op.add, name="Kim"), change(2, title="CFO")]
    (made,) = gathered(plan(), items(name="Kim", title="CFO"), found, "prp")
    assert (made.op, made.new_values()) == (Op.add, {"name": "Kim", "title": "CFO"})
    assert len(made.evidence) == 2


def test_what_different_notes_say_of_an_entry_there_is_are_different_changes() -> None:
    found = [change(1, title="CFO"), change(2, warmth="weak"), change(3, title="CFO")]
    one, other = gathered(plan(name="Kim"), items(name="Kim", title="CFO", warmth="weak"), found, "prp")
    assert [(each.id, each.new_values()) for each in (one, other)] == [
        ("prp-1", {"warmth": "weak"}), ("prp-2", {"title": "CFO"})
    ]  # fmt: skip
    assert [[piece.source for piece in each.evidence] for each in (one, other)] == [["src-2"], ["src-3", "src-1"]]


def test_a_set_has_the_words_of_each_note_that_brought_something_into_it() -> None:
    found = [
        change(1, interests=["uptime"]),
        change(2, old=["uptime"], interests=["audit", "uptime"]),
        change(3, old=["audit", "uptime"], interests=["cost", "uptime"]),
    ]
    (made,) = gathered(plan(name="Kim"), items(name="Kim", interests=["cost", "uptime"]), found, "prp")
    assert [piece.source for piece in made.evidence] == ["src-3", "src-1"]


def test_what_came_and_went_again_is_no_change() -> None:
    found = [change(1, title="CFO"), change(2, old="CFO", title="CEO")]
    assert gathered(plan(name="Kim", title="CEO"), items(name="Kim", title="CEO"), found, "prp") == ()
    assert gathered(plan(), {}, [change(1, Op.add, name="Kim"), change(2, Op.remove)], "prp") == ()


def test_somebody_who_left_by_the_last_note_is_removed() -> None:
    (made,) = gathered(plan(name="Kim"), {}, [change(1, title="CFO"), change(2, Op.remove)], "prp")
    assert (made.op, [piece.source for piece in made.evidence]) == (Op.remove, ["src-2"])


# On a real store

FILES = [
    ("b.txt", b"Call, 9 March 2026\n\nKim Low is now Plant Manager.\n"),
    ("a.txt", b"Call, 2 March 2026\n\nKim Low is now Head of Procurement.\n"),
]


def test_a_folder_is_one_proposal_of_the_newest_values_and_no_others(desk: Desk, account: Account) -> None:
    proposal = flow.backfill(desk, account.id, FILES)
    jobs.run_all(desk)
    assert [each.new_values() for each in proposal.changes] == [{"title": "Plant Manager"}]
    with desk.account(account.id).read() as tx:
        assert [each.origin for each in tx.proposals()] == ["import", "backfill"]


def test_an_older_value_is_held_back_though_a_later_note_of_the_folder_tells_more_of_the_same_person(
    desk: Desk, account: Account
) -> None:
    newer = flow.deliver(desk, account.id, b"Call, 10 March 2026\n\nKim Low is now Controller of all.\n")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=newer.id)
        (known,) = tx.proposals(source=source.id)
    said = Decision(change=known.changes[0].id, verdict=Verdict.approve, by="ann", at=datetime.now(UTC))
    flow.decide(desk, account.id, known.id, [said])
    more = ("c.txt", b"Call, 20 March 2026\n\nKim Low cares about uptime.\n")
    proposal = flow.backfill(desk, account.id, [FILES[1], more])
    assert [(list(each.new_values()), each.demoted) for each in proposal.changes] == [
        (["title"], True), (["interests"], False)
    ]  # fmt: skip


def test_the_same_folder_again_is_the_same_proposal(desk: Desk, account: Account) -> None:
    first = flow.backfill(desk, account.id, FILES)
    assert flow.backfill(desk, account.id, FILES).id == first.id


def test_what_was_rejected_is_not_gathered_again_from_the_same_words(desk: Desk, account: Account) -> None:
    first = flow.backfill(desk, account.id, FILES)
    (change,) = first.changes
    no = Decision(change=change.id, verdict=Verdict.reject, by="ann", at=datetime.now(UTC))
    flow.decide(desk, account.id, first.id, [no])
    move = {"section": "departments", "op": "add", "fields": {"name": "Laboratory"}}
    flow.adopt(desk, account.id, [flow.Draft.model_validate(move)], "direct", "So that the plan is another one")
    again = flow.backfill(desk, account.id, FILES)
    assert again.id != first.id
    assert (again.changes, again.outcome) == ((), Outcome.nothing)


def test_a_folder_brought_again_after_a_text_of_it_was_withdrawn_rests_on_what_stands(
    desk: Desk, account: Account
) -> None:
    flow.backfill(desk, account.id, FILES)
    with desk.account(account.id).read() as tx:
        taken = [each.id for each in tx.sources()]
    for each in taken:
        flow.withdraw(desk, account.id, each)
    again = flow.backfill(desk, account.id, FILES)
    assert again.changes
    assert not {piece.source for change in again.changes for piece in change.evidence} & set(taken)
    with desk.account(account.id).read() as tx:
        assert sum(not each.withdrawn for each in tx.sources()) == len(FILES)
