"""Writing the plan: one revision at a time, appended to the log, with the projections that answer quickly."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pipeline.errors import NotAllowed, StaleDecision
from pipeline.records import Change, Decision, Evidence, Json, Op, Revision, Verdict
from pipeline.store import tables as t
from pipeline.store.append import UPCAST, Prepared, prepared, upcast, written_forms
from pipeline.store.columns import canonical, instant
from pipeline.store.fold import START, Folded, digest, new_salt, revision_hash
from pipeline.store.plans import PlanReads, to_revision
from pipeline.store.proposals import ProposalWrites
from pipeline.store.scope import Row, new_id
from pipeline.store.values import Delta, DeltaLike

ORIGINS = {Verdict.approve: "approved", Verdict.edit: "edited"}


class HistoryWrites(PlanReads, ProposalWrites):
    """What can be done to the plan."""

    def append_revision(
        self,
        deltas: Iterable[DeltaLike],
        *,
        reason: str,
        author: str | None = None,
        proposal: str | None = None,
        decisions: Sequence[Decision] = (),
        key: str | None = None,
        origin: str | None = None,
        said_on: date | None = None,
    ) -> Revision:
        """Writes the next revision: log, items, heads, and the hash chained to its parent's.

        `decisions` are the approvals that it merges; those not saved yet are. Each delta is put down to the change
        whose item and field it is, or to its own `change`. `origin` ("typed", "imported") overrides how the values
        came; else it is the decision's. `said_on` stands in where the evidence has no date. A call repeated with
        its `key` gets the revision that it made. Raises StaleDecision when an old value is not the one that stands,
        or a change was decided otherwise or merged before.
        """
        if key is not None and (made := self.revision_of_call(key)) is not None:
            return made
        author = author or self.actor
        if not author:
            raise NotAllowed("a revision needs a person")
        merged = self._merging(decisions, key)
        changes = {change.id: change for change in self._to_changes(self._among(t.change, "id", merged))}
        asked = list(deltas)
        ready = prepared(asked, self._standing({each.item for each in asked}), upcast)
        row = self._next(author, reason, proposal, key)
        rows = _delta_rows(ready.deltas, row["number"], merged, changes, origin, said_on)
        self._keep_how_it_came(rows, {each.id for each in changes.values() if each.op is Op.join})
        seals = self._seals(row, rows, list(merged.values()), changes)
        self._seal(row, seals, [])
        self._add(t.delta, rows)
        self._mark_merged(merged.values(), row["number"])
        self._project(row, rows, ready)
        return to_revision(row)

    def add_support(self, item: str, field: str, value: Json, evidence: Sequence[Evidence]) -> None:
        """Puts words beside a value that they confirm; the value's age is counted from them when they are later."""
        rows = [
            {
                "id": new_id("sup"),
                "item": item,
                "field": field,
                "value": value,
                "source": proof.source,
                "evidence": proof.model_dump(mode="json", exclude={"source"}),
                "said_on": proof.said_on,
                "at": self.now,
                "by": self.actor,
            }
            for proof in evidence
        ]
        self._add(t.support, rows)
        days = [proof.said_on for proof in evidence if proof.said_on]
        if days:
            head = (t.field_head.c.item == item, t.field_head.c.field == field)
            older = sa.or_(t.field_head.c.confirmed_on.is_(None), t.field_head.c.confirmed_on < max(days))
            self._update(t.field_head, *head, older, confirmed_on=max(days))

    def _merging(self, decisions: Sequence[Decision], key: str | None) -> dict[str, Row]:
        """The stored approvals by change, each not merged before."""
        self.save_decisions(decisions, key)
        merged: dict[str, Row] = {}
        for row in self._among(t.decision, "change", (each.change for each in decisions)):
            if row["verdict"] in ORIGINS and row["revision"] is None:
                merged[row["change"]] = row
        for each in decisions:
            if each.verdict in ORIGINS and (
                each.change not in merged or merged[each.change]["verdict"] != each.verdict
            ):
                raise StaleDecision(f"{each.change} was decided before")
        return merged

    def _standing(self, items: Iterable[str]) -> dict[str, Folded]:
        return {
            row["id"]: Folded(row["section"], row["version"], (row["born_in"], row["born_at"]), row["content"])
            for row in self._among(t.item, "id", items)
        }

    def _next(self, author: str, reason: str, proposal: str | None, key: str | None) -> dict[str, Any]:
        from pipeline.sections import seen

        parent = self.head()
        return {
            "account": self._account,
            "number": parent.number + 1 if parent else 1,
            "parent": parent.hash if parent else START,
            "author": author,
            "at": max(self.now, parent.at) if parent else self.now,
            "reason": seen(reason),
            "proposal": proposal,
            "key": key,
        }

    def _keep_how_it_came(self, rows: Sequence[dict[str, Any]], joins: Container[str]) -> None:
        """What a join moves from one item to another came as it came there, and was said when it was said there."""
        mine = [row for row in rows if row["field"] and row["change"] in joins]
        gone = [row for row in mine if row["after"] is None]
        heads = self.heads(row["item"] for row in gone)
        came = {_moved(row, "before"): heads.get((row["item"], row["field"])) for row in gone}
        for row in mine:
            head = came.get(_moved(row, "after")) if row["before"] is None else None
            if head is not None:
                row.update(origin=head.origin, said_on=head.said_on)

    def _seals(
        self,
        revision: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        merged: Sequence[Row],
        changes: Mapping[str, Change],
    ) -> list[dict[str, Any]]:
        """The commitments of a revision: to its reason, deltas, decisions, and changes with their evidence."""
        contents: list[tuple[str, str, Json]] = [("reason", "", revision["reason"])]
        contents += [("delta", str(row["ordinal"]), delta_content(row)) for row in rows]
        contents += [("decision", row["id"], decision_content(row)) for row in merged]
        contents += [("change", identity, change_content(change)) for identity, change in changes.items()]
        seals = []
        for ordinal, (kind, subject, content) in enumerate(contents):
            salt = new_salt()
            plain = {"revision": revision["number"], "ordinal": ordinal, "kind": kind, "subject": subject}
            seals.append({**plain, "salt": salt, "digest": digest(salt, content)})
        return seals

    def _seal(self, row: dict[str, Any], seals: list[dict[str, Any]], masked: list[list[Json]]) -> None:
        row["sealed"] = {"seals": sealed_digest(seals), "masked": masked}
        row["hash"] = revision_hash(row)
        self._add(t.revision, [row])
        self._add(t.commitment, seals)

    def _mark_merged(self, merged: Iterable[Row], number: int) -> None:
        for row in merged:
            self._update(t.decision, t.decision.c.id == row["id"], revision=number)

    def _project(self, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], ready: Prepared) -> None:
        """Brings items and heads to the new revision."""
        gone = [identity for identity, folded in ready.items.items() if folded is None]
        for identity in gone:
            self._delete(t.item, t.item.c.id == identity)
        fresh = {
            each["item"]: each["ordinal"] for each in reversed(rows) if each["field"] == "" and each["before"] is None
        }
        born = self._born(fresh, row["number"])
        self._put(
            t.item,
            [
                {
                    "id": identity,
                    "section": folded.section,
                    "version": folded.version,
                    "content": folded.values,
                    "names": written_forms(folded.values),
                    "born_in": born.get(identity, folded.born)[0],
                    "born_at": born.get(identity, folded.born)[1],
                    "revision": row["number"],
                }
                for identity, folded in ready.items.items()
                if folded is not None
            ],
        )
        there = ((key, one.section, one.version, one.values) for key, one in ready.items.items() if one is not None)
        self._mark_items(there, gone)
        self._move_heads(ready.renamed, [each for each in rows if each["origin"] == UPCAST], row)
        heads = {(each["item"], each["field"]): head_row(each, row) for each in rows if each["origin"] != UPCAST}
        self._confirm(heads, {(each.item, each.field) for each in ready.deltas if each.origin not in ("", UPCAST)})
        self._put(t.field_head, list(heads.values()))

    def _confirm(self, heads: Mapping[tuple[str, str], dict[str, Any]], back: Iterable[tuple[str, str]]) -> None:
        """Values that came `back` have the support that they had."""
        wanted = set(back)
        for row in self._among(t.support, "item", {item for item, _ in wanted}):
            head = heads.get((row["item"], row["field"]))
            if head and (row["item"], row["field"]) in wanted and head["value"] == row["value"] and row["said_on"]:
                head["confirmed_on"] = max(head["confirmed_on"] or row["said_on"], row["said_on"])

    def _born(self, fresh: Mapping[str, int], number: int) -> dict[str, tuple[int, int]]:
        """Where items that are added were first named: one that was removed before goes back to its old place."""
        born = {identity: (number, ordinal) for identity, ordinal in fresh.items()}
        for row in self._among(t.field_head, "item", fresh):
            if row["field"] == "":
                first = self._select(t.delta, t.delta.c.item == row["item"], t.delta.c.field == "")
                log = self._row(first.order_by(t.delta.c.revision, t.delta.c.ordinal).limit(1))
                if log is not None:
                    born[row["item"]] = (log["revision"], log["ordinal"])
        return born

    def _move_heads(
        self, renamed: Mapping[tuple[str, str], str], rows: Sequence[Mapping[str, Any]], revision: Mapping[str, Any]
    ) -> None:
        """A field's new name or form does not change who set it."""
        for (item, old), new in renamed.items():
            self._delete(t.field_head, t.field_head.c.item == item, t.field_head.c.field == new)
            self._update(t.field_head, t.field_head.c.item == item, t.field_head.c.field == old, field=new)
        for row in rows:
            where = (t.field_head.c.item == row["item"], t.field_head.c.field == row["field"])
            if (row["item"], row["field"]) not in renamed and not self._update(
                t.field_head, *where, value=row["after"]
            ):
                self._put(t.field_head, [head_row(row, revision)])


