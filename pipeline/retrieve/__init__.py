"""Source + Plan -> Context: the slice of the plan that a text touches, within a token budget."""

from collections import Counter

from pipeline.records import Context
from pipeline.retrieve.fitting import fitting, tokens
from pipeline.retrieve.touching import Touched

__all__ = ["narrow", "tokens"]


def narrow(context: Context, budget: int) -> Context:
    """`context`, which holds the whole plan, cut to what its text touches: at most `budget` tokens of items."""
    plan = context.plan
    touched = Touched(plan, context.document, context.said_on)
    kept = fitting(plan, touched.scores, budget)
    items = {ident: item for ident, item in plan.items.items() if ident in kept}
    left = Counter(item.section for ident, item in plan.items.items() if ident not in kept)
    left_out = tuple(f"{count} {name} that the text does not touch" for name, count in sorted(left.items()))
    return context.model_copy(update={"plan": plan.model_copy(update={"items": items}), "left_out": left_out})
