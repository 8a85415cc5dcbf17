"""Source + Plan -> Context: the slice of the plan that a text touches, within a token budget; passages worth reading.

touching.py scores entries, fitting.py keeps what fits, meaning.py brings embeddings in, passages.py finds what bears on
the text in earlier sources and what is worth reading in a long one; words.py knows words.
"""

from collections import Counter

from pipeline.records import Context
from pipeline.retrieve.fitting import cost, fitting, tokens
from pipeline.retrieve.meaning import Embed, likeness
from pipeline.retrieve.passages import Find, earlier, worth_reading
from pipeline.retrieve.touching import Touched

__all__ = ["Find", "cost", "earlier", "narrow", "tokens", "worth_reading"]


def narrow(context: Context, budget: int, embedder: Embed | None = None) -> Context:
    """`context`, which holds the whole plan, cut to what its text touches: at most `budget` tokens of items.

    Every item that a kept one refers to is kept. The items stay in the plan's order; `left_out` tells what is missing.
    With an embedder, what is near in meaning counts too.
    """
    plan = context.plan
    if sum(cost(item, plan) for item in plan.items.values()) <= budget:
        return context
    touched = Touched(plan, context.document, context.said_on)
    if embedder is not None:
        touched = Touched(plan, context.document, context.said_on, likeness(touched, embedder))
    kept = set(fitting(plan, touched.scores, budget))
    items = {ident: item for ident, item in plan.items.items() if ident in kept}
    left = Counter(item.section for ident, item in plan.items.items() if ident not in kept)
    left_out = tuple(f"{count} {name} that the text does not touch" for name, count in sorted(left.items()))
    return context.model_copy(update={"plan": plan.model_copy(update={"items": items}), "left_out": left_out})