def delta_content(row: Mapping[str, Any]) -> Json:
    """What a delta's commitment covers."""
    plain = [
        row[name] for name in ("item", "section", "field", "before", "after", "version", "change", "decision", "origin")
    ]
    return [*plain, row["said_on"].isoformat() if row["said_on"] else None]


def decision_content(row: Mapping[str, Any]) -> Json:
    """What a decision's commitment covers."""
    plain = {name: row[name] for name in ("id", "proposal", "change", "verdict", "by", "why", "fields")}
    return plain | {"at": instant(row["at"])}


def change_content(change: Change) -> Json:
    """What a change's commitment covers: all that was proposed, and the words it rests on."""
    return change.model_dump(mode="json", exclude={"findings"})


def sealed_digest(seals: Iterable[Mapping[str, Any]]) -> str:
    """One digest over a revision's commitments, in order."""
    return digest("", [[seal["kind"], seal["subject"], seal["digest"]] for seal in seals])


def head_row(delta: Mapping[str, Any], revision: Mapping[str, Any]) -> dict[str, Any]:
    """The head of a field that a delta set."""
    plain = {name: delta[name] for name in ("item", "field", "section", "change", "decision", "origin", "said_on")}
    who = {"revision": revision["number"], "by": revision["author"], "at": revision["at"]}
    return {**plain, **who, "value": delta["after"], "confirmed_on": None}


