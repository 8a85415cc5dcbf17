"""Proposals, their changes with evidence, and what people decided of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.errors import UnknownChange, UnknownProposal
from pipeline.records import Change, Decision, Op, Proposal, Verdict
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope, new_id
from pipeline.store.supporting import held, spoken
from pipeline.store.values import Pending, Refusal

OPEN = ("pending", "asked")
STATES = {Verdict.approve: "approved", Verdict.edit: "edited", Verdict.reject: "rejected", Verdict.ask: "asked"}
_PLAIN = set(Proposal.model_fields) - {"account", "changes"}


def to_decision(row: Row) -> Decision:
    """A row as a record."""
    return Decision.model_construct(
        change=row["change"],
        verdict=Verdict(row["verdict"]),
        by=row["by"],
        at=row["at"],
        why=row["why"],
        fields=row["fields"],
    )


class ProposalReads(Scope):
    """What can be asked of proposals."""

    def proposal(self, proposal: str) -> Proposal:
        """One proposal with all its changes. Raises UnknownProposal."""
        row = self._row(self._select(t.proposal, t.proposal.c.id == proposal))
        if row is None:
            raise UnknownProposal(proposal)
        return self._to_proposals([row])[0]

    def proposals(
        self, state: str | None = None, source: str | None = None, ids: Iterable[str] | None = None
    ) -> list[Proposal]:
        """The proposals, oldest first: all, those "open" or "closed", those of one source, or the named ones."""
        asked = {"state": state, "source": source}
        where = [t.proposal.c[name] == value for name, value in asked.items() if value is not None]
        where += [t.proposal.c.id.in_(sorted(ids))] if ids is not None else []
        statement = self._select(t.proposal, *where).order_by(t.proposal.c.created_at, t.proposal.c.id)
        return self._to_proposals(self._rows(statement))

    def change(self, change: str) -> Change:
        """One change. Raises UnknownChange."""
        row = self._row(self._select(t.change, t.change.c.id == change))
        if row is None:
            raise UnknownChange(change)
        return self._to_changes([row])[0]

    def proposal_of(self, change: str) -> str:
        """The id of the proposal that a change belongs to. Raises UnknownChange."""
        row = self._row(self._select(t.change, t.change.c.id == change))
        if row is None:
            raise UnknownChange(change)
        return str(row["proposal"])

    def states(self, *proposals: str) -> dict[str, str]:
        """Of each change of some proposals, in their order: pending, asked, approved, edited, rejected, superseded."""
        rows = sorted(self._among(t.change, "proposal", proposals), key=lambda row: (row["proposal"], row["ordinal"]))
        return {row["id"]: row["state"] for row in rows}

    def decisions(self, proposal: str) -> list[Decision]:
        """All that was decided of a proposal's changes, in order."""
        statement = self._select(t.decision, t.decision.c.proposal == proposal)
        return [to_decision(row) for row in self._rows(statement.order_by(t.decision.c.at, t.decision.c.id))]

    def decisions_of_call(self, key: str) -> list[Decision]:
        """What the call with this idempotency key decided; empty when there was no such call."""
        statement = self._select(t.decision, t.decision.c.key == key)
        return [to_decision(row) for row in self._rows(statement.order_by(t.decision.c.at, t.decision.c.id))]

    def pending_changes(
        self, items: Iterable[str] | None = None, sections: Iterable[str] | None = None
    ) -> list[Pending]:
        """Changes that wait for a decision: all, or those of some items (also as target of a join) and sections."""
        rows = self._changes_of(OPEN, items, sections)
        of = {row["id"]: row for row in self._among(t.proposal, "id", (row["proposal"] for row in rows))}
        return [
            Pending(
                row["proposal"], change, row["state"], of[row["proposal"]]["created_at"], of[row["proposal"]]["source"]
            )
            for row, change in zip(rows, self._to_changes(rows), strict=True)
        ]

    def refusals(self, items: Iterable[str] | None = None, sections: Iterable[str] | None = None) -> list[Refusal]:
        """Changes that a person rejected, newest first, for the law of precedence: all, or of items and sections."""
        rows = self._changes_of(("rejected",), items, sections)
        changes = {change.id: change for change in self._to_changes(rows)}
        rejected = [row for row in self._among(t.decision, "change", changes) if row["verdict"] == Verdict.reject]
        origins = self._origins(rejected, changes)
        newest = sorted(rejected, key=lambda row: (row["at"], row["id"]), reverse=True)
        return [
            Refusal(changes[row["change"]], to_decision(row), row["proposal"], *origins[row["change"]])
            for row in newest
        ]

    def _changes_of(
        self, states: Iterable[str], items: Iterable[str] | None, sections: Iterable[str] | None
    ) -> Sequence[Row]:
        """The rows of the changes in some states; with items or sections those that touch one of them."""
        asked = ((t.change.c.item, items), (t.change.c.into, items), (t.change.c.section, sections))
        of = [column.in_(sorted(set(wanted))) for column, wanted in asked if wanted is not None]
        where = (t.change.c.state.in_(states), *([sa.or_(*of)] if of else []))
        return self._rows(self._select(t.change, *where).order_by(t.change.c.proposal, t.change.c.ordinal))

    def changes_resting_on(self, source: str) -> list[Change]:
        """The merged changes that rest on this source, by their own words or by support, and otherwise only on
        withdrawn ones.

        A change whose every value found support in a source that still stands does not rest on this one alone; who
        speaks of what a new entry holds speaks of the entry.
        """
        rows = self._rows(self._select(t.evidence, t.evidence.c.source == source))
        mine = self._rows(self._select(t.support, t.support.c.source == source))
        said = self._among(t.delta, "item", {row["item"] for row in mine})
        beside = {row["change"] for row in said if row["change"] and spoken(row, mine)}
        proofs = self._among(t.evidence, "change", {row["change"] for row in rows} | beside)
        cited = {row["change"] for row in proofs}
        merged = {row["change"] for row in self._among(t.decision, "change", cited) if row["revision"] is not None}
        standing = self._standing_sources(source)
        resting = merged - {row["change"] for row in proofs if row["source"] in standing}
        steps: dict[str, list[Row]] = defaultdict(list)
        for row in self._among(t.delta, "change", resting):
            steps[row["change"]].append(row)
        items = {row["item"] for mine in steps.values() for row in mine}
        support = [row for row in self._among(t.support, "item", items) if row["source"] in standing]
        changes = self._to_changes(self._among(t.change, "id", resting))
        return [each for each in changes if not all(held(row, support) for row in _told(each, steps[each.id]))]

    def _standing_sources(self, without: str) -> set[str]:
        stand = self._select(t.source, t.source.c.withdrawn.is_(False), t.source.c.id != without)
        return set(self._connection.scalars(stand.with_only_columns(t.source.c.id)))

    def _origins(
        self, decided: Sequence[Row], changes: Mapping[str, Change]
    ) -> dict[str, tuple[str | None, str | None, str | None]]:
        """By change: source, occasion and text (its hash) of its proposal, or of its own first words."""
        of_proposal = {
            row["id"]: row["source"] for row in self._among(t.proposal, "id", (r["proposal"] for r in decided))
        }
        of_change = {
            row["change"]: of_proposal[row["proposal"]]
            or next((piece.source for piece in changes[row["change"]].evidence), None)
            for row in decided
        }
        sources = {row["id"]: row for row in self._among(t.source, "id", filter(None, of_change.values()))}
        found: dict[str, tuple[str | None, str | None, str | None]] = {}
        for change, ident in of_change.items():
            source = sources.get(ident or "")
            found[change] = (ident, source["occasion"], source["sha256"]) if source else (None, None, None)
        return found

    def _to_proposals(self, rows: Sequence[Row]) -> list[Proposal]:
        changes = self._among(t.change, "proposal", (row["id"] for row in rows))
        mine: dict[str, list[tuple[int, Change]]] = defaultdict(list)
        for row, change in zip(changes, self._to_changes(changes), strict=True):
            mine[row["proposal"]].append((row["ordinal"], change))
        return [
            Proposal(
                account=row["account"],
                changes=tuple(change for _, change in sorted(mine[row["id"]], key=lambda pair: pair[0])),
                **{name: row[name] for name in _PLAIN},
            )
            for row in rows
        ]

    def _to_changes(self, rows: Sequence[Row]) -> list[Change]:
        proofs: dict[str, list[Row]] = defaultdict(list)
        for proof in self._among(t.evidence, "change", (row["id"] for row in rows)):
            proofs[proof["change"]].append(proof)
        made = []
        for row in rows:
            ordered = sorted(proofs[row["id"]], key=lambda proof: proof["ordinal"])
            evidence = [{**proof["content"], "source": proof["source"]} for proof in ordered]
            plain = {name: row[name] for name in ("id", "section", "op", "item", "into")}
            made.append(Change.model_validate({**row["content"], **plain, "evidence": evidence}))
        return made


