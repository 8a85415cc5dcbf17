"""Parsing in a process of its own, with limits on memory, time, files and network, so that no file can hurt the rest.

The parent sends the bytes and gets JSON back; nothing the child says is trusted beyond the shape of a Document.
"""

import json
import subprocess
import sys
from typing import Any

from pydantic import ValidationError

from pipeline.errors import EmptyText, Error, TooLarge, Unreadable
from pipeline.formats import Format
from pipeline.records import Document
from pipeline.settings import ROOT, Settings

START = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.ingest.child import main; main()"
ERRORS: dict[str, type[Error]] = {kind.__name__: kind for kind in (EmptyText, TooLarge, Unreadable)}
OUT_OF_MEMORY = "reading it takes more memory than is allowed; it may be damaged or made to do harm"
OUT_OF_TIME = "reading it takes longer than is allowed; it may be damaged or made to do harm"
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.remove",
    "ftplib.",
    "urllib.",
)
MOST_FILES = 64


def guarded(chosen: Format, data: bytes, filename: str | None, settings: Settings) -> Document:
    """The file read in the format: here when that is safe, else in a child process. Raises pipeline.errors only."""
    if len(data) <= chosen.direct_bytes:
        return _directly(chosen, data, filename)
    return _apart(chosen, data, filename, settings)


def _directly(chosen: Format, data: bytes, filename: str | None) -> Document:
    try:
        return chosen.read(data, filename)
    except Error:
        raise
    except (MemoryError, RecursionError):
        raise Unreadable(OUT_OF_MEMORY) from None
    except Exception as error:  # noqa: BLE001 - whatever a parser does with hostile bytes, the caller gets one kind of error
        raise Unreadable(f"it is damaged ({type(error).__name__} while reading it as {chosen.name})") from None


def _apart(chosen: Format, data: bytes, filename: str | None, settings: Settings) -> Document:
    command = [sys.executable, "-I", "-c", START, str(ROOT), chosen.name, filename or ""]
    limits = [str(settings.parse_memory_mb), str(settings.parse_seconds), str(settings.max_text_chars)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the name is one argument among others, no shell
            [*command, *limits], input=data, capture_output=True, timeout=settings.parse_seconds, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(OUT_OF_TIME) from None
    return _answer(done.stdout, done.returncode)


def _answer(said: bytes, status: int) -> Document:
    try:
        answer: dict[str, Any] = json.loads(said)
        if "error" in answer:
            raise ERRORS[answer["error"]](str(answer["detail"])[:500])
        return Document.model_validate(answer["document"])
    except (ValueError, KeyError, TypeError, ValidationError):
        raise Unreadable(OUT_OF_TIME if status in {-24, -9} else f"the reader broke down ({status})") from None


def main() -> None:
    """What the child runs: limits first, then one file from standard input to JSON on standard output."""
    name, filename, memory, seconds, characters = sys.argv[2:7]
    data = sys.stdin.buffer.read()
    _limit(int(memory), float(seconds))
    answer = _read(name, data, filename or None, int(characters))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _read(name: str, data: bytes, filename: str | None, characters: int) -> bytes:
    from pipeline.registry import plugins

    try:
        document = _directly(plugins("pipeline.formats", "FORMAT")[name], data, filename)
        if len(document.text) > characters:
            raise TooLarge(f"it has {len(document.text):,} characters of text, the limit is {characters:,}")
        return b'{"document":' + document.model_dump_json().encode() + b"}"
    except Error as error:
        return json.dumps({"error": type(error).__name__, "detail": error.detail}).encode()
    except MemoryError:
        return json.dumps({"error": "Unreadable", "detail": OUT_OF_MEMORY}).encode()


def _limit(memory_mb: int, seconds: float) -> None:
    """No more memory, time or open files than allowed, no written file, no network, no other program."""
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:
        return  # not on Windows; the parent's clock still holds
    wanted = {
        resource.RLIMIT_AS: memory_mb * 1_000_000,
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_NOFILE: MOST_FILES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, amount in wanted.items():
        _, hard = resource.getrlimit(kind)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a reader may not do this: {event}")
