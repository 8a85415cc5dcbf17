"""Which entries come into the slice: the most touched ones that fit, with everything they refer to."""

from collections.abc import Container, Mapping

from pipeline.records import Item, Json, Plan
from pipeline.sections import references, section

SHARES = {"stakeholders": 0.3, "cells": 0.3, "actions": 0.3}
OTHER_SHARE = 0.1
"""About how much of the budget a section takes when everything is touched alike."""

CROWDED = 0.4
"""How much more touched an entry must be for each share that its section has taken."""

LETTERS_A_TOKEN = 4
LEAST = 3
"""Tokens below which no entry fits."""


def tokens(text: str) -> int:
    """A cautious estimate of how many tokens a text is to a model: four characters each."""
    return len(text) // LETTERS_A_TOKEN + 1


def cost(item: Item, plan: Plan) -> int:
    """About how many tokens an entry is to a model: a handle, its label, and its other fields with their values."""
    kind = section(item.section)
    told = [f"{kind.prefix}000 {kind.label(item.values, plan)}"]
    for name, value in item.values.items():
        if kind.single or name not in kind.key:
            told.append(f"{name}={_written(value, plan)}")
    return tokens("; ".join(told))


def _written(value: Json, plan: Plan) -> str:
    if isinstance(value, list):
        return "; ".join(_written(each, plan) for each in value)
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values())
    target = plan.get(value) if isinstance(value, str) else None
    return section(target.section).label(target.values, plan) if target else str(value)


def fitting(plan: Plan, scores: Mapping[str, float], budget: int) -> tuple[str, ...]:
    """The entries that fit into `budget` tokens, each with all that it refers to, in the order they came in.

    The most touched come first, but the more of its share a section has taken, the more touched its next entry must
    be: forty namesakes of somebody do not crowd out what is to be done.
    """
    kept: dict[str, None] = {}
    taken: dict[str, int] = {}
    queues = _queues(plan, scores)
    room = budget

    def worth(name: str) -> float:
        share = SHARES.get(name, OTHER_SHARE) * budget
        return scores[queues[name][-1]] - CROWDED * taken.get(name, 0) / share

    while queues and room >= LEAST:
        name = max(queues, key=worth)
        ident = queues[name].pop()
        if not queues[name]:
            del queues[name]
        coming = _with_references(ident, plan, kept)
        price = sum(cost(plan.items[each], plan) for each in coming)
        if price <= room:
            kept |= dict.fromkeys(coming)
            room -= price
            taken[name] = taken.get(name, 0) + price
    return tuple(kept)


def _queues(plan: Plan, scores: Mapping[str, float]) -> dict[str, list[str]]:
    """The entries of each section, the most touched last; among equals the plan's order counts."""
    found: dict[str, list[str]] = {}
    for item in reversed([*plan.items.values()]):
        found.setdefault(item.section, []).append(item.id)
    return {name: sorted(idents, key=lambda ident: scores[ident]) for name, idents in found.items()}


def _with_references(ident: str, plan: Plan, kept: Container[str]) -> list[str]:
    """An entry and all that it refers to, step by step, as far as it is not kept yet."""
    found: list[str] = []
    waiting = [ident]
    while waiting:
        here = waiting.pop()
        item = plan.get(here)
        if item is None or here in found or here in kept:
            continue
        found.append(here)
        waiting += [other for _, other in references(item)]
    return found
