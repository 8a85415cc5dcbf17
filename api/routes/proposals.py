"""Proposals: what waits, one with its proof, decisions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from api.desk import At
from api.problems import problem
from pipeline import flow
from pipeline.errors import StaleDecision
from pipeline.records import Conflict, Decision, Json, Verdict
from pipeline.views.inbox import InboxRow, WorkRow, under_way
from pipeline.views.inbox import inbox as inbox_view
from pipeline.views.proposal import ProposalView
from pipeline.views.reads import one_proposal, place_of

router = APIRouter(tags=["proposals"])


class Inbox(BaseModel):
    """What waits for a person, and what is on its way or needs a look."""

    proposals: tuple[InboxRow, ...]
    under_way: tuple[WorkRow, ...]


class DecisionIn(BaseModel):
    """One word on one change. `fields` holds your values when the verdict is `edit`; references are item ids."""

    model_config = ConfigDict(extra="forbid")

    change: str
    verdict: Verdict
    why: str = Field("", max_length=4000)
    fields: dict[str, Json] = Field(default_factory=dict)
    seen: dict[str, Json] = Field(
        default_factory=dict,
        description="To settle a conflict: of each field in conflict the value that you saw in the plan (`current`).",
    )


class DecisionsIn(BaseModel):
    """Decisions of one call: merged together, into one revision."""

    model_config = ConfigDict(extra="forbid")

    decisions: list[DecisionIn] = Field(min_length=1, max_length=2000)


class Outcome(BaseModel):
    """What a call came to: the revision it made (null when nothing was approved), what was recorded, the conflicts.

    `answered` are the decisions made with them on changes of other proposals that claim the same; `open` changes of
    the proposal still wait.
    """

    revision: int | None
    decided: tuple[Decision, ...]
    answered: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]
    open: int


@router.get("/inbox")
def get_inbox(at: At) -> Inbox:
    """What waits for review over all your accounts, oldest first; what several notes claim waits in the newest."""
    return Inbox(proposals=inbox_view(at.store, at.actor), under_way=under_way(at.store, at.actor))


@router.get("/proposals/{proposal}")
def get_proposal(at: At, proposal: str) -> ProposalView:
    """One proposal: each change beside the words that prove it, and the text with those words marked."""
    return one_proposal(at.store, at.actor, proposal)


@router.post("/proposals/{proposal}/decisions", response_model=Outcome)
def decide(
    at: At,
    proposal: str,
    body: DecisionsIn,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=200)] = None,
) -> Outcome | JSONResponse:
    """Records decisions and merges what they approve into the next revision of the plan.

    A repeated call with the same `Idempotency-Key` answers as the first one did. A conflict blocks only its own
    change, which stays undecided: the answer is 200 and names it. When every decision of the call met a conflict,
    nothing was recorded and the answer is 409, with the same list of `conflicts`.
    """
    account = place_of(at.store, at.actor, proposal).id
    now = at.store.now()
    said = [_said(each, at.actor, now) for each in body.decisions]
    seen = {(each.change, name): value for each in body.decisions for name, value in each.seen.items()}
    done = flow.decide(at, account, proposal, said, idempotency_key, seen)
    if done.conflicts and not done.decisions and done.revision is None:
        conflicts = [each.model_dump(mode="json") for each in done.conflicts]
        return problem(StaleDecision("; ".join(each.message for each in done.conflicts)), {"conflicts": conflicts})
    return Outcome(
        revision=done.revision.number if done.revision else None,
        decided=done.decisions,
        answered=done.answered,
        conflicts=done.conflicts,
        open=one_proposal(at.store, at.actor, proposal).open,
    )


def _said(each: DecisionIn, actor: str, now: datetime) -> Decision:
    return Decision(change=each.change, verdict=each.verdict, by=actor, at=now, why=each.why, fields=each.fields)
