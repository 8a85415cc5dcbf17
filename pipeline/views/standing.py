"""How a proposal stands against the plan as it is now: the law of precedence, asked when read, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.precedence import Claim, Head, Refused, Result, by_field, foremost, head_of, rule
from pipeline.records import Change, Evidence, FieldHead, Json, Op, Side, Source, SourceClass, SourceKind
from pipeline.sections import section
from pipeline.store import Alike, Refusal
from pipeline.views.twins import DEPTH, same_entries

OWN_RECAP = (SourceKind.summary, SourceKind.document, SourceKind.table)
"""Kinds of text that retell, as a mail of ours does; saying again what the plan says is no support from them."""


@dataclass(frozen=True)
class Known:
    """What the law looks at: field heads of the items concerned, who refers to them, which additions are alike to what
    the plan has, what was refused before, and `again`: entries that are others by now (new ones that the plan has,
    plainly the same by their key, and those joined into another), and the ids of these. `entries`: new entries that
    refused changes name, and those plainly the same -> one id.
    """

    heads: Mapping[tuple[str, str], FieldHead]
    exists: frozenset[str]
    references: Mapping[str, tuple[str, ...]]
    alike: frozenset[str]
    refusals: tuple[Refusal, ...]
    again: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)


def known(tx: Any, changes: Sequence[Change]) -> Known:
    """What the store knows of the items that `changes`, all those of one proposal or of several, touch."""
    adding = [change for change in changes if change.op is Op.add]
    alike = tx.alike([(change.section, change.new_values()) for change in adding])
    again = {**tx.joined({item for change in changes for item in touched(change)}), **_again(adding, alike)}
    asked = [meant(change, again) for change in changes]
    items = {change.item for change in asked}
    leaving = {change.item for change in asked if change.op in (Op.remove, Op.join)}
    refusals = tuple(tx.refusals(items, {change.section for change in adding}))
    return Known(
        heads=tx.heads(items),
        exists=frozenset(tx.items(items)),
        alike=frozenset(change.id for change in adding if change.item not in again and _there(change, alike)),
        references={item: tuple(found for found, _ in tx.references_to(item)) for item in leaving},
        refusals=refusals,
        again=again,
        entries=_entries(tx, refusals, adding, alike),
    )


def again(tx: Any, adding: Sequence[Change]) -> dict[str, str]:
    """Ids of additions of what the plan has by now, plainly the same by its key -> the id that it has there."""
    return _again(adding, tx.alike([(change.section, change.new_values()) for change in adding]))


def meant(change: Change, again: Mapping[str, str]) -> Change:
    """The change with the ids of today for entries that are others by now; a join that was made already stays as is."""
    shapes = section(change.section).fields
    fields = tuple(
        each.model_copy(update={"old": _instead(each.old, again), "new": _instead(each.new, again)})
        if each.field in shapes and shapes[each.field].ref
        else each
        for each in change.fields
    )
    item, into = again.get(change.item, change.item), change.into and again.get(change.into, change.into)
    return change if item == into else change.model_copy(update={"item": item, "into": into, "fields": fields})


def touched(change: Change) -> frozenset[str]:
    """The ids of the entries that a change touches or names, as it stood and as proposed."""
    shapes = section(change.section).fields
    naming = [each for each in change.fields if each.field in shapes and shapes[each.field].ref]
    values = [value for each in naming for value in (each.old, each.new)]
    named = {item for value in values for item in (value if isinstance(value, list) else [value]) if item}
    return frozenset({change.item, *([change.into] if change.into else ()), *named})


def results(changes: Iterable[Change], facts: Known, base_revision: int, source: Source | None) -> dict[str, Result]:
    """For each change, what the law makes of it: of its fields' results the one to look at first."""
    return {change.id: _result(change, facts, base_revision, source) for change in changes}


def _result(change: Change, facts: Known, base_revision: int, source: Source | None) -> Result:
    if change.id in facts.alike:
        return Result.conflict
    names = _fields(change)
    if change.item in facts.again and change.op is Op.add:
        names = tuple(name for name in names if name not in section(change.section).key)
    now = meant(change, facts.again)
    claims = {name: _claim(now, name, facts, base_revision, source) for name in names}
    if change.op in (Op.remove, Op.join):
        return rule(claims[""], _whole_head(now, facts)).result
    heads = {name: head_of(facts.heads.get((now.item, name))) for name in claims}
    return foremost(ruling.result for ruling in by_field(claims, heads).values())


def _again(adding: Sequence[Change], alike: Alike) -> dict[str, str]:
    again: dict[str, str] = {}
    for _ in range(DEPTH):
        found = dict(again)
        for change in adding:
            kind, values = section(change.section), meant(change, again).new_values()
            there = [item for item in alike(kind.name, values) if kind.identity(item.values) == kind.identity(values)]
            if there and there[-1].id != change.item and kind.same(values, there[-1].values):
                found[change.item] = there[-1].id
        if found == again:
            break
        again = found
    return again


