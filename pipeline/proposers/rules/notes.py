"""Drafts from a note, mail, transcript or summary."""

from collections.abc import Iterator

from pipeline.proposers import Embed
from pipeline.proposers.rules import assigned, cells, guessed, outcomes, people, promises, roles, settle, situation
from pipeline.proposers.rules.facts import ActionFact, PersonFact, RoleFact
from pipeline.proposers.rules.reader import Reading, read
from pipeline.records import Context, Draft


def drafts(context: Context, embedder: Embed | None = None) -> Iterator[Draft]:
    """All drafts: people, cells, actions, then the other sections."""
    reading = read(context)
    persons = list(people.facts(reading))
    for fact in persons:
        entity = reading.roster.entities[fact.person]
        if entity.kind == "stranger":
            entity.department = entity.department or fact.department
            entity.title = entity.title or fact.title or ""
    played = list(roles.facts(reading))
    told = {fact.said.sentence.number for fact in persons} | {fact.said.sentence.number for fact in played}
    meant = list(guessed.people(reading, embedder, told, {fact.person for fact in persons}))
    persons += [each for each in meant if isinstance(each, PersonFact)]
    played += [each for each in meant if isinstance(each, RoleFact)]
    yield from settle.stakeholders(reading, persons, played)
    found = list(cells.facts(reading))
    yield from settle.cells(reading, [*found, *guessed.cells(reading, embedder, found)])
    settled = list(outcomes.facts(reading))
    used = {fact.said.sentence.number: outcomes.words(reading, fact.item) for fact in settled}
    proofs = {quote for fact in settled for quote in fact.extra}
    promised = promises.facts(reading)
    if assigned.among_ourselves(reading):
        promised = assigned.facts(reading, embedder, promised)
    new = [
        fact
        for fact in promised
        if (fact.said.sentence.number not in used or _another(reading, fact, used[fact.said.sentence.number]))
        and not proofs & set(fact.said.quotes)
    ]
    yield from settle.actions(reading, [*settled, *new])
    yield from situation.drafts(reading)


def _another(reading: Reading, fact: ActionFact, known: frozenset[str]) -> bool:
    """Whether a sentence that tells of a task of the plan also gives out another, with its own verb and day."""
    verb = fact.action.split(" ", maxsplit=1)[0].lower() in reading.lexicon.words("plain_verbs")
    return verb and fact.deadline is not None and bool(fact.words) and not fact.words & known
