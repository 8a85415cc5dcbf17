"""How a proposal stands against the plan as it is now: the law of precedence, asked when read, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.precedence import Claim, Head, Refused, Result, by_field, foremost, head_of, rule
from pipeline.records import Change, FieldHead, Item, Op, Source, SourceClass, SourceKind
from pipeline.sections import section
from pipeline.store import Refusal

OWN_RECAP = (SourceKind.summary, SourceKind.document, SourceKind.table)
"""Kinds of text that retell; saying again what the plan says is no support from them."""


@dataclass(frozen=True)
class Known:
    """What the law looks at: field heads of the items concerned, who refers to them, which additions are there by now
    under another id, and what was refused before.
    """

    heads: Mapping[tuple[str, str], FieldHead]
    exists: frozenset[str]
    references: Mapping[str, tuple[str, ...]]
    alike: frozenset[str]
    refusals: tuple[Refusal, ...]


def known(tx: Any, changes: Sequence[Change]) -> Known:
    """What the store knows of the items that `changes` touch."""
    items = {change.item for change in changes}
    leaving = {change.item for change in changes if change.op in (Op.remove, Op.join)}
    added = {change.section for change in changes if change.op is Op.add}
    there = {name: list(tx.plan().section(name)) for name in added} if added else {}
    refused = [*tx.refusals(items=items), *(each for name in sorted(added) for each in tx.refusals(section=name))]
    return Known(
        heads=tx.heads(items),
        exists=frozenset(tx.items(items)),
        alike=frozenset(
            change.id for change in changes if change.op is Op.add and _there(change, there[change.section])
        ),
        references={item: tuple(found for found, _ in tx.references_to(item)) for item in leaving},
        refusals=tuple({each.change.id: each for each in refused}.values()),
    )


def results(changes: Iterable[Change], facts: Known, base_revision: int, source: Source | None) -> dict[str, Result]:
    """For each change, what the law makes of it: of its fields' results the one to look at first."""
    return {change.id: _result(change, facts, base_revision, source) for change in changes}


def _result(change: Change, facts: Known, base_revision: int, source: Source | None) -> Result:
    claims = {name: _claim(change, name, facts, base_revision, source) for name in _fields(change)}
    if change.id in facts.alike:
        return Result.conflict
    if change.op in (Op.remove, Op.join):
        return rule(claims[""], _whole_head(change, facts)).result
    heads = {name: head_of(facts.heads.get((change.item, name))) for name in claims}
    return foremost(ruling.result for ruling in by_field(claims, heads).values())


def _there(change: Change, items: Iterable[Item]) -> bool:
    kind = section(change.section)
    return any(item.id != change.item and kind.same(change.new_values(), item.values) for item in items)


def _fields(change: Change) -> tuple[str, ...]:
    return ("",) if change.op in (Op.remove, Op.join) else tuple(each.field for each in change.fields)


def _claim(change: Change, name: str, facts: Known, base_revision: int, source: Source | None) -> Claim:
    said = {each.field: each for each in change.fields}.get(name)
    shape = section(change.section).fields.get(name)
    return Claim(
        section=change.section,
        field=name,
        value=said.new if said else None,
        expected=said.old if said else None,
        op=change.op,
        base_revision=base_revision,
        said_on=_day(change, source),
        first_hand=_first_hand(source),
        occasion=source.occasion.id if source else None,
        text=source.sha256 if source else None,
        is_set=bool(shape and shape.is_set),
        refusals=tuple(_refused(change, name, facts.refusals)),
    )


def _day(change: Change, source: Source | None) -> date | None:
    days = [piece.said_on for piece in change.evidence if piece.said_on is not None]
    return max(days, default=source.document.said_on if source else None)


def _first_hand(source: Source | None) -> bool:
    if source is None:
        return False
    return source.source_class is SourceClass.public or source.document.kind not in OWN_RECAP


def _refused(change: Change, name: str, refusals: Iterable[Refusal]) -> Iterable[Refused]:
    kind = section(change.section)
    for each in refusals:
        other = each.change
        mine = other.item == change.item or (
            change.op is Op.add and other.op is Op.add and kind.same(change.new_values(), other.new_values())
        )
        if mine and other.section == change.section and other.op is change.op and name in _fields(other):
            yield Refused(other.new_values().get(name), each.occasion, each.text_sha256)


def _whole_head(change: Change, facts: Known) -> Head:
    mine = [head for (item, _), head in facts.heads.items() if item == change.item]
    newest = max(mine, key=lambda head: head.revision, default=None)
    return head_of(newest, facts.references.get(change.item, ()), change.item in facts.exists)
