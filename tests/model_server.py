"""A model server on the loopback that behaves as scripted, step by step, and remembers what it was asked."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Step = Callable[["Handler"], None]
"""What the server does with one request."""


def says(
    text: str | None,
    finish: str | None = "stop",
    counted: bool = True,
    prompt_tokens: int = 5_000,
    **message: Any,
) -> Step:
    """A completion in the API's form."""
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        ],
    }
    if counted:
        body["usage"] = {"prompt_tokens": prompt_tokens, "completion_tokens": 7, "total_tokens": prompt_tokens + 7}
    return replies(200, body)


def fails(status: int, message: str = "no", code: str | None = None, headers: Mapping[str, str] | None = None) -> Step:
    """An error in the API's form."""
    error = {"message": message, "type": "error", "code": code, "param": None}
    return replies(status, {"error": error}, headers)


def replies(
    status: int, body: object, headers: Mapping[str, str] | None = None, kind: str = "application/json"
) -> Step:
    """Any reply; a body that is no string or bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()

    def step(handler: "Handler") -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    return step


def waits(seconds: float, then: Step) -> Step:
    """Nothing for a while."""

    def step(handler: "Handler") -> None:
        time.sleep(seconds)
        then(handler)

    return step


def drips(handler: "Handler") -> None:
    """A byte now and then, for ever: no read ever takes long, and no answer comes."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def resets(handler: "Handler") -> None:
    """The connection is torn down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def breaks_off(handler: "Handler") -> None:
    """A reply that stops in the middle."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "9999")
    handler.end_headers()
    handler.wfile.write(b'{"id":')
    handler.close_connection = True


def read(raw: bytes) -> dict[str, Any]:
    """A request's body; what is no JSON is remembered all the same."""
    try:
        return dict(json.loads(raw))
    except ValueError:
        return {"raw": raw}


class Handler(BaseHTTPRequestHandler):
    """Plays the next step for each request."""

    protocol_version = "HTTP/1.1"
    server: "ModelServer"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        step = self.server.asked(self.path, dict(self.headers), read(raw))
        try:
            step(self)
        except OSError:
            self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Silence: a test's output is its own."""


class ModelServer(ThreadingHTTPServer):
    """As a context manager: serves `steps` in order, the last one again and again."""

    daemon_threads = True

    def __init__(self, *steps: Step) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self._steps = list(steps)
        self._lock = threading.Lock()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def asked(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Step:
        """Remembers a request and says what to do with it."""
        with self._lock:
            self.paths.append(path)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            self.bodies.append(body)
            return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
