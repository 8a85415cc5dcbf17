"""How a pending change stands against the plan as it is now. Pure, from what the store knows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pipeline.precedence import Result
from pipeline.records import (
    Change,
    Decision,
    Document,
    Evidence,
    FieldChange,
    FieldHead,
    Line,
    Occasion,
    Op,
    Source,
    SourceKind,
    Tier,
    Verdict,
)
from pipeline.store import Refusal
from pipeline.views.standing import Known, results

AT = datetime(2026, 3, 3, tzinfo=UTC)
DAY = date(2026, 3, 2)


def head(field: str, value: Any, revision: int = 1, origin: str = "approved", said_on: date | None = None) -> FieldHead:
    return FieldHead(
        item="stk-1",
        section="stakeholders",
        field=field,
        value=value,
        revision=revision,
        origin=origin,
        by="bo",
        at=AT,
        said_on=said_on,
    )


def known(*heads: FieldHead, **more: Any) -> Known:
    told: dict[str, Any] = {"exists": frozenset({"stk-1"}), "references": {}, "alike": frozenset(), "refusals": ()}
    places: Mapping[tuple[str, str], FieldHead] = {(each.item, each.field): each for each in heads}
    return Known(heads=places, **{**told, **more})


def change(old: Any = "Clerk", new: Any = "Controller", op: Op = Op.update, said_on: date | None = DAY) -> Change:
    fields = () if op in (Op.remove, Op.join) else (FieldChange(field="title", old=old, new=new),)
    proof = Evidence(source="src", start=0, end=3, words="Kim", tier=Tier.exact, line=1, said_on=said_on)
    return Change(id="c1", section="stakeholders", op=op, item="stk-1", fields=fields, evidence=(proof,))


def source(kind: SourceKind = SourceKind.note, occasion: str = "occ", sha256: str = "text") -> Source:
    document = Document(kind=kind, format="text", text="Kim", lines=(Line(number=1, start=0, end=3),))
    return Source(id="src", account="acc", delivery="del", version=1, sha256=sha256, document=document,
                  source_class=kind.source_class, occasion=Occasion(id=occasion, said_on=DAY), read_at=AT)  # fmt: skip


def ruled(asked: Change, facts: Known, said: Source | None = None, base: int = 1) -> Result:
    return results([asked], facts, base, said)["c1"]


def refused(occasion: str, text: str, what: Change | None = None) -> Refusal:
    no = Decision(change="c0", verdict=Verdict.reject, by="bo", at=AT)
    return Refusal(what or change(), no, "prp", "src-0", occasion, text)


def test_a_newer_word_supersedes_an_approved_one() -> None:
    assert ruled(change(), known(head("title", "Clerk", said_on=date(2026, 1, 1))), source()) is Result.supersedes


def test_an_older_word_is_told_as_older() -> None:
    assert ruled(change(), known(head("title", "Clerk", said_on=date(2026, 5, 1))), source()) is Result.older


def test_a_field_set_meanwhile_is_a_conflict() -> None:
    assert ruled(change(), known(head("title", "CEO", revision=2)), source()) is Result.conflict


def test_what_a_person_typed_is_challenged() -> None:
    assert ruled(change(), known(head("title", "Clerk", origin="typed")), source()) is Result.challenge


def test_the_same_again_is_support_first_hand_and_nothing_in_a_recap() -> None:
    stands = known(head("title", "Controller"))
    assert ruled(change(), stands, source()) is Result.support
    assert ruled(change(), stands, source(SourceKind.summary)) is Result.no_change


def test_what_was_rejected_from_the_same_words_or_occasion_is_not_proposed() -> None:
    stands = head("title", "Clerk")
    assert ruled(change(), known(stands, refusals=(refused("occ", "other"),)), source()) is Result.not_proposed
    assert ruled(change(), known(stands, refusals=(refused("other", "text"),)), source()) is Result.not_proposed
    assert ruled(change(), known(stands, refusals=(refused("other", "other"),)), source()) is Result.refused_before


def test_a_join_with_one_person_that_was_rejected_says_nothing_of_a_join_with_another() -> None:
    one, other = (change(op=Op.join).model_copy(update={"into": into}) for into in ("stk-2", "stk-3"))
    stands = known(head("title", "Clerk"), refusals=(refused("occ", "text", one),))
    assert ruled(one, stands, source()) is Result.not_proposed
    assert ruled(other, stands, source()) is Result.supersedes


def test_a_removal_of_who_is_named_by_others_is_blocked() -> None:
    facts = known(head("", 1), references={"stk-1": ("act-1",)})
    assert ruled(change(op=Op.remove), facts, source()) is Result.blocked_by_references
    assert ruled(change(op=Op.remove), known(head("", 1, revision=5)), source()) is Result.conflict
    assert ruled(change(op=Op.remove), known(exists=frozenset()), source()) is Result.support


def test_a_change_without_source_is_no_first_hand_word() -> None:
    assert ruled(change(said_on=None), known(head("title", "Controller"))) is Result.no_change
