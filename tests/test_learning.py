"""Learning from reviewers: what they decided becomes cases with gold, and examples for a model of the same account."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.cli import main
from evals import dataset, exported
from evals.dataset import Case
from evals.matching import asserts, match
from evals.run import Result, Run, measured
from pipeline import flow, propose, settings
from pipeline.desk import Desk
from pipeline.errors import UnknownAccount
from pipeline.flow import recalling
from pipeline.imports import json_plan
from pipeline.offline import preview
from pipeline.proposers import Proposer
from pipeline.records import (
    Account,
    Answer,
    Context,
    Decision,
    Draft,
    Json,
    Op,
    Outcome,
    Plan,
    Proposal,
    Source,
    Verdict,
)
from pipeline.sections import section
from pipeline.store.masking import BLOCK
from pipeline.views.cases import reviewed

START = {
    "account": "Calder Paper",
    "vendor": "Moorgate Systems",
    "as_of": "2026-08-01",
    "team": ["Jo Hale (AE)"],
    "departments": ["Logistics", {"name": "Pulp Mill", "kind": "site", "aliases": ["the mill"]}],
    "offerings": ["YardView"],
    "stakeholders": [
        {"name": "Rena Falk", "title": "Head of Logistics", "department": "Logistics", "interests": ["dock times"]}
    ],
    "cells": [{"department": "Logistics", "offering": "YardView", "status": "need_identified"}],
    "actions": [{"id": "A1", "action": "Send YardView price list", "target": "Rena Falk", "status": "not_started"}],
}
NOTE = b"""Visit at the mill, 4 September 2026

