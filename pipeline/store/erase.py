"""Erasing for good."""

from typing import TYPE_CHECKING

from pipeline.store.values import Erased

if TYPE_CHECKING:
    from pipeline.store.doors import AccountStore


def erase_source(account: "AccountStore", source: str, because: str) -> Erased:
    """See AccountStore.erase_source."""
    raise NotImplementedError


def erase_person(account: "AccountStore", forms: tuple[str, ...], because: str) -> Erased:
    """See AccountStore.erase_person."""
    raise NotImplementedError
