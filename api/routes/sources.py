"""Sources: one with its lines, correcting its day and its occasion, and search over all of an account."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.desk import At, wake
from pipeline.flow import assigning, correcting
from pipeline.records import SourceKind
from pipeline.views import search as searching
from pipeline.views.source import SourceView, one_source
from pipeline.views.sources import SourceRow, one_delivery

router = APIRouter(tags=["sources"])


class DayIn(BaseModel):
    """The day on which it was said."""

    model_config = ConfigDict(extra="forbid")

    said_on: date


class OccasionIn(BaseModel):
    """Another source that records the same occasion, or null: it is an occasion of its own."""

    model_config = ConfigDict(extra="forbid")

    same_as: str | None


class PartIn(BaseModel):
    """Lines of a source by number, and the account that they speak of."""

    model_config = ConfigDict(extra="forbid")

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    to: str


class SearchIn(BaseModel):
    """A question, and what it may find."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(min_length=1, max_length=400)
    since: date | None = None
    until: date | None = None
    kind: SourceKind | None = None
    speaker: str = Field("", max_length=200)
    item: str = Field("", max_length=20, description="Of filings, such as 5.02.")
    count: int = Field(20, ge=1, le=100)


class Found(BaseModel):
    """What a search found. `by_meaning` is false where there is no embedder: then it is by words alone."""

    hits: tuple[searching.HitRow, ...]
    by_meaning: bool


@router.get("/accounts/{account}/sources/{source}")
def get_source(at: At, account: str, source: str) -> SourceView:
    """One source: its text by lines, people, warnings, the other records of its occasion."""
    return one_source(at.store, at.actor, account, source)


@router.post("/accounts/{account}/sources/{source}/day", status_code=202)
def redate(at: At, request: Request, account: str, source: str, body: DayIn, response: Response) -> SourceRow:
    """Corrects the day of a source: a new version of it, whose changes are proposed again; what waited is closed."""
    made = correcting.redate(at, account, source, body.said_on)
    wake(request)
    response.headers["Location"] = f"/api/v1/deliveries/{made.delivery}"
    return one_delivery(at.store, at.actor, made.delivery)


@router.put("/accounts/{account}/sources/{source}/occasion")
def put_occasion(at: At, account: str, source: str, body: OccasionIn) -> SourceView:
    """Corrects which occasion a source records: the same as another source, or one of its own."""
    correcting.occasion(at, account, source, body.same_as)
    return one_source(at.store, at.actor, account, source)


@router.post("/accounts/{account}/sources/{source}/parts", status_code=202)
def hand_over(at: At, request: Request, account: str, source: str, body: PartIn) -> SourceRow:
    """Delivers some lines of a source to the account that they speak of; the source stays as it is."""
    kept = assigning.hand_over(at, account, source, (body.first, body.last), body.to)
    wake(request)
    return one_delivery(at.store, at.actor, kept.id)


@router.get("/accounts/{account}/search")
def search(at: At, account: str, asked: Annotated[SearchIn, Query()]) -> Found:
    """Passages of an account's sources that answer a question, the best first; `highlights` are offsets in `text`."""
    wanted = searching.Wanted(
        since=asked.since, until=asked.until, kind=str(asked.kind or ""), speaker=asked.speaker, item=asked.item
    )
    hits = searching.search(at.store, at.actor, account, asked.q, at.embedder, wanted, count=asked.count)
    return Found(hits=hits, by_meaning=at.embedder is not None)