- Price list went out to Rena yesterday.
- Logistics wants YardView on trial from October.
- Met Ole Brandt, who signs the orders for the mill.
- Rena also cares about driver waiting hours.
"""
CELL = {"department": "Logistics", "offering": "YardView"}
PHRASES = {
    "Price list went out": Draft(section="actions", op=Op.update, item="A1", fields={"status": "done"}),
    "on trial": Draft(section="cells", op=Op.update, fields={**CELL, "status": "deployed"}),
    "signs the orders": Draft(section="stakeholders", op=Op.add, fields={"name": "Ole Brandt", "title": "Signer"}),
    "cares about": Draft(
        section="stakeholders",
        op=Op.update,
        fields={"name": "Rena Falk", "interests": ["dock times", "driver waiting hours"]},
    ),
}
WHY = "He only carries the papers."
SEEN: list[Context] = []


def scripted(context: Context, _tools: object) -> Answer:
    SEEN.append(context)
    document = context.document
    drafts = tuple(
        draft.model_copy(update={"quotes": ((document.words(line), line.number),)})
        for line in document.lines
        for words, draft in PHRASES.items()
        if words in document.words(line) and (draft.item is None or draft.item in context.plan.items)
    )
    return Answer(outcome=Outcome.changes if drafts else Outcome.nothing, drafts=drafts)


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    monkeypatch.setattr(propose, "proposer", lambda name: Proposer(name, scripted))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(settings.load(home=tmp_path / "home", user="jo", embeddings="off", examples=True))
    yield desk
    desk.store.close()


def set_up(desk: Desk, name: str = "Calder Paper") -> Account:
    return flow.set_up(desk, flow.NewAccount(name=name, vendor="Moorgate Systems"), json_plan.plan_of(START).plan)


def told(desk: Desk, account: Account, note: bytes = NOTE, name: str = "visit.md") -> tuple[Source, Proposal]:
    source = flow.read(desk, account.id, flow.deliver(desk, account.id, note, name).id)
    assert source is not None
    return source, flow.propose_changes(desk, account.id, source.id)


def judge(desk: Desk, account: Account, proposal: Proposal, because: str = WHY) -> None:
    """Approves the action and the interest, edits the status of the cell, rejects the person."""
    said = []
    for change in proposal.changes:
        verdict, why = Verdict.approve, ""
        fields: dict[str, Json] = {}
        if change.section == "cells":
            verdict, fields = Verdict.edit, {"status": "in_negotiation"}
        elif change.op is Op.add:
            verdict, why = Verdict.reject, because
        said.append(Decision(change=change.id, verdict=verdict, by="jo", at=datetime.now(UTC), why=why, fields=fields))
    flow.decide(desk, account.id, proposal.id, said)


def judged(desk: Desk, name: str = "Calder Paper") -> tuple[Account, Source]:
    account = set_up(desk, name)
    source, proposal = told(desk, account)
    assert len(proposal.changes) == 4
    judge(desk, account, proposal)
    return account, source


def cases(desk: Desk, account: Account, folder: Path) -> list[Case]:
    for each in reviewed(desk.store, "jo", account.id):
        exported.write(each, folder)
    return list(dataset.cases(folder)) if folder.exists() else []


# Cases


def test_a_reviewed_note_becomes_a_case_with_the_reviewers_values_as_gold(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    assert case.note.read_bytes() == NOTE
    assert case.note.name == "note.md"
    said = {(change.get("target") or change["section"], change["op"]): change for change in case.wanted}
    assert said["action", "update"]["fields"] == {"status": "done"}
    assert said["cell", "update"]["fields"] == {"status": "in_negotiation"}
    assert said["cell", "update"]["quote"] == "- Logistics wants YardView on trial from October."
    assert len(said) == 3


def test_sets_in_gold_hold_what_is_to_be_added(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    (change,) = case.gold["more"]
    assert change["fields"] == {"interests": ["driver waiting hours"]}


def test_what_was_rejected_becomes_a_trap_with_the_reviewers_reason(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    (trap,) = case.traps
    assert trap == {"target": "stakeholder", "key": {"name": "Ole Brandt"}, "fields": {"op": "add"}, "why": WHY}
    again = {"target": "stakeholder", "op": "add", "key": {"name": "Ole Brandt"}, "fields": {"title": "Buyer"}}
    assert asserts(trap, again)


def test_a_trap_never_speaks_against_the_gold_beside_it(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (given,) = reviewed(desk.store, "jo", account.id)
    approved = next(change for change in given.proposal.changes if change.section == "actions")
    twin = approved.model_copy(update={"id": "twin"})
    proposal = given.proposal.model_copy(update={"changes": (*given.proposal.changes, twin)})
    refusal = Decision(change="twin", verdict=Verdict.reject, by="jo", at=datetime.now(UTC), why="Said twice.")
    gold = exported.gold_of(replace(given, proposal=proposal, decisions=(*given.decisions, refusal)))
    assert [trap["why"] for trap in gold["must_not"]] == [WHY]


def test_an_exported_case_loads_and_its_gold_scores_full_marks_against_itself(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    own = Result(case=case, answers=tuple(case.wanted), outcome="changes", seconds=0.0, text=NOTE.decode())
    assert own.trapped == []
    found = match(case.wanted, case.wanted)
    assert not found.missed
    assert not found.extra
    assert all(pair.right for pair in found.pairs)
    assert measured(Run("gold", (own,))).measured["change_f1"].value == 1.0


def plainly(plan: Plan) -> list[tuple[str, str, list[str]]]:
    """What a plan says, whatever the ids of its entries."""
    called = {item.id: section(item.section).label(item.values, plan) for item in plan.items.values()}
    return [
        (item.section, called[item.id], [called.get(str(value), str(value)) for value in item.values.values()])
        for item in plan.items.values()
    ]


def test_the_plan_of_a_case_is_the_one_that_was_proposed_against(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    again = json_plan.plan_of(case.plan)
    first = json_plan.plan_of(START).plan
    assert sorted(plainly(again.plan)) == sorted(plainly(first))
    assert (again.account, again.vendor, again.said_on) == ("Calder Paper", "Moorgate Systems", date(2026, 9, 4))


def test_the_same_proposer_says_of_a_case_what_it_said_of_the_note(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    (case,) = cases(desk, account, tmp_path / "cases")
    made = preview(case.note.read_bytes(), case.note.name, case.plan, desk.settings, None, "rules")
    assert {(change.section, change.op) for change in made.proposal.changes} == {
        ("actions", Op.update),
        ("cells", Op.update),
        ("stakeholders", Op.add),
        ("stakeholders", Op.update),
    }


def test_a_note_nobody_decided_on_is_no_case(desk: Desk, tmp_path: Path) -> None:
    account = set_up(desk)
    _, proposal = told(desk, account)
    asked = Decision(change=proposal.changes[0].id, verdict=Verdict.ask, by="jo", at=datetime.now(UTC))
    flow.decide(desk, account.id, proposal.id, [asked])
    assert cases(desk, account, tmp_path / "cases") == []


def test_a_withdrawn_note_is_no_case_and_no_example(desk: Desk, tmp_path: Path) -> None:
    account, source = judged(desk)
    flow.withdraw(desk, account.id, source.id)
    assert cases(desk, account, tmp_path / "cases") == []
    assert shown_to_the_next(desk, account) == ()


def test_an_erased_note_is_no_case_and_no_example(desk: Desk, tmp_path: Path) -> None:
    account, source = judged(desk)
    flow.erase(desk, account.id, source.id)
    assert cases(desk, account, tmp_path / "cases") == []
    assert shown_to_the_next(desk, account) == ()


def test_a_note_with_an_erased_person_is_no_case_and_what_told_of_them_no_example(desk: Desk, tmp_path: Path) -> None:
    account, _ = judged(desk)
    flow.erase(desk, account.id, None, ("Ole Brandt", "Brandt"))
    assert cases(desk, account, tmp_path / "cases") == []
    assert not any("Ole" in line or BLOCK in line for line in shown_to_the_next(desk, account))


def test_an_account_that_is_not_there_has_no_cases(desk: Desk) -> None:
    with pytest.raises(UnknownAccount):
        list(reviewed(desk.store, "jo", "Nobody"))


def test_the_command_writes_cases_into_a_new_folder_only(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    judged(desk)
    monkeypatch.setenv("NOTES2PLAN_USER", "jo")
    for code in (0, 2):
        with pytest.raises(SystemExit) as ended:
            main(["evals", "export", "Calder Paper", "--to", str(tmp_path / "cases")])
        assert (ended.value.code or 0) == code
    said = capsys.readouterr()
    assert "1 cases written" in said.out
    assert "is not empty" in said.err
    (case,) = dataset.cases(tmp_path / "cases")
    assert json.loads((case.folder / "gold.json").read_text())["point"] == ["actions", "cells", "stakeholders"]


# Examples

NEXT = b"""Call, 2 October 2026

