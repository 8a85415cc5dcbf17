"""Answers kept, so that an equal question is not paid for twice.

Entries belong to an account and go with it: they hold words of its notes. The key covers all that an answer depends
on, so that a changed prompt, schema, model or server never meets an old answer.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from pipeline.llm.transport import Request


class Cache(Protocol):
    """Where answers are kept. Every method is called from many threads."""

    def get(self, account: str, key: str) -> str | None:
        """The text kept under that key for that account, or None."""

    def put(self, account: str, key: str, reply: str) -> None:
        """Keeps a text. Failing to is no error."""

    def forget(self, account: str) -> None:
        """Deletes everything kept for an account."""


def key_of(request: Request, account: str, nonce: str) -> str:
    """The sha256 of everything an answer depends on. `nonce` is taken out of the messages: it differs every time."""
    messages = [(role, text.replace(nonce, "") if nonce else text) for role, text in request.messages]
    whole = [request.url, request.model, messages, request.schema, request.max_tokens, account]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


class MemoryCache:
    """Answers kept as long as the process lives, the oldest going first."""

    def __init__(self, size: int = 1_000) -> None:
        """`size` is the number of entries kept."""
        self._size = size
        self._held: dict[tuple[str, str], str] = {}

    def get(self, account: str, key: str) -> str | None:
        """As Cache.get."""
        return self._held.get((account, key))

    def put(self, account: str, key: str, reply: str) -> None:
        """As Cache.put."""
        self._held[account, key] = reply
        for old in list(self._held)[: -self._size]:
            self._held.pop(old, None)

    def forget(self, account: str) -> None:
        """As Cache.forget."""
        for held in [each for each in list(self._held) if each[0] == account]:
            self._held.pop(held, None)


class FolderCache:
    """Answers in files, a folder for each account."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first answer comes."""
        self._folder = folder

    def get(self, account: str, key: str) -> str | None:
        """As Cache.get."""
        try:
            return (self._of(account) / key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, account: str, key: str, reply: str) -> None:
        """As Cache.put. A reader sees the whole text or none of it."""
        folder = self._of(account)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as part:
                part.write(reply)
            os.replace(part.name, folder / key)  # noqa: PTH105
        except (OSError, UnicodeEncodeError):
            return

    def forget(self, account: str) -> None:
        """As Cache.forget."""
        shutil.rmtree(self._of(account), ignore_errors=True)

    def _of(self, account: str) -> Path:
        return self._folder / hashlib.sha256(account.encode()).hexdigest()[:32]
