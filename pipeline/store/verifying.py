"""Folds the whole history again and names the first place that does not fit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.errors import BrokenChain
from pipeline.records import Change, Item, Json
from pipeline.store import marks
from pipeline.store import tables as t
from pipeline.store.fold import START, Fold, digest, revision_hash
from pipeline.store.history import change_content, decision_content, delta_content, sealed_digest
from pipeline.store.plans import PlanReads
from pipeline.store.scope import Row
from pipeline.store.values import Verified


@dataclass(frozen=True)
class Stored:
    """Merged decisions and changes by id, as they are stored now."""

    decisions: Mapping[str, Row]
    changes: Mapping[str, Change]


class VerifyReads(PlanReads):
    """What can be checked of the history."""

    def verify(self, noted: str | None = None) -> Verified:
        """Checks every hash, every sealed content, and that the plan and its heads are the fold of the log.

        `noted` is a head's hash written down earlier: the chain must still lead through it. Raises BrokenChain that
        names the first break.
        """
        revisions = self._rows(self._select(t.revision).order_by(t.revision.c.number))
        seals, log = self._by_revision(t.commitment), self._by_revision(t.delta)
        stored = self._stored()
        masked = {(n, o): d for row in revisions for n, o, d in row["sealed"]["masked"]}
        parent, fold = START, Fold()
        for number, row in enumerate(revisions, start=1):
            _check_link(row, number, parent)
            _check_seals(row, seals[number], log[number])
            for seal in seals[number]:
                content = _covered(seal, log[number], row["reason"], stored)
                _check_content(seal, content, masked.get((number, seal["ordinal"])))
            for step in log[number]:
                fold.step(step)
            parent = row["hash"]
        self._check_projections(fold)
        self._check_quotes(stored.changes.values())
        if noted not in (None, START, *(row["hash"] for row in revisions)):
            raise BrokenChain(f"no revision has the hash {noted} noted before")
        return Verified(len(revisions), parent, len(fold.items), len(masked))

    def _contents(self) -> dict[tuple[int, int], Json]:
        """What every commitment covers, by revision and ordinal."""
        log, stored = self._by_revision(t.delta), self._stored()
        reasons = {row["number"]: row["reason"] for row in self._rows(self._select(t.revision))}
        return {
            (number, seal["ordinal"]): _covered(seal, log[number], reasons[number], stored)
            for number, seals in self._by_revision(t.commitment).items()
            for seal in seals
        }

    def _stored(self) -> Stored:
        merged = self._rows(self._select(t.decision, t.decision.c.revision.is_not(None)))
        changes = self._to_changes(self._among(t.change, "id", (row["change"] for row in merged)))
        return Stored({row["id"]: row for row in merged}, {change.id: change for change in changes})

    def _by_revision(self, table: sa.Table) -> dict[int, list[Row]]:
        """The rows of a table of the log, by revision, each in order."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows(self._select(table).order_by(table.c.revision, table.c.ordinal)):
            found[row["revision"]].append(row)
        return found

    def _check_quotes(self, changes: Iterable[Change]) -> None:
        """Every merged quote still stands in its source's text."""
        proofs = [(change.id, proof) for change in changes for proof in change.evidence]
        texts = {row["id"]: row["text"] for row in self._among(t.source, "id", (proof.source for _, proof in proofs))}
        for change, proof in proofs:
            if texts[proof.source][proof.start : proof.end] != proof.words:
                raise BrokenChain(f"the words that {change} rests on do not stand in {proof.source}")

    def _check_marks(self, items: Mapping[str, Item]) -> None:
        """Items are found by their marks, as their values make them."""
        found: dict[str, set[int]] = defaultdict(set)
        for row in self._rows(self._select(t.mark)):
            found[row["item"]].add(row["mark"])
        for identity in (*items, *(found.keys() - items.keys())):
            here = items.get(identity)
            if found[identity] != (marks.of_item(here.section, here.version, here.values) if here else set()):
                raise BrokenChain(f"{identity} is not found by what its history says")

    def _check_projections(self, fold: Fold) -> None:
        stored = self._current()
        refolded = fold.plan()
        for identity in (*refolded, *stored):
            if refolded.get(identity) != stored.get(identity):
                raise BrokenChain(f"{identity} is not what its history says")
        if list(refolded) != list(stored):
            raise BrokenChain("the plan's items are out of order")
        self._check_marks(stored)
        for head in self._rows(self._select(t.field_head)):
            item = refolded.get(head["item"])
            value = None if item is None else item.version if head["field"] == "" else item.values.get(head["field"])
            if value != head["value"]:
                raise BrokenChain(f"the head of {head['item']}.{head['field']} is not what its history says")


def _covered(seal: Row, log: Sequence[Row], reason: str, stored: Stored) -> Json:
    """The content of one commitment. Raises BrokenChain when it is gone."""
    try:
        if seal["kind"] == "delta":
            return delta_content(log[int(seal["subject"])])
        if seal["kind"] == "decision":
            return decision_content(stored.decisions[seal["subject"]])
        return reason if seal["kind"] == "reason" else change_content(stored.changes[seal["subject"]])
    except (KeyError, IndexError):
        raise BrokenChain(f"revision {seal['revision']}: the {seal['kind']} {seal['subject']} is missing") from None


def _check_link(row: Row, number: int, parent: str) -> None:
    if row["number"] != number:
        raise BrokenChain(f"revision {number} is missing")
    if row["parent"] != parent:
        raise BrokenChain(f"revision {number} does not follow the one before it")
    if row["hash"] != revision_hash(row):
        raise BrokenChain(f"revision {number} was altered")


def _check_seals(row: Row, seals: Sequence[Row], log: Sequence[Row]) -> None:
    if row["sealed"]["seals"] != sealed_digest(seals):
        raise BrokenChain(f"revision {row['number']}: what it sealed was altered")
    if sum(seal["kind"] == "delta" for seal in seals) != len(log):
        raise BrokenChain(f"revision {row['number']}: its log has lines too many")


def _check_content(seal: Row, content: Json, masked: str | None) -> None:
    """A content against its digest; a masked one against the digest that the erasing revision sealed."""
    if digest(seal["salt"], content) != (masked or seal["digest"]):
        what = f"{seal['kind']} {seal['subject']}".strip()
        raise BrokenChain(f"revision {seal['revision']}: the {what} was altered")
