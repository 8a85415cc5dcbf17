"""One proposal, one plan: fetched from the store and laid out for page, API and command alike."""

from collections.abc import Sequence
from datetime import date

from pipeline.records import Account, Plan, Proposal, Source
from pipeline.store import AccountStore, Store
from pipeline.views import standing
from pipeline.views.plan import PlanView, plan_view
from pipeline.views.proposal import ProposalView, proposal_view
from pipeline.views.strength import in_words, strength


def place_of(store: Store, actor: str, proposal: str) -> AccountStore:
    """The account that a proposal belongs to, among those `actor` may read. Raises UnknownProposal."""
    return store.account_of_proposal(proposal, actor)


def one_proposal(store: Store, actor: str, proposal: str) -> ProposalView:
    """A proposal against the plan as it is now. Raises UnknownProposal."""
    here = place_of(store, actor, proposal)
    with here.read() as tx:
        found, plan = tx.proposal(proposal), tx.plan()
        source = tx.source(found.source) if found.source else None
        sources = tx.sources({piece.source for change in found.changes for piece in change.evidence})
        decisions = {each.change: each for each in tx.decisions(proposal)}
        ruled = standing.results(found.changes, standing.known(tx, found.changes), found.base_revision, source)
    standings = {change: result.standing for change, result in ruled.items()}
    strengths = _strengths(found, sources, store.now().date())
    return proposal_view(found, here.account.name, plan, source, decisions, standings, strengths=strengths)


def _strengths(proposal: Proposal, sources: Sequence[Source], today: date) -> dict[str, str]:
    """For each change, what it rests on, in words."""
    known = {each.id: each for each in sources}
    return {each.id: in_words(strength(each.evidence, known, each.findings), today) for each in proposal.changes}


def one_plan(
    store: Store, actor: str, account: str, today: date, revision: int | None = None, as_of: date | None = None
) -> PlanView:
    """The plan of an account, now or at a revision or day, with who set each field. Raises UnknownAccount."""
    here = store.account(account, actor)
    with here.read() as tx:
        plan = tx.plan(revision, as_of)
        heads = tx.heads(plan.items) if revision is None and as_of is None else {}
    return plan_view(here.account, plan, heads.values(), today)


def whole_plan(
    store: Store, actor: str, account: str, revision: int | None = None, as_of: date | None = None
) -> tuple[Account, Plan]:
    """The account and its plan as records, for exports. Raises UnknownAccount."""
    here = store.account(account, actor)
    with here.read() as tx:
        return here.account, tx.plan(revision, as_of)
