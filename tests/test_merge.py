"""Merging: three ways per field, by element for sets, exactly undone, and nothing approved is lost."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import StaleDecision
from pipeline.merge import CLASH, End, Merged, apply, invert, merge, needs, three_way
from pipeline.records import Approval, Change, Decision, FieldChange, FieldHead, Item, Op, Verdict
from pipeline.sections import references, section, stored

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def items(*made: Item) -> dict[str, Item]:
    return {item.id: item for item in made}


PLAN = items(
    stored("d1", "departments", {"name": "Operations"}),
    stored("d2", "departments", {"name": "Field Operations"}),
    stored("o1", "offerings", {"name": "Loomwatch"}),
    stored("c1", "cells", {"department": "d1", "offering": "o1", "status": "deployed", "users": 40}),
    stored("s1", "stakeholders", {"name": "Mira Falk", "title": "COO", "department": "d1", "interests": ["cost"]}),
    stored("s2", "stakeholders", {"name": "Jonas Abt", "department": "d2", "reports_to": "s1"}),
    stored("A1", "actions", {"action": "Send the offer", "target": "Mira Falk", "status": "not_started"}),
)


def change(op: Op, item: str, section: str, ident: str = "x1", into: str | None = None, **fields: Any) -> Change:
    """Fields as name=(old, new)."""
    moved = tuple(FieldChange(field=name, old=old, new=new) for name, (old, new) in fields.items())
    return Change(id=ident, section=section, op=op, item=item, fields=moved, into=into)


def approved(made: Change) -> Approval:
    return Approval(change=made, decision=Decision(change=made.id, verdict=Verdict.approve, by="ann", at=NOW))


def referring(plan: Mapping[str, Item]) -> Callable[[str], Sequence[Item]]:
    return lambda key: [item for item in plan.values() if any(target == key for _, target in references(item))]


def finding(plan: Mapping[str, Item]) -> Callable[[str, Mapping[str, Any]], Sequence[Item]]:
    """Finds what may be the same by marks, as the plan was before the merge."""

    def find(name: str, values: Mapping[str, Any]) -> list[Item]:
        marks = section(name).marks
        mine = (each for each in plan.values() if each.section == name)
        return [each for each in mine if set(marks(values)) & set(marks(each.values))]

    return find


def merged(*changes: Change | Approval, plan: Mapping[str, Item] = PLAN, **more: Any) -> Merged:
    approvals = [each if isinstance(each, Approval) else approved(each) for each in changes]
    return merge(approvals, current=plan, references=referring(plan), **more)


def after(result: Merged, plan: Mapping[str, Item] = PLAN) -> dict[str, Item]:
    return apply(plan, result.deltas)


def as_bytes(plan: Mapping[str, Item]) -> str:
    return json.dumps({key: json.loads(plan[key].model_dump_json()) for key in sorted(plan)})


# One field


@pytest.mark.parametrize(
    ("base", "current", "proposed", "is_set", "result"),
    [
        ("a", "a", "b", False, "b"),
        ("a", "b", "b", False, "b"),
        ("a", "b", "a", False, "b"),
        ("a", "b", "c", False, CLASH),
        (None, None, "c", False, "c"),
        ("a", "a", None, False, None),
        ("a", None, "b", False, CLASH),
        (["a"], ["a", "z"], ["a", "b"], True, ["a", "b", "z"]),
        (["a", "b"], ["a", "b", "z"], ["b"], True, ["b", "z"]),
        (["a"], ["a"], None, True, None),
        (None, ["z"], ["b"], True, ["b", "z"]),
    ],
)
def test_a_value_is_merged_from_base_current_and_proposed_in_this_order(
    base: Any, current: Any, proposed: Any, is_set: bool, result: Any
) -> None:
    assert three_way(base, current, proposed, is_set) == result


def test_an_update_changes_its_field_and_nothing_else() -> None:
    result = merged(change(Op.update, "s1", "stakeholders", title=("COO", "CEO")))
    assert result.ends == {"x1": End.applied}
    assert set(result.after) == {"s1"}
    assert after(result)["s1"].values == {**PLAN["s1"].values, "title": "CEO"}


def test_a_value_that_changed_since_it_was_seen_is_a_conflict_with_all_three() -> None:
    result = merged(change(Op.update, "s1", "stakeholders", title=("CFO", "CEO")))
    (conflict,) = result.conflicts
    assert (conflict.base, conflict.current, conflict.proposed) == ("CFO", "COO", "CEO")
    assert result.ends == {"x1": End.conflict}
    assert not result.deltas


def test_a_person_settles_a_conflict_by_having_seen_what_stands() -> None:
    stale = change(Op.update, "s1", "stakeholders", title=("CFO", "CEO"))
    assert merged(stale, seen={("x1", "title"): "COO"}).ends == {"x1": End.applied}
    assert merged(stale, seen={("x1", "title"): "CTO"}).ends == {"x1": End.conflict}


def test_what_is_so_already_changes_nothing() -> None:
    result = merged(change(Op.update, "s1", "stakeholders", title=("CFO", "COO")))
    assert result.ends == {"x1": End.already_true}
    assert not result.deltas


def test_a_conflict_blocks_its_whole_change_and_no_other() -> None:
    result = merged(
        change(Op.update, "s1", "stakeholders", "bad", title=("CFO", "CEO"), notes=(None, "Likes numbers")),
        change(Op.update, "s1", "stakeholders", "good", cadence=(None, "monthly")),
    )
    assert result.ends == {"bad": End.conflict, "good": End.applied}
    assert "notes" not in after(result)["s1"].values


def test_two_changes_of_one_field_in_one_call_do_not_overwrite_each_other() -> None:
    result = merged(
        change(Op.update, "s1", "stakeholders", "one", title=("COO", "CEO")),
        change(Op.update, "s1", "stakeholders", "two", title=("COO", "CFO")),
        change(Op.update, "s1", "stakeholders", "three", title=("COO", "CEO")),
    )
    assert result.ends == {"one": End.applied, "two": End.conflict, "three": End.already_true}


def test_a_value_that_does_not_fit_its_field_is_a_conflict_that_says_so() -> None:
    result = merged(change(Op.update, "s1", "stakeholders", warmth=(None, "boiling")))
    assert result.ends == {"x1": End.conflict}
    assert "warmth" in result.conflicts[0].message


def test_a_required_field_is_never_emptied() -> None:
    assert merged(change(Op.update, "s1", "stakeholders", name=("Mira Falk", None))).ends == {"x1": End.conflict}


def test_an_item_is_never_renamed_into_what_another_one_is_already() -> None:
    plan = PLAN | items(stored("c2", "cells", {"department": "d2", "offering": "o1", "status": "untouched"}))
    for asked in (
        change(Op.update, "s2", "stakeholders", name=("Jonas Abt", "mira  falk"), title=(None, "CFO")),
        change(Op.update, "c2", "cells", department=("d2", "d1")),
    ):
        settled = {(asked.id, asked.fields[0].field): asked.fields[0].old}
        many: tuple[dict[str, Any], ...] = ({}, {"alike": finding(plan)}, {"seen": settled})
        for more in many:
            result = merged(asked, plan=plan, **more)
            (conflict,) = result.conflicts
            assert (result.deltas, conflict.current, conflict.proposed) == (
                (), asked.fields[0].old, asked.fields[0].new
            )  # fmt: skip
            assert "Join the two" in conflict.message


def test_of_two_that_are_renamed_to_one_the_first_has_the_name() -> None:
    one = change(Op.update, "d1", "departments", ident="x1", name=("Operations", "Works"))
    other = change(Op.update, "d2", "departments", ident="x2", name=("Field Operations", "Works"))
    result = merged(one, other, alike=finding(PLAN))
    assert result.ends == {"x1": End.applied, "x2": End.conflict}


def test_an_update_of_what_was_removed_is_a_conflict() -> None:
    assert merged(change(Op.update, "s9", "stakeholders", title=("a", "b"))).conflicts[0].field == ""


def test_the_effective_date_goes_along() -> None:
    leaving = change(Op.update, "s1", "stakeholders", title=("COO", "CEO")).model_copy(
        update={"effective": date(2026, 7, 1)}
    )
    assert [delta.effective for delta in merged(leaving).deltas] == [date(2026, 7, 1)]


# Additions


def test_an_added_item_may_be_referred_to_by_another_addition_of_the_same_call() -> None:
    result = merged(
        change(Op.add, "c9", "cells", "cell", department=(None, "d9"), offering=(None, "o1")),
        change(Op.add, "d9", "departments", "dep", name=(None, "Legal")),
    )
    assert set(result.ends.values()) == {End.applied}
    assert after(result)["c9"].values == {"department": "d9", "offering": "o1"}


def test_a_reference_to_nothing_is_a_conflict() -> None:
    result = merged(change(Op.add, "c9", "cells", department=(None, "d9"), offering=(None, "o1")))
    assert result.ends == {"x1": End.conflict}
    assert result.conflicts[0].field == "department"


def test_a_reference_to_an_item_of_another_section_is_a_conflict() -> None:
    result = merged(change(Op.add, "c9", "cells", department=(None, "s1"), offering=(None, "o1")))
    assert result.ends == {"x1": End.conflict}


def test_adding_somebody_who_is_there_under_another_spelling_fills_the_gaps_and_keeps_the_spelling() -> None:
    result = merged(change(Op.add, "s9", "stakeholders", name=(None, "Falk, Mira"), email=(None, "m@kern.example")))
    assert result.redirected == {"s9": "s1"}
    assert "s9" not in after(result)
    assert after(result)["s1"].values["email"] == "m@kern.example"
    assert after(result)["s1"].values["aliases"] == ["Falk, Mira"]


def test_a_name_learnt_in_the_same_call_is_known_to_the_next_addition() -> None:
    one = change(Op.add, "n1", "stakeholders", name=(None, "Mira Falk"), aliases=(None, ["Mirabelle Thornton"]))
    two = change(Op.add, "n2", "stakeholders", "x2", name=(None, "Mirabelle Thorntn"))
    for more in ({}, {"alike": finding(PLAN)}):
        result = merged(one, two, plan=PLAN, **more)
        assert result.redirected == {"n1": "s1", "n2": "s1"}


def test_adding_somebody_who_is_there_with_another_title_is_a_conflict() -> None:
    result = merged(change(Op.add, "s9", "stakeholders", name=(None, "Mira Falk"), title=(None, "CEO")))
    assert result.ends == {"x1": End.conflict}
    assert result.redirected == {}
    assert result.conflicts[0].item == "s1"


def test_a_reference_to_an_addition_that_was_there_already_goes_to_that() -> None:
    result = merged(
        change(Op.add, "d9", "departments", "dep", name=(None, "operations department")),
        change(Op.add, "a9", "needs", "need", need=(None, "Fewer stops"), department=(None, "d9")),
    )
    assert after(result)["a9"].values["department"] == "d1"


def test_an_addition_without_what_it_cannot_be_without_is_a_conflict() -> None:
    assert merged(change(Op.add, "c9", "cells", department=(None, "d1"))).ends == {"x1": End.conflict}


def test_adding_the_same_twice_in_one_call_adds_it_once() -> None:
    result = merged(
        change(Op.add, "n1", "needs", "one", need=(None, "Fewer stops")),
        change(Op.add, "n2", "needs", "two", need=(None, "fewer stops")),
    )
    assert result.ends == {"one": End.applied, "two": End.already_true}


# Removals


def test_removing_what_nobody_refers_to_takes_it_out() -> None:
    result = merged(change(Op.remove, "s2", "stakeholders"))
    assert result.after == {"s2": None}
    assert "s2" not in after(result)


def test_removing_what_others_refer_to_is_a_conflict_that_lists_them() -> None:
    result = merged(change(Op.remove, "d1", "departments"))
    assert result.ends == {"x1": End.conflict}
    assert result.conflicts[0].current == ["c1", "s1"]


def test_two_removals_of_what_others_refer_to_are_both_conflicts() -> None:
    result = merged(
        change(Op.remove, "d1", "departments", "one"),
        change(Op.remove, "d1", "departments", "two"),
    )
    assert result.ends == {"one": End.conflict, "two": End.conflict}
    assert [(each.change, each.current) for each in result.conflicts] == [("one", ["c1", "s1"]), ("two", ["c1", "s1"])]


def test_of_two_removals_of_one_item_the_second_finds_it_gone() -> None:
    result = merged(
        change(Op.remove, "s2", "stakeholders", "one"),
        change(Op.remove, "s2", "stakeholders", "two"),
    )
    assert result.ends == {"one": End.applied, "two": End.already_true}
    assert result.after == {"s2": None}


def test_what_goes_together_is_removed_together() -> None:
    result = merged(
        change(Op.remove, "s1", "stakeholders", "one"),
        change(Op.remove, "s2", "stakeholders", "two"),
    )
    assert result.ends == {"one": End.applied, "two": End.applied}


def test_a_removal_counts_a_reference_made_in_the_same_call() -> None:
    result = merged(
        change(Op.remove, "s2", "stakeholders", "gone"),
        change(Op.add, "j1", "objections", "new", objection=(None, "Too slow"), raised_by=(None, "s2")),
    )
    assert result.ends == {"gone": End.conflict, "new": End.applied}


def test_removing_what_is_gone_is_true_already() -> None:
    assert merged(change(Op.remove, "s9", "stakeholders")).ends == {"x1": End.already_true}


def test_removing_what_changed_since_is_a_conflict_until_somebody_has_seen_it() -> None:
    head = FieldHead(item="s2", section="stakeholders", field="title", revision=5, origin="typed", by="ann", at=NOW)
    gone = change(Op.remove, "s2", "stakeholders")
    heads = {("s2", "title"): head}
    assert merged(gone, heads=heads, base_revision=4).ends == {"x1": End.conflict}
    assert merged(gone, heads=heads, base_revision=5).ends == {"x1": End.applied}
    assert merged(gone, heads=heads, base_revision=4, seen={("x1", ""): 5}).ends == {"x1": End.applied}


# Joins


def test_joining_two_people_keeps_what_the_one_has_and_fills_it_from_the_other() -> None:
    result = merged(change(Op.join, "s2", "stakeholders", into="s1"))
    now = after(result)
    assert "s2" not in now
    assert now["s1"].values == {**PLAN["s1"].values, "aliases": ["Jonas Abt"]}
    assert result.redirected == {"s2": "s1"}


def test_joining_departments_moves_the_people_and_the_cells_along() -> None:
    plan = {**PLAN, **items(stored("o2", "offerings", {"name": "Dyebook"}))}
    plan["c2"] = stored("c2", "cells", {"department": "d2", "offering": "o2", "status": "need_identified"})
    now = after(merged(change(Op.join, "d2", "departments", into="d1"), plan=plan), plan)
    assert now["s2"].values["department"] == "d1"
    assert now["c2"].values["department"] == "d1"
    assert now["d1"].values["aliases"] == ["Field Operations"]


def test_two_cells_that_become_one_are_merged_and_the_blank_status_gives_way() -> None:
    plan = dict(PLAN)
    plan["c1"] = stored("c1", "cells", {"department": "d1", "offering": "o1", "status": "need_unknown"})
    plan["c2"] = stored("c2", "cells", {"department": "d2", "offering": "o1", "status": "in_negotiation", "users": 7})
    now = after(merged(change(Op.join, "d2", "departments", into="d1"), plan=plan), plan)
    cells = [item for item in now.values() if item.section == "cells"]
    assert [cell.values for cell in cells] == [
        {"department": "d1", "offering": "o1", "status": "in_negotiation", "users": 7}
    ]


def test_two_cells_that_say_different_things_block_the_join() -> None:
    plan = {**PLAN, "c2": stored("c2", "cells", {"department": "d2", "offering": "o1", "status": "out_of_scope"})}
    result = merged(change(Op.join, "d2", "departments", into="d1"), plan=plan)
    assert result.ends == {"x1": End.conflict}
    assert not result.deltas


def test_an_edge_between_two_who_turn_out_to_be_one_goes() -> None:
    plan = {**PLAN, "i1": stored("i1", "influence", {"who": "s1", "whom": "s2", "kind": "talks_to"})}
    now = after(merged(change(Op.join, "s2", "stakeholders", into="s1"), plan=plan), plan)
    assert "i1" not in now
    assert "reports_to" not in now["s1"].values


def test_removing_what_was_joined_in_the_same_call_does_not_take_the_other_along() -> None:
    result = merged(
        change(Op.join, "s2", "stakeholders", ident="x1", into="s1"),
        change(Op.remove, "s2", "stakeholders", ident="x2"),
    )
    assert result.ends == {"x1": End.applied, "x2": End.conflict}
    assert set(after(result)) == set(PLAN) - {"s2"}


def test_joining_an_item_with_itself_or_with_nothing_is_a_conflict() -> None:
    assert merged(change(Op.join, "s1", "stakeholders", into="s1")).ends == {"x1": End.conflict}
    assert merged(change(Op.join, "s1", "stakeholders")).ends == {"x1": End.conflict}
    assert merged(change(Op.join, "s1", "stakeholders", into="d1")).ends == {"x1": End.conflict}


def test_what_is_renamed_keeps_its_old_name_as_another_one() -> None:
    once = merged(change(Op.update, "d1", "departments", name=("Operations", "Production")))
    now = after(once)["d1"]
    assert now.values == {"name": "Production", "aliases": ["Operations"]}
    back = merged(change(Op.update, "d1", "departments", name=("Production", "Operations")), plan={**PLAN, "d1": now})
    assert after(back, {**PLAN, "d1": now})["d1"].values == {"name": "Operations", "aliases": ["Production"]}
    assert as_bytes(apply(after(once), once.inverse)) == as_bytes(PLAN)


def test_nobody_reports_to_themselves_also_when_two_turned_out_to_be_one() -> None:
    own = merged(change(Op.update, "s1", "stakeholders", reports_to=(None, "s1")))
    assert [(each.field, each.message) for each in own.conflicts] == [("reports_to", "It can't refer to itself.")]
    joined = change(Op.join, "s2", "stakeholders", "x1", into="s1", reports_to=(None, "s2"))
    assert merged(joined).ends == {"x1": End.conflict}
    fresh = change(Op.add, "s9", "stakeholders", name=(None, "Ida Voss"), reports_to=(None, "s9"))
    assert merged(fresh).ends == {"x1": End.conflict}


# Deltas


def test_deltas_refuse_a_plan_that_moved_on() -> None:
    result = merged(change(Op.update, "s1", "stakeholders", title=("COO", "CEO")))
    moved = {**PLAN, "s1": stored("s1", "stakeholders", {"name": "Mira Falk", "title": "Chair"})}
    with pytest.raises(StaleDecision):
        apply(moved, result.deltas)
    with pytest.raises(StaleDecision):
        apply({}, result.deltas)


def test_merging_needs_no_more_than_what_the_changes_name() -> None:
    approvals = [approved(change(Op.update, "s1", "stakeholders", department=("d1", "d2")))]
    assert needs(approvals) == {"s1", "d2"}
    few = {key: PLAN[key] for key in needs(approvals)}
    assert merge(approvals, current=few, references=lambda _: ()).ends == {"x1": End.applied}


def test_an_item_stored_by_an_older_version_is_merged_in_the_form_of_today() -> None:
    shuffled = Item(id="s1", section="stakeholders", values={"title": "COO", "name": "Mira Falk"})
    result = merged(change(Op.update, "s1", "stakeholders", notes=(None, "x")), plan={"s1": shuffled})
    assert list(after(result, {"s1": shuffled})["s1"].values) == ["name", "title", "notes"]


# Properties

words = st.sampled_from([None, "a", "b", "c"])
bags = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3, unique=True).map(lambda bag: sorted(bag) or None)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "notes": words,
    "cadence": words,
    "interests": bags,
    "touchpoints": bags,
    "department": st.sampled_from([None, "d1", "d2", "d3"]),
    "reports_to": st.sampled_from([None, "s1", "s2", "s3"]),
}
NAMES = ["Mira Falk", "Jonas Abt", "Okko Reis", "Lena Fuchs"]


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Item]:
    made = [stored(f"d{n}", "departments", {"name": name}) for n, name in enumerate(("Sales", "Legal"), 1)]
    people = draw(st.integers(0, 3))
    for number in range(1, people + 1):
        values = {name: draw(kind) for name, kind in FIELDS.items() if name not in ("department", "reports_to")}
        values["department"] = draw(st.sampled_from([None, "d1", "d2"]))
        values["reports_to"] = draw(st.sampled_from([None, *(f"s{n}" for n in range(1, people + 1) if n != number)]))
        made.append(stored(f"s{number}", "stakeholders", {"name": NAMES[number - 1], **values}))
    return items(*made)


@st.composite
def one_change(draw: st.DrawFn, number: int) -> Change:
    op = draw(st.sampled_from(list(Op)))
    ident = f"x{number}"
    item = draw(st.sampled_from(["s1", "s2", "s3", "d1", "d2"] if op is not Op.add else ["s1", "s3", "n1", "n2"]))
    if item.startswith("d"):
        into = draw(st.sampled_from(["d1", "d2", "d9"])) if op is Op.join else None
        return change(op, item, "departments", ident, into)
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3, unique=True))
    fields = {name: (draw(FIELDS[name]), draw(FIELDS[name])) for name in names if op is not Op.remove}
    if op is Op.add:
        fields = {"name": (None, draw(st.sampled_from(NAMES))), **fields}
    into = draw(st.sampled_from(["s1", "s2", "s3"])) if op is Op.join else None
    return change(op, item, "stakeholders", ident, into, **fields)


@st.composite
def several(draw: st.DrawFn) -> list[Change]:
    return [draw(one_change(number)) for number in range(draw(st.integers(1, 6)))]


@given(plans(), several())
@settings(max_examples=300, deadline=None)
def test_applied_and_undone_a_merge_leaves_the_plan_byte_for_byte_as_it_was(
    plan: dict[str, Item], changes: list[Change]
) -> None:
    result = merged(*changes, plan=plan)
    now = apply(plan, result.deltas)
    assert as_bytes(apply(now, result.inverse)) == as_bytes(plan)
    assert invert(invert(result.deltas)) == result.deltas


@given(plans(), several())
@settings(max_examples=300, deadline=None)
def test_each_approval_ends_once_and_the_touched_items_are_those_the_deltas_make(
    plan: dict[str, Item], changes: list[Change]
) -> None:
    result = merged(*changes, plan=plan)
    now = apply(plan, result.deltas)
    assert list(result.ends) == [each.id for each in changes]
    blocked = {conflict.change for conflict in result.conflicts}
    assert blocked == {ident for ident, end in result.ends.items() if end is End.conflict}
    assert {delta.change for delta in result.deltas} == {i for i, end in result.ends.items() if end is End.applied}
    assert {key: now.get(key) for key in result.after} == dict(result.after)
    assert {key: item for key, item in now.items() if key not in result.after} == {
        key: item for key, item in plan.items() if key not in result.after
    }


@given(plans(), several())
@settings(max_examples=300, deadline=None)
def test_a_merge_that_asks_for_what_may_be_the_same_comes_to_the_same_as_one_that_has_the_whole_plan(
    plan: dict[str, Item], changes: list[Change]
) -> None:
    approvals = [approved(each) for each in changes]
    given = {key: plan[key] for key in needs(approvals) if key in plan}
    asked = merge(approvals, current=given, references=referring(plan), alike=finding(plan))
    whole = merge(approvals, current=plan, references=referring(plan))
    assert (asked.deltas, asked.ends, asked.redirected) == (whole.deltas, whole.ends, whole.redirected)


@given(plans(), several())
@settings(max_examples=300, deadline=None)
def test_no_merge_leaves_a_reference_to_nothing(plan: dict[str, Item], changes: list[Change]) -> None:
    now = apply(plan, merged(*changes, plan=plan).deltas)
    assert all(target in now for item in now.values() for _, target in references(item))


@given(plans(), st.sampled_from(["title", "notes", "cadence"]), words, words)
@settings(deadline=None)
def test_a_stale_change_never_overwrites_a_newer_value(plan: dict[str, Item], name: str, old: Any, new: Any) -> None:
    if "s1" not in plan:
        return
    now = plan["s1"].values.get(name)
    result = merged(change(Op.update, "s1", "stakeholders", **{name: (old, new)}), plan=plan)
    if now not in (old, new):
        kept = after(result, plan)["s1"].values.get(name)
        assert kept == now
        assert result.ends["x1"] is (End.already_true if old == new else End.conflict)


@given(plans(), words, bags)
@settings(deadline=None)
def test_changes_of_different_fields_come_to_the_same_in_any_order(plan: dict[str, Item], word: Any, bag: Any) -> None:
    if "s1" not in plan:
        return
    one = change(Op.update, "s1", "stakeholders", "one", title=(plan["s1"].values.get("title"), word))
    two = change(Op.update, "s1", "stakeholders", "two", interests=(plan["s1"].values.get("interests"), bag))
    first = after(merged(two, plan=after(merged(one, plan=plan), plan)), after(merged(one, plan=plan), plan))
    second = after(merged(one, plan=after(merged(two, plan=plan), plan)), after(merged(two, plan=plan), plan))
    assert as_bytes(first) == as_bytes(second) == as_bytes(after(merged(one, two, plan=plan), plan))


@given(bags, bags, bags)
def test_sets_take_what_is_proposed_to_come_and_drop_what_is_proposed_to_go(base: Any, current: Any, new: Any) -> None:
    was, now, asked = set(base or ()), set(current or ()), set(new or ())
    result = set(three_way(base, current, new, is_set=True) or ())
    assert asked - was <= result
    assert not (was - asked) & result
    assert now - (was - asked) <= result
    assert result <= now | asked
