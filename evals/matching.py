"""Which proposed change answers which gold change: one to one, as many and as good as can be.

The rules are those of the gold form: names by any way of writing them, cells by both axes, actions by id or by words
and target; titles loosely, dates and statuses exactly, free words by overlap.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import names
from pipeline.sections import section, sections

Change = Mapping[str, Any]

TARGETS = {"stakeholder": "stakeholders", "cell": "cells", "action": "actions"}
ALIKE_WORDS = 0.5
ALIKE_WITH_TARGET = 0.2
ALIKE_TITLE = 0.6
ALIKE_TEXT = 0.25


@dataclass(frozen=True)
class Pair:
    """A gold change and its answer; `wrong` names the fields whose value differs."""

    gold: Change
    answer: Change
    wrong: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every field agrees."""
        return not self.wrong


@dataclass(frozen=True)
class Matched:
    """All pairs, the gold changes nobody answered, and the answers nobody asked for."""

    pairs: tuple[Pair, ...]
    missed: tuple[Change, ...]
    extra: tuple[Change, ...]


def match(gold: Sequence[Change], answers: Sequence[Change]) -> Matched:
    """The best assignment: most pairs first, then fewest wrong fields."""
    weights = [[_weight(wanted, answer) for answer in answers] for wanted in gold]
    chosen = assign(weights)
    pairs = tuple(Pair(gold[i], answers[j], wrong(gold[i], answers[j])) for i, j in chosen.items())
    used = set(chosen.values())
    return Matched(
        pairs,
        tuple(wanted for i, wanted in enumerate(gold) if i not in chosen),
        tuple(answer for j, answer in enumerate(answers) if j not in used),
    )


def _weight(wanted: Change, answer: Change) -> float:
    if not same_key(wanted, answer):
        return 0.0
    fields = max(1, len(wanted.get("fields", {})))
    required = 0.0 if wanted.get("optional") else 0.25
    return 2.0 + required - len(wrong(wanted, answer)) / fields


