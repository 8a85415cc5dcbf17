"""Notes: deliver one, see how far it came, list what was delivered, ask for another proposal."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from api.desk import At, chosen, wake
from pipeline import flow
from pipeline.errors import BadValue
from pipeline.views.sources import SourceRow, one_delivery
from pipeline.views.sources import sources as sources_view

router = APIRouter(tags=["notes"])


class NoteIn(BaseModel):
    """A note as text."""

    model_config = ConfigDict(extra="forbid")

    text: str
    title: str | None = Field(None, max_length=200, description="What to call it until it is read.")
    said_on: date | None = Field(None, description="The day it was said or written, if the text does not tell.")


class FileIn(BaseModel):
    """What may stand beside a file in a form."""

    said_on: date | None = None


class Again(BaseModel):
    """Which proposer to ask; empty means the configured one."""

    model_config = ConfigDict(extra="forbid")

    proposer: str = ""


@dataclass(frozen=True)
class Sent:
    """What came, whichever way: the bytes, a name, the day."""

    content: bytes
    filename: str | None
    origin: str
    said_on: date | None


TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": NoteIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "said_on": {"type": "string", "format": "date"},
                    },
                }
            },
        },
    }
}


async def sent(request: Request) -> Sent:
    """The note of a request: JSON, or a form with a file. The only part of a route that is awaited."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            note = NoteIn.model_validate_json(await request.body())
            return Sent(note.text.encode("utf-8", "replace"), note.title, "api", note.said_on)
        if kind == "multipart/form-data":
            async with request.form(max_files=1, max_fields=20) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise BadValue("the form has no file", "Send it in the part named `file`.")
                beside = FileIn.model_validate({"said_on": form.get("said_on") or None})
                return Sent(await file.read(), file.filename, "api", beside.said_on)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False, include_url=False)) from None
    raise BadValue(f"a note can't come as {kind or 'nothing'}", "Send application/json or multipart/form-data.")


@router.post("/accounts/{account}/notes", status_code=202, openapi_extra=TAKES)
def deliver(
    at: At, request: Request, account: str, note: Annotated[Sent, Depends(sent)], response: Response
) -> SourceRow:
    """Takes a note, transcript, mail or filing. It is kept before this answers; `Location` tells how far it came.

    The same bytes for the same account are the same delivery. 413 and 422 mean that nothing was kept.
    """
    kept = flow.deliver(at, account, note.content, note.filename, note.origin, note.said_on)
    wake(request)
    response.headers["Location"] = f"/api/v1/deliveries/{kept.id}"
    return one_delivery(at.store, at.actor, kept.id)


@router.get("/deliveries/{delivery}")
def get_delivery(at: At, delivery: str) -> SourceRow:
    """How far a delivery came: its state, what went wrong if anything, and its proposal when there is one."""
    return one_delivery(at.store, at.actor, delivery)


@router.get("/accounts/{account}/sources")
def list_sources(at: At, account: str) -> tuple[SourceRow, ...]:
    """All that was delivered to an account, newest first."""
    return sources_view(at.store, at.actor, account)


@router.post("/accounts/{account}/sources/{source}/proposals", status_code=202)
def propose_again(
    at: At, request: Request, account: str, source: str, response: Response, body: Again | None = None
) -> SourceRow:
    """Asks for another proposal from a source, by another proposer if you say so; the earlier one stays."""
    kept = flow.propose_again(at, account, source, chosen(at, body.proposer if body else ""))
    wake(request)
    response.headers["Location"] = f"/api/v1/deliveries/{kept.id}"
    return one_delivery(at.store, at.actor, kept.id)