class ProposalWrites(ProposalReads):
    """What can be done with proposals."""

    def add_proposal(self, proposal: Proposal) -> None:
        """Stores a proposal with its changes; it is open while any of them waits."""
        from pipeline.sections import seen

        row = proposal.model_dump(mode="json", include=_PLAIN) | {"why": seen(proposal.why)}
        state = "open" if proposal.changes else "closed"
        self._add(t.proposal, [{**row, "created_at": proposal.created_at, "state": state}])
        self._add(t.change, [_change_row(proposal.id, at, change) for at, change in enumerate(proposal.changes)])
        self._add(t.evidence, [row for change in proposal.changes for row in _evidence_rows(change)])

    def save_decisions(self, decisions: Iterable[Decision], key: str | None = None) -> list[Decision]:
        """Records what a person said of some changes; returns those that are new.

        A change that is decided already stays as it is, so that a repeated decision changes nothing; after "ask" any
        answer counts. Raises UnknownChange.
        """
        asked = list(decisions)
        rows = {row["id"]: row for row in self._among(t.change, "id", (each.change for each in asked))}
        fresh: list[tuple[Decision, str]] = []
        for each in asked:
            if each.change not in rows:
                raise UnknownChange(each.change)
            where = (t.change.c.id == each.change, t.change.c.state.in_(OPEN))
            if self._update(t.change, *where, state=STATES[each.verdict]):
                fresh.append((each, rows[each.change]["proposal"]))
        self._add(t.decision, [_decision_row(each, proposal, key) for each, proposal in fresh])
        for proposal in {proposal for _, proposal in fresh}:
            self._close_if_decided(proposal)
        return [each for each, _ in fresh]

    def close_proposal(self, proposal: str) -> None:
        """Takes a proposal out of the inbox with its undecided changes; no decision means no."""
        self._update(t.proposal, t.proposal.c.id == proposal, state="closed")
        self._update(t.change, t.change.c.proposal == proposal, t.change.c.state.in_(OPEN), state="superseded")

    def _close_if_decided(self, proposal: str) -> None:
        waits = self._select(t.change, t.change.c.proposal == proposal, t.change.c.state.in_(OPEN)).limit(1)
        if self._row(waits) is None:
            self._update(t.proposal, t.proposal.c.id == proposal, state="closed")


