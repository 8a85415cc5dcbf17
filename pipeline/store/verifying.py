"""Folds the whole history again and names the first place that does not fit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.errors import BrokenChain
from pipeline.records import Json
from pipeline.store import tables as t
from pipeline.store.fold import START, Fold, digest, revision_hash
from pipeline.store.history import change_content, decision_content, delta_content, sealed_digest
from pipeline.store.plans import PlanReads
from pipeline.store.scope import Row
from pipeline.store.values import Verified


class VerifyReads(PlanReads):
    """What can be checked of the history."""

    def verify(self, noted: str | None = None) -> Verified:
        """Checks every hash, every sealed content, and that the plan and its heads are the fold of the log.

        `noted` is a head's hash written down earlier: the chain must still lead through it. Raises BrokenChain that
        names the first break.
        """
        revisions = self._rows(self._select(t.revision).order_by(t.revision.c.number))
        seals = self._by_revision(t.commitment)
        log = self._by_revision(t.delta)
        contents = _Contents(self)
        masked = {(n, o): d for row in revisions for n, o, d in row["sealed"]["masked"]}
        parent, fold = START, Fold()
        for number, row in enumerate(revisions, start=1):
            _check_link(row, number, parent)
            _check_seals(row, seals[number], log[number])
            contents.check(number, seals[number], log[number], masked)
            for step in log[number]:
                fold.step(step)
            parent = row["hash"]
        self._check_projections(fold)
        if noted not in (None, START, *(row["hash"] for row in revisions)):
            raise BrokenChain(f"no revision has the hash {noted} noted before")
        return Verified(len(revisions), parent, len(fold.items), len(masked))

    def _by_revision(self, table: sa.Table) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows(self._select(table).order_by(table.c.revision, table.c.ordinal)):
            found[row["revision"]].append(row)
        return found

    def _check_projections(self, fold: Fold) -> None:
        stored = self._current()
        refolded = fold.plan()
        for identity in (*refolded, *stored):
            if refolded.get(identity) != stored.get(identity):
                raise BrokenChain(f"{identity} is not what its history says")
        if list(refolded) != list(stored):
            raise BrokenChain("the plan's items are out of order")
        for head in self._rows(self._select(t.field_head)):
            item = refolded.get(head["item"])
            value = None if item is None else item.version if head["field"] == "" else item.values.get(head["field"])
            if value != head["value"]:
                raise BrokenChain(f"the head of {head['item']}.{head['field']} is not what its history says")


class _Contents:
    """What the commitments of merged changes and decisions cover, as it is stored now."""

    def __init__(self, reads: PlanReads) -> None:
        self._reads = reads
        merged = reads._rows(reads._select(t.decision, t.decision.c.revision.is_not(None)))  # noqa: SLF001
        self.decisions = {row["id"]: row for row in merged}
        rows = reads._among(t.change, "id", (row["change"] for row in merged))  # noqa: SLF001
        self.changes = {change.id: change for change in reads._to_changes(rows)}  # noqa: SLF001

    def of(self, seal: Mapping[str, Any], log: Mapping[str, Row], reason: str) -> Json:
        """The content of one commitment. Raises BrokenChain when it is gone."""
        try:
            if seal["kind"] == "delta":
                return delta_content(log[seal["subject"]])
            if seal["kind"] == "decision":
                return decision_content(self.decisions[seal["subject"]])
            return reason if seal["kind"] == "reason" else change_content(self.changes[seal["subject"]])
        except KeyError:
            raise BrokenChain(f"revision {seal['revision']}: the {seal['kind']} {seal['subject']} is missing") from None

    def check(
        self, number: int, seals: Sequence[Row], log: Sequence[Row], masked: Mapping[tuple[int, int], str]
    ) -> None:
        """Each content against its digest; a masked one against the digest that the erasing revision sealed."""
        steps = {str(row["ordinal"]): row for row in log}
        reason = self._reads.revision(number).reason
        for seal in seals:
            wanted = masked.get((number, seal["ordinal"]), seal["digest"])
            if digest(seal["salt"], self.of(seal, steps, reason)) != wanted:
                raise BrokenChain(
                    f"revision {number}: the {seal['kind']} {seal['subject']} was altered".replace("  ", " ")
                )


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
