"""What the rules heard of people and cells, in the short form that their tests speak of."""

from collections.abc import Callable
from typing import Any

Fields = Callable[..., list[dict[str, Any]]]
"""The fixture `fields`: text, section and speakers -> the fields of the drafts."""


def roles(fields: Fields, text: str, item: str = "stk1") -> list[str] | None:
    """The roles that a text gives somebody of the plan; None when it says nothing of them."""
    return next(
        (each["roles"] for each in fields(text, "stakeholders") if each["item"] == item and "roles" in each), None
    )


def added(fields: Fields, text: str) -> dict[str, Any]:
    """The first new person; {} when there is none."""
    return next((each for each in fields(text, "stakeholders") if each["item"] is None), {})


def statuses(fields: Fields, text: str) -> list[tuple[str | None, str]]:
    """(cell or None for a new one, its status) of each cell that a text speaks of."""
    return [(each["item"], each["status"]) for each in fields(text, "cells")]
