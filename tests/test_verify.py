"""Drafts become changes: who and what is meant, what the plan already has, ids that do not move."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import ingest, verify
from pipeline.imports import json_plan
from pipeline.records import Change, Context, Draft, Effect, Op
from pipeline.settings import Settings

PLAN = json_plan.plan_of(json.loads((Path(__file__).parent / "cases" / "checks" / "plan.json").read_text()))
NOTE = "Sunniva wants GalleyStock for Catering. Torvald has left. Petra tests BerthBook."


def tried(*drafts: dict[str, Any], note: str = NOTE) -> tuple[Change, ...]:
    assert PLAN.said_on
    document = ingest.read(note.encode(), "note.txt", Settings(), PLAN.said_on, PLAN.said_on)
    context = Context(document=document, plan=PLAN.plan, account=PLAN.account, author=PLAN.author, said_on=PLAN.said_on)
    return verify.verify([Draft.model_validate(draft) for draft in drafts], context, "prp_t", "src_t")


def id_of(section: str, **values: Any) -> str:
    return next(item.id for item in PLAN.plan.section(section) if values.items() <= item.values.items())


def test_a_new_person_who_is_already_on_the_plan_becomes_a_change_of_them() -> None:
    (change,) = tried(
        {"section": "stakeholders", "op": "add", "fields": {"name": "Suniva Dahl", "title": "Head of Hospitality"}}
    )
    assert (change.op, change.item) == (Op.update, id_of("stakeholders", name="Sunniva Dahl"))
    assert change.new_values() == {"title": "Head of Hospitality"}, "the name on the plan stays"
    assert any("Already on the plan as Sunniva Dahl" in each.message for each in change.findings)


def test_what_a_doubled_entry_leaves_empty_takes_nothing_away() -> None:
    (change,) = tried(
        {"section": "stakeholders", "op": "add", "fields": {"name": "Torvald Krog", "roles": [], "title": ""}}
    )
    assert change.fields == ()


def test_the_roles_of_a_doubled_entry_are_added_to_those_there_are() -> None:
    (change,) = tried(
        {"section": "stakeholders", "op": "add", "fields": {"name": "Torvald Krog", "roles": ["Champion"]}}
    )
    assert change.new_values() == {"roles": ["champion", "economic_buyer"]}


def test_a_new_cell_of_a_pair_that_the_plan_has_becomes_a_change_of_that_cell() -> None:
    (change,) = tried(
        {
            "section": "cells",
            "op": "add",
            "fields": {"department": "Catering Dept.", "offering": "Galley Stock", "status": "Need identified"},
        }
    )
    assert (change.op, change.item) == (Op.update, id_of("cells", offering="off_galleystock"))
    assert change.new_values() == {"status": "need_identified"}
    assert not any("Already on the plan" in each.message for each in change.findings)


@pytest.mark.parametrize("written", ["Harbour Office", "Harbor Office", "harbour office"])
def test_a_reference_by_a_misspelt_name_is_resolved(written: str) -> None:
    (change,) = tried({"section": "stakeholders", "op": "add", "fields": {"name": "Ragna Moe", "department": written}})
    assert change.new_values()["department"] == id_of("departments", name="Harbour Office")


def test_a_reference_by_a_first_name_alone_is_resolved_when_it_can_mean_one_person_only() -> None:
    fields = {"who": "Sunniva", "whom": "Torvald", "kind": "defers_to"}
    (change,) = tried({"section": "influence", "op": "add", "fields": fields})
    assert change.new_values()["who"] == id_of("stakeholders", name="Sunniva Dahl")
    assert change.new_values()["whom"] == id_of("stakeholders", name="Torvald Krog")


def test_a_reference_to_nobody_drops_the_change_and_says_why() -> None:
    fields = {"who": "Sunniva Dahl", "whom": "Ottilie Brandt", "kind": "defers_to"}
    (change,) = tried({"section": "influence", "op": "add", "fields": fields})
    assert change.dropped
    assert any("Ottilie Brandt" in each.message for each in change.findings)


def test_a_reference_to_an_entry_drafted_beside_it_is_resolved() -> None:
    person, edge = tried(
        {"section": "stakeholders", "op": "add", "fields": {"name": "Ragna Moe"}},
        {"section": "influence", "op": "add", "fields": {"who": "Ragna Moe", "whom": "Petra Lund", "kind": "talks_to"}},
    )
    assert edge.new_values()["who"] == person.item


def test_somebody_whose_status_is_left_is_removed() -> None:
    draft = {"section": "stakeholders", "op": "update", "item": id_of("stakeholders", name="Torvald Krog")}
    (change,) = tried(
        {**draft, "fields": {"status": "left", "effective": "2026-03-01"}, "quotes": [["Torvald has left", None]]}
    )
    assert (change.op, change.fields, str(change.effective)) == (Op.remove, (), "2026-03-01")
    assert not any(each.check == "value" for each in change.findings)


def test_an_item_given_by_name_is_found() -> None:
    (change,) = tried(
        {"section": "stakeholders", "op": "update", "item": "Petra Lund", "fields": {"roles": ["evaluator"]}}
    )
    assert change.item == id_of("stakeholders", name="Petra Lund")


def test_an_item_that_is_not_there_drops_the_change() -> None:
    (change,) = tried({"section": "stakeholders", "op": "remove", "item": "stk_nobody"})
    assert change.dropped


def test_roles_and_statuses_are_spelt_as_the_plan_spells_them() -> None:
    (change,) = tried(
        {"section": "stakeholders", "op": "add", "fields": {"name": "Ragna Moe", "roles": "Economic Buyer; evaluator"}}
    )
    assert change.new_values()["roles"] == ["economic_buyer", "evaluator"]


def test_changes_keep_the_order_and_ids_of_their_drafts() -> None:
    drafts = (
        {"section": "stakeholders", "op": "add", "fields": {"name": "Ragna Moe"}},
        {"section": "actions", "op": "update", "item": "A1", "fields": {"status": "done"}},
    )
    once, again = tried(*drafts), tried(*drafts)
    assert once == again
    assert [change.id for change in once] == ["prp_t-1", "prp_t-2"]
    assert [change.section for change in once] == ["stakeholders", "actions"]


def test_a_value_that_does_not_fit_costs_only_its_own_field() -> None:
    (change,) = tried(
        {"section": "actions", "op": "update", "item": "A1", "fields": {"status": "done", "deadline": "soon"}}
    )
    assert change.new_values() == {"status": "done"}
    assert [each.field for each in change.findings if each.check == "value"] == ["deadline"]


def test_the_same_new_entry_twice_is_dropped_the_second_time() -> None:
    quote = [["Petra tests BerthBook", None]]
    draft = {"section": "criteria", "op": "add", "fields": {"criterion": "Tests of BerthBook pass"}, "quotes": quote}
    first, second = tried(draft, draft)
    assert not first.dropped
    assert second.dropped


def test_a_persons_own_entry_is_not_taken_for_another_one() -> None:
    draft = Draft(section="stakeholders", op=Op.add, fields={"name": "Suniva Dahl"})
    (change,) = verify.resolve([draft], PLAN.plan, "prp_d")
    assert change.op is Op.add
    assert not [each for each in change.findings if each.effect is Effect.drop]


def test_an_entry_that_another_waiting_proposal_adds_is_marked() -> None:
    draft = {"section": "criteria", "op": "add", "fields": {"criterion": "Tests of BerthBook pass"}}
    (waiting,) = tried(draft)
    assert PLAN.said_on
    document = ingest.read(NOTE.encode(), "note.txt", Settings(), PLAN.said_on, PLAN.said_on)
    context = Context(document=document, plan=PLAN.plan, account=PLAN.account, said_on=PLAN.said_on)
    pending = {"crt_elsewhere": (waiting,)}
    (change,) = verify.verify([Draft.model_validate(draft)], context, "prp_u", "src_u", pending)
    assert any("Another waiting proposal adds" in each.message for each in change.findings)


def test_somebody_unknown_gets_an_opaque_id_so_that_no_name_stays_where_no_erasure_looks() -> None:
    (change,) = tried({"section": "stakeholders", "op": "update", "item": "Nils Holm", "fields": {"title": "CFO"}})
    assert "Nils" not in change.item
    assert any(each.effect is Effect.drop and "Nils Holm" in each.message for each in change.findings)


def test_a_join_by_name_ends_in_the_entry_that_is_meant() -> None:
    (change,) = tried({"section": "stakeholders", "op": "join", "item": "Petra Voss", "into": "Sunniva Dahl"})
    assert change.into == id_of("stakeholders", name="Sunniva Dahl")
    (change,) = tried({"section": "stakeholders", "op": "join", "item": "Petra Voss", "into": "Nils Holm"})
    assert "Nils" not in (change.into or "")


def test_a_quote_with_a_word_changed_proves_nothing() -> None:
    draft = {"section": "stakeholders", "op": "update", "item": "Torvald Krog", "fields": {"title": "Adviser"}}
    (true,) = tried({**draft, "quotes": [["Torvald Krog is an adviser to the board now", 1]]},
                    note="Torvald Krog is an adviser to the board now.")  # fmt: skip
    (altered,) = tried({**draft, "quotes": [["Torvald Krog is the adviser to the board now", 1]]},
                       note="Torvald Krog is an adviser to the board now.")  # fmt: skip
    assert [str(piece.tier) for piece in (*true.evidence, *altered.evidence)] == ["exact", "altered"]
    assert not true.dropped
    assert any(each.check == "quote" and each.effect is Effect.drop for each in altered.findings)


def test_what_a_draft_repeats_is_confirmed_only_where_its_words_say_it() -> None:
    item = id_of("actions", action="Send the mooring report")
    known = PLAN.plan.items[item].values
    draft = {"section": "actions", "op": "update", "item": item, "fields": {**known, "resources": "A crane"}}
    note = "Idris Bain will send the mooring report with a crane."
    change, last = tried({**draft, "quotes": [[note, None]]}, note=note)
    assert (list(change.new_values()), change.confirms, last.confirms) == (["resources"], False, True)
    assert "owner" in last.new_values()
    assert "deadline" not in last.new_values(), "nothing in the quote tells the day"