def _told(change: Change, steps: Sequence[Row]) -> Sequence[Row]:
    """The steps of a change that say something; of a new entry not those that only name it, if any others do."""
    from pipeline.sections import sections

    kind = sections().get(change.section) if change.op is Op.add else None
    key = kind.key if kind else ()
    return [row for row in steps if row["field"] not in ("", *key)] or steps


def _change_row(proposal: str, ordinal: int, change: Change) -> Mapping[str, Any]:
    plain = {"section": change.section, "op": change.op.value, "item": change.item, "into": change.into}
    return {
        "id": change.id,
        "proposal": proposal,
        "ordinal": ordinal,
        "state": "pending",
        "content": _content(change),
    } | plain


def _content(change: Change) -> dict[str, Any]:
    return change.model_dump(mode="json", exclude={"id", "section", "op", "item", "into", "evidence"})


def _evidence_rows(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "change": change.id,
            "ordinal": at,
            "source": proof.source,
            "content": proof.model_dump(mode="json", exclude={"source"}),
        }
        for at, proof in enumerate(change.evidence)
    ]


def _decision_row(decision: Decision, proposal: str, key: str | None) -> dict[str, Any]:
    from pipeline.sections import seen

    said = decision.model_copy(update={"why": seen(decision.why)})
    row = said.model_dump(mode="json") | {"at": decision.at}
    return {"id": new_id("dec"), "proposal": proposal, "key": key, "revision": None, **row}
