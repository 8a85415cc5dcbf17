"""Makes what store tests need: accounts, sources, proposals, decisions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from pipeline.records import (
    Account,
    Change,
    Decision,
    Document,
    Evidence,
    FieldChange,
    Line,
    LineKind,
    Occasion,
    Op,
    Outcome,
    Participant,
    Passage,
    Proposal,
    Revision,
    Source,
    SourceClass,
    SourceKind,
    Tier,
    Verdict,
)
from pipeline.store import AccountStore, Delta, Store

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SAID_ON = date(2026, 2, 27)


def account(store: Store, name: str, owner: str = "ann", time_zone: str = "UTC") -> AccountStore:
    """A new account, opened by its owner."""
    told = Account(id="", name=name, owner=owner, time_zone=time_zone, created_at=START)
    made = store.create_account(told, owner)
    return store.account(made.id, owner)


def document(text: str, **more: Any) -> Document:
    """A note with one line per line."""
    lines, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        lines.append(Line(number=number, start=start, end=start + len(line), kind=LineKind.body))
        start += len(line) + 1
    return Document(kind=SourceKind.note, format="text", text=text, lines=tuple(lines), said_on=SAID_ON, **more)


def add_note(tx: Any, text: str, name: str, **more: Any) -> Source:
    """A delivered note, read into a source of that id with one passage per line."""
    delivery, _ = tx.add_delivery(text.encode(), "paste", f"{name}.txt")
    source = Source(
        id=name,
        account="",
        delivery=delivery.id,
        version=1,
        sha256="",
        document=document(text, **more),
        source_class=SourceClass.conversation,
        occasion=Occasion(id=f"occ-{name}", said_on=SAID_ON, title=more.get("title")),
        read_at=tx.now,
    )
    stored: Source = tx.add_source(source)
    tx.add_passages(
        [
            Passage(id=f"{name}-{line.number}", source=name, number=line.number, start=line.start, end=line.end,
                    text=text[line.start : line.end], said_on=SAID_ON)
            for line in stored.document.lines
        ]
    )  # fmt: skip
    return stored


def person(identity: str, name: str, words: str = "", source: Source | None = None, **fields: Any) -> Change:
    """A change that adds a stakeholder, resting on words of a source."""
    proof: tuple[Evidence, ...] = ()
    if source is not None:
        start = source.document.text.index(words)
        proof = (
            Evidence(source=source.id, start=start, end=start + len(words), words=words, tier=Tier.exact, line=1,
                     quote=words, said_on=SAID_ON),
        )  # fmt: skip
    values = {"name": name, **fields}
    return Change(
        id=f"chg-{identity}",
        section="stakeholders",
        op=Op.add,
        item=identity,
        fields=tuple(FieldChange(field=field, new=value) for field, value in values.items()),
        evidence=proof,
        reason=f"{name} is named",
    )


def update(identity: str, item: str, field: str, old: Any, new: Any) -> Change:
    """A change of one field of a stakeholder."""
    fields = (FieldChange(field=field, old=old, new=new),)
    return Change(id=identity, section="stakeholders", op=Op.update, item=item, fields=fields)


def add_proposal(tx: Any, name: str, *changes: Change, source: str | None = None) -> Proposal:
    """A stored proposal of these changes."""
    made = Proposal(
        id=name,
        account=tx.plan().account,
        origin="note",
        source=source,
        base_revision=tx.plan().revision,
        proposer="rules",
        outcome=Outcome.changes,
        changes=changes,
        created_at=tx.now,
        created_by=tx.actor,
    )
    tx.add_proposal(made)
    return made


def approve(tx: Any, *changes: Change, verdict: Verdict = Verdict.approve, key: str | None = None) -> Revision:
    """Decides and merges changes in one revision, in the simplest way that a merge can."""
    said = [Decision(change=change.id, verdict=verdict, by=tx.actor, at=tx.now) for change in changes]
    deltas = [delta for change in changes for delta in deltas_of(change)]
    revision: Revision = tx.append_revision(deltas, reason="Approved a note", decisions=said, key=key)
    return revision


def deltas_of(change: Change) -> Sequence[Delta]:
    """What a change comes to when nothing stands in its way."""
    fields = [Delta(change.item, change.section, each.field, each.old, each.new) for each in change.fields]
    if change.op is Op.add:
        return [Delta(change.item, change.section, "", None, 1), *fields]
    if change.op is Op.remove:
        return [Delta(change.item, change.section, "", 1, None)]
    return fields


def told(name: str) -> Participant:
    """Somebody who was there."""
    return Participant(name=name)
