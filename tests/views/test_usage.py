"""What models have taken, by account and month."""

from datetime import UTC, datetime

import pytest

from pipeline import flow, settings
from pipeline.desk import Desk
from pipeline.errors import UnknownAccount
from pipeline.records import Outcome, Proposal, Usage
from pipeline.views.usage import summed, usage
from tests.model_server import ModelServer, says


def proposal(ident: str, day: str, *uses: Usage) -> Proposal:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Proposal(
        id=ident,
        account="a",
        origin="note",
        source=None,
        base_revision=0,
        proposer="model",
        outcome=Outcome.nothing,
        usage=uses,
        created_at=at,
        created_by="jo",
    )


ASKED = Usage(outcome="ok", model="m", prompt_tokens=4_000, completion_tokens=300, seconds=2.0)
FAILED = Usage(outcome="timeout", model="m", seconds=30.0)
CACHED = Usage(outcome="ok", model="m", cached=True)


def test_every_attempt_of_a_month_is_summed_and_months_stand_apart() -> None:
    rows = summed("Orrin", [proposal("p1", "2026-09-30", FAILED, ASKED), proposal("p2", "2026-10-01", ASKED)])
    assert [(row.month, row.proposals, row.attempts, row.failed) for row in rows] == [
        ("2026-09", 1, 2, 1),
        ("2026-10", 1, 1, 0),
    ]
    assert (rows[0].prompt_tokens, rows[0].completion_tokens, rows[0].seconds) == (4_000, 300, 32.0)


def test_what_came_from_the_cache_is_counted_apart_and_what_asked_no_model_not_at_all() -> None:
    rows = summed("Orrin", [proposal("p1", "2026-09-02", CACHED), proposal("p2", "2026-09-03")])
    assert [(row.proposals, row.attempts, row.cached, row.prompt_tokens) for row in rows] == [(1, 0, 1, 0)]


def test_what_a_model_took_for_a_note_is_told_by_account_and_month() -> None:
    answer = says('{"changes": [], "nothing_because": "Only a test."}', prompt_tokens=4_000)
    with ModelServer(answer) as server:
        at = Desk(settings.load(embeddings="off", model_url=server.url, model="m"), "jo")
        orrin = flow.set_up(at, flow.NewAccount(name="Orrin Mills"))
        flow.set_up(at, flow.NewAccount(name="Brent Docks"))
        assert usage(at.store, "jo") == []
        delivery = flow.deliver(at, orrin.id, b"Nothing new at the mill.")
        source = flow.read(at, orrin.id, delivery.id)
        assert source is not None
        flow.propose_changes(at, orrin.id, source.id)
    (row,) = usage(at.store, "jo")
    assert (row.account, row.attempts, row.failed, row.prompt_tokens) == ("Orrin Mills", 1, 0, 4_000)
    assert row.month == f"{datetime.now(UTC):%Y-%m}"
    assert usage(at.store, "jo", "Brent Docks") == []
    with pytest.raises(UnknownAccount):
        usage(at.store, "jo", "Nobody")
