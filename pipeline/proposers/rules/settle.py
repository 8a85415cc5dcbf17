"""Facts set against each other and against the plan: what is left is drafted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.proposers.rules.facts import ActionFact, CellFact, OtherFact, PersonFact, RoleFact
from pipeline.proposers.rules.reader import Reading
from pipeline.proposers.rules.roster import Entity
from pipeline.records import Draft, Op

RANK = {"untouched": 0, "need_unknown": 0, "out_of_scope": 0, "need_identified": 1, "in_negotiation": 2, "deployed": 3}
LONGEST = 4


def stakeholders(reading: Reading, people: list[PersonFact], roles: list[RoleFact]) -> Iterator[Draft]:
    """One draft a person: new with title and roles, updated, or gone."""
    touched = dict.fromkeys([fact.person for fact in people] + [fact.person for fact in roles])
    for ref in touched:
        entity = reading.entity(ref)
        if entity is None or entity.kind == "ours":
            continue
        mine = sorted((fact for fact in people if fact.person == ref), key=lambda fact: fact.said.order)
        if any(fact.title and "people.heading" not in fact.said.rule for fact in mine):
            mine = [fact for fact in mine if not (fact.title and "people.heading" in fact.said.rule)]
        played = sorted((fact for fact in roles if fact.person == ref), key=lambda fact: fact.said.order)
        yield from _stranger(entity, mine, played) if entity.kind == "stranger" else _known(entity, mine, played)


def _roles(now: list[str], facts: list[RoleFact], lost: bool) -> tuple[list[str], list[RoleFact]]:
    """The roles after what was said, and the facts that made the difference."""
    last: dict[str, RoleFact] = {}
    for fact in facts:
        before = last.get(fact.role)
        same = before is not None and before.said.sentence is fact.said.sentence and before.gained == fact.gained
        if before is None or not (same and _length(before) < _length(fact)):
            last[fact.role] = fact
    roles = [] if lost else list(now)
    made = []
    for role, fact in last.items():
        if fact.gained and role not in roles:
            roles.append(role)
            made.append(fact)
        elif not fact.gained and role in roles:
            roles.remove(role)
            made.append(fact)
    return roles, made


def _length(fact: RoleFact) -> int:
    """How many letters prove it: the shorter proof holds no condition of something else."""
    return sum(len(words) for words, _ in fact.said.quotes)


def _stranger(entity: Entity, people: list[PersonFact], roles: list[RoleFact]) -> Iterator[Draft]:
    title = next((fact for fact in reversed(people) if fact.title), None)
    place = next((fact for fact in reversed(people) if fact.department), None)
    now, made = _roles([], roles, lost=False)
    if any(fact.kind == "gone" for fact in people):
        return
    met = next((fact for fact in people if fact.kind == "met"), None)
    proof = title or met or (made[0] if made else None) or place
    if proof is None:
        return
    fields: dict[str, object] = {"name": entity.name, "roles": now}
    if title:
        fields["title"] = title.title
    if place:
        fields["department"] = place.department
    quotes = proof.said.quotes + tuple(
        quote for fact in made for quote in fact.said.quotes if quote not in proof.said.quotes
    )
    known_by = f"as {title.title}" if title else "by name"
    played = f", and what is said makes them {' and '.join(now).replace('_', ' ')}" if now else ""
    yield Draft(
        section="stakeholders",
        op=Op.add,
        fields=fields,
        quotes=quotes[:LONGEST],
        reason=f"{entity.name} is named {known_by}{played}.",
        rule=(made[0].said.rule if made else proof.said.rule),
    )


def _known(entity: Entity, people: list[PersonFact], roles: list[RoleFact]) -> Iterator[Draft]:
    gone = next((fact for fact in reversed(people) if fact.kind == "gone"), None)
    if gone:
        fields: dict[str, object] = {"leaving_on": gone.on.isoformat()} if gone.on else {}
        yield Draft(
            section="stakeholders",
            op=Op.remove,
            item=entity.id,
            fields=fields,
            quotes=gone.said.quotes,
            effective=gone.on,
            reason=f"{entity.name} leaves.",
            rule=gone.said.rule,
        )
        return
    replaced = next((fact for fact in people if fact.kind == "replaced"), None)
    held = [str(role) for role in entity.values.get("roles") or ()]  # type: ignore[attr-defined]
    now, made = _roles(held, roles, lost=bool(replaced))
    fields = {}
    quotes: tuple[tuple[str, int | None], ...] = ()
    rule, reasons = "", []
    if set(now) != set(held):
        fields["roles"] = now
        proofs = [fact.said for fact in made] or ([replaced.said] if replaced else [])
        quotes += tuple(quote for said in proofs for quote in said.quotes)
        rule = proofs[0].rule
        reasons.append(f"what is said changes the roles of {entity.name}")
    for fact in people:
        if fact.title and fact.title != entity.title:
            fields["title"] = fact.title
        if fact.department and fact.department != entity.department:
            fields["department"] = fact.department
        if fact.title or fact.department:
            quotes = fact.said.quotes + quotes
            rule = rule or fact.said.rule
            reasons.append(f"{entity.name} has a new title or place")
    if fields:
        yield Draft(
            section="stakeholders",
            op=Op.update,
            item=entity.id,
            fields=fields,
            quotes=tuple(dict.fromkeys(quotes))[:LONGEST],
            reason=_sentence("; ".join(dict.fromkeys(reasons))),
            rule=rule,
        )


def _sentence(words: str) -> str:
    """Words as a sentence, its names as they are written."""
    return f"{words[:1].upper()}{words[1:]}."


def cells(reading: Reading, facts: Iterable[CellFact]) -> Iterator[Draft]:
    """One draft a cell: what was said last, when it moves the cell."""
    items = {
        (str(item.values.get("department")), str(item.values.get("offering"))): item
        for item in reading.context.plan.section("cells")
    }
    last: dict[tuple[str, str], CellFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.said.order):
        key = (fact.department, fact.offering)
        if fact.status.startswith("not "):
            _take_back(last, fact)
            continue
        before = last.get(key)
        near = before is not None and before.said.sentence.number >= fact.said.sentence.number - 2
        if before and near and RANK[fact.status] < RANK[before.status] and fact.status != "out_of_scope":
            continue
        last[key] = fact
    for key, fact in last.items():
        item = items.get(key)
        status = item.values.get("status") if item else None
        if not _moves(status, fact):
            continue
        where = reading.roster.entities[key[0]].name
        what = reading.roster.entities[key[1]].name
        fields: dict[str, object] = {"status": fact.status, **fact.fields}
        if item is None:
            fields |= {"department": key[0], "offering": key[1]}
        yield Draft(
            section="cells",
            op=Op.update if item else Op.add,
            item=item.id if item else None,
            fields=fields,
            quotes=fact.said.quotes,
            rule=fact.said.rule,
            optional=not fact.own,
            reason=f"{what} in {where} is {fact.status.replace('_', ' ')} by these words.",
        )


def _take_back(last: dict[tuple[str, str], CellFact], denial: CellFact) -> None:
    """Drops what a later sentence denies of the same department or offering."""
    for key, fact in list(last.items()):
        here = fact.said.sentence.block == denial.said.sentence.block or bool(denial.said.sentence.speaker)
        same = denial.department in (("", key[0]) if here else (key[0],)) and denial.offering in ("", key[1])
        if (
            same
            and fact.status == denial.status.removeprefix("not ")
            and fact.said.sentence is not denial.said.sentence
        ):
            del last[key]


def _moves(status: str | None, fact: CellFact) -> bool:
    """Whether a statement moves a cell from its status: never back by a mere wish, and out of use only when it ends."""
    if fact.status == (status or "need_unknown"):
        return False
    if fact.status == "out_of_scope":
        return status != "deployed" or "churn" in fact.said.rule
    if status == "out_of_scope":
        return fact.status in ("need_identified", "in_negotiation", "deployed")
    return RANK[fact.status] > RANK.get(status or "need_unknown", 0)


def actions(reading: Reading, facts: Iterable[ActionFact]) -> Iterator[Draft]:
    """New tasks once each, and what became of the plan's."""
    merged: list[ActionFact] = []
    for fact in facts:
        same = next((other for other in merged if _same(other, fact)), None)
        if same is None:
            merged.append(fact)
        else:
            merged[merged.index(same)] = _joined(same, fact)
    for fact in merged:
        yield from _action(reading, fact)


