"""What stands between the network and the routes: which host, which site, how large, and the headers of every answer.

Until people sign in, whoever reaches the port acts as the user of NOTES2PLAN_USER. So a page of another site must not:
neither under a name of its own that leads here (the Host check), nor by a form or script (the fetch-metadata check).
"""

import logging
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answer
from pipeline.errors import Error, Mistake, NotAllowed, TooLarge

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SAFE = ("GET", "HEAD", "OPTIONS")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CACHING = "private, no-cache"
"""Not no-store: with it a browser forgets what somebody typed when they go back."""


class Guard:
    """Refuses what does not come from this machine's own pages or programs, and adds HEADERS to every answer."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], largest: int) -> None:
        """`hosts` are allowed beside the loopback's names; `largest` is the longest body in bytes."""
        self._app = app
        self._hosts = frozenset({*LOOPBACK, *(_bracketed(host.lower()) for host in hosts)})
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self._largest)
        failed = refusal(scope["method"], Headers(scope=scope), self._hosts, self._largest)
        if failed is None:
            failed = await self._ask(scope, exchange)
        if failed is not None:
            await answer(Request(scope, receive), failed)(scope, receive, _Exchange(receive, send, 0).send)

    async def _ask(self, scope: Scope, exchange: "_Exchange") -> Error | None:
        """Lets the app answer; what to say in its place when it failed before it began, or the body grew too large."""
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            if not exchange.too_large:
                log.error("%s %s ended with %s", scope["method"], scope["path"], _where(error))
                if exchange.started:
                    raise
                return Error("it is in the server's log", "Go back and try again.")
        return TooLarge("what was sent") if exchange.too_large else None


def _where(error: Exception) -> str:
    """The type of an error and the places it came through, never its message: that may hold words of a note."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {places}"


class _Exchange:
    """One request and its answer: counts the body as it comes, adds HEADERS to what goes out."""

    def __init__(self, receive: Receive, send: Send, largest: int) -> None:
        self._receive = receive
        self._send = send
        self._left = largest
        self.started = False
        self.too_large = False

    async def receive(self) -> Message:
        """The next part of the body; when it is over the limit, as if the sender had gone."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """Sends a part of the answer on, unless the body was too large: what the app makes of half of it is void."""
        if self.too_large and not self.started:
            return
        if message["type"] == "http.response.start":
            self.started = True
            _add_headers(message)
        await self._send(message)


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", CACHING)


def refusal(method: str, headers: Mapping[str, str], hosts: frozenset[str], largest: int) -> Error | None:
    """Why a request is not taken, or None. `headers` are looked up in lower case."""
    host = headers.get("host", "")
    if _bracketed(host_name(host)) not in hosts:
        return Mistake(f"{host!r} is not a name of this server", f"Open it as http://{LOOPBACK[0]} with its port.")
    if method not in SAFE and not is_own(headers):
        return NotAllowed("the request came from another site", "Open the page here and send it again.")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        limit = f"the limit is {largest // 1_000_000} MB"
        return TooLarge(f"{int(length) / 1e6:.1f} MB were sent, {limit}")
    return None


def is_own(headers: Mapping[str, str]) -> bool:
    """Whether a request that may change something comes from our own pages, or from no browser at all.

    A browser says where a request comes from: by Sec-Fetch-Site, or at least by Origin. One that says neither and
    brings cookies is refused; a program brings none.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() == headers.get("host", "").lower()
    return "cookie" not in headers


def host_name(host: str) -> str:
    """The name in a Host header, in lower case and without its port: "[::1]:8770" is "[::1]"."""
    name = host.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0]


def _bracketed(host: str) -> str:
    """An IPv6 address as it stands in a Host header."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
