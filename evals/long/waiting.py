"""Changes that wait for a decision, each adding one interest to one person, so that a lost or doubled one shows."""

from datetime import UTC, datetime

from evals.long import invariants
from pipeline import flow
from pipeline.desk import Desk
from pipeline.flow import making
from pipeline.records import Account, Change, Decision, Draft, Json, Op, Plan, Verdict

PERSON = "Kim Low"


def add(desk: Desk, account: Account, first: int, count: int) -> str:
    """A proposal of so many changes, numbered from `first`; its id."""
    drafts = [
        Draft(section="stakeholders", op=Op.update, item=PERSON, fields={"interests": [f"topic {number}"]})
        for number in range(first, first + count)
    ]
    with desk.account(account.id).write() as tx:
        proposal = making.own(account, "note", tx, desk.actor, drafts, "Topics")
        old = _interests(tx.plan())
        changes = tuple(_added(change, old) for change in proposal.changes)
        tx.add_proposal(proposal.model_copy(update={"changes": changes}))
    return proposal.id


def _interests(plan: Plan) -> list[Json]:
    person = next(each for each in plan.section("stakeholders") if each.values["name"] == PERSON)
    return list(person.values.get("interests") or ())


def _added(change: Change, old: list[Json]) -> Change:
    """A set change that adds: what stands is among the new values too."""
    (field,) = change.fields
    grown = sorted({*old, *field.new})
    return change.model_copy(update={"fields": (field.model_copy(update={"old": old or None, "new": grown}),)})


def approve(desk: Desk, account: Account, proposal: str, change: str) -> bool:
    """One decision in a call of its own; whether it made a revision now, not earlier."""
    said = Decision(change=change, verdict=Verdict.approve, by=desk.actor, at=datetime.now(UTC))
    return flow.decide(desk, account.id, proposal, [said]).revision is not None


def whole(desk: Desk, account: Account) -> tuple[int, int]:
    """(approved, still waiting), after checking that each approved change is in the plan once, in a revision of its
    own, and that the others are nowhere.
    """
    invariants.whole(desk, account.id)
    with desk.account(account.id).read() as tx:
        invariants.decisions_are_kept(tx)
        states = [tx.states(each.id) for each in tx.proposals() if each.why == "Topics"]
        interests = _interests(tx.plan())
        made = [each for each in tx.revisions() if each.reason == "Approved from note"]
    told = [state for each in states for state in each.values()]
    approved = told.count("approved")
    assert len(interests) == len(set(interests)) == approved == len(made), (
        f"{approved} approved, {len(interests)} in the plan, {len(made)} revisions"
    )
    return approved, told.count("pending")
