"""Setting up an account from what a form or a program gives: checked, and never twice under one name."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import BadValue, Conflicted
from pipeline.flow import NewAccount
from pipeline.imports import json_plan
from pipeline.records import Account
from pipeline.views.accounts import accounts


def set_up(
    desk: Desk, new: NewAccount, departments: Sequence[str], offerings: Sequence[str], team: Sequence[str]
) -> Account:
    """The account, with its departments, offerings and our people as its first revision, if any are given.

    Raises BadValue for a name, time zone or currency that can't be, Conflicted when the name is taken.
    """
    _check(desk, new)
    start = json_plan.plan_of(
        {"account": new.name, "departments": list(departments), "offerings": list(offerings), "team": list(team)}
    )
    return flow.set_up(desk, new, start.plan)


def _check(desk: Desk, new: NewAccount) -> None:
    if not new.name.strip():
        raise BadValue("the account has no name", "Give the customer's name.")
    try:
        ZoneInfo(new.time_zone)
    except (KeyError, ValueError, OSError):
        raise BadValue(f"there is no time zone {new.time_zone!r}", "Write it like Europe/Berlin or UTC.") from None
    if not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper() and new.currency.isalpha()):
        raise BadValue(f"{new.currency!r} is no currency", "Write three capitals, like EUR.")
    if any(row.name.casefold() == new.name.strip().casefold() for row in accounts(desk.store, desk.actor)):
        raise Conflicted(f"there is an account {new.name.strip()} already", "Open it, or give this one another name.")
