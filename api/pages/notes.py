"""Notes: paste or upload one, and wait for its proposal."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk import At, awaited, chosen, proposers, wake
from api.rendering import render
from pipeline import flow
from pipeline.errors import BadValue, EmptyText, Error
from pipeline.records import Account
from pipeline.views.accounts import account_of
from pipeline.views.sources import SourceRow, one_delivery

router = APIRouter()


@router.get("/accounts/{account}/notes/new")
def new(at: At, request: Request, account: str) -> HTMLResponse:
    """The form for a note."""
    return _form(request, account_of(at.store, at.actor, account))


@router.get("/accounts/{account}/notes")
def after(account: str) -> RedirectResponse:
    """Where a reload or a bookmark of an answered form leads."""
    return RedirectResponse(f"/accounts/{quote(account)}/notes/new", 303)


@router.post("/accounts/{account}/notes")
def deliver(
    at: At,
    request: Request,
    account: str,
    text: Annotated[str, Form()] = "",
    said_on: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keeps the note and goes to its proposal, or to a page that waits for it; a file goes before pasted text."""
    found = account_of(at.store, at.actor, account)
    content, name = _sent(text, file)
    try:
        started = at.store.now()
        kept = flow.deliver(at, found.id, content, name, "upload" if name else "paste", _day(said_on))
    except Error as error:
        said = EmptyText("paste the words, or choose a file that has some") if isinstance(error, EmptyText) else error
        return _form(request, found, said, text, said_on)
    wake(request)
    return _onward(awaited(at, kept.id), known=kept.received_at < started)


def _sent(text: str, file: UploadFile | None) -> tuple[bytes, str | None]:
    if file is not None and file.filename:
        return file.file.read(), file.filename
    # A form sends line ends as CR LF, whatever was pasted; the same words by command or API are the same bytes.
    return text.replace("\r\n", "\n").encode("utf-8", "replace"), None


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise BadValue(f"{word!r} is not a day", "Write it as YYYY-MM-DD, or leave it empty.") from None


def _onward(row: SourceRow, *, known: bool) -> RedirectResponse:
    again = "?again=1" if known else ""
    if row.state == "ready" and row.proposal:
        return RedirectResponse(f"/proposals/{row.proposal}{again}", 303)
    return RedirectResponse(f"/deliveries/{row.delivery}{again}", 303)


def _form(
    request: Request, account: Account, error: Error | None = None, text: str = "", said_on: str = ""
) -> HTMLResponse:
    status = error.status if error else 200
    context = {"account": account, "error": error, "text": text, "said_on": said_on}
    return render(request, "note.html", status, limit=request.app.state.desk.settings.max_file_mb, **context)


@router.get("/deliveries/{delivery}")
def delivery(at: At, request: Request, delivery: str, again: str = "") -> Response:
    """Waits for the proposal; when it is there, goes to it. What can't be read says why, and what to do."""
    row = one_delivery(at.store, at.actor, delivery)
    if row.state == "ready" and row.proposal:
        return _onward(row, known=bool(again))
    return render(request, "delivery.html", row=row, proposers=proposers(at), again=bool(again))


@router.post("/accounts/{account}/sources/{source}/proposals")
def propose_again(
    at: At, request: Request, account: str, source: str, proposer: Annotated[str, Form()] = ""
) -> Response:
    """Asks for another proposal of the same note."""
    kept = flow.propose_again(at, account, source, chosen(at, proposer))
    wake(request)
    return _onward(awaited(at, kept.id), known=False)
