"""The law of precedence: what becomes of a claim, given what the field holds now. Pure; the first matching row wins.

A claim is one field's proposed value (or the removal of an item), with the day of its occasion. `table()` gives the
rows as text, so that documentation and tests print the very rows that rule.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.records import FieldHead, Json, Op, Standing

LOOSE = frozenset({("actions", "status"), ("actions", "deadline"), ("actions", "owner")})
"""Fields that move all the time: a newer word is an ordinary change, whoever wrote the older one."""


class Result(StrEnum):
    """What becomes of a claim, from what must be looked at first to what needs no look."""

    not_proposed = "not_proposed"
    conflict = "conflict"
    blocked_by_references = "blocked_by_references"
    challenge = "challenge"
    older = "older"
    refused_before = "refused_before"
    supersedes = "supersedes"
    ordinary = "ordinary"
    support = "support"
    no_change = "no_change"

    @property
    def standing(self) -> Standing:
        """What a pending change of this result is against the plan as it is now."""
        return STANDINGS.get(self, Standing.applies)


STANDINGS = {
    Result.not_proposed: Standing.refused,
    Result.refused_before: Standing.refused,
    Result.conflict: Standing.conflict,
    Result.blocked_by_references: Standing.conflict,
    Result.challenge: Standing.challenge,
    Result.older: Standing.older,
    Result.support: Standing.already_true,
    Result.no_change: Standing.already_true,
}


@dataclass(frozen=True)
class Refused:
    """The same target and field, rejected by a person: the value, and the occasion and text (its hash) it came from."""

    value: Json
    occasion: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Claim:
    """One proposed value. `expected` is what the proposer saw, `base_revision` when.

    first_hand: the words are the customer's, a filing's or an own observation, not our recap. said_on: the day of the
    occasion, None when unknown. is_set: the field holds a set, of which the claim changes some elements.
    """

    section: str
    field: str
    value: Json
    expected: Json = None
    op: Op = Op.update
    base_revision: int = 0
    said_on: date | None = None
    first_hand: bool = False
    occasion: str | None = None
    text: str | None = None
    is_set: bool = False
    refusals: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Head:
    """What stands now. For a removal or join: the head of the item's field that was set last.

    origin: "approved", "edited", "typed" or "imported". references: ids of the items that refer to this one.
    exists: whether the item is in the plan.
    """

    value: Json = None
    revision: int = 0
    origin: str = ""
    said_on: date | None = None
    confirmed_on: date | None = None
    references: tuple[str, ...] = ()
    exists: bool = True


@dataclass(frozen=True)
class Ruling:
    """The result, and the number of the row (from 1) that gave it."""

    result: Result
    row: int


@dataclass(frozen=True)
class Row:
    """One row of the law."""

    when: str
    holds: Callable[[Claim, Head], bool]
    result: Result
    then: str


def head_of(found: FieldHead | None, references: Iterable[str] = (), exists: bool = True) -> Head:
    """What the law needs to know of a stored field head; None is an empty field."""
    if found is None:
        return Head(references=tuple(references), exists=exists)
    return Head(found.value, found.revision, found.origin, found.said_on, found.confirmed_on, tuple(references), exists)


def newer(claim: Claim, head: Head) -> bool:
    """By the occasion's day: the same day counts as newer, an undated claim as older, an undated value gives way."""
    if claim.said_on is None:
        return False
    days = [day for day in (head.said_on, head.confirmed_on) if day is not None]
    return not days or claim.said_on >= max(days)


def _whole(claim: Claim) -> bool:
    return claim.op in (Op.remove, Op.join)


def _elements(value: Json) -> set[str]:
    return set(value or ())


def _refused(claim: Claim) -> list[Refused]:
    return [each for each in claim.refusals if each.value == claim.value]


def _refused_here(claim: Claim, _head: Head) -> bool:
    return any(
        (each.occasion is not None and each.occasion == claim.occasion)
        or (each.text is not None and each.text == claim.text)
        for each in _refused(claim)
    )


