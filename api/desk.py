"""How a route gets at the desk of the app, and what it does while a note is on its way."""

import time
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from pipeline.desk import Desk
from pipeline.errors import BadValue
from pipeline.records import Account
from pipeline.views.sources import SourceRow, one_delivery

LONGEST_WAIT = 1.5
"""Seconds that a person's own request waits for a proposal; after that a page says that it is on the way."""

LOOK_EVERY = 0.04


def desk_of(request: Request) -> Desk:
    """The one desk of this app."""
    desk: Desk = request.app.state.desk
    return desk


At = Annotated[Desk, Depends(desk_of)]
"""The parameter type by which a route asks for the desk."""


def today(desk: Desk, account: Account) -> date:
    """The day it is in the account's time zone."""
    return desk.store.now().astimezone(ZoneInfo(account.time_zone)).date()


def wake(request: Request) -> None:
    """Tells the worker of this process, if it has one, that there is work."""
    worker = request.app.state.worker
    if worker is not None:
        worker.wake()


def proposers(desk: Desk) -> tuple[str, ...]:
    """The proposers that can be asked here: the model only when one is configured."""
    return ("rules", "model") if desk.settings.has_model else ("rules",)


def chosen(desk: Desk, proposer: str) -> str:
    """The proposer that was asked for, or the configured one. Raises BadValue for one that can't be asked here."""
    if proposer and proposer not in proposers(desk):
        advice = f"It can be {' or '.join(proposers(desk))}."
        raise BadValue(f"the proposer {proposer!r} can't be asked here", advice)
    return proposer or desk.settings.chosen_proposer


def awaited(desk: Desk, delivery: str, seconds: float = LONGEST_WAIT) -> SourceRow:
    """How far a delivery came, once nothing goes on any more or the time is up."""
    until = time.monotonic() + seconds
    while True:
        row = one_delivery(desk.store, desk.actor, delivery)
        if row.state not in ("reading", "proposing") or time.monotonic() >= until:
            return row
        time.sleep(LOOK_EVERY)
