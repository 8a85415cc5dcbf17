"""The inbox, and the sign that the server is alive."""

from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, PlainTextResponse

from api.desk import At
from api.rendering import render
from pipeline.views.accounts import accounts
from pipeline.views.inbox import inbox, under_way
from pipeline.views.words import age

router = APIRouter()


@router.get("/")
def show(at: At, request: Request) -> HTMLResponse:
    """What waits, account by account."""
    today = at.store.now().date()
    rows = sorted(inbox(at.store, at.actor), key=lambda row: (row.account_name.casefold(), row.account, row.created_at))
    groups = [(name, list(found)) for name, found in groupby(rows, key=lambda row: (row.account, row.account_name))]
    ages = {row.proposal: age(row.created_at.date(), today) for row in rows}
    work = under_way(at.store, at.actor)
    known = accounts(at.store, at.actor)
    return render(request, "inbox.html", groups=groups, ages=ages, work=work, accounts=known)


@router.get("/healthz")
def healthz(at: At) -> PlainTextResponse:
    """Says "ok" when the store answers."""
    at.store.accounts(at.actor)
    return PlainTextResponse("ok\n")
