"""One proposal, one plan: fetched from the store and laid out for page, API and command alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.records import Account, Plan, Proposal, Source
from pipeline.sections import section
from pipeline.store import AccountStore, Store
from pipeline.views import standing
from pipeline.views.plan import PlanView, plan_view
from pipeline.views.proposal import ProposalView, Together, beside, proposal_view
from pipeline.views.strength import in_words, strength
from pipeline.views.twins import Question, asked_together
from pipeline.views.words import label, words


def place_of(store: Store, actor: str, proposal: str) -> AccountStore:
    """The account that a proposal belongs to, among those `actor` may read. Raises UnknownProposal."""
    return store.account_of_proposal(proposal, actor)


def one_proposal(store: Store, actor: str, proposal: str) -> ProposalView:
    """A proposal against the plan as it is now. Raises UnknownProposal."""
    here = place_of(store, actor, proposal)
    with here.read() as tx:
        found, plan = tx.proposal(proposal), tx.plan()
        source = tx.source(found.source) if found.source else None
        questions = asked_together(tx, found.changes)
        said = [*found.changes, *(each.change for one in questions.values() for each in one.members)]
        sources = tx.sources({piece.source for change in said for piece in change.evidence})
        others = {each.id: each for each in tx.source_outlines(each.id for each in sources)}
        decisions = {each.change: each for each in tx.decisions(proposal)}
        closed = frozenset(change for change, state in tx.states(proposal).items() if state == "superseded")
        ruled = standing.results(found.changes, standing.known(tx, found.changes), found.base_revision, source)
        gone = _gone(tx, plan, found)
    standings = {change: result.standing for change, result in ruled.items()}
    strengths = _strengths(found, questions, sources, store.now().date())
    told = Together(questions, others, closed, gone)
    return proposal_view(
        found, here.account.name, plan, source, decisions, standings, strengths=strengths, together=told
    )


def _gone(tx: Any, plan: Plan, proposal: Proposal) -> dict[str, str]:
    """What to call entries that a proposal is about and that left the plan since; of one joined also the other."""
    left = tx.gone({item for change in proposal.changes for item in standing.touched(change)})
    names = {key: label(section(item.section), item.values, plan, {}) for key, item in left.items()}
    return names | {key: f"{names[key]} (now {words(into, plan)})" for key, into in tx.joined(left).items()}


def _strengths(
    proposal: Proposal, questions: Mapping[str, Question], sources: Sequence[Source], today: date
) -> dict[str, str]:
    """For each change, what it rests on, in words: its evidence, and that of the others that claim the same."""
    known = {each.id: each for each in sources}
    found = {}
    for change in proposal.changes:
        question = questions.get(change.id)
        said = (change, *(each.change for each in question.backing if each.change != change)) if question else (change,)
        pieces = [piece for each in said for piece in each.evidence]
        found[change.id] = in_words(strength(pieces, known, beside(change, question)), today)
    return found


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
