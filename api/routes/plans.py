"""The plan: now, at a revision, or on a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.desk import At, today
from pipeline.views.accounts import account_of
from pipeline.views.plan import PlanView
from pipeline.views.reads import one_plan

router = APIRouter(tags=["plan"])

Revision = Annotated[int | None, Query(ge=0, description="The plan at that revision.")]
AsOf = Annotated[date | None, Query(description="The plan as it stood at the end of that day.")]


@router.get("/accounts/{account}/plan")
def get_plan(at: At, account: str, revision: Revision = None, as_of: AsOf = None) -> PlanView:
    """The plan of an account: the potential map, and each section that has entries, with who set what and when."""
    found = account_of(at.store, at.actor, account)
    return one_plan(at.store, at.actor, found.id, today(at, found), revision, as_of)
