"""A source's own page, where its day and occasion are corrected, and the page that searches all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk import At, awaited, wake
from api.rendering import render
from pipeline import belonging
from pipeline.errors import BadValue, Error
from pipeline.flow import assigning, correcting
from pipeline.records import SourceKind
from pipeline.views import search as searching
from pipeline.views.accounts import account_of, accounts
from pipeline.views.source import one_source

router = APIRouter()

SHOWN_LINES = 1500
"""Lines of a text on one page; of a longer one those around the line that is asked for."""

BEFORE = 60
KINDS = [str(kind) for kind in SourceKind]


class SearchForm(BaseModel):
    """The search form as typed."""

    account: str = ""
    q: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    speaker: str = ""
    item: str = ""


class PartForm(BaseModel):
    """Which lines go to which account."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    to: str


@dataclass(frozen=True)
class FoundPassage:
    """A hit with its words cut at the highlights: (words, whether they were asked for)."""

    hit: searching.HitRow
    pieces: tuple[tuple[str, bool], ...]


@router.get("/accounts/{account}/sources/{source}")
def show(at: At, request: Request, account: str, source: str, line: Annotated[str, Query()] = "") -> HTMLResponse:
    """The text of a source, and what can be corrected of it."""
    view = one_source(at.store, at.actor, account, source)
    wanted = int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else 0
    first = max(0, wanted - BEFORE) if len(view.lines) > SHOWN_LINES else 0
    shown = view.lines[first : first + SHOWN_LINES]
    left = len(view.lines) - first - len(shown)
    names = {each.id: each.name for each in at.store.accounts(at.actor)}
    parts = [(low, high, to, names[to]) for low, high, to in belonging.pairs(view.elsewhere) if to in names]
    return render(request, "source.html", source=view, lines=shown, first=first, left=left, line=wanted, parts=parts)


@router.post("/accounts/{account}/sources/{source}/parts")
def hand_over(
    at: At,
    request: Request,
    account: str,
    source: str,
    form: Annotated[PartForm, Form()],
) -> Response:
    """Delivers some lines to the account that they speak of, and goes to the proposal there."""
    kept = assigning.hand_over(at, account, source, (form.first, form.last), form.to)
    wake(request)
    row = awaited(at, kept.id)
    onward = f"/proposals/{row.proposal}" if row.state == "ready" and row.proposal else f"/deliveries/{row.delivery}"
    return RedirectResponse(onward, 303)


@router.post("/accounts/{account}/sources/{source}/day")
def redate(at: At, request: Request, account: str, source: str, said_on: Annotated[str, Form()] = "") -> Response:
    """Corrects the day, and goes to the new proposal."""
    day = _day(said_on)
    if day is None:
        raise BadValue("no day was chosen", "Go back and choose one.")
    made = correcting.redate(at, account, source, day)
    wake(request)
    row = awaited(at, made.delivery)
    onward = f"/proposals/{row.proposal}" if row.state == "ready" and row.proposal else f"/deliveries/{row.delivery}"
    return RedirectResponse(onward, 303)


@router.post("/accounts/{account}/sources/{source}/occasion")
def occasion(at: At, account: str, source: str, same_as: Annotated[str, Form()] = "") -> Response:
    """Corrects the occasion; nothing chosen means one of its own."""
    correcting.occasion(at, account, source, same_as or None)
    return RedirectResponse(f"/accounts/{quote(account)}/sources/{quote(source)}", 303)


@router.get("/search")
def search(at: At, request: Request, form: Annotated[SearchForm, Query()]) -> HTMLResponse:
    """Passages of an account's sources; without a question the empty form."""
    known = accounts(at.store, at.actor)
    chosen = form.account or (known[0].id if len(known) == 1 else "")
    error: Error | None = None
    hits: tuple[searching.HitRow, ...] = ()
    if chosen and form.q.strip():
        found = account_of(at.store, at.actor, chosen)
        chosen = found.id
        try:
            hits = searching.search(at.store, at.actor, found.id, form.q[:400], at.embedder, _wanted(form))
        except BadValue as bad:
            error = bad
    context = {"form": form, "chosen": chosen, "accounts": known, "error": error, "kinds": KINDS, "bare": 0}
    asked = bool(chosen and form.q.strip())
    if chosen and at.embedder:
        context["bare"] = searching.without_vectors(at.store, at.actor, chosen, at.embedder.name)
    passages = [FoundPassage(hit, tuple(_pieces(hit))) for hit in hits]
    return render(request, "search.html", error.status if error else 200, passages=passages, asked=asked, **context)


def _wanted(form: SearchForm) -> searching.Wanted:
    kind = form.kind if form.kind in tuple(SourceKind) else ""
    return searching.Wanted(
        since=_day(form.since), until=_day(form.until), kind=kind, speaker=form.speaker.strip(), item=form.item.strip()
    )


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise BadValue(f"{word!r} is not a day", "Write it as YYYY-MM-DD, or leave it empty.") from None


def _pieces(hit: searching.HitRow) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in hit.highlights:
        if start > at:
            yield hit.text[at:start], False
        yield hit.text[start:end], True
        at = end
    if at < len(hit.text):
        yield hit.text[at:], False
