"""The only part that talks to a model: messages and a shape in, a validated value or a named ending out.

A call tries as long as its deadline and settings allow, never raises for anything a server does, and keeps a ledger of
every attempt. Text of the messages or of an answer reaches neither the log, nor an error, nor the ledger.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from pydantic import BaseModel

from pipeline.llm.cache import Cache, FolderCache, MemoryCache, key_of
from pipeline.llm.endings import ENDINGS, Attempt, parse
from pipeline.llm.manners import Manners, known, learn
from pipeline.llm.transport import Request, send
from pipeline.llm.wire import portable
from pipeline.records import Json, Usage
from pipeline.settings import Settings

__all__ = [
    "ENDINGS",
    "Budget",
    "Cache",
    "FolderCache",
    "MemoryCache",
    "Message",
    "Reply",
    "call",
    "portable",
    "rung",
    "tokens",
]

Message = tuple[str, str]
"""Role ("system", "user", "assistant") and text."""

Budget = Callable[[int], str]
"""Asked before each attempt with the tokens that the call may have taken after it: an empty string lets it pass, a
sentence says why not."""

T = TypeVar("T", bound=BaseModel)

AGAIN = frozenset({"rate_limited", "unavailable", "empty"})
"""Endings that another try may mend."""

REPAIR = frozenset({"bad_json", "bad_schema"})
"""Endings that the model can mend when it is told what is wrong; once a call."""

LONGEST_PAUSE = 8.0


@dataclass(frozen=True)
class Reply(Generic[T]):
    """How a call ended: `outcome` is one of ENDINGS, `value` is there only when it is "ok".

    `usage` is the ledger, one entry an attempt. `detail` says in our words what went wrong; `retry_after` are the
    seconds that the server asked us to wait; `shortened` whether the server seems to have read only part of the prompt.
    """

    outcome: str
    value: T | None = None
    usage: tuple[Usage, ...] = ()
    detail: str = ""
    retry_after: float | None = None
    cached: bool = False
    shortened: bool = False


def tokens(messages: Sequence[Message], schema: Json | None = None) -> int:
    """A cautious estimate of a prompt's size: a quarter of the characters of its JSON, schema included."""
    written = json.dumps([{"role": role, "content": text} for role, text in messages])
    return (len(written) + (len(json.dumps(schema)) if schema else 0)) // 4


def rung(settings: Settings) -> str:
    """How the configured server is asked for the form of an answer, as learnt so far: see LADDER in manners.py."""
    return known(settings.model_url, settings.model).rung


def call(
    messages: Sequence[Message],
    shape: type[T],
    settings: Settings,
    *,
    max_tokens: int = 0,
    account: str = "",
    nonce: str = "",
    cache: Cache | None = None,
    budget: Budget | None = None,
) -> Reply[T]:
    """Asks the configured model for one value of `shape`.

    `max_tokens` caps the answer below the setting (0: the setting). `nonce` is a random word of the messages that does
    not matter to the cache. Answers are cached per `account`, only good ones, when a cache is handed in. Never raises
    for what a server sends or fails to send.
    """
    schema = portable(shape)
    ceiling = min(max_tokens or settings.model_max_tokens, settings.model_max_tokens)
    request = Request(settings.model_url, settings.model, settings.model_key, tuple(messages), schema, ceiling)
    key = key_of(replace(request, key=""), account, nonce)
    if cache is not None and (held := cache.get(account, key)) is not None:
        attempt = parse(Attempt("ok", text=held), shape)
        if attempt.outcome == "ok" and attempt.value is not None:
            entry = Usage(outcome="ok", model=settings.model, cached=True, detail="from the cache")
            return Reply("ok", shape.model_validate(attempt.value), (entry,), cached=True)
    reply, text = _Call(request, shape, settings, budget).run()
    if cache is not None and reply.outcome == "ok":
        cache.put(account, key, text)
    return reply


