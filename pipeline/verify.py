"""Drafts -> changes with findings: references resolved, old values filled in, quotes located, every check run."""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline import locate
from pipeline.checks import Case, Check, Reading
from pipeline.errors import BadValue
from pipeline.names import NameIndex
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
from pipeline.sections import FieldShape, Section, section

GONE = frozenset({"left", "leaving", "gone", "departed", "retired", "removed", "inactive", "former", "resigned"})
"""Words that proposers put into a status to say that somebody is no longer there."""
PEOPLE = ("stakeholders", "team")
CONFIRMS = Finding(check="precedence", effect=Effect.support, message="It confirms what the plan says.")
"""What is found of a change that says nothing new."""


def verify(
    drafts: Sequence[Draft],
    context: Context,
    proposal: str,
    source: str,
    pending: Mapping[str, tuple[Change, ...]] | None = None,
) -> tuple[Change, ...]:
    """The changes that `drafts` come to, in their order, each with what was found against it. Ids are stable for
    equal input. An entry proposed as new that the plan already has becomes a change of that entry. What a draft says
    that the plan says already is a change of its own, which only confirms: in the place of a draft without news, of
    one with news at the end.
    """
    evidence = _evidence(drafts, context.document, source)
    found = _resolved(drafts, context.plan, proposal, evidence, alike=True)
    changes = tuple(change for change, _ in found)
    shared = Reading(context, changes)
    news: list[Change] = []
    known: list[Change] = []
    for (change, said), draft in zip(found, drafts, strict=True):
        case = Case(change, draft, context, changes, pending or {}, shared)
        confirming = _confirming(case, said) if said else None
        if confirming is None or change.fields:
            news.append(_tried(case))
        if confirming is not None:
            (known if change.fields else news).append(confirming)
    return (*news, *known)


def resolve(
    drafts: Sequence[Draft],
    plan: Plan,
    proposal: str,
    evidence: Sequence[tuple[Evidence, ...]] | None = None,
    *,
    alike: bool = False,
) -> tuple[Change, ...]:
    """Drafts -> changes of `plan`: references by id, expected old values filled in. A value that does not fit its
    field is a finding, never an error. `alike`: a new entry that means one of the plan's becomes a change of it.
    """
    return tuple(change for change, _ in _resolved(drafts, plan, proposal, evidence, alike=alike))


Said = tuple[FieldChange, ...]
"""Fields that say what stands; of a set the elements said, which are some of those that stand."""


def _resolved(
    drafts: Sequence[Draft],
    plan: Plan,
    proposal: str,
    evidence: Sequence[tuple[Evidence, ...]] | None = None,
    *,
    alike: bool = False,
) -> list[tuple[Change, Said]]:
    """For each draft the change that it comes to, and what else it says that the plan says already."""
    told = [_as_meant(draft) for draft in drafts]
    fresh = {index: _fresh(draft, proposal, index, plan) for index, draft in enumerate(told)}
    named = _Names(plan, told, fresh)
    items = {index: named.item(draft, fresh[index], alike=alike) for index, draft in enumerate(told)}
    named = _Names(plan, told, items)
    proofs = evidence or [()] * len(told)
    found = []
    for index, draft in enumerate(told):
        change = _change(draft, f"{proposal}-{index + 1}", items[index], plan, named)
        known = _known(draft, plan.get(items[index]), named)
        found.append((change.model_copy(update={"evidence": proofs[index]}), known))
    return found


def _tried(case: Case) -> Change:
    checks: list[Check] = sorted(plugins("pipeline.checks", "CHECK").values(), key=lambda check: check.order)
    findings = (*case.change.findings, *(finding for check in checks for finding in check.run(case)))
    return case.change.model_copy(update={"findings": tuple(dict.fromkeys(findings))})


def _confirming(case: Case, said: Said) -> Change | None:
    """What a draft confirms, as a change that nobody needs to decide on: as far as its words bear it out."""
    plain = {"op": Op.update, "fields": said, "into": None, "effective": None, "findings": ()}
    ident = f"{case.change.id}-known" if case.change.fields else case.change.id
    change = case.change.model_copy(update={**plain, "id": ident})
    tried = _tried(dataclasses.replace(case, change=change))
    against = {finding.field for finding in tried.findings if finding.check != "duplicate"}
    fields = tuple(each for each in said if each.field not in against)
    if not fields or None in against or not case.proven:
        return None
    return change.model_copy(update={"fields": fields, "findings": (CONFIRMS,)})


