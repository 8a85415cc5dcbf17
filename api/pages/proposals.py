"""One proposal: changes beside the words that prove them, and what a person says of each."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk import At, proposers
from api.pages.cards import cards, decided, note_lines, seen
from api.rendering import render
from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import Error, Mistake
from pipeline.records import Conflict
from pipeline.views.reviews import ReviewView, review

router = APIRouter()

MOST_FIELDS = 20_000
"""Controls of one form: a long proposal has some hundred changes with a dozen each."""


async def typed(request: Request) -> FormData:
    """The form as sent; its names depend on the proposal, so no model can list them."""
    return await request.form(max_fields=MOST_FIELDS)


@router.get("/proposals/{proposal}")
def show(at: At, request: Request, proposal: str) -> HTMLResponse:
    """The review page."""
    call = request.query_params.get("saved")
    return _page(at, request, review(at.store, at.actor, proposal, call))


@router.get("/proposals/{proposal}/decisions")
def after(proposal: str) -> RedirectResponse:
    """Where a reload or a bookmark of an answered form leads."""
    return RedirectResponse(f"/proposals/{quote(proposal)}", 303)


@router.post("/proposals/{proposal}/decisions")
def decide(at: At, request: Request, proposal: str, form: Annotated[FormData, Depends(typed)]) -> Response:
    """Saves what was marked, all in one step, and shows what it came to. A value that does not fit changes nothing."""
    desk = review(at.store, at.actor, proposal)
    said, wrong = decided(desk.proposal, form, at.actor, at.store.now())
    if wrong or not said:
        nothing = Mistake("no change is marked", "Choose approve, edit, ask or reject for at least one.")
        return _page(at, request, desk, form=form, wrong=wrong, error=None if wrong else nothing)
    key = str(form.get("key") or secrets.token_urlsafe(12))
    try:
        done = flow.decide(at, desk.proposal.account, proposal, said, key, seen(desk.proposal, form))
    except Error as error:
        return _page(at, request, desk, form=form, error=error)
    if done.conflicts:
        # Not a redirect: what met a conflict is told only in this answer. Sent again, the key makes it the same call.
        return _page(at, request, review(at.store, at.actor, proposal, key), conflicts=done.conflicts)
    return RedirectResponse(f"/proposals/{proposal}?saved={key}", 303)


def _page(
    at: Desk,
    request: Request,
    desk: ReviewView,
    *,
    form: FormData | None = None,
    wrong: dict[str, str] | None = None,
    error: Error | None = None,
    conflicts: Sequence[Conflict] = (),
) -> HTMLResponse:
    shown = cards(desk, form, wrong or {}, conflicts)
    whole = "whole" in request.query_params
    return render(
        request,
        "proposal.html",
        _status(desk, error, wrong, conflicts),
        review=desk,
        proposal=desk.proposal,
        to_review=[card for card in shown if card.group == "open" and not card.change.held_back],
        held_back=[card for card in shown if card.change.held_back and card.group == "open"],
        done=[card for card in shown if card.group == "done"],
        elsewhere=[card for card in shown if card.group == "elsewhere"],
        known=[card.change for card in shown if card.group == "known"],
        closed=[card for card in shown if card.group == "closed"],
        lines=note_lines(desk.proposal.lines, whole=whole),
        safe=sum(1 for card in shown if card.change.bulk and card.open),
        left=sum(1 for card in shown if card.open and not card.change.refuted),
        decidable=any(card.open for card in shown),
        key=secrets.token_urlsafe(12),
        error=error,
        wrong=bool(wrong),
        blocked=sorted(card.change.number for card in shown if card.conflicts),
        again=bool(request.query_params.get("again")),
        proposers=proposers(at),
    )


def _status(desk: ReviewView, error: Error | None, wrong: dict[str, str] | None, conflicts: Sequence[Conflict]) -> int:
    if error:
        return error.status
    if wrong:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.CONFLICT if conflicts and desk.saved is None else HTTPStatus.OK
