"""Texts whose account is left open: keep one, hear what speaks for which account, assign it, set it aside."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from api.desk import At, wake
from api.routes.notes import TAKES, Sent, sent
from pipeline import belonging
from pipeline.flow import assigning
from pipeline.records import Delivery
from pipeline.views.sources import SourceRow, one_delivery

router = APIRouter(prefix="/unsorted", tags=["unsorted"])


class KeptRow(BaseModel):
    """A kept text; only who brought it sees it."""

    delivery: str
    filename: str | None
    received_at: datetime
    size: int
    said_on: date | None
    set_aside: bool


class PartRow(BaseModel):
    """Lines, by number, that would be set apart for another account."""

    first: int
    last: int
    account: str
    name: str
    reason: str


class SuggestionRow(BaseModel):
    """An account that something speaks for. `clear` when little speaks for any other; still nobody is chosen by it."""

    account: str
    name: str
    weight: int
    reasons: tuple[str, ...]
    parts: tuple[PartRow, ...]
    clear: bool


class KeptText(KeptRow):
    """A kept text and the accounts that something speaks for, best first."""

    suggestions: tuple[SuggestionRow, ...]


class AccountIn(BaseModel):
    """The account that it belongs to, by id or name."""

    model_config = ConfigDict(extra="forbid")

    account: str


@router.get("")
def list_unsorted(at: At, set_aside: bool = False) -> tuple[KeptRow, ...]:
    """What you brought and nobody assigned yet, newest first; or what of it was set aside."""
    return tuple(KeptRow(**_row(each)) for each in assigning.unsorted(at, set_aside))


@router.post("", status_code=201, openapi_extra=TAKES)
def keep(at: At, note: Annotated[Sent, Depends(sent)], response: Response) -> KeptRow:
    """Keeps a text whose account is left open; nothing is read or proposed before somebody assigns it."""
    kept = assigning.keep(at, note.content, note.filename, note.said_on)
    response.headers["Location"] = f"/api/v1/unsorted/{kept.id}"
    return KeptRow(**_row(kept))


@router.get("/{delivery}")
def get_unsorted(at: At, delivery: str) -> KeptText:
    """One kept text: which accounts something speaks for, with reasons, and which lines would go to others."""
    kept, found = assigning.suggest_kept(at, delivery)
    best = belonging.clear(found)
    rows = tuple(SuggestionRow(**asdict(each), clear=each is best) for each in found)
    return KeptText(**_row(kept), suggestions=rows)


@router.post("/{delivery}/assign", status_code=202)
def assign(at: At, request: Request, delivery: str, body: AccountIn, response: Response) -> SourceRow:
    """Gives it to an account, where it is read; one that has these bytes already answers with its own delivery."""
    given = assigning.assign(at, delivery, body.account)
    wake(request)
    response.headers["Location"] = f"/api/v1/deliveries/{given.id}"
    return one_delivery(at.store, at.actor, given.id)


@router.post("/{delivery}/set-aside")
def set_aside(at: At, delivery: str) -> KeptRow:
    """Takes it out of what waits; `take-back` undoes that."""
    return KeptRow(**_row(assigning.set_aside(at, delivery)))


@router.post("/{delivery}/take-back")
def take_back(at: At, delivery: str) -> KeptRow:
    """Lets what was set aside wait again."""
    return KeptRow(**_row(assigning.take_back(at, delivery)))


def _row(kept: Delivery) -> dict[str, object]:
    told = kept.model_dump(include={"filename", "received_at", "size", "said_on"})
    return {**told, "delivery": kept.id, "set_aside": kept.state == assigning.SET_ASIDE}