def _as_meant(draft: Draft) -> Draft:
    """A draft in our own words: somebody whose status is "left" is removed, an effective day is no field."""
    fields = dict(draft.fields)
    changed: dict[str, object] = {}
    if draft.section in PEOPLE and str(fields.get("status") or "").strip().lower() in GONE:
        del fields["status"]
        changed["op"] = Op.remove
    if "effective" in fields and "effective" not in section(draft.section).fields:
        day = _day(fields.pop("effective"))
        changed["effective"] = draft.effective or day
    return draft.model_copy(update={**changed, "fields": fields}) if fields != draft.fields or changed else draft


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _fresh(draft: Draft, proposal: str, index: int, plan: Plan) -> str:
    """The id of a new item; of one that can be there only once, that of the one there is."""
    kind = section(draft.section)
    if kind.single:
        return next((item.id for item in plan.section(draft.section)), draft.section)
    fresh = hashlib.sha256(f"{proposal}/{index}".encode()).hexdigest()[:12]
    return f"{kind.prefix}_{fresh}"


class _Names:
    """Finds the item that a proposer meant: by an id, or by the name of an item of the plan or of a draft."""

    def __init__(self, plan: Plan, drafts: Sequence[Draft], items: Mapping[int, str]) -> None:
        self._plan = plan
        self._known: dict[str, list[tuple[str, Mapping[str, Json]]]] = {}
        self._indexes: dict[str, NameIndex] = {}
        for item in plan.items.values():
            self._known.setdefault(item.section, []).append((item.id, item.values))
        for index, draft in enumerate(drafts):
            ident = draft.item or items[index]
            if draft.op is Op.add and plan.get(ident) is None:
                self._known.setdefault(draft.section, []).append((ident, draft.fields))

    def resolve(self, name: str, target: str) -> str:
        """The id of the item of section `target` that `name` means. Raises BadValue when there is none, or several."""
        known = self._known.get(target, [])
        kind = section(target)
        for found, _ in known:
            if found == name:
                return found
        for found, values in known:
            if kind.same({kind.key[0]: name}, values):
                return found
        meant = self._index(target).who(name)
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise BadValue(f"{name!r} may be several of the {target}", "Say which, by the full name.")
        raise BadValue(f"{name!r} is not among the {target}", f"Propose it in {target} first.")

    def _index(self, target: str) -> NameIndex:
        """Finds items by a part of their name, a misspelling or an abbreviation."""
        if target not in self._indexes:
            names = section(target).names
            forms = {key: tuple(filter(None, names(values))) for key, values in self._known.get(target, [])}
            people = target in PEOPLE
            self._indexes[target] = NameIndex(forms if people else {}, {} if people else forms)
        return self._indexes[target]

    def item(self, draft: Draft, fresh: str, *, alike: bool) -> str:
        """The id of the item that a draft is about: the one it gives, one that means the same, or the fresh one."""
        if draft.item is not None:
            return draft.item if self._plan.get(draft.item) else self._by_name(draft.item, draft.section, fresh)
        kind = section(draft.section)
        if kind.single or (draft.op is Op.add and not alike and not kind.fields[kind.key[0]].ref):
            return fresh
        values = {name: self._read(kind, name, value) for name, value in draft.fields.items()}
        same = next((item.id for item in self._plan.section(kind.name) if kind.same(values, item.values)), None)
        if same is None and draft.op is not Op.add and isinstance(draft.fields.get(kind.key[0]), str):
            return self._by_name(draft.fields[kind.key[0]], kind.name, fresh)
        return same or fresh

    def into(self, draft: Draft, fresh: str) -> str | None:
        """The id of the item that a join ends in."""
        return draft.into and self._by_name(draft.into, draft.section, fresh)

    def _by_name(self, name: str, target: str, otherwise: str) -> str:
        """An id, never the words themselves: what cannot be found must not keep a name where no erasure looks."""
        try:
            return self.resolve(name, target)
        except BadValue:
            return otherwise

    def _read(self, kind: Section, name: str, value: Json) -> Json:
        """A value as it would be stored, as far as it can be read."""
        try:
            return value_of(kind, name, value, self)
        except BadValue:
            return value


def value_of(kind: Section, name: str, value: Json, named: _Names) -> Json:
    """One field's value in canonical form, references by id. Raises BadValue."""
    shape = kind.fields.get(name)
    parsed = kind.parse(name, _canonical(shape, value))
    if shape is None or shape.ref is None or parsed is None:
        return parsed
    if isinstance(parsed, list):
        return sorted({named.resolve(each, shape.ref) for each in parsed})
    return named.resolve(parsed, shape.ref)


