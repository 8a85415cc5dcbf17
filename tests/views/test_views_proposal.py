"""One proposal for its reviewer: words marked in the text, what bulk approval covers, conflicts. Pure."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.records import (
    Change,
    Document,
    Effect,
    Evidence,
    FieldChange,
    Finding,
    Line,
    Occasion,
    Op,
    Outcome,
    Plan,
    Proposal,
    Source,
    SourceKind,
    Standing,
    Tier,
)
from pipeline.sections import stored
from pipeline.views.marked import marks
from pipeline.views.proposal import ProposalView, bulk, proposal_view, spans

AT = datetime(2026, 3, 3, tzinfo=UTC)
TEXT = "Kim is Controller now.\nKim left."
LINES = (Line(number=1, start=0, end=22), Line(number=2, start=23, end=32))
PLAN = Plan(
    account="acc",
    revision=4,
    items={"stk-1": stored("stk-1", "stakeholders", {"name": "Kim Low", "title": "Clerk"})},
)


def piece(start: int, end: int) -> Evidence:
    return Evidence(source="src", start=start, end=end, words=TEXT[start:end], tier=Tier.exact, line=1)


def change(number: int, *pieces: Evidence, field: str = "title", old: Any = "Clerk", new: Any = "Controller",
           **more: Any) -> Change:  # fmt: skip
    told: dict[str, Any] = {"section": "stakeholders", "op": Op.update, "item": "stk-1"}
    fields = (FieldChange(field=field, old=old, new=new),)
    return Change(id=f"c{number}", **{**told, "fields": fields, "evidence": pieces, **more})


def proposal(*changes: Change) -> Proposal:
    plain: dict[str, Any] = {"id": "prp", "account": "acc", "origin": "note", "source": "src", "proposer": "rules"}
    return Proposal(**plain, base_revision=3, outcome=Outcome.changes, changes=changes, created_at=AT, created_by="ann")


def source() -> Source:
    document = Document(kind=SourceKind.note, format="text", text=TEXT, lines=LINES, said_on=date(2026, 3, 2))
    return Source(
        id="src", account="acc", delivery="del", version=1, sha256="", document=document,
        source_class=SourceKind.note.source_class, occasion=Occasion(id="occ", said_on=None), read_at=AT,
    )  # fmt: skip


def view(*changes: Change, **standings: Standing) -> ProposalView:
    return proposal_view(proposal(*changes), "Northwind Mills", PLAN, source(), {}, standings)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({}, False),
        ({"said_on_assumed": True}, True),
        ({"said_on": None}, True),
        ({"warnings": ("The day is unclear, somebody says.",)}, False),
        ({"said_on_assumed": True, "warnings": ("It has no day of its own.",)}, True),
    ],
)
def test_the_day_is_asked_when_it_is_unsure_whatever_its_warnings_say(told: dict[str, Any], asked: bool) -> None:
    unsure = source().model_copy(update={"document": source().document.model_copy(update=told)})
    gone = unsure.model_copy(update={"withdrawn": True})
    assert proposal_view(proposal(), "Northwind Mills", PLAN, unsure, {}, {}).day_asked is asked
    assert not proposal_view(proposal(), "Northwind Mills", PLAN, gone, {}, {}).day_asked


def test_overlapping_quotes_are_marked_without_overlap() -> None:
    found = marks(spans(view(change(1, piece(0, 14)), change(2, piece(7, 22))).changes, source()))
    assert [(each.start, each.end, each.changes) for each in found] == [(0, 7, (1,)), (7, 14, (1, 2)), (14, 22, (2,))]


def test_the_lines_pieces_are_the_whole_text() -> None:
    lines = view(change(1, piece(7, 17)), change(2, piece(23, 32))).lines
    assert "\n".join("".join(words for words, _ in line.pieces) for line in lines) == TEXT
    assert [words for line in lines for words, numbers in line.pieces if numbers] == ["Controller", "Kim left."]


def test_a_mark_over_a_line_end_is_cut_at_it() -> None:
    lines = view(change(1, piece(18, 26))).lines
    assert [words for line in lines for words, numbers in line.pieces if numbers] == ["now.", "Kim"]


@pytest.mark.parametrize(
    "kept_out",
    [
        change(1, op=Op.remove, fields=()),
        change(1, op=Op.join, fields=(), into="stk-2"),
        change(1, field="roles", old=None, new=["champion"]),
        change(1, findings=(Finding(check="any", effect=Effect.demote, message="Older."),)),
        change(1, findings=(Finding(check="any", effect=Effect.drop, message="Refuted."),)),
        change(1, section="goals", op=Op.add, item="goal-1", field="statement", old=None, new="Grow"),
    ],
)
def test_what_approve_all_leaves_out(kept_out: Change) -> None:
    assert [each.id for each in bulk(proposal(kept_out, change(2)))] == ["c2"]


def test_a_challenge_is_never_part_of_approve_all() -> None:
    (found,) = view(change(1), c1=Standing.challenge).changes
    assert not found.bulk


def test_a_value_that_moved_meanwhile_is_shown_with_what_stands() -> None:
    (found,) = view(change(1, old="Temp"), c1=Standing.conflict).changes
    (field,) = found.fields
    assert (field.old, field.new, field.now, field.current) == ("Temp", "Controller", "Clerk", "Clerk")


def test_what_the_plan_says_already_is_support_and_no_change() -> None:
    finding = Finding(check="known", effect=Effect.support, message="Already so.")
    found = view(change(1, findings=(finding,)), change(2))
    assert ([each.id for each in found.changes], [each.id for each in found.support]) == (["c2"], ["c1"])


def test_a_quote_that_was_not_found_marks_nothing() -> None:
    nowhere = Evidence(source="src", start=0, end=0, words="", tier=Tier.none, line=0, quote="Kim is CEO")
    found = view(change(1, nowhere))
    assert marks(spans(found.changes, source())) == ()
    assert found.changes[0].quotes[0].tier == "none"


def test_words_of_another_text_mark_nothing_in_this_one() -> None:
    elsewhere = piece(0, 14).model_copy(update={"source": "src-2"})
    assert spans(view(change(1, elsewhere, piece(7, 17))).changes, source()) == [(7, 17, 1)]
