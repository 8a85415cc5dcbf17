"""Source + Plan -> Context: the slice of the plan that a text touches, within a token budget."""

from collections.abc import Iterable, Mapping

from pipeline.names import NameIndex
from pipeline.records import Context, Document, Item, Plan
from pipeline.sections import section

ALWAYS = ("departments", "offerings", "team", "overview", "definition", "trajectory", "journey")
"""Sections short enough to be in every slice, as long as the budget lasts."""


def tokens(text: str) -> int:
    """A cautious estimate of how many tokens a text is to a model: four characters each."""
    return len(text) // 4 + 1


def narrow(context: Context, budget: int) -> Context:
    """`context`, which holds the whole plan, cut to what its text touches: at most `budget` tokens of items."""
    plan = context.plan
    kept, left = _within(_ranked(context.document, plan), plan, budget)
    items = {ident: item for ident, item in plan.items.items() if ident in kept}
    left_out = tuple(f"{count} {name} that the text does not touch" for name, count in sorted(left.items()))
    return context.model_copy(update={"plan": plan.model_copy(update={"items": items}), "left_out": left_out})


def _ranked(document: Document, plan: Plan) -> list[str]:
    """Item ids, those that the text touches first: named ones, what refers to them, open actions, then the rest."""
    named = _mentioned(document, plan)
    scores = {item.id: _score(item, named) for item in plan.items.values()}
    order = {item: number for number, item in enumerate(plan.items)}
    return sorted(scores, key=lambda item: (-scores[item], order[item]))


def _mentioned(document: Document, plan: Plan) -> frozenset[str]:
    forms: Mapping[str, tuple[str, ...]] = {
        item.id: section(item.section).names(item.values) for item in plan.items.values()
    }
    index = NameIndex({item: written for item, written in forms.items() if any(written)})
    return frozenset(key for mention in index.mentions(document.text) for key in mention.keys)


def _score(item: Item, named: frozenset[str]) -> int:
    if item.id in named:
        return 5
    touched = sum(1 for value in _references(item) if value in named)
    if touched:
        return 2 + min(touched, 2)
    if item.section == "actions":
        return 2 if item.values.get("status") in (None, "not_started", "in_progress") else 0
    return 1 if item.section in ALWAYS else 0


def _references(item: Item) -> Iterable[str]:
    for name, shape in section(item.section).fields.items():
        value = item.values.get(name)
        if shape.ref and value:
            yield from value if isinstance(value, list) else [value]


def _within(ranked: list[str], plan: Plan, budget: int) -> tuple[set[str], dict[str, int]]:
    kept: set[str] = set()
    left: dict[str, int] = {}
    for ident in ranked:
        item = plan.items[ident]
        cost = tokens(" ".join(str(value) for value in item.values.values())) + 4
        if cost <= budget:
            budget -= cost
            kept.add(ident)
        else:
            left[item.section] = left.get(item.section, 0) + 1
    return kept, left