def _entries(tx: Any, refusals: Iterable[Refusal], adding: Sequence[Change], alike: Alike) -> dict[str, str]:
    """One id for each entry that refused changes touch or name and that only a proposal would have added: every
    proposal gives what it adds ids of its own, and the plan may have it by now.
    """
    naming = {refusal.change.id: (refusal.proposal, _besides(refusal.change)) for refusal in refusals}
    named = {item for _, items in naming.values() for item in items}
    strange = named - frozenset(tx.items(named)) if named else named
    proposals = {proposal for proposal, items in naming.values() if not items.isdisjoint(strange)}
    if not proposals:
        return {}
    before = [change for made in tx.proposals(ids=proposals) for change in made.changes if change.op is Op.add]
    everything = [*before, *adding]
    there = _again(everything, alike)
    same = same_entries([meant(change, there) for change in everything])
    return {**same, **{new: same.get(item, item) for new, item in there.items()}}


def _besides(change: Change) -> frozenset[str]:
    """The entries that a change touches or names, but for one that it adds."""
    return touched(change) - ({change.item} if change.op is Op.add else set())


def _instead(value: Json, again: Mapping[str, str]) -> Json:
    return [again.get(each, each) for each in value] if isinstance(value, list) else again.get(value, value)


def _there(change: Change, alike: Alike) -> bool:
    kind, values = section(change.section), change.new_values()
    return any(item.id != change.item and kind.same(values, item.values) for item in alike(kind.name, values))


def _fields(change: Change) -> tuple[str, ...]:
    return ("",) if change.op in (Op.remove, Op.join) else tuple(each.field for each in change.fields)


def _claim(change: Change, name: str, facts: Known, base_revision: int, source: Source | None) -> Claim:
    said = {each.field: each for each in change.fields}.get(name)
    shape = section(change.section).fields.get(name)
    return Claim(
        section=change.section,
        field=name,
        value=_value(change, name),
        expected=said.old if said else None,
        op=change.op,
        base_revision=base_revision,
        said_on=_day(change, source),
        first_hand=_said_first_hand(change, source),
        occasion=source.occasion.id if source else None,
        text=source.sha256 if source else None,
        is_set=bool(shape and shape.is_set),
        refusals=tuple(_refused(change, name, facts)),
    )


def _day(change: Change, source: Source | None) -> date | None:
    days = [piece.said_on for piece in change.evidence if piece.said_on is not None]
    return max(days, default=source.document.said_on if source else None)


def first_hand(piece: Evidence, source: Source) -> bool:
    """Whether words are the customer's, a filing's or an own observation; not what we, or a tool, retell."""
    if source.source_class is SourceClass.public:
        return True
    document = source.document
    if document.kind is SourceKind.email:
        sides = {each.name: each.side for each in document.participants}
        return (piece.side if piece.speaker else sides.get(document.author or "", Side.unknown)) is not Side.ours
    generated = int(document.attributes.get("summary_from_line", piece.line + 1))
    return document.kind not in OWN_RECAP and piece.line < generated


def _said_first_hand(change: Change, source: Source | None) -> bool:
    mine = [piece for piece in change.evidence if source is not None and piece.source == source.id]
    return source is not None and any(first_hand(piece, source) for piece in mine)


def _refused(change: Change, name: str, facts: Known) -> Iterable[Refused]:
    for each in facts.refusals:
        if (each.change.section, each.change.op) == (change.section, change.op) and name in _fields(each.change):
            other = meant(each.change, facts.entries) if facts.entries else each.change
            asked = meant(change, facts.entries) if facts.entries else change
            if asked.item == other.item or _one_entry(asked, other):
                said = change if _value(asked, name) == _value(other, name) else other
                yield Refused(_value(said, name), each.occasion, each.text_sha256)


def _value(change: Change, name: str) -> Json:
    """What a change would have a field be; of a join, what its entry becomes part of."""
    return change.into if change.op is Op.join else change.new_values().get(name)


def _one_entry(one: Change, other: Change) -> bool:
    """Whether two changes of one kind add one entry. One that its section can't tell (a cell whose department was not
    found) is the same only when it says the same in the same words.
    """
    if one.op is not Op.add:
        return False
    kind, values, others = section(one.section), one.new_values(), other.new_values()
    if kind.same(values, values):
        return kind.same(values, others)
    return values == others and _words(one) == _words(other)


def _words(change: Change) -> list[str]:
    return [piece.words for piece in change.evidence]


def _whole_head(change: Change, facts: Known) -> Head:
    mine = [head for (item, _), head in facts.heads.items() if item == change.item]
    newest = max(mine, key=lambda head: head.revision, default=None)
    return head_of(newest, facts.references.get(change.item, ()), change.item in facts.exists)
