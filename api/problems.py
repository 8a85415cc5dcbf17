"""How an error looks from outside: RFC 9457 problem details to programs, a page with what to do next to people."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.rendering import error_page
from pipeline.errors import Error, StoreBusy, TooLarge

API = "/api/"
MEDIA_TYPE = "application/problem+json"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "advice"],
    "properties": {
        "type": {"type": "string", "description": "urn:notes2plan:error:<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A stable name for programs, e.g. unknown_account."},
        "detail": {"type": "string", "description": "One sentence: what happened, and to what."},
        "advice": {"type": "string", "description": "What to do next; may be empty."},
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What was asked can't be done.", "content": {MEDIA_TYPE: {"schema": SCHEMA}}},
    "5XX": {"description": "Something is missing or broken.", "content": {MEDIA_TYPE: {"schema": SCHEMA}}},
}
"""What every route of the API may answer beside its own."""


def problem(error: Error, more: Mapping[str, Any] | None = None) -> JSONResponse:
    """The problem document of an error; `more` are extension members."""
    return _document(error.status, error.code, _title(error), error.message, error.advice, more)


def _document(
    status: int, code: str, title: str, detail: str, advice: str, more: Mapping[str, Any] | None = None
) -> JSONResponse:
    said = {"type": f"urn:notes2plan:error:{code}", "title": title, "status": status, "code": code}
    content = {**said, "detail": detail, "advice": advice, **(more or {})}
    headers = {"Retry-After": "1"} if code == StoreBusy().code else None
    return JSONResponse(content, status, headers, MEDIA_TYPE)


def _title(error: Error) -> str:
    return (error.__doc__ or "").strip().splitlines()[0]


def answer(request: Request, error: Error, **context: Any) -> Response:
    """The answer to a request that ended with `error`: a problem document under /api, else a page.

    `context` is for the page: what the person typed, say.
    """
    if request.url.path.startswith(API):
        return problem(error)
    return error_page(request, error.status, error.code, error.message, error.advice, **context)


def install(app: FastAPI) -> None:
    """Makes every error of the app end in `answer`."""

    @app.exception_handler(Error)
    def of_ours(request: Request, error: Error) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return answer(request, TooLarge("what was sent"))
        return _plain(request, error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    def of_form(request: Request, error: RequestValidationError) -> Response:
        # Where and what, never the value: it may be words of a note.
        found = [{"where": ".".join(map(str, each["loc"])), "what": str(each["msg"])} for each in error.errors()]
        said = "; ".join(f"{each['where']}: {each['what']}" for each in found)
        if request.url.path.startswith(API):
            advice = "See /api/v1/openapi.json for what it takes."
            return _document(422, "bad_request", "The request does not fit.", said, advice, {"errors": found})
        return error_page(request, 422, "bad_request", f"The request does not fit: {said}.", "")


def _plain(request: Request, status: int, headers: Mapping[str, str] | None) -> Response:
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    detail = {404: "There is nothing here.", 405: "That can't be done with this address."}.get(status, f"{phrase}.")
    if request.url.path.startswith(API):
        response: Response = _document(status, code, phrase, detail, "See /api/v1/openapi.json for what there is.")
    else:
        response = error_page(request, status, code, detail, "")
    response.headers.update(headers or {})
    return response
