"""What a note says beyond people, cells and tasks: influence, beliefs, objections, rivals, plans and company facts.

Each idea has a module and a data file of its own; here their facts are set against the plan, and what it says
already is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.proposers.rules import ambitions, beliefs, company, influences, needs, objections, proofs, rivals, settle
from pipeline.proposers.rules.facts import OtherFact
from pipeline.proposers.rules.reader import Reading
from pipeline.records import Draft, Json
from pipeline.sections import section

MOST_QUOTES = 4
TELLING: tuple[Callable[[Reading], Iterable[OtherFact]], ...] = (
    influences.facts,
    beliefs.facts,
    objections.facts,
    rivals.facts,
    ambitions.facts,
    needs.facts,
    proofs.facts,
    company.renamed,
)


def drafts(reading: Reading) -> Iterator[Draft]:
    """Drafts of the sections beyond stakeholders, cells and actions."""
    told = [fact for facts in TELLING for fact in facts(reading)]
    yield from settle.others(new(reading, told))
    yield from settle.others(_overview(reading, list(company.facts(reading))))


def _overview(reading: Reading, facts: list[OtherFact]) -> Iterator[OtherFact]:
    """The overview's fields, sets with what the plan holds already; one fact in all where it has no overview yet."""
    item = next(iter(reading.context.plan.section("overview")), None)
    held: dict[str, object] = dict(item.values) if item else {}
    made: dict[str, object] = {"company": reading.context.account}
    proofs: list[OtherFact] = []
    for fact in facts:
        ((name, value),) = fact.fields.items()
        if _grown(held.get(name), value) == held.get(name):
            continue
        if item:
            yield replace(fact, fields={name: _grown(held.get(name), value)}, item=item.id, op="update")
            continue
        made[name] = _grown(made.get(name), value)
        proofs.append(fact)
    if proofs:
        quotes = tuple(dict.fromkeys(quote for fact in proofs for quote in fact.said.quotes))[:MOST_QUOTES]
        yield replace(proofs[0], fields=made, said=replace(proofs[0].said, quotes=quotes))


def _grown(held: object, value: object) -> object:
    """A set with what it holds already, in order; any other value as it is."""
    if not isinstance(value, list):
        return value
    before = list(held) if isinstance(held, (list, tuple)) else []
    return [*before, *(each for each in value if each not in before)] if value else held


def new(reading: Reading, facts: Iterable[OtherFact]) -> list[OtherFact]:
    """The facts that neither the plan nor an earlier fact says already, in the order of the text."""
    kept: list[OtherFact] = []
    for fact in sorted(facts, key=lambda fact: fact.said.sentence.number):
        planned = [_plain(item.values) for item in reading.context.plan.section(fact.section)]
        told = [_plain(other.fields) for other in kept if other.section == fact.section]
        same = section(fact.section).same
        if not any(same(_plain(fact.fields), other) for other in [*planned, *told]):
            kept.append(fact)
    return kept


def _plain(values: Mapping[str, object]) -> dict[str, Json]:
    """What a section compares."""
    return dict(values)
