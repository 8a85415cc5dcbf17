"""Actions: what is to be done next, by whom and when; a customer's own commitments too."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from pipeline import names
from pipeline.records import Json
from pipeline.sections import Entry, Section, Text


class Status(StrEnum):
    """How far an action is."""

    not_started = "not_started"
    in_progress = "in_progress"
    done = "done"
    dropped = "dropped"


class Side(StrEnum):
    """Whose person owns it."""

    ours = "ours"
    theirs = "theirs"


class Cause(StrEnum):
    """Why an action stalled."""

    bad_plan = "bad_plan"
    stalled_execution = "stalled_execution"


class Action(Entry):
    """One task that can be completed."""

    action: Text
    deadline: date | None = None
    target: Text | None = Field(None, description="toward whom or what")
    owner: Text | None = Field(None, description="a person of ours or theirs; empty when nobody took it")
    owner_side: Side | None = None
    resources: Text | None = None
    status: Status | None = None
    stalled_because: Cause | None = None


OVER = (Status.done, Status.dropped)


def lint(values: Mapping[str, Json]) -> tuple[str, ...]:
    """An action has an owner, a deadline and a target."""
    if values.get("status") in OVER:
        return ()
    found = [f"No {name}." for name in ("owner", "target") if not values.get(name)]
    if not values.get("deadline"):
        found.append("No deadline.")
    return tuple(found)


def same(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """The same task toward the same target; a finished one may come up again as a new one."""
    if (one.get("status") in OVER) != (other.get("status") in OVER):
        return False
    if not names.same_statement(one.get("action"), other.get("action")):
        return False
    targets = [str(values["target"]) for values in (one, other) if values.get("target")]
    return len(targets) < 2 or names.same_person(targets[:1], targets[1:]) or names.same_statement(*targets)


SECTION = Section(
    name="actions",
    model=Action,
    title="Actions",
    guidance="A task that somebody took or was given, with owner, deadline and target as said; never guess an owner. "
    "A task that is finished, cancelled or moved is an update of the action at hand; a customer's own "
    "commitment has owner_side theirs.",
    key=("action",),
    prefix="act",
    order=70,
    core=True,
    same=same,
    marks=lambda values: names.marks.of_statement(values.get("action")),
    lint=lint,
)
