"""What the filing rules know: word lists and patterns, read once from data/filings/*.yaml."""

import re
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.with_name("data") / "filings"


@cache
def table(name: str) -> dict[str, Any]:
    """One file of data/filings, by its name without the ending."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as stream:
        found: dict[str, Any] = yaml.load(stream, Loader=loader)  # noqa: S506 a safe loader either way
    return found


@cache
def words(name: str) -> frozenset[str]:
    """A list of words.yaml, in small letters."""
    return frozenset(str(table("words")[name]).lower().split())


@cache
def given_names() -> frozenset[str]:
    """First names that tell a person without more ado, short forms with them."""
    from pipeline.names.people import nicknames

    return words("given_names") | frozenset(nicknames())


def either(found: frozenset[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(found, key=lambda word: (-len(word), word)))
