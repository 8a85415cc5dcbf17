"""The main job on a real store: a note comes in, a person decides, the plan moves. The proposer is scripted."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import flow, jobs, propose, settings
from pipeline.desk import Desk
from pipeline.errors import EmptyText, NotAllowed, StaleDecision, StillReferred, TooLarge, UnknownAccount, UnknownChange
from pipeline.imports import json_plan
from pipeline.proposers import Proposer
from pipeline.records import (
    Account,
    Answer,
    Change,
    Context,
    Decision,
    Draft,
    Json,
    Op,
    Outcome,
    Plan,
    Proposal,
    Verdict,
)
from pipeline.sections import references

START = {
    "account": "Weston Pump Works",
    "vendor": "Larkfield Analytics",
    "as_of": "2026-09-01",
    "team": ["Jo Hale (AE)", "Imran Shah (SE)"],
    "departments": ["Production", "Field Service"],
    "offerings": ["FlowWatch", "FieldDesk"],
    "stakeholders": [
        {"name": "Rosa Keller", "title": "VP Production", "department": "Production", "roles": ["champion"]}
    ],
    "cells": [{"department": "Production", "offering": "FlowWatch", "status": "in_negotiation"}],
    "actions": [
        {
            "id": "A1",
            "deadline": "2026-09-11",
            "action": "Send FlowWatch security questionnaire",
            "target": "Rosa Keller",
            "owner": "Imran Shah",
            "status": "in_progress",
        }
    ],
}
NOTE = b"""Call with Rosa Keller, 10 September 2026

