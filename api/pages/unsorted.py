"""Notes whose account is left open: kept, with the accounts that something speaks for, until a person assigns them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk import At, awaited, wake
from api.rendering import render
from pipeline.desk import Desk
from pipeline.errors import Error
from pipeline.flow import assigning
from pipeline.views.accounts import accounts

router = APIRouter()


@router.get("/unsorted")
def show(at: At, request: Request) -> HTMLResponse:
    """What waits for an account, and the form for another note."""
    return _page(at, request, None, "")


@router.post("/unsorted")
def keep(
    at: At,
    request: Request,
    text: Annotated[str, Form()] = "",
    said_on: Annotated[date | None, Form()] = None,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keeps the note, and asks for its account; a file goes before pasted text."""
    try:
        if file is not None and file.filename:
            assigning.keep(at, file.file.read(), file.filename, said_on)
        else:
            assigning.keep(at, text.replace("\r\n", "\n").encode("utf-8", "replace"), None, said_on)
    except Error as error:
        return _page(at, request, error, text)
    return RedirectResponse("/unsorted", 303)


@router.post("/unsorted/{delivery}")
def assign(at: At, request: Request, delivery: str, account: Annotated[str, Form()]) -> Response:
    """Gives a kept note to an account, and goes to its proposal."""
    given = assigning.assign(at, delivery, account)
    wake(request)
    row = awaited(at, given.id)
    onward = f"/proposals/{row.proposal}" if row.state == "ready" and row.proposal else f"/deliveries/{row.delivery}"
    return RedirectResponse(onward, 303)


@router.post("/unsorted/{delivery}/set-aside")
def set_aside(at: At, delivery: str) -> Response:
    """Takes a kept note out of what waits."""
    assigning.set_aside(at, delivery)
    return RedirectResponse("/unsorted", 303)


@router.post("/unsorted/{delivery}/take-back")
def take_back(at: At, delivery: str) -> Response:
    """Lets it wait again."""
    assigning.take_back(at, delivery)
    return RedirectResponse("/unsorted", 303)


MOST = 20
"""Notes on the page: each is read again to find who it may belong to."""


def _page(at: Desk, request: Request, error: Error | None, text: str) -> HTMLResponse:
    waiting = assigning.unsorted(at)
    told = {
        "kept": [assigning.suggest_kept(at, each.id) for each in waiting[:MOST]],
        "more": len(waiting[MOST:]),
        "aside": assigning.unsorted(at, aside=True),
        "known": accounts(at.store, at.actor),
    }
    return render(request, "unsorted.html", error.status if error else 200, error=error, text=text, **told)