class _Call(Generic[T]):
    """One call under way: what is left of its time and tries, and the ledger so far."""

    def __init__(self, request: Request, shape: type[T], settings: Settings, budget: Budget | None) -> None:
        self._request = request
        self._shape = shape
        self._settings = settings
        self._budget = budget
        self._ends = time.monotonic() + settings.model_deadline
        self._retries = settings.model_retries
        self._repairs = 1
        self._ledger: list[Usage] = []

    def run(self) -> tuple[Reply[T], str]:
        """The reply, and the answer's text for the cache."""
        if not (self._settings.model_url and self._settings.model):
            return Reply("bad_request", detail="no model is configured"), ""
        while True:
            attempt = self._attempt(known(self._request.url, self._request.model))
            step = self._next(attempt)
            if step is None:
                return self._reply(attempt), attempt.text
            step()

    def _attempt(self, manners: Manners) -> Attempt:
        estimate = tokens(self._request.messages, self._request.schema)
        taken = sum(each.prompt_tokens + each.completion_tokens for each in self._ledger)
        refused = self._budget(taken + estimate + self._request.max_tokens) if self._budget else ""
        left = self._ends - time.monotonic()
        if refused:
            attempt = Attempt("over_budget", detail=refused)
        elif left <= 0:
            attempt = Attempt("timeout", detail=f"no answer within {self._settings.model_deadline:g} seconds")
        else:
            attempt = parse(send(self._request, manners, left), self._shape)
        self._ledger.append(_entry(attempt, self._request.model, manners, estimate))
        return attempt

    def _next(self, attempt: Attempt) -> Callable[[], None] | None:
        """What to do before the next attempt, or None when this one is the last."""
        if learn(self._request.url, self._request.model, attempt):
            return lambda: None
        if attempt.outcome in REPAIR and self._repairs:
            return partial(self._ask_for_repair, attempt)
        if attempt.outcome in AGAIN and self._retries:
            wait = self._pause(attempt)
            if time.monotonic() + wait < self._ends:
                return partial(self._wait, wait)
        return None

    def _ask_for_repair(self, attempt: Attempt) -> None:
        self._repairs -= 1
        wrong = "\n".join(attempt.problems) or "it is not one JSON value"
        told = f"That can't be read:\n{wrong}\nAnswer again with the whole JSON value and nothing else."
        said: tuple[Message, ...] = (("assistant", attempt.text), ("user", told))
        self._request = replace(self._request, messages=(*self._request.messages, *said))

    def _pause(self, attempt: Attempt) -> float:
        """Seconds to wait: what the server asked for, else doubling with some chance in it."""
        if attempt.retry_after is not None:
            return attempt.retry_after
        done = self._settings.model_retries - self._retries
        return min(0.5 * 2.0**done, LONGEST_PAUSE) * random.uniform(0.75, 1.0)  # noqa: S311

    def _wait(self, seconds: float) -> None:
        self._retries -= 1
        time.sleep(seconds)

    def _reply(self, attempt: Attempt) -> Reply[T]:
        value = self._shape.model_validate(attempt.value) if attempt.outcome == "ok" else None
        estimate = tokens(self._request.messages)
        return Reply(
            attempt.outcome,
            value,
            tuple(self._ledger),
            attempt.detail,
            attempt.retry_after,
            shortened=bool(attempt.prompt_tokens) and attempt.prompt_tokens < estimate // 2,
        )


def _entry(attempt: Attempt, model: str, manners: Manners, estimate: int) -> Usage:
    """The ledger's line. A server that answers without counting is charged by our own estimate."""
    counted = attempt.prompt_tokens or attempt.completion_tokens
    guessed = attempt.text and not counted
    notes = [attempt.detail, manners.rung, "tokens estimated" if guessed else ""]
    return Usage(
        outcome=attempt.outcome,
        model=model,
        prompt_tokens=estimate if guessed else attempt.prompt_tokens,
        completion_tokens=len(attempt.text) // 4 if guessed else attempt.completion_tokens,
        seconds=round(attempt.seconds, 3),
        detail="; ".join(filter(None, notes)),
    )