- FlowWatch in Production went live on Monday.
- Security questionnaire is done, Imran sent it on Friday.
- New name: Dev Anand, Head of Procurement.
"""


CELL = {"department": "Production", "offering": "FlowWatch"}
PHRASES = {
    "went live": Draft(section="cells", op=Op.update, fields={**CELL, "status": "deployed"}),
    "off the table": Draft(section="cells", op=Op.update, fields={**CELL, "status": "out_of_scope"}),
    "questionnaire is done": Draft(section="actions", op=Op.update, item="A1", fields={"status": "done"}),
    "New name": Draft(section="stakeholders", op=Op.add, fields={"name": "Dev Anand", "title": "Head of Procurement"}),
}
"""What the scripted proposer makes of a line that holds these words."""


def scripted(context: Context, _tools: object) -> Answer:
    document = context.document
    drafts = tuple(
        draft.model_copy(update={"quotes": ((document.words(line), line.number),)})
        for line in document.lines
        for words, draft in PHRASES.items()
        if words in document.words(line)
    )
    return Answer(outcome=Outcome.changes if drafts else Outcome.nothing, drafts=drafts)


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    real = propose.proposer
    rules = Proposer("rules", scripted)
    monkeypatch.setattr(propose, "proposer", lambda name: rules if name == "rules" else real(name))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(settings.load(home=tmp_path / "home", user="jo", embeddings="off"))
    yield desk
    desk.store.close()


@pytest.fixture
def account(desk: Desk) -> Account:
    return flow.set_up(desk, flow.NewAccount(name="Weston Pump Works"), json_plan.plan_of(START).plan)


def plan_of(desk: Desk, account: Account) -> Plan:
    with desk.account(account.id).read() as tx:
        return tx.plan()


def proposal_for(desk: Desk, account: Account, note: bytes = NOTE, name: str = "note.txt") -> Proposal:
    delivery = flow.deliver(desk, account.id, note, name)
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        (source,) = tx.sources(delivery=delivery.id)
        return tx.proposals(source=source.id)[-1]


def say(change: Change, verdict: Verdict, **fields: Json) -> Decision:
    return Decision(change=change.id, verdict=verdict, by="jo", at=datetime.now(UTC), fields=fields)


def the(proposal: Proposal, section: str, op: Op = Op.update) -> Change:
    return next(change for change in proposal.changes if change.section == section and change.op is op)


def test_setting_up_an_account_with_a_plan_makes_its_first_revision(desk: Desk, account: Account) -> None:
    plan = plan_of(desk, account)
    assert plan.revision == 1
    assert [item.values["name"] for item in plan.section("stakeholders")] == ["Rosa Keller"]


def test_an_empty_plan_is_a_good_start(desk: Desk) -> None:
    account = flow.set_up(desk, flow.NewAccount(name="Newcomer"))
    assert plan_of(desk, account).revision == 0
    assert proposal_for(desk, account).outcome in (Outcome.changes, Outcome.nothing)


def test_a_note_becomes_changes_with_the_words_that_prove_them(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell = the(proposal, "cells")
    assert cell.new_values()["status"] == "deployed"
    with desk.account(account.id).read() as tx:
        text = tx.source(proposal.source or "").document.text
    for change in proposal.changes:
        for piece in change.evidence:
            assert text[piece.start : piece.end] == piece.words


def test_a_note_without_author_is_by_whoever_of_the_team_brought_it(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    with desk.account(account.id).read() as tx:
        assert tx.source(proposal.source or "").document.author == "Jo Hale"


def test_a_note_brought_by_somebody_else_keeps_its_author_open(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk.as_("guest"), account)
    with desk.account(account.id).read() as tx:
        assert tx.source(proposal.source or "").document.author is None


def test_a_text_without_a_day_counts_from_the_day_it_came_in_and_says_so(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account, b"Call with Rosa\n\n- FlowWatch in Production went live on Monday.\n")
    with desk.account(account.id).read() as tx:
        document = tx.source(proposal.source or "").document
    assert document.said_on == datetime.now(UTC).date()
    assert not document.said_on_sure
    assert any("tells no day" in warning for warning in document.warnings)
    assert not any(warning.startswith("The day is unclear") for warning in document.warnings)


def test_nothing_changes_the_plan_until_a_person_decides(desk: Desk, account: Account) -> None:
    before = plan_of(desk, account)
    proposal_for(desk, account)
    assert plan_of(desk, account) == before


def test_what_is_approved_is_the_next_revision_and_what_is_rejected_is_not(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell, action = the(proposal, "cells"), the(proposal, "actions")
    done = flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.approve), say(action, Verdict.reject)])
    plan = plan_of(desk, account)
    assert done.revision is not None
    assert plan.revision == done.revision.number == 2
    assert plan.items[cell.item].values["status"] == "deployed"
    assert plan.items["A1"].values["status"] == "in_progress"


def test_a_change_without_decision_waits(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    flow.decide(desk, account.id, proposal.id, [say(the(proposal, "cells"), Verdict.approve)])
    with desk.account(account.id).read() as tx:
        waiting = {each.change.id for each in tx.pending_changes()}
    assert the(proposal, "actions").id in waiting


def test_the_reviewers_edit_is_merged_and_the_proposers_words_stay_beside_it(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    person = the(proposal, "stakeholders", Op.add)
    flow.decide(desk, account.id, proposal.id, [say(person, Verdict.edit, title="Procurement Director")])
    with desk.account(account.id).read() as tx:
        blame = tx.blame(person.item, "title")
    assert blame.head.value == "Procurement Director"
    assert blame.head.origin == "edited"
    assert blame.change is not None
    assert blame.change.new_values()["title"] != "Procurement Director"


def test_every_field_can_say_who_approved_it_and_on_which_words(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell = the(proposal, "cells")
    flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.approve)])
    with desk.account(account.id).read() as tx:
        blame = tx.blame(cell.item, "status")
    assert blame.decision is not None
    assert blame.decision.by == "jo"
    assert blame.change is not None
    assert "went live" in blame.change.evidence[0].words
    assert proposal.source in blame.sources


def test_the_same_call_twice_makes_one_revision(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    said = [say(the(proposal, "cells"), Verdict.approve)]
    first = flow.decide(desk, account.id, proposal.id, said, key="call-1")
    second = flow.decide(desk, account.id, proposal.id, said, key="call-1")
    assert first.revision == second.revision
    assert plan_of(desk, account).revision == 2


def test_deciding_again_changes_nothing(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell = the(proposal, "cells")
    flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.reject)])
    again = flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.approve)])
    assert again.revision is None
    assert plan_of(desk, account).revision == 1


def test_the_same_bytes_are_the_same_delivery_and_one_proposal(desk: Desk, account: Account) -> None:
    one, other = proposal_for(desk, account), proposal_for(desk, account)
    assert one.id == other.id


def test_what_was_rejected_is_not_proposed_again_from_the_same_words(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell = the(proposal, "cells")
    flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.reject)])
    flow.propose_again(desk, account.id, proposal.source or "")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        again = tx.proposals(source=proposal.source)[-1]
    assert again.id != proposal.id
    assert cell.item not in {change.item for change in again.changes}


def test_a_field_set_meanwhile_is_a_conflict_that_blocks_only_its_own_change(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell, action = the(proposal, "cells"), the(proposal, "actions")
    other = proposal_for(
        desk, account, NOTE.replace(b"went live on Monday", b"is off the table, they said no"), "b.txt"
    )
    flow.decide(desk, account.id, other.id, [say(the(other, "cells"), Verdict.approve)])
    done = flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.approve), say(action, Verdict.approve)])
    assert [conflict.change for conflict in done.conflicts] == [cell.id]
    assert (done.conflicts[0].base, done.conflicts[0].proposed) == ("in_negotiation", "deployed")
    assert plan_of(desk, account).items["A1"].values["status"] == "done"


def test_a_conflict_is_settled_by_a_person_who_saw_what_stands(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell = the(proposal, "cells")
    other = proposal_for(
        desk, account, NOTE.replace(b"went live on Monday", b"is off the table, they said no"), "b.txt"
    )
    flow.decide(desk, account.id, other.id, [say(the(other, "cells"), Verdict.approve)])
    stale = flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.edit, status="need_identified")])
    assert stale.conflicts
    seen = {(cell.id, "status"): "out_of_scope"}
    flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.edit, status="need_identified")], seen=seen)
    assert plan_of(desk, account).items[cell.item].values["status"] == "need_identified"


def test_reverting_a_revision_restores_the_plan_exactly(desk: Desk, account: Account) -> None:
    before = plan_of(desk, account)
    proposal = proposal_for(desk, account)
    everything = [say(change, Verdict.approve) for change in proposal.changes if not change.dropped]
    made = flow.decide(desk, account.id, proposal.id, everything)
    assert made.revision is not None
    flow.revert(desk, account.id, made.revision.number)
    after = plan_of(desk, account)
    assert after.items == before.items
    assert list(after.items) == list(before.items)
    assert after.revision == before.revision + 2


def test_one_change_of_a_revision_can_be_reverted_alone(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    cell, action = the(proposal, "cells"), the(proposal, "actions")
    made = flow.decide(desk, account.id, proposal.id, [say(cell, Verdict.approve), say(action, Verdict.approve)])
    assert made.revision is not None
    flow.revert(desk, account.id, made.revision.number, change=cell.id)
    plan = plan_of(desk, account)
    assert plan.items[cell.item].values["status"] == "in_negotiation"
    assert plan.items["A1"].values["status"] == "done"


def test_what_was_set_again_since_cannot_be_reverted_silently(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    made = flow.decide(desk, account.id, proposal.id, [say(the(proposal, "cells"), Verdict.approve)])
    assert made.revision is not None
    flow.revert(desk, account.id, made.revision.number)
    with pytest.raises(StaleDecision):
        flow.revert(desk, account.id, made.revision.number)


def test_an_item_that_others_name_cannot_be_reverted_away(desk: Desk, account: Account) -> None:
    proposal = proposal_for(desk, account)
    person = the(proposal, "stakeholders", Op.add)
    made = flow.decide(desk, account.id, proposal.id, [say(person, Verdict.approve)])
    assert made.revision is not None
    below = Draft(section="stakeholders", op=Op.add, fields={"name": "Kim Low", "reports_to": person.item})
    flow.adopt(desk, account.id, [below], "direct", "Typed")
    with pytest.raises(StillReferred):
        flow.revert(desk, account.id, made.revision.number)


def test_an_empty_note_and_one_over_the_limit_are_refused_and_not_kept(desk: Desk, account: Account) -> None:
    with pytest.raises(EmptyText):
        flow.deliver(desk, account.id, b" \n\t ")
    with pytest.raises(TooLarge, match="limit"):
        flow.deliver(desk, account.id, b"x" * 26_000_000)
    with desk.account(account.id).read() as tx:
        assert tx.deliveries() == []


def test_a_binary_file_is_kept_and_says_why_it_cannot_be_read(desk: Desk, account: Account) -> None:
    delivery = flow.deliver(desk, account.id, bytes(range(256)) * 40, "photo.jpg")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        told = tx.delivery(delivery.id)
        assert tx.delivery_bytes(delivery.id)
    assert told.state == "unreadable"
    assert told.problem


def test_an_unknown_account_and_an_unknown_change_are_told_apart(desk: Desk, account: Account) -> None:
    with pytest.raises(UnknownAccount):
        flow.deliver(desk, "nobody", NOTE)
    proposal = proposal_for(desk, account)
    stray = Decision(change="x-1", verdict=Verdict.approve, by="jo", at=datetime.now(UTC))
    with pytest.raises(UnknownChange):
        flow.decide(desk, account.id, proposal.id, [stray])


def test_somebody_who_is_no_reviewer_may_deliver_but_not_decide(desk: Desk, account: Account) -> None:
    guest = desk.as_("guest")
    proposal = proposal_for(guest, account)
    with pytest.raises(NotAllowed, match="guest"):
        flow.decide(guest, account.id, proposal.id, [say(proposal.changes[0], Verdict.approve)])


def test_a_model_server_that_cannot_be_reached_loses_nothing_and_says_so(tmp_path: Path) -> None:
    nobody = {"model_url": "http://127.0.0.1:9/v1", "model": "some", "model_retries": 0}
    desk = Desk(settings.load(home=tmp_path / "home", user="jo", embeddings="off", **nobody))
    account = flow.set_up(desk, flow.NewAccount(name="Weston Pump Works"), json_plan.plan_of(START).plan)
    proposal = proposal_for(desk, account)
    assert proposal.outcome is Outcome.unavailable
    assert proposal.why
    flow.propose_again(desk, account.id, proposal.source or "", "rules")
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert tx.proposals(source=proposal.source)[-1].outcome is Outcome.changes
    desk.store.close()


def test_a_plan_to_start_from_keeps_ids_that_people_gave_and_gets_others_that_tell_nothing(
    desk: Desk, account: Account
) -> None:
    plan = plan_of(desk, account)
    assert [key for key in plan.items if not re.fullmatch(r"[a-z]+_[0-9a-f]{12}", key)] == ["A1"]
    named = [target for item in plan.items.values() for _, target in references(item)]
    assert len(named) == 3
    assert set(named) <= plan.items.keys()
