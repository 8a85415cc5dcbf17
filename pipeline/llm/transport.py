"""One request to a model server: langchain's ChatOpenAI as transport, on a private event loop with a true deadline.

What surrounds it is shut out: no tracing, no redirects, no library's own retries, no header or proxy that a variable of
another product would bring, no request text in a log.
"""

import asyncio
import json
import logging
import os
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from pipeline.llm.endings import Attempt, of_error, of_message
from pipeline.llm.manners import Manners
from pipeline.records import Json

if TYPE_CHECKING:
    import ssl

    import httpx2

HEADERS = frozenset(
    {"host", "accept", "content-type", "content-length", "connection", "authorization", "x-stainless-raw-response"}
)
"""What we send; the last is the client library's note to itself, without which it does not hand the answer back whole.
It would add organisation, project and machine too, which nobody asked for."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
CONNECT_SECONDS = 10.0

R = TypeVar("R")


@dataclass(frozen=True)
class Request:
    """A question to a model, whatever the manners of its server."""

    url: str
    model: str
    key: str
    messages: tuple[tuple[str, str], ...]
    schema: Json
    max_tokens: int


def send(request: Request, manners: Manners, seconds: float) -> Attempt:
    """Sends the request and waits at most `seconds`, however the server drips. Never raises for what it does."""
    start = time.monotonic()
    attempt = _loop().run(_sent(request, manners, seconds))
    return replace(attempt, seconds=time.monotonic() - start)


async def _sent(request: Request, manners: Manners, seconds: float) -> Attempt:
    _quiet()
    from langsmith import tracing_context

    try:
        with tracing_context(enabled=False):
            async with asyncio.timeout(seconds), _client(request, seconds) as client:
                return of_message(await _asked(request, manners, client))
    except Exception as error:  # noqa: BLE001 - of_error raises again what it does not know
        return of_error(error)


async def _asked(request: Request, manners: Manners, client: "httpx2.AsyncClient") -> Any:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(
        model=request.model,
        base_url=request.url,
        api_key=SecretStr(request.key or "none"),
        temperature=0.0 if manners.temperature else None,
        max_retries=0,
        timeout=client.timeout,
        use_responses_api=False,
        streaming=False,
        cache=False,
        openai_proxy=None,
        http_async_client=client,
        extra_body={manners.cap: request.max_tokens},
    )
    form = _form(manners.rung, request.schema)
    asked = model.bind(response_format=form) if form else model
    return await asked.ainvoke(_messages(request, manners.rung))


def _form(rung: str, schema: Json) -> Json:
    if rung == "json_schema":
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
    return {"type": "json_object"} if rung == "json_object" else None


def _messages(request: Request, rung: str) -> list[tuple[str, str]]:
    """The messages; where the server does not take the schema, the model is told it in words."""
    messages = list(request.messages)
    if rung == "json_schema":
        return messages
    told = "Answer with one JSON value of this schema and nothing else:\n" + json.dumps(request.schema)
    role, text = messages[0]
    messages[0] = (role, f"{text}\n\n{told}")
    return messages


def _client(request: Request, seconds: float) -> "httpx2.AsyncClient":
    """Our own client for one attempt: langchain's is shared across event loops, and the library's follows redirects."""
    import httpx2

    async def only_ours(sent: "httpx2.Request") -> None:
        for name in [name for name in sent.headers if name.lower() not in HEADERS]:
            del sent.headers[name]
        sent.headers["user-agent"] = "notes2plan"
        if not request.key:
            sent.headers.pop("authorization", None)

    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        follow_redirects=False,
        # A proxy of the environment is for the world outside, not for a server on this machine.
        trust_env=urlsplit(request.url).hostname not in LOCAL,
        verify=_certificates(),
        event_hooks={"request": [only_ours]},
    )


@cache
def _certificates() -> "ssl.SSLContext":
    import httpx2

    return httpx2.create_ssl_context()


@cache
def _quiet() -> None:
    """Keeps note text out of the libraries' debug logs, whatever level a variable or the program around us sets."""
    import openai  # noqa: F401 - it sets its own level when imported

    for name in ("openai", "httpx2", "httpcore2", "langsmith", "langchain_core", "langchain_openai"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _Loop:
    """An event loop in a thread of its own: callers are synchronous, and may stand in a loop themselves."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="model calls", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """The result of `work`. When the caller is interrupted, the request goes too."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise


_running: list[_Loop] = []
_starting = threading.Lock()


def _loop() -> _Loop:
    """The process's loop; a forked child starts its own, for threads are not inherited."""
    with _starting:
        if not _running or _running[0].process != os.getpid():
            _running[:] = [_Loop()]
        return _running[0]
