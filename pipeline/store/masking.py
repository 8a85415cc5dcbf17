"""Masks words at equal length, so that every offset stays true. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pipeline.records import Json

BLOCK = "█"
Mask = Callable[[str], str]
"""A text to a text of the same length."""


def whole(text: str) -> str:
    """All of a text but its white space."""
    return re.sub(r"\S", BLOCK, text)


def of_words(secrets: Iterable[str]) -> Mask:
    """A mask of some words wherever they stand, in any case and with any white space between them."""
    forms = sorted({" ".join(secret.split()) for secret in secrets if secret.strip()}, key=len, reverse=True)
    if not forms:
        return lambda text: text
    pattern = re.compile("|".join(map(_pattern, forms)), re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: whole(match.group()), text)


def in_json(value: Json, mask: Mask) -> Json:
    """A JSON value with every text in it masked, keys not."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [in_json(each, mask) for each in value]
    if isinstance(value, dict):
        return {name: in_json(each, mask) for name, each in value.items()}
    return value


def texts(value: Json) -> set[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        return {value}
    inner: Iterable[Any] = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return {text for each in inner for text in texts(each)}


def exactly(secrets: Iterable[str]) -> Mask:
    """A mask of texts that are, as a whole, one of the secrets."""
    known = frozenset(secrets)
    return lambda text: whole(text) if text in known else text


def fields(content: Mapping[str, Any], masks: Mapping[str, Mask]) -> dict[str, Any]:
    """A change's content with the old and new values of some fields masked."""
    changed = []
    for each in content.get("fields", ()):
        mask = masks.get(each["field"])
        changed.append(
            each if mask is None else {**each, "old": in_json(each["old"], mask), "new": in_json(each["new"], mask)}
        )
    return {**content, "fields": changed}


def _pattern(form: str) -> str:
    before = r"(?<!\w)" if _parted(form[0]) else ""
    after = r"(?!\w)" if _parted(form[-1]) else ""
    return before + r"\s+".join(map(re.escape, form.split())) + after


def _parted(letter: str) -> bool:
    """Whether words with this letter are parted by spaces, so that a longer word is another one."""
    return letter.isalnum() and ord(letter) < 0x2E80
