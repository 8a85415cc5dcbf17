"""Accounts: the list with its set-up form, and the plan of one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk import At, today
from api.pages.shelves import shelves
from api.rendering import render
from api.setting_up import set_up
from pipeline.access import Act, may
from pipeline.desk import Desk
from pipeline.errors import Error, Mistake
from pipeline.flow import NewAccount
from pipeline.views.accounts import account_of
from pipeline.views.accounts import accounts as accounts_view
from pipeline.views.reads import one_plan
from pipeline.views.sources import sources

router = APIRouter()

LATEST = 8
"""How many deliveries stand on the plan page."""


class AccountForm(BaseModel):
    """The set-up form as typed; lists have one entry a line."""

    name: str = ""
    vendor: str = ""
    domains: str = ""
    owner: str = ""
    reviewers: str = ""
    time_zone: str = "UTC"
    currency: str = "USD"
    departments: str = ""
    offerings: str = ""
    team: str = ""


@router.get("/accounts")
def list_accounts(at: At, request: Request) -> HTMLResponse:
    """All accounts, and the form for another."""
    return _list(at, request, AccountForm(owner=at.actor), None, 200)


@router.post("/accounts")
def create_account(at: At, request: Request, form: Annotated[AccountForm, Form()]) -> Response:
    """Sets one up and opens its plan; what can't be is told beside the form, which keeps what was typed."""
    new = NewAccount(
        name=form.name,
        vendor=form.vendor.strip(),
        domains=listed(form.domains),
        owner=form.owner.strip() or None,
        reviewers=listed(form.reviewers),
        time_zone=form.time_zone.strip() or "UTC",
        currency=form.currency.strip().upper() or "USD",
    )
    try:
        made = set_up(at, new, lines(form.departments), lines(form.offerings), lines(form.team))
    except Error as error:
        return _list(at, request, form, error, error.status)
    return RedirectResponse(f"/accounts/{made.id}", 303)


def _list(at: Desk, request: Request, form: AccountForm, error: Error | None, status: int) -> HTMLResponse:
    rows = accounts_view(at.store, at.actor)
    return render(request, "accounts.html", status, rows=rows, form=form, error=error)


@router.get("/accounts/{account}")
def plan(
    at: At, request: Request, account: str, revision: Annotated[str, Query()] = "", as_of: Annotated[str, Query()] = ""
) -> HTMLResponse:
    """The plan, now or as it was; on top the form for a note, beside it what was delivered lately."""
    found = account_of(at.store, at.actor, account)
    day, number = _day(as_of), _number(revision)
    view = one_plan(at.store, at.actor, found.id, today(at, found), number, day)
    return render(
        request,
        "plan.html",
        account=found,
        plan=view,
        shown=shelves(view),
        then=day is not None or number is not None,
        day=day,
        latest=sources(at.store, at.actor, found.id, LATEST),
        may_deliver=may(at.actor, Act.deliver, found),
    )


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise Mistake(f"{word!r} is not a day", "Write it as YYYY-MM-DD.") from None


def _number(word: str) -> int | None:
    if not word:
        return None
    if not word.isascii() or not word.isdecimal() or len(word) > 9:
        raise Mistake(f"{word!r} is not a revision", "Give its number.")
    return int(word)


def lines(text: str) -> tuple[str, ...]:
    """What was typed one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def listed(text: str) -> tuple[str, ...]:
    """What was typed one a line, or with commas between."""
    return tuple(part.strip() for line in lines(text) for part in line.split(",") if part.strip())
