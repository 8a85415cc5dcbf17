"""How much of each open proposal waits for a person: every question once, and nothing that the plan says by now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.records import Change, Proposal, Standing
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
    claims: list[Pending] = []
    told: set[str] = set()
    for outline in proposals:
        if outline.source is None and outline.origin != "backfill":
            opened[outline.id] = undecided(outline)
            continue
        proposal, states = tx.proposal(outline.id), tx.states(outline.id)
        pending = [each for each in proposal.changes if states[each.id] in OPEN and needs_a_person(each)]
        told |= _told(tx, proposal, pending)
        claims += [Pending(outline.id, e, states[e.id], outline.created_at, outline.source) for e in pending]
    asked = questions(claims)
    for each in claims:
        question = asked.get(each.change.id)
        if each.change.id not in told and (question is None or question.asks is each):
            opened[each.proposal] += 1
            shared[each.proposal] += question is not None
    return Waiting(opened, shared)


def _told(tx: Any, proposal: Proposal, pending: list[Change]) -> set[str]:
    """The ids of the changes whose every field the plan says by now."""
    facts = standing.known(tx, proposal.changes)
    ruled = standing.results(pending, facts, proposal.base_revision, None)
    return {change for change, result in ruled.items() if result.standing is Standing.already_true}
