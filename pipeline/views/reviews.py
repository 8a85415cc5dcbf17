"""A proposal on its reviewer's desk: who may decide, what an edit may choose from, what was just saved."""

from collections.abc import Mapping

from pipeline.access import Act, may
from pipeline.records import Decision, Op, Plan, Proposal, Record, Revision, Verdict
from pipeline.sections import section
from pipeline.store import Store
from pipeline.views.proposal import ProposalView
from pipeline.views.reads import one_proposal, place_of
from pipeline.views.words import label


class SavedView(Record):
    """What one call of decisions came to: how many of each verdict, and the revision it made, if any; and how many
    changes of other proposals, which claim the same, were answered with it.
    """

    revision: int | None
    verdicts: Mapping[str, int]
    answered: int = 0


class ReviewView(Record):
    """All that the review page shows beside the proposal itself.

    `options` are, for each section that a change refers to, the entries to choose from as (id, name); `current` the
    plan's revision now; `newer` a later proposal of the same source, if there is one.
    """

    proposal: ProposalView
    source: str | None
    delivery: str | None
    may_decide: bool
    owner: str
    current: int
    options: Mapping[str, tuple[tuple[str, str], ...]]
    newer: str | None = None
    saved: SavedView | None = None


def review(store: Store, actor: str, proposal: str, call: str | None = None) -> ReviewView:
    """The desk of one proposal; `call` is the key of the decisions just made. Raises UnknownProposal."""
    here = place_of(store, actor, proposal)
    with here.read() as tx:
        found, plan, head = tx.proposal(proposal), tx.plan(), tx.head()
        source = tx.source(found.source) if found.source else None
        versions = tx.source_outlines(deliveries=[source.delivery]) if source else []
        siblings = tx.proposal_outlines(sources=[each.id for each in versions])
        decided = tx.decisions_of_call(call) if call else []
        made = tx.revision_of_call(call) if call else None
    later = [each.id for each in siblings if each.created_at > found.created_at]
    return ReviewView(
        proposal=one_proposal(store, actor, proposal),
        source=source.id if source else None,
        delivery=source.delivery if source else None,
        may_decide=may(actor, Act.decide, here.account),
        owner=here.account.owner,
        current=head.number if head else 0,
        options=_options(found, plan),
        newer=later[-1] if later else None,
        saved=_saved(made, decided, {change.id for change in found.changes}),
    )


def _saved(made: Revision | None, decided: list[Decision], own: set[str]) -> SavedView | None:
    verdicts = [each.verdict for each in decided if each.change in own]
    if not verdicts:
        return None
    counts = {str(each): verdicts.count(each) for each in Verdict if each in verdicts}
    return SavedView(revision=made.number if made else None, verdicts=counts, answered=len(decided) - len(verdicts))


def _options(proposal: Proposal, plan: Plan) -> dict[str, tuple[tuple[str, str], ...]]:
    """The entries that reference fields may name: those of the plan, and those this proposal would add."""
    fields = (section(change.section).fields[each.field] for change in proposal.changes for each in change.fields)
    wanted = {shape.ref for shape in fields if shape.ref}
    found = {name: _entries(plan, name) for name in wanted}
    for change in proposal.changes:
        if change.op is Op.add and change.section in wanted and plan.get(change.item) is None:
            name = label(section(change.section), change.new_values(), plan, {})
            found[change.section].append((change.item, f"{name} (proposed here)"))
    return {name: tuple(sorted(pairs, key=lambda pair: pair[1].casefold())) for name, pairs in found.items()}


def _entries(plan: Plan, name: str) -> list[tuple[str, str]]:
    kind = section(name)
    return [(item.id, kind.label(item.values, plan)) for item in plan.section(name)]