Ole Brandt again signs the orders for the mill, they say.
Logistics now wants YardView on trial from November.
"""
OTHER = b"""Lunch, 9 October 2026

The canteen has a new cook.
"""


def shown_to_the_next(desk: Desk, account: Account, note: bytes = NEXT) -> tuple[str, ...]:
    told(desk, account, note, "next.md")
    return SEEN[-1].examples


def test_past_edits_and_refusals_on_like_words_are_shown_as_examples(desk: Desk) -> None:
    account, _ = judged(desk)
    shown = shown_to_the_next(desk, account)
    assert sorted(shown) == [
        (
            '- "- Logistics wants YardView on trial from October.": proposed update cells Logistics × YardView '
            "(status=deployed); the reviewer changed it to status=in_negotiation"
        ),
        (
            '- "- Met Ole Brandt, who signs the orders for the mill.": proposed add stakeholders Ole Brandt '
            f"(name=Ole Brandt; title=Signer); the reviewer rejected it: {WHY}"
        ),
    ]


def test_nothing_is_shown_where_no_past_words_are_like_the_text(desk: Desk) -> None:
    account, _ = judged(desk)
    assert shown_to_the_next(desk, account, OTHER) == ()


def test_no_more_than_three_examples_are_shown_the_nearest_first(desk: Desk) -> None:
    account = set_up(desk)
    for number, name in enumerate(("Ole Brandt", "Ida Moe", "Per Lund", "Liv Dahl", "Kai Berg")):
        note = f"Day {number}, 4 September 2026\n\nMet {name}, who signs the orders for the mill.\n".encode()
        draft = PHRASES["signs the orders"].model_copy(update={"fields": {"name": name}})
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(PHRASES, "signs the orders", draft)
            _, proposal = told(desk, account, note, f"{number}.md")
        judge(desk, account, proposal)
    shown = shown_to_the_next(desk, account, b"Met Ida Moe again, she signs the orders for the mill.")
    assert len(shown) == recalling.MOST == 3
    assert "Ida Moe" in shown[0]


def test_examples_are_off_unless_switched_on(desk: Desk) -> None:
    account, _ = judged(desk)
    off = Desk(desk.settings.model_copy(update={"examples": False}), "jo", sharing=desk)
    assert shown_to_the_next(off, account) == ()


def test_no_word_of_another_accounts_decisions_is_ever_shown(desk: Desk, tmp_path: Path) -> None:
    judged(desk, "Calder Paper")
    other = set_up(desk, "Brent Docks")
    assert shown_to_the_next(desk, other) == ()
    assert cases(desk, other, tmp_path / "cases") == []
    _, proposal = told(desk, other)
    judge(desk, other, proposal, "Brent's own reason.")
    shown = shown_to_the_next(desk, other, NEXT + b"Bye.")
    assert any("Brent's own reason." in line for line in shown)
    assert not any(WHY in line for line in shown)


def test_an_example_is_one_line_whatever_its_words_hold(desk: Desk) -> None:
    account = set_up(desk)
    note = b"Met Ole Brandt, who signs the orders for the mill " + b"and so on " * 60 + b"."
    _, proposal = told(desk, account, note)
    judge(desk, account, proposal, "He\ncarries\u202e papers.\n<<<end>>>")
    (line,) = shown_to_the_next(desk, account, b"Again, " + note)
    assert line.endswith("rejected it: He carries papers. <<<end>>>")
    assert len(line) < 500
