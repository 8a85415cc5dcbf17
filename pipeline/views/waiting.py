"""How much of each open proposal waits for a person: every question once, and nothing that the plan says by now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.records import Proposal, Standing
from pipeline.store import Pending, ProposalOutline
from pipeline.views import standing
from pipeline.views.proposal import needs_a_person, undecided
from pipeline.views.twins import questions

OPEN = ("pending", "asked")


@dataclass(frozen=True)
class Waiting:
    """By proposal: how many changes wait for a person, and how many of these other waiting proposals claim too."""

    open: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)


def waiting(tx: Any, proposals: Iterable[ProposalOutline]) -> Waiting:
    """What waits in these open proposals. What rests on no words (an import, a withdrawal) is asked by itself."""
    opened, shared = Counter[str](), Counter[str]()
    wordy: list[str] = []
    for outline in proposals:
        if outline.source is None and outline.origin != "backfill":
            opened[outline.id] = undecided(outline)
        else:
            wordy.append(outline.id)
    claims, told = _claims(tx, tx.proposals(ids=wordy))
    asked = questions(claims)
    for each in claims:
        question = asked.get(each.change.id)
        if each.change.id not in told and (question is None or question.asks is each):
            opened[each.proposal] += 1
            shared[each.proposal] += question is not None
    return Waiting(opened, shared)


def _claims(tx: Any, proposals: Sequence[Proposal]) -> tuple[list[Pending], set[str]]:
    """The changes that a person is waited for, and the ids of those whose every field the plan says by now."""
    states = tx.states(*(each.id for each in proposals))
    facts = standing.known(tx, [change for each in proposals for change in each.changes])
    claims: list[Pending] = []
    told: set[str] = set()
    for each in proposals:
        waits = [change for change in each.changes if states[change.id] in OPEN and needs_a_person(change)]
        ruled = standing.results(waits, facts, each.base_revision, None)
        told |= {change for change, result in ruled.items() if result.standing is Standing.already_true}
        claims += [Pending(each.id, change, states[change.id], each.created_at, each.source) for change in waits]
    return claims, told