def assign(weights: Sequence[Sequence[float]]) -> dict[int, int]:
    """Row -> column of the assignment with the greatest sum; pairs of weight 0 are left out.

    Shortest augmenting paths over potentials (Jonker and Volgenant), on costs = greatest weight - weight.
    """
    rows, columns = len(weights), max((len(row) for row in weights), default=0)
    if not rows or not columns:
        return {}
    if rows > columns:
        turned = assign([[weights[i][j] for i in range(rows)] for j in range(columns)])
        return {i: j for j, i in turned.items()}
    top = max(max(row) for row in weights)
    u, v, owner = [0.0] * (rows + 1), [0.0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        _augment(row, weights, top, u, v, owner)
    found = {owner[j] - 1: j - 1 for j in range(1, columns + 1) if owner[j]}
    return {i: j for i, j in sorted(found.items()) if weights[i][j] > 0}


def _augment(
    row: int, weights: Sequence[Sequence[float]], top: float, u: list[float], v: list[float], owner: list[int]
) -> None:
    size = len(v)
    owner[0], column = row, 0
    least, before, used = [float("inf")] * size, [0] * size, [False] * size
    while owner[column]:
        used[column] = True
        here, step, following = owner[column], float("inf"), 0
        for j in range(1, size):
            if used[j]:
                continue
            cost = top - weights[here - 1][j - 1] - u[here] - v[j]
            if cost < least[j]:
                least[j], before[j] = cost, column
            if least[j] < step:
                step, following = least[j], j
        for j in range(size):
            if used[j]:
                u[owner[j]] += step
                v[j] -= step
            else:
                least[j] -= step
        column = following
    while column:
        owner[column] = owner[before[column]]
        column = before[column]


def place(change: Change) -> str:
    """The section a change belongs to."""
    return str(change.get("section") or TARGETS.get(str(change.get("target")), change.get("target")))


def same_key(wanted: Change, answer: Change) -> bool:
    """Whether an answer is about the entry that the gold change is about, with an operation it accepts."""
    name = place(wanted)
    if name != place(answer) or not _same_op(wanted, answer):
        return False
    mine, theirs = wanted.get("key") or {}, answer.get("key") or {}
    if "id" in mine:
        return bool(mine["id"] == theirs.get("id"))
    kind = sections().get(name)
    if kind is None or kind.single or not mine:
        return True
    if name == "actions":
        return _same_action(wanted, answer)
    return all(_same_name(name, field, value, theirs.get(field)) for field, value in mine.items() if value)


def _same_op(wanted: Change, answer: Change) -> bool:
    accepted = {wanted["op"], *wanted.get("alt_op", ())}
    if place(wanted) in ("cells", "overview", "definition", "trajectory", "journey"):
        accepted |= {"add", "update"} if accepted & {"add", "update"} else set()
    leaving = {"left", "inactive", "removed"}
    gone = wanted["op"] == "remove" and (answer.get("fields") or {}).get("status") in leaving
    return answer.get("op") in accepted or gone


def _same_action(wanted: Change, answer: Change) -> bool:
    mine, theirs = wanted["key"].get("action", ""), (answer.get("key") or {}).get("action")
    theirs = theirs or (answer.get("fields") or {}).get("action") or ""
    alike = overlap(mine, theirs)
    one, other = (wanted.get("fields") or {}).get("target"), (answer.get("fields") or {}).get("target")
    return alike >= ALIKE_WORDS or (alike >= ALIKE_WITH_TARGET and _same_person(one, other))


def _same_name(name: str, field: str, one: Any, other: Any) -> bool:
    if other is None:
        return False
    shape = section(name).fields.get(field)
    people = name in ("stakeholders", "team") or (shape is not None and shape.ref == "stakeholders")
    if people:
        return _same_person(one, other)
    return names.same_term((str(one),), (str(other),)) or overlap(one, other) >= ALIKE_WORDS


def _same_person(one: Any, other: Any) -> bool:
    if not one or not other:
        return not one and not other
    if names.same_person((str(one),), (str(other),)) or _folded(one) == _folded(other):
        return True
    mine, theirs = set(_folded(one).split()), set(_folded(other).split())
    return mine <= theirs or theirs <= mine


def wrong(wanted: Change, answer: Change) -> tuple[str, ...]:
    """The fields of the gold change that the answer has otherwise. A removal has none."""
    if "remove" in (wanted["op"], answer.get("op")):
        return ()
    said = {**(answer.get("key") or {}), **(answer.get("fields") or {})}
    if place(wanted) == "actions" and wanted["op"] == "add":
        said.setdefault("status", "not_started")
    accepted = wanted.get("alt_fields") or {}
    return tuple(
        name
        for name, value in (wanted.get("fields") or {}).items()
        if name != "effective"
        and not any(_agrees(place(wanted), name, each, said.get(name)) for each in (value, *accepted.get(name, ())))
    )


def _agrees(name: str, field: str, one: Any, other: Any) -> bool:
    if one in (None, "", []) or other in (None, "", []):
        return (one in (None, "", []) and other in (None, "", [])) or (field == "title" and one is None)
    if isinstance(one, list) or isinstance(other, list):
        return _sets_agree(name, field, one, other)
    special = {"status": _same_status, "title": _same_title}.get(field)
    if special is not None:
        return special(one, other)
    if field in ("owner", "target", "reports_to", "held_by", "raised_by", "who", "whom"):
        return _same_person(one, other)
    return _folded(one) == _folded(other) or (_free(name, field) and _free_agree(one, other))


def _sets_agree(name: str, field: str, one: Any, other: Any) -> bool:
    mine = one if isinstance(one, list) else [one]
    theirs = other if isinstance(other, list) else [other]
    if field.endswith("roles"):
        return set(mine) == set(theirs)
    return all(any(_agrees(name, "", a, b) or overlap(a, b) >= ALIKE_TEXT for b in theirs) for a in mine)


def _same_status(one: Any, other: Any) -> bool:
    open_ = ("not_started", "in_progress")
    return bool(one == other or (one in open_ and other in open_))


def _same_title(one: Any, other: Any) -> bool:
    return overlap(_spelt(one), _spelt(other)) >= ALIKE_TITLE


def _free(name: str, field: str) -> bool:
    shape = section(name).fields.get(field) if name in sections() else None
    return shape is not None and shape.kind in ("text", "words", "money", "ref")


def _free_agree(one: Any, other: Any) -> bool:
    numbers = re.findall(r"\d+", str(one).replace(",", ""))
    others = re.findall(r"\d+", str(other).replace(",", ""))
    if numbers or others:
        return bool(set(numbers) & set(others))
    return overlap(one, other) >= ALIKE_TEXT


ABBREVIATIONS: Mapping[str, str] = {
    "ceo": "chief executive officer",
    "cfo": "chief financial officer",
    "cio": "chief information officer",
    "coo": "chief operating officer",
    "cro": "chief risk officer",
    "cto": "chief technology officer",
    "dir": "director",
    "it": "information technology",
    "mgr": "manager",
    "vp": "vice president",
    "svp": "senior vice president",
}


def _spelt(title: Any) -> str:
    return " ".join(
        ABBREVIATIONS.get(word, word) for word in _folded(title).split() if word not in ("of", "the", "and", "for")
    )


def _folded(value: Any) -> str:
    plain = unicodedata.normalize("NFKD", str(value).casefold())
    return " ".join(re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())


def overlap(one: Any, other: Any) -> float:
    """Shared words of all words, 0 to 1; two empty texts are alike."""
    mine, theirs = set(_folded(one or "").split()), set(_folded(other or "").split())
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 1.0


def asserts(trap: Change, answer: Change) -> bool:
    """Whether an answer says what the trap warns of: any change on its key, or these fields."""
    name = place(trap)
    if trap.get("target") == "any" or name != place(answer) or (not trap.get("key") and not trap.get("fields")):
        return False
    fields = dict(trap.get("fields") or {})
    op = fields.pop("op", None)
    key = {"op": answer.get("op"), "key": trap.get("key") or {}, "fields": {}, "section": name}
    if (op and answer.get("op") != op) or not same_key(key, {**answer, "section": name}):
        return False
    said = answer.get("fields") or {}
    return all(_trap_field(field, value, said.get(field)) for field, value in fields.items())


def _trap_field(field: str, warned: Any, said: Any) -> bool:
    """Strictly: what is merely alike is no trap."""
    if field == "roles":
        return set(warned) <= set(said or []) if warned else said == []
    if said is None:
        return False
    same_numbers = re.findall(r"[\d.]+", str(warned)) == re.findall(r"[\d.]+", str(said))
    return _folded(warned) == _folded(said) or (same_numbers and overlap(warned, said) >= ALIKE_TITLE)