def _same(one: ActionFact, other: ActionFact) -> bool:
    if one.item or other.item:
        return one.item == other.item
    if not one.words or not other.words:
        return False
    shared = len(one.words & other.words) / min(len(one.words), len(other.words))
    apart = one.target and other.target and one.target != other.target
    return shared >= (0.8 if apart else 0.6)


def _joined(one: ActionFact, other: ActionFact) -> ActionFact:
    """Two mentions of one task: later words win where they say something, a person's over a machine's."""
    first, second = sorted((one, other), key=lambda fact: fact.said.order)
    return replace(
        second,
        action=first.action if len(first.action) >= len(second.action) else second.action,
        owner=second.owner or first.owner,
        owner_side=second.owner_side if second.owner else first.owner_side,
        target=second.target or first.target,
        deadline=second.deadline or first.deadline,
        status=second.status or first.status,
        extra=first.said.quotes + first.extra + second.extra,
        optional=first.optional and second.optional,
        words=first.words | second.words,
    )


def _action(reading: Reading, fact: ActionFact) -> Iterator[Draft]:
    given = {
        "owner": fact.owner,
        "target": fact.target,
        "deadline": fact.deadline.isoformat() if fact.deadline else None,
        "status": fact.status,
    }
    fields = {name: value for name, value in given.items() if value}
    quotes = tuple(dict.fromkeys(fact.said.quotes + fact.extra))[:LONGEST]
    if fact.item:
        item = reading.context.plan.get(fact.item)
        old = item.values if item else {}
        fields = {name: value for name, value in fields.items() if old.get(name) != value and name != "target"}
        if fields:
            yield Draft(
                section="actions",
                op=Op.update,
                item=fact.item,
                fields=fields,
                quotes=quotes,
                rule=fact.said.rule,
                reason=f"“{old.get('action')}” is changed by these words.",
            )
        return
    fields = {"action": fact.action, **fields}
    fields.setdefault("status", "not_started")
    if fact.owner_side:
        fields["owner_side"] = fact.owner_side
    yield Draft(
        section="actions",
        op=Op.add,
        fields=fields,
        quotes=quotes,
        rule=fact.said.rule,
        optional=fact.optional,
        reason="Somebody took or asked for this task." if fact.owner else "This task came up; nobody took it.",
    )


def others(facts: Iterable[OtherFact]) -> Iterator[Draft]:
    """Statements for other sections, as they are."""
    for fact in facts:
        yield Draft(
            section=fact.section,
            op=Op(fact.op),
            item=fact.item,
            fields=dict(fact.fields),
            quotes=fact.said.quotes,
            rule=fact.said.rule,
            reason=f"Said of the account's {fact.section.replace('_', ' ')}.",
        )
