"""Proposals: structured changes with their proof, what was found against them, and what people decided."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from pipeline.records.plan import Json, Plan
from pipeline.records.shape import Record
from pipeline.records.sources import Document, Evidence, Passage, SourceClass


class Op(StrEnum):
    """What a change does to an item."""

    add = "add"
    update = "update"
    remove = "remove"
    join = "join"  # type: ignore[assignment] # the field's word; str.join is not called on an Op


class Effect(StrEnum):
    """What a finding does to its change.

    `drop` takes it out (kept, visible), `demote` leaves it off by default, `flag` marks it, `support` says that it is
    no news: its words are kept as further support of what the plan says.
    """

    drop = "drop"
    demote = "demote"
    flag = "flag"
    support = "support"


class Finding(Record):
    """What a check found, as a sentence for the reviewer."""

    check: str
    effect: Effect
    message: str
    field: str | None = None


class Draft(Record):
    """A change as a proposer words it, before anything is resolved or checked.

    `item` is the id of an existing item, or None for a new one. Field values are plain: references by the other
    item's name or id, dates ISO, sets as lists. `quotes` are (words, line number or None) pairs.
    """

    section: str
    op: Op
    item: str | None = None
    fields: dict[str, Json] = Field(default_factory=dict)
    quotes: tuple[tuple[str, int | None], ...] = ()
    into: str | None = None
    effective: date | None = None
    reason: str = ""
    rule: str = ""
    optional: bool = False


class Context(Record):
    """What a proposer gets to see: one text, and the slice of the plan that it touches.

    `plan` holds only the items in play. `said_on` is the day that relative dates count from, `author` who writes
    as "I" or "me", `earlier` older passages that bear on the items, `left_out` a sentence for each thing not shown.
    """

    document: Document
    plan: Plan
    account: str
    account_id: str = ""
    vendor: str = ""
    author: str | None = None
    said_on: date
    source_class: SourceClass = SourceClass.internal
    earlier: tuple[Passage, ...] = ()
    examples: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class FieldChange(Record):
    """One field: the value that the proposer saw, and the value it proposes. None means empty."""

    field: str
    old: Json = None
    new: Json = None


class Change(Record):
    """A proposed change. It stands or falls alone. For `add`, `item` is the new item's id to be."""

    id: str
    section: str
    op: Op
    item: str
    fields: tuple[FieldChange, ...] = ()
    into: str | None = None
    effective: date | None = None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    rule: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def dropped(self) -> bool:
        """Whether a check refuted it: it is kept and shown, but can't be approved in bulk."""
        return any(finding.effect is Effect.drop for finding in self.findings)

    @property
    def demoted(self) -> bool:
        """Whether it is off by default."""
        return self.dropped or any(finding.effect is Effect.demote for finding in self.findings)

    @property
    def confirms(self) -> bool:
        """Whether it is no news: it says what the plan says already, and nobody needs to decide on it."""
        return any(finding.effect is Effect.support for finding in self.findings)

    def new_values(self) -> dict[str, Json]:
        """The proposed value of each field."""
        return {change.field: change.new for change in self.fields}


class Usage(Record):
    """What one attempt to reach a model took. Tokens are 0 when nothing was sent or the answer was cached."""

    outcome: str
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cached: bool = False
    detail: str = ""


class Outcome(StrEnum):
    """How proposing ended. "Nothing to propose" and "could not read" are results too."""

    changes = "changes"
    nothing = "nothing"
    unreadable = "unreadable"
    unavailable = "unavailable"


class Answer(Record):
    """What a proposer gives back: drafts, or why there are none."""

    outcome: Outcome
    drafts: tuple[Draft, ...] = ()
    why: str = ""
    usage: tuple[Usage, ...] = ()
    stamp: str = ""
    model: str = ""
    warnings: tuple[str, ...] = ()


class Proposal(Record):
    """The changes of one origin against one plan revision, with all that is needed to replay it."""

    id: str
    account: str
    origin: str
    """What it comes from: "note", "import", "direct", "revert", "withdraw", "join", "review"."""
    source: str | None
    base_revision: int
    proposer: str
    outcome: Outcome
    why: str = ""
    changes: tuple[Change, ...] = ()
    usage: tuple[Usage, ...] = ()
    stamp: str = ""
    model: str = ""
    shown: tuple[str, ...] = ()
    created_at: datetime
    created_by: str

    @property
    def news(self) -> tuple[Change, ...]:
        """The changes that do more than confirm what the plan says."""
        return tuple(change for change in self.changes if not change.confirms)


class Verdict(StrEnum):
    """What a person says of a change."""

    approve = "approve"
    edit = "edit"
    reject = "reject"
    ask = "ask"


class Decision(Record):
    """One person's word on one change. `fields` holds the reviewer's values when the verdict is `edit`."""

    change: str
    verdict: Verdict
    by: str
    at: datetime
    why: str = ""
    fields: dict[str, Json] = Field(default_factory=dict)


class Approval(Record):
    """A change as it will be merged: the proposer's own, or already with the reviewer's values in place of its own."""

    change: Change
    decision: Decision

    @property
    def origin(self) -> str:
        """How the merged fields came: "approved" or "edited"."""
        return "edited" if self.decision.verdict is Verdict.edit else "approved"


class Conflict(Record):
    """A field where base, current and proposed all differ; always in that order. The person picks."""

    change: str
    item: str
    field: str
    base: Json = None
    current: Json = None
    proposed: Json = None
    message: str = ""


class Standing(StrEnum):
    """What a pending change is against the plan as it is now; derived when read, never stored."""

    applies = "applies"
    conflict = "conflict"
    already_true = "already_true"
    challenge = "challenge"
    older = "older"
    refused = "refused"
    decided = "decided"
