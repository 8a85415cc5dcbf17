"""Whether the words of a change say the status, role or direction that it claims."""

from collections.abc import Iterator, Sequence

from pipeline.checks import Case
from pipeline.checks._stance import ACTIONS, CELLS, ROLES, spoken_for
from pipeline.records import Json, Op
from pipeline.sections import FieldShape

MEANT = {
    "deployed": "live",
    "in_negotiation": "in negotiation",
    "need_identified": "a need",
    "out_of_scope": "out of scope",
    "done": "done",
    "dropped": "dropped",
    "economic_buyer": "economic buyer",
    "champion": "champion",
    "evaluator": "evaluator",
    "blocker": "blocker",
}


def status_finding(case: Case, shape: FieldShape, value: Json) -> Iterator[str | None]:
    """What speaks against a value of an enumeration; nothing for those that words do not tell apart."""
    section = case.change.section
    if section == "cells" and shape.name == "status":
        yield _status(case, str(value), CELLS)
    elif section == "actions" and shape.name == "status" and value in ACTIONS:
        yield _status(case, str(value), ACTIONS)
    elif section == "actions" and shape.name == "status" and case.change.op is Op.update:
        yield _reopened(case, str(value))
    elif section == "stakeholders" and shape.name == "roles":
        yield from _roles(case, value)


def _status(case: Case, value: str, among: Sequence[str]) -> str | None:
    if value not in among:
        return _unknown(case, among)
    heard: set[str] = set()
    for level in (case.quoted, case.said, case.near, case.lines):
        found = set(spoken_for(level.flat, among, case.reading.words))
        heard = heard or found
        if value in found and not _outdone(case, value, found):
            return None
        if heard and level is not case.quoted:
            break
    if heard - {value}:
        return f"The words say {' or '.join(MEANT[each] for each in sorted(heard - {value}))}, not {MEANT[value]}."
    return f"Nothing in the quotes says {MEANT[value]}."


def _outdone(case: Case, value: str, found: set[str]) -> bool:
    """Words that may mean "done" do not where others say plainly that the task was dropped."""
    return value == "done" and "dropped" in found and not case.reading.words.says(case.quoted.flat, "done_sure")


def _unknown(case: Case, among: Sequence[str]) -> str | None:
    heard = set(spoken_for(case.quoted.flat, among, case.reading.words))
    return f"The words say {' or '.join(MEANT[each] for each in sorted(heard))}." if heard else None


def _reopened(case: Case, value: str) -> str | None:
    heard = set(spoken_for(case.quoted.flat, ACTIONS, case.reading.words))
    if not heard or case.reading.words.says(case.said.flat, "in_progress", "moved"):
        return None
    return f"The words say {' or '.join(MEANT[each] for each in sorted(heard))}, not {value.replace('_', ' ')}."


def _roles(case: Case, value: Json) -> Iterator[str | None]:
    now = set(case.now.get("roles") or ())
    for role in sorted(set(value) - now):
        yield _gained(case, role)
    lost = sorted(now - set(value))
    if lost and not any(case.reading.words.says(level.flat, "losing", "negators") for level in (case.said, case.near)):
        yield f"Nothing in the quotes says that {' and '.join(MEANT[each] for each in lost)} no longer holds."


def _gained(case: Case, role: str) -> str | None:
    heard: set[str] = set()
    for level in (case.quoted, case.said, case.near):
        found = set(spoken_for(level.flat, ROLES, case.reading.words))
        if role in found:
            return None
        heard |= found
        if heard and level is not case.quoted:
            break
    if heard:
        return f"The words speak for {' or '.join(MEANT[each] for each in sorted(heard))}, not for {MEANT[role]}."
    return f"Nothing in the quotes makes anybody {MEANT[role]}."