def _canonical(shape: FieldShape | None, value: Json) -> Json:
    """Values of an enumeration as it spells them: "Economic Buyer" is economic_buyer."""
    if shape is None or not shape.choices or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_canonical(shape, each) for each in value]
    parts = [part.strip() for part in str(value).split(";")]
    spelt = [part.lower().replace(" ", "_").replace("-", "_") for part in parts]
    known = [plain if plain in shape.choices else part for plain, part in zip(spelt, parts, strict=True)]
    return ";".join(known) if isinstance(value, str) else value


def _change(draft: Draft, ident: str, item: str, plan: Plan, named: _Names) -> Change:
    current = plan.get(item)
    known = draft.op is Op.add and current is not None
    op = Op.update if known else draft.op
    if known and current is not None:
        draft = draft.model_copy(update={"fields": _news(draft, current)})
    fields, findings = _fields(draft, op, item, current, named)
    if known and current is not None and _by_words(draft.section):
        label = section(draft.section).label(section(draft.section).values(current), plan)
        findings = (
            *findings,
            _noted("duplicate", Effect.flag, f"Already on the plan as {label}; it changes that entry."),
        )
    if draft.optional:
        findings = (*findings, _noted("proposer", Effect.flag, "Worth a look, not a must."))
    return Change(
        id=ident,
        section=draft.section,
        op=op,
        item=item,
        fields=fields,
        into=named.into(draft, f"{item}_into"),
        effective=draft.effective,
        reason=draft.reason,
        rule=draft.rule,
        findings=findings,
    )


def _noted(check: str, effect: Effect, message: str, field: str | None = None) -> Finding:
    return Finding(check=check, effect=effect, message=message, field=field)


def _by_words(name: str) -> bool:
    """Whether entries of a section are told apart by words of theirs, rather than by what they refer to."""
    kind = section(name)
    return not kind.single and kind.fields[kind.key[0]].ref is None


def _news(draft: Draft, current: Item) -> dict[str, Json]:
    """What a new entry says beyond the one there is: its name stays, empty values say nothing, sets only grow."""
    kind = section(draft.section)
    now = kind.values(current)
    news = {}
    for name, value in draft.fields.items():
        shape = kind.fields.get(name)
        if value in (None, "", [], ()) or (name in kind.key and name in now):
            continue
        grows = shape is not None and shape.is_set and not shape.ref and isinstance(value, (list, tuple))
        news[name] = [*now.get(name, ()), *value] if grows else value
    return news


def _known(draft: Draft, current: Item | None, named: _Names) -> Said:
    """What a draft says of an entry, beyond naming it, that the plan says already."""
    if current is None or draft.op not in (Op.add, Op.update) or current.section != draft.section:
        return ()
    kind, found = section(draft.section), []
    now = kind.values(current)
    for name, value in draft.fields.items():
        try:
            said = value_of(kind, name, value, named)
        except BadValue:
            continue
        part = draft.op is Op.add and isinstance(said, list) and kind.fields[name].is_set and not kind.fields[name].ref
        stands = set(said) <= set(now.get(name) or ()) if part else said == now.get(name)
        if said is not None and stands and name not in kind.key:
            found.append(FieldChange(field=name, old=said, new=said))
    return tuple(found)


def _fields(
    draft: Draft, op: Op, item: str, current: Item | None, named: _Names
) -> tuple[tuple[FieldChange, ...], tuple[Finding, ...]]:
    """The fields that parse and say something new; a finding for each that does not parse."""
    kind = section(draft.section)
    old = kind.values(current) if current is not None else {}
    fields, findings = [], []
    for name, value in draft.fields.items():
        try:
            new = value_of(kind, name, value, named)
            _of_another(item, kind, name, new)
        except BadValue as error:
            effect = Effect.drop if name in kind.required else Effect.flag
            findings.append(_noted("value", effect, error.told, name))
            continue
        if new != old.get(name):
            fields.append(FieldChange(field=name, old=old.get(name), new=new))
    if op is not Op.add and current is None and not kind.single:
        said = f"The plan has no such item: {draft.item}." if draft.item else "The plan has no such item."
        findings.append(_noted("value", Effect.drop, said))
    missing = [name for name in kind.required if op is Op.add and name not in {each.field for each in fields}]
    if missing:
        findings.append(_noted("value", Effect.drop, f"It lacks {', '.join(missing)}."))
    return tuple(fields), tuple(findings)


def _of_another(item: str, kind: Section, name: str, value: Json) -> None:
    """Nobody reports to themselves, no department is part of itself. Raises BadValue."""
    shape = kind.fields.get(name)
    if shape is not None and shape.ref and item in (value if isinstance(value, list) else [value]):
        raise BadValue(f"{kind.name}.{name} would refer to the entry itself", "Name another one.")


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
