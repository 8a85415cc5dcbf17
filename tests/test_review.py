"""Decisions and a proposal become approvals: no decision means no."""

from datetime import UTC, datetime

import pytest

from pipeline.errors import BadValue, UnknownChange
from pipeline.records import Change, Decision, FieldChange, Json, Op, Outcome, Proposal, Verdict
from pipeline.review import review
from pipeline.sections import stored

AT = datetime(2026, 3, 3, tzinfo=UTC)


def change(number: int, op: Op = Op.update, **fields: Json) -> Change:
    told = tuple(FieldChange(field=name, new=value) for name, value in fields.items())
    return Change(id=f"c{number}", section="stakeholders", op=op, item=f"stk-{number}", fields=told)


def proposal(*changes: Change) -> Proposal:
    plain = {"id": "prp", "account": "acc", "origin": "note", "source": None, "base_revision": 0, "proposer": "rules"}
    return Proposal(**plain, outcome=Outcome.changes, changes=changes, created_at=AT, created_by="ann")


def said(change: str, verdict: Verdict, **fields: Json) -> Decision:
    return Decision(change=change, verdict=verdict, by="ann", at=AT, fields=fields)


def test_no_decision_means_no() -> None:
    assert review(proposal(change(1, title="CFO")), []) == ()


@pytest.mark.parametrize("verdict", [Verdict.reject, Verdict.ask])
def test_only_approve_and_edit_let_a_change_through(verdict: Verdict) -> None:
    assert review(proposal(change(1, title="CFO")), [said("c1", verdict)]) == ()


def test_approvals_come_in_the_proposals_order() -> None:
    asked = proposal(change(1, title="CFO"), change(2, title="CEO"))
    found = review(asked, [said("c2", Verdict.approve), said("c1", Verdict.approve)])
    assert [each.change.id for each in found] == ["c1", "c2"]


def test_the_last_word_on_a_change_counts() -> None:
    asked = proposal(change(1, title="CFO"))
    assert review(asked, [said("c1", Verdict.approve), said("c1", Verdict.reject)]) == ()


def test_an_edit_takes_the_place_of_what_was_proposed() -> None:
    (found,) = review(proposal(change(1, title="CFO", warmth="weak")), [said("c1", Verdict.edit, title="Controller")])
    assert found.change.new_values() == {"title": "Controller", "warmth": "weak"}


def test_a_field_that_only_the_reviewer_sets_counts_from_the_value_that_stands() -> None:
    now = {"stk-1": stored("stk-1", "stakeholders", {"name": "Kim", "warmth": "weak"})}
    (found,) = review(proposal(change(1, title="CFO")), [said("c1", Verdict.edit, warmth="strong")], now)
    assert {(each.field, each.old, each.new) for each in found.change.fields} >= {("warmth", "weak", "strong")}


def test_an_edit_that_does_not_fit_its_field_is_refused() -> None:
    with pytest.raises(BadValue, match="warmth"):
        review(proposal(change(1, title="CFO")), [said("c1", Verdict.edit, warmth="tepid")])


def test_a_new_entry_cannot_be_edited_to_have_no_name() -> None:
    with pytest.raises(BadValue, match="name"):
        review(proposal(change(1, Op.add, name="Kim")), [said("c1", Verdict.edit, name="")])


def test_a_decision_about_another_proposals_change_is_refused() -> None:
    with pytest.raises(UnknownChange):
        review(proposal(change(1, title="CFO")), [said("c9", Verdict.approve)])
