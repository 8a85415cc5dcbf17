"""A value that an undoing brings back stands as it stood: how it came, when it was said, what confirmed it."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.records import FieldHead
from pipeline.store import AccountStore, Delta
from tests.store.making import SAID_ON, add_note, add_proposal, approve, person, update

MARCH = date(2026, 3, 20)


def typed(tx: Any, field: str, before: Any, after: Any, origin: str = "typed", said_on: date | None = None) -> int:
    made = tx.append_revision(
        [Delta("stk-1", "stakeholders", field, before, after)], reason="Set", origin=origin, said_on=said_on
    )
    return int(made.number)


def stands(tx: Any) -> dict[Any, Any]:
    """What the law of precedence asks of each head."""
    heads: dict[Any, FieldHead] = tx.heads(["stk-1"])
    return {
        place: (head.value, head.origin, head.said_on, head.confirmed_on)
        for place, head in heads.items()
        if head.value is not None and place[1]
    }


@pytest.mark.parametrize("origin", ["imported", "typed", "edited"])
def test_a_reverted_field_stands_as_it_came_before(north: AccountStore, origin: str) -> None:
    with north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "", None, 1)], reason="Start", origin="imported")
        typed(tx, "title", None, "CIO", origin, SAID_ON)
        before = stands(tx)
        change = update("chg", "stk-1", "title", "CIO", "CEO")
        add_proposal(tx, "prp", change)
        made = approve(tx, change)
        assert stands(tx)["stk-1", "title"][1] == "approved"
        tx.append_revision(tx.inverse(made.number), reason="Reverted")
        assert stands(tx) == before
        tx.append_revision(tx.inverse(made.number + 1), reason="Reverted the reverting")
        assert stands(tx)["stk-1", "title"][:2] == ("CEO", "approved")
        tx.verify()


def test_an_entry_that_comes_back_has_its_fields_as_they_came(north: AccountStore) -> None:
    with north.write() as tx:
        note = add_note(tx, "Mara Lind leads.", "note")
        add_proposal(tx, "prp", one := person("stk-1", "Mara Lind", "Mara Lind", note))
        approve(tx, one)
        typed(tx, "title", None, "CIO")
        tx.add_support("stk-1", "title", "CIO", [each.model_copy(update={"said_on": MARCH}) for each in one.evidence])
        before = stands(tx)
        assert before["stk-1", "title"] == ("CIO", "typed", None, MARCH)
        gone = tx.append_revision([Delta("stk-1", "stakeholders", "", 1, None)], reason="Left", origin="typed")
        tx.append_revision(tx.inverse(gone.number), reason="Came back")
        assert stands(tx) == before


STEP = st.tuples(
    st.sampled_from(("title", "notes")),
    st.sampled_from(("a", "b", None)),
    st.sampled_from(("typed", "imported", "approved")),
    st.sampled_from((None, SAID_ON, MARCH)),
)


@given(st.lists(STEP, min_size=1, max_size=6), st.integers(1, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_undoing_the_newest_revisions_one_by_one_brings_every_head_back(
    north: AccountStore, steps: list[tuple[str, str | None, str, date | None]], undone: int
) -> None:
    class Over(Exception):
        """Nothing is kept, so that every example starts from an empty plan."""

    with suppress(Over), north.write() as tx:
        tx.append_revision([Delta("stk-1", "stakeholders", "", None, 1)], reason="Start", origin="imported")
        past = [stands(tx)]
        for field, value, origin, said_on in steps:
            now = tx.item("stk-1").values.get(field)
            typed(tx, field, now, value, origin, said_on)
            past.append(stands(tx))
        newest = tx.plan().revision
        for number in range(newest, max(newest - undone, 1), -1):
            tx.append_revision(tx.inverse(number), reason="Reverted")
            assert stands(tx) == past[number - 2]
        tx.verify()
        raise Over
