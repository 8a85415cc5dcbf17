"""What reading took a source for is corrected: its day, and the occasion that it records."""

from datetime import date

from pipeline import flow, jobs
from pipeline.desk import Desk
from pipeline.flow import correcting
from pipeline.records import Account, Source, Verdict
from tests import test_flow
from tests.test_flow import NOTE, proposal_for, say, the

account, desk, script = test_flow.account, test_flow.desk, test_flow.script


def sources_of(desk: Desk, account: Account) -> list[Source]:
    with desk.account(account.id).read() as tx:
        return list(tx.sources())


UNDATED = NOTE.replace(b", 10 September 2026", b"")


def test_a_corrected_day_makes_a_new_version_whose_changes_are_proposed_again(desk: Desk, account: Account) -> None:
    old = proposal_for(desk, account, UNDATED)
    made = correcting.redate(desk, account.id, old.source or "", date(2026, 9, 3))
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert [each.version for each in tx.sources(delivery=made.delivery)] == [2, 1]
        assert tx.proposals(state="open", source=old.source) == []
        (again,) = tx.proposals(source=made.id)
        assert tx.search("questionnaire")
        assert all(hit.passage.source == made.id for hit in tx.search("questionnaire"))
        assert tx.delivery(made.delivery).said_on == date(2026, 9, 3)
    assert {piece.said_on for change in again.changes for piece in change.evidence} == {date(2026, 9, 3)}
    assert made.document.said_on_sure
    assert not any("tells no day" in warning for warning in made.document.warnings)


def test_the_same_day_again_changes_nothing(desk: Desk, account: Account) -> None:
    old = proposal_for(desk, account)
    correcting.redate(desk, account.id, old.source or "", date(2026, 9, 10))
    assert len(sources_of(desk, account)) == 1


def test_a_day_that_was_only_assumed_is_sure_once_somebody_confirms_it(desk: Desk, account: Account) -> None:
    old = proposal_for(desk, account, UNDATED)
    (assumed,) = sources_of(desk, account)
    assert assumed.document.said_on is not None
    made = correcting.redate(desk, account.id, old.source or "", assumed.document.said_on)
    assert made.document.said_on == assumed.document.said_on
    assert made.document.said_on_sure
    assert correcting.redate(desk, account.id, made.id, assumed.document.said_on).id == made.id


def test_what_was_approved_before_the_day_was_corrected_still_stands_until_the_source_is_withdrawn(
    desk: Desk, account: Account
) -> None:
    old = proposal_for(desk, account, UNDATED)
    cell = the(old, "cells")
    flow.decide(desk, account.id, old.id, [say(cell, Verdict.approve)])
    made = correcting.redate(desk, account.id, old.source or "", date(2026, 9, 3))
    jobs.run_all(desk)
    with desk.account(account.id).read() as tx:
        assert tx.blame(cell.item, "status").decision is not None
    undone = flow.withdraw(desk, account.id, made.id)
    assert cell.item in {change.item for change in undone.changes}
    assert all(each.withdrawn for each in sources_of(desk, account))


def test_two_records_of_one_call_share_its_occasion_and_say_so(desk: Desk, account: Account) -> None:
    one = proposal_for(desk, account, NOTE * 2)
    other = proposal_for(desk, account, b"Exported from our tool\n\n" + NOTE * 2, "export.txt")
    with desk.account(account.id).read() as tx:
        first, second = tx.source(one.source or ""), tx.source(other.source or "")
    assert first.occasion.id == second.occasion.id
    assert any("another record" in warning for warning in second.document.warnings)


def test_an_occasion_is_corrected_both_ways(desk: Desk, account: Account) -> None:
    one = proposal_for(desk, account).source or ""
    other = proposal_for(desk, account, b"Rosa on 10 September 2026: questionnaire is done.", "b.txt").source or ""
    apart = {each.occasion.id for each in sources_of(desk, account)}
    assert len(apart) == 2
    assert correcting.occasion(desk, account.id, other, one).occasion.id in apart
    assert len({each.occasion.id for each in sources_of(desk, account)}) == 1
    assert correcting.occasion(desk, account.id, other, None).occasion.id not in apart


def test_reading_again_a_note_whose_day_was_corrected_leaves_the_corrected_one(desk: Desk, account: Account) -> None:
    old = proposal_for(desk, account, UNDATED)
    made = correcting.redate(desk, account.id, old.source or "", date(2026, 9, 3))
    jobs.run_all(desk)
    again = flow.read(desk, account.id, made.delivery)
    assert again is not None
    assert again.id == made.id
    with desk.account(account.id).read() as tx:
        assert {hit.passage.source for hit in tx.search("questionnaire")} == {made.id}
        assert len(tx.proposals(source=made.id)) == 1
