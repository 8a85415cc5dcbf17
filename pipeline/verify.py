"""Drafts -> changes with findings: references resolved, old values filled in, quotes located, every check run."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from pipeline import locate
from pipeline.checks import Case, Check, Reading
from pipeline.errors import BadValue
from pipeline.records import (
    Change,
    Context,
    Document,
    Draft,
    Effect,
    Evidence,
    FieldChange,
    Finding,
    Item,
    Json,
    Op,
    Plan,
    Side,
    Tier,
)
from pipeline.registry import plugins
from pipeline.sections import FieldShape, section


def verify(
    drafts: Sequence[Draft],
    context: Context,
    proposal: str,
    source: str,
    pending: Mapping[str, tuple[Change, ...]] | None = None,
) -> tuple[Change, ...]:
    """The changes that `drafts` come to, each with what was found against it. Ids are stable for equal input."""
    changes = resolve(drafts, context.plan, proposal, _evidence(drafts, context.document, source))
    shared = Reading(context, changes)
    return tuple(
        _tried(Case(change, draft, context, changes, pending or {}, shared))
        for change, draft in zip(changes, drafts, strict=True)
    )


def resolve(
    drafts: Sequence[Draft], plan: Plan, proposal: str, evidence: Sequence[tuple[Evidence, ...]] | None = None
) -> tuple[Change, ...]:
    """Drafts -> changes of `plan`: references by id, expected old values filled in. A value that does not fit its
    field is a finding, never an error.
    """
    items = {index: _item_id(draft, proposal, index, plan) for index, draft in enumerate(drafts)}
    named = _Names(plan, drafts, items)
    proofs = evidence or [()] * len(drafts)
    return tuple(
        _change(draft, f"{proposal}-{index + 1}", items[index], plan, named).model_copy(
            update={"evidence": proofs[index]}
        )
        for index, draft in enumerate(drafts)
    )


def _tried(case: Case) -> Change:
    checks: list[Check] = sorted(plugins("pipeline.checks", "CHECK").values(), key=lambda check: check.order)
    findings = (*case.change.findings, *(finding for check in checks for finding in check.run(case)))
    return case.change.model_copy(update={"findings": findings})


def _item_id(draft: Draft, proposal: str, index: int, plan: Plan) -> str:
    """An existing item keeps its id; a new entry that the plan already has becomes that item; else a fresh id."""
    if draft.item is not None:
        return draft.item
    kind = section(draft.section)
    if kind.single:
        return next((item.id for item in plan.section(draft.section)), draft.section)
    fresh = hashlib.sha256(f"{proposal}/{index}".encode()).hexdigest()[:12]
    return f"{kind.prefix}_{fresh}"


class _Names:
    """Finds the item that a proposer meant by a name: an id, an item of the plan, or one drafted beside it."""

    def __init__(self, plan: Plan, drafts: Sequence[Draft], items: Mapping[int, str]) -> None:
        self._known: dict[str, list[tuple[str, Mapping[str, Json]]]] = {}
        for item in plan.items.values():
            self._known.setdefault(item.section, []).append((item.id, item.values))
        for index, draft in enumerate(drafts):
            if draft.op is Op.add:
                self._known.setdefault(draft.section, []).append((items[index], draft.fields))

    def resolve(self, name: str, target: str) -> str:
        """The id of the item of section `target` that `name` means. Raises BadValue when there is none."""
        known = self._known.get(target, [])
        for found, _ in known:
            if found == name:
                return found
        kind = section(target)
        for found, values in known:
            if kind.same({kind.key[0]: name}, values):
                return found
        raise BadValue(f"{name!r} is not among the {target}", f"Propose it in {target} first.")


def _change(draft: Draft, ident: str, item: str, plan: Plan, named: _Names) -> Change:
    current = plan.get(item)
    op = Op.update if draft.op is Op.add and current is not None else draft.op
    fields, findings = _fields(draft, op, current, named)
    if draft.optional:
        findings = (*findings, Finding(check="proposer", effect=Effect.flag, message="Worth a look, not a must."))
    return Change(
        id=ident,
        section=draft.section,
        op=op,
        item=item,
        fields=fields,
        into=draft.into,
        effective=draft.effective,
        reason=draft.reason,
        rule=draft.rule,
        findings=findings,
    )


def _fields(
    draft: Draft, op: Op, current: Item | None, named: _Names
) -> tuple[tuple[FieldChange, ...], tuple[Finding, ...]]:
    """The fields that parse and say something new; a finding for each that does not parse."""
    kind = section(draft.section)
    old = kind.values(current) if current is not None else {}
    fields, findings = [], []
    for name, value in draft.fields.items():
        try:
            new = _value(kind.fields.get(name), kind.parse(name, value), named)
        except BadValue as error:
            effect = Effect.drop if name in kind.required else Effect.flag
            said = f"{error.message} {error.advice}"
            findings.append(Finding(check="value", effect=effect, message=said, field=name))
            continue
        if new != old.get(name):
            fields.append(FieldChange(field=name, old=old.get(name), new=new))
    if op is Op.update and current is None:
        findings.append(Finding(check="value", effect=Effect.drop, message="The plan has no such item."))
    missing = [name for name in kind.required if op is Op.add and name not in {each.field for each in fields}]
    if missing:
        findings.append(Finding(check="value", effect=Effect.drop, message=f"It lacks {', '.join(missing)}."))
    return tuple(fields), tuple(findings)


def _value(shape: FieldShape | None, value: Json, named: _Names) -> Json:
    if shape is None or shape.ref is None or value is None:
        return value
    if isinstance(value, list):
        return sorted({named.resolve(each, shape.ref) for each in value})
    return named.resolve(value, shape.ref)


def _evidence(drafts: Sequence[Draft], document: Document, source: str) -> list[tuple[Evidence, ...]]:
    """For each draft, where its quotes stand; one pass over the text for all of them."""
    quotes = [locate.Quote(words, _near(document, line)) for draft in drafts for words, line in draft.quotes]
    found = iter(zip(quotes, locate.locate_all(document.text, quotes), strict=True))
    return [tuple(_piece(document, source, *next(found)) for _ in draft.quotes) for draft in drafts]


def _near(document: Document, line: int | None) -> tuple[int, int] | None:
    if line is None or not 1 <= line <= len(document.lines):
        return None
    named = document.lines[line - 1]
    return named.start, named.end


def _piece(document: Document, source: str, quote: locate.Quote, match: locate.Match | None) -> Evidence:
    if match is None:
        return Evidence(source=source, start=0, end=0, words="", tier=Tier.none, line=0, quote=quote.text)
    line = document.line_at(match.start)
    return Evidence(
        source=source,
        start=match.start,
        end=match.end,
        words=document.text[match.start : match.end],
        tier=match.tier,
        line=line.number,
        quote=quote.text,
        pieces=match.pieces if len(match.pieces) > 1 else (),
        occurrences=match.occurrences,
        speaker=line.speaker,
        side=_side(document, line.speaker),
        said_on=line.said_on or document.said_on,
    )


def _side(document: Document, speaker: str | None) -> Side:
    sides: Iterable[Side] = (each.side for each in document.participants if speaker and each.name == speaker)
    return next(iter(sides), Side.unknown)