def _moved(row: Mapping[str, Any], value: str) -> tuple[str, ...]:
    return row["change"], row["section"], row["field"], canonical(row[value])


def _delta_rows(
    deltas: Sequence[Delta],
    number: int,
    merged: Mapping[str, Row],
    changes: Mapping[str, Change],
    origin: str | None,
    said_on: date | None,
) -> list[dict[str, Any]]:
    causes = _causes(changes.values())
    only = next(iter(changes)) if len(changes) == 1 else None
    otherwise = "approved" if merged else "typed"
    rows = []
    for ordinal, each in enumerate(deltas):
        cause = each.change or causes.get((each.item, each.field)) or causes.get((each.item, "")) or only
        if each.origin == UPCAST:
            cause = None
        decided = merged.get(cause) if cause else None
        rows.append(
            {
                "revision": number,
                "ordinal": ordinal,
                **{name: getattr(each, name) for name in ("item", "section", "field", "before", "after", "version")},
                "change": cause,
                "decision": decided["id"] if decided else None,
                "origin": each.origin or origin or (ORIGINS[Verdict(decided["verdict"])] if decided else otherwise),
                "said_on": each.said_on or _day(changes.get(cause or "")) or said_on,
            }
        )
    return rows


def _causes(changes: Iterable[Change]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for change in changes:
        for item in filter(None, (change.item, change.into)):
            found |= {(item, name): change.id for name in ("", *(each.field for each in change.fields))}
    return found


def _day(change: Change | None) -> date | None:
    days = [proof.said_on for proof in change.evidence if proof.said_on] if change else []
    return max(days, default=None)
