"""Every way an attempt can end, by name, and how errors and answers are told apart.

ok            a value that fits its shape          rate_limited  asked too often; perhaps with a time to wait
refused       the model would not                  quota         the account at the server is used up
truncated     the answer hit its cap               timeout       no answer within the deadline
filtered      held back by the server's filter     unavailable   server error, or no connection
empty         an answer without text               auth          the key is wrong or may not
bad_json      text that is not JSON                no_model      no such model or address
bad_schema    JSON of another shape                too_long      the prompt exceeds the model's context
bad_request   the server won't take the question   protocol      not the API: HTML, a redirect, no choices
over_budget   not sent: the token budget is used up
"""

import re
import time
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    import openai
    from langchain_core.messages import AIMessage

ENDINGS = (
    "ok",
    "refused",
    "truncated",
    "filtered",
    "empty",
    "bad_json",
    "bad_schema",
    "rate_limited",
    "quota",
    "timeout",
    "unavailable",
    "auth",
    "no_model",
    "too_long",
    "bad_request",
    "protocol",
    "over_budget",
)

THINKING = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
FENCE = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*\Z", re.DOTALL | re.IGNORECASE)
CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|exceed_context|too many tokens|(?:prompt|input) is too long|maximum context",
    re.IGNORECASE,
)
CUT = {
    "length": ("truncated", "the answer hit its cap"),
    "content_filter": ("filtered", "held back by the server's filter"),
}
"""Why an answer stopped before its end, and what we call that."""
NAMES_ONLY = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True)
class Attempt:
    """How one request ended. `said` are the server's own words: read for lessons, never kept or shown.

    `detail` is ours and safe to keep; `problems` tells a model what is wrong with its answer, without quoting it.
    """

    outcome: str
    text: str = ""
    detail: str = ""
    said: str = ""
    value: dict[str, Any] | None = None
    problems: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    retry_after: float | None = None
    seconds: float = 0.0


def parse(attempt: Attempt, shape: type[BaseModel]) -> Attempt:
    """An attempt that brought text, read as a value of `shape`; any other attempt as it is."""
    if attempt.outcome != "ok":
        return attempt
    if not attempt.text.strip():
        return replace(attempt, outcome="empty", detail="an answer without text")
    try:
        value = shape.model_validate_json(unwrapped(attempt.text))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        broken = any(each["type"] == "json_invalid" for each in found)
        problems = tuple(f"{'.'.join(map(str, each['loc'])) or 'the answer'}: {_told(each)}" for each in found[:8])
        named, why = ("bad_json", "not JSON") if broken else ("bad_schema", f"{len(found)} places of another shape")
        return replace(attempt, outcome=named, detail=why, problems=problems)
    return replace(attempt, value=value.model_dump())


def _told(error: Any) -> str:
    """Pydantic's word on one place. What it says of broken JSON may hold words of the answer: those stay out."""
    return "it is not valid JSON" if error["type"] == "json_invalid" else str(error["msg"])


def unwrapped(text: str) -> str:
    """The answer without thoughts in front and without a fence around it; prose around JSON is not forgiven."""
    bare = THINKING.sub("", text, count=1)
    fenced = FENCE.match(bare)
    return (fenced.group(1) if fenced else bare).strip()


def of_message(message: "AIMessage") -> Attempt:
    """The attempt of an answer that came through."""
    usage: Any = message.usage_metadata or {}
    counted = Attempt(
        "ok",
        text=message.content if isinstance(message.content, str) else "",
        prompt_tokens=usage.get("input_tokens") or 0,
        completion_tokens=usage.get("output_tokens") or 0,
    )
    if message.additional_kwargs.get("refusal"):
        return replace(counted, outcome="refused", text="", detail="the model refused")
    finish = message.response_metadata.get("finish_reason")
    return _cut(counted, str(finish)) if finish in CUT else counted


def of_error(error: Exception) -> Attempt:
    """The attempt that ended in an error of the client library. Anything unknown is raised again: it is our bug."""
    import openai

    if isinstance(error, openai.LengthFinishReasonError):
        return _cut(_counted(error.completion), "length")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return _cut(_counted(getattr(error, "completion", None)), "content_filter")
    if type(error.__cause__).__name__ == "ConnectTimeout":
        return Attempt("unavailable", detail="no connection")
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return Attempt("timeout", detail="no answer within the deadline")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APIConnectionError):
        return Attempt("unavailable", detail="no connection, or it broke off")
    if isinstance(error, openai.APIResponseValidationError):
        return Attempt("protocol", detail="not an answer of the API")
    if isinstance(error, openai.APIError):
        return Attempt("unavailable", detail="the server reported an error")
    if isinstance(error, IndexError | KeyError | TypeError | AttributeError | ValueError):
        return Attempt("protocol", detail=f"not an answer of the API ({type(error).__name__})")
    raise error


def _of_status(error: "openai.APIStatusError") -> Attempt:
    status, code = error.status_code, str(error.code or "")
    detail = f"HTTP {status}" + (f" {code}" if NAMES_ONLY.fullmatch(code) else "")
    said = f"{error.message} {error.body or ''}"
    named = "bad_request"
    if status in (402, 429):
        named = "quota" if status == 402 or code == "insufficient_quota" else "rate_limited"
    elif status == 408 or status >= 500:
        named = "unavailable"
    elif status in (401, 403):
        named = "auth"
    elif status == 404:
        named = "no_model"
    elif status < 400:
        named, detail = "protocol", f"{detail}: it sends us elsewhere, and we don't follow"
    elif status == 413 or code == "context_length_exceeded" or CONTEXT.search(said):
        named = "too_long"
    wait = retry_after(error.response.headers) if named in ("rate_limited", "unavailable") else None
    return Attempt(named, detail=detail, said=said[:4_000], retry_after=wait)


def retry_after(headers: Any) -> float | None:
    """The seconds that a server asks us to wait: a number, milliseconds, or a date. None when it does not say."""
    try:
        if headers.get("retry-after-ms"):
            return max(0.0, float(headers["retry-after-ms"]) / 1_000)
        said = headers.get("retry-after")
        if not said:
            return None
        if re.fullmatch(r"\s*\d+(\.\d+)?\s*", said):
            return float(said)
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _cut(attempt: Attempt, finish: str) -> Attempt:
    named, detail = CUT[finish]
    return replace(attempt, outcome=named, detail=detail, text="")


def _counted(completion: Any) -> Attempt:
    usage = getattr(completion, "usage", None)
    return Attempt(
        "ok",
        prompt_tokens=getattr(usage, "prompt_tokens", 0) or 0,
        completion_tokens=getattr(usage, "completion_tokens", 0) or 0,
    )