def _already(claim: Claim, head: Head) -> bool:
    if _whole(claim):
        return not head.exists
    if not claim.is_set:
        return bool(claim.value == head.value)
    asked, seen, now = _elements(claim.value), _elements(claim.expected), _elements(head.value)
    return asked - seen <= now and not (seen - asked) & now


def _moved(claim: Claim, head: Head) -> bool:
    return not _whole(claim) and not claim.is_set and head.value != claim.expected


def _stale_whole(claim: Claim, head: Head) -> bool:
    return _whole(claim) and head.revision > claim.base_revision


def _loose(claim: Claim, head: Head) -> bool:
    imported = head.origin == "imported" and head.confirmed_on is None
    return imported or (not _whole(claim) and (claim.section, claim.field) in LOOSE)


def _approved(_claim: Claim, head: Head) -> bool:
    return head.origin in ("approved", "imported")


LAW = (
    Row(
        "rejected before: same target, field and value, same occasion or the same text read again",
        _refused_here,
        Result.not_proposed,
        "not proposed",
    ),
    Row(
        "rejected before: same target, field and value, on a new occasion",
        lambda claim, _: bool(_refused(claim)),
        Result.refused_before,
        "proposed, the earlier refusal shown",
    ),
    Row(
        "same value as now, in first-hand words (customer, filing, own observation)",
        lambda claim, head: _already(claim, head) and claim.first_hand,
        Result.support,
        "no change; support beside the plan, and its age counts from here",
    ),
    Row("same value as now, in our own recap", _already, Result.no_change, "no change"),
    Row(
        "removal or join of an item that changed since the proposal's base revision",
        _stale_whole,
        Result.conflict,
        "three-way conflict: base, current, proposed; the person picks",
    ),
    Row(
        "removal of an item that others refer to",
        lambda claim, head: claim.op is Op.remove and bool(head.references),
        Result.blocked_by_references,
        "refused, with the list of references",
    ),
    Row(
        "field changed since the proposal's base revision (a set merges by element)",
        _moved,
        Result.conflict,
        "three-way conflict: base, current, proposed; the person picks",
    ),
    Row(
        "field empty",
        lambda claim, head: not _whole(claim) and head.value is None,
        Result.ordinary,
        "ordinary change",
    ),
    Row(
        "imported and not confirmed since, or an action's status, deadline or owner; the claim is newer",
        lambda claim, head: _loose(claim, head) and newer(claim, head),
        Result.ordinary,
        "ordinary change",
    ),
    Row(
        "imported and not confirmed since, or an action's status, deadline or owner; the claim is older",
        _loose,
        Result.older,
        "finding, off by default",
    ),
    Row(
        "set by an approved change, or imported and confirmed; the claim is newer",
        lambda claim, head: _approved(claim, head) and newer(claim, head),
        Result.supersedes,
        "change, old to new with both quotes",
    ),
    Row(
        "set by an approved change, or imported and confirmed; the claim is older",
        _approved,
        Result.older,
        "finding, off by default",
    ),
    Row(
        "typed by a person, or edited by a reviewer",
        lambda _claim, _head: True,
        Result.challenge,
        "challenge: shown as one, never part of a bulk approval",
    ),
)


def rule(claim: Claim, head: Head) -> Ruling:
    """What becomes of the claim: exactly one result, by the first row that holds. The last row always does."""
    number = next(number for number, row in enumerate(LAW, 1) if row.holds(claim, head))
    return Ruling(LAW[number - 1].result, number)


def foremost(results: Iterable[Result]) -> Result:
    """The result of a change of several fields: the one that must be looked at first. No field is no change."""
    order = list(Result)
    return min(results, key=order.index, default=Result.no_change)


def table() -> tuple[tuple[str, str], ...]:
    """The rows as (the claim and the field now, what becomes of it), in the order in which they rule."""
    return tuple((row.when, row.then) for row in LAW)


def by_field(claims: Mapping[str, Claim], heads: Mapping[str, Head]) -> dict[str, Ruling]:
    """The ruling on each field of a change; a field without head is empty."""
    return {name: rule(claim, heads.get(name, Head())) for name, claim in claims.items()}
