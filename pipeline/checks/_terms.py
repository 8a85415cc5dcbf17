"""Whether the words of a change speak of the department, offering, person or task that the change is about."""

from collections.abc import Iterator

from pipeline import names
from pipeline.checks import Case
from pipeline.checks._reading import PEOPLE, WORD, Reading, Stretch
from pipeline.names.letters import fold
from pipeline.records import Item, Op

NEAREST = 2
"""From how many sentences back another one that is named speaks against this one."""
ANTECEDENT = 5
"""How many sentences back a pronoun may reach."""
SHORT = 300
"""A line up to so many characters is about one thing."""


def about(case: Case) -> Iterator[str]:
    """What speaks against the item itself: another department, offering, person or task than the words name."""
    change = case.change
    if change.section == "cells":
        for name in ("department", "offering"):
            key = case.now.get(name)
            message = term_gap(case, key, f"{name}s") if isinstance(key, str) else None
            if message:
                yield message
    elif change.section == "stakeholders" and change.op is not Op.add:
        message = _subject(case) or person_gap(case, change.item)
        if message:
            yield message
        elif case.removes and not case.reading.words.says(case.said.flat, "leaving"):
            yield f"Nothing in the quotes says that {case.reading.label(change.item)} leaves."
    elif change.section == "actions" and change.op is not Op.add:
        yield from _task(case)


def term_gap(case: Case, key: str, kind: str, patience: int = NEAREST) -> str | None:
    """None when the words speak of that department or offering, else what they speak of instead."""
    reading = case.reading
    for level in (case.quoted, case.said):
        heard = hints(case, level, kind, through=False)
        if key in heard or key in hints(case, level, kind):
            return None
        if heard:
            return _instead(case, heard, key)
    through = hints(case, case.quoted, kind)
    if len(case.lines.text) < SHORT and key in hints(case, case.lines, kind):
        return None
    for back in (1, 2, 4, 8):
        level = reading.near(case.quoted, back, back // 2)
        if key in hints(case, level, kind):
            return None
        heard = {each for mention in reading.named(level, (kind,), sure=True) for each in mention.keys}
        if back >= patience and (heard or through - {"None"}):
            return _instead(case, heard or (through - {"None"}) & reading.items.keys(), key)
    if key in hints(case, case.lines, kind) or key in hints(case, reading.whole, kind):
        return None
    return f"The text does not name {reading.label(key)}."


def _instead(case: Case, heard: set[str], key: str) -> str:
    named = ", ".join(sorted(case.reading.label(each) for each in heard)[:3])
    return f"The words speak of {named}, not of {case.reading.label(key)}."


def hints(case: Case, level: Stretch, kind: str, through: bool = True) -> set[str]:
    """What a stretch may speak of: by a telling word, in small letters, or through somebody who belongs there."""
    reading = case.reading
    found = {each for mention in reading.named(level, (kind,)) for each in mention.keys}
    found |= {key for key in reading.hinted(level) if reading.kind(key) == kind}
    if kind == "departments" and through:
        found |= {str(reading.values(key).get("department")) for key in people(case, level) - {case.change.item}}
    return found


def people(case: Case, level: Stretch, speakers: bool = True) -> frozenset[str]:
    """The people whom a stretch names or who speak in it: item ids, names for people who are no item."""
    return case.reading.remember(
        ("people", level.spans, level.speakers, speakers), lambda: _people(case, level, speakers)
    )


def _people(case: Case, level: Stretch, speakers: bool) -> frozenset[str]:
    reading = case.reading
    found = {
        key
        for mention in reading.named(level)
        for key in mention.keys
        if reading.kind(key) in PEOPLE or reading.kind(key) == "people"
    }
    for speaker in level.speakers if speakers else ():
        found |= set(whom(case, speaker))
    if not level.speakers and case.context.author and reading.words.says(level.flat, "me", "us"):
        found |= set(whom(case, case.context.author))
    return frozenset(found | reading.shortened(level))


def whom(case: Case, name: str) -> tuple[str, ...]:
    """The people whom a written name means; the name itself when it is nobody known."""
    reading = case.reading
    return reading.remember(("whom", name), lambda: _whom(reading, name))


def _whom(reading: Reading, name: str) -> tuple[str, ...]:
    exact = tuple(key for key, (kind, values) in reading.items.items() if kind in PEOPLE and values.get("name") == name)
    found = tuple(key for key in reading.index.who(name) if reading.kind(key) in (*PEOPLE, "people"))
    return exact or found or (name,)


def person_gap(case: Case, key: str, besides: frozenset[str] = frozenset()) -> str | None:
    """None when the words may speak of that person: by name, as the speaker, or by a word that stands for one.

    That they name those in `besides` speaks against nobody.
    """
    reading = case.reading
    quoted, said = people(case, case.quoted) - besides, people(case, case.said) - besides
    if key in quoted | said:
        return None
    near, further = people(case, case.near) - besides, people(case, reading.near(case.quoted, 8, 2))
    if not (quoted | said) or reading.words.says(case.quoted.flat, "pronouns"):
        if key in people(case, case.lines) or key in _antecedents(case, besides):
            return None
        if key in further and not near:
            return None
    if quoted | said | near:
        heard = ", ".join(sorted(reading.label(each) for each in quoted or said or near)[:3])
        return f"The words speak of {heard}, not of {reading.label(key)}."
    if key in people(case, reading.whole):
        return None
    return f"The text does not name {reading.label(key)}."


def _antecedents(case: Case, besides: frozenset[str]) -> set[str]:
    """Whom a "she" in the quotes may stand for: the people of the two nearest sentences that name any."""
    found: set[str] = set()
    steps = 0
    for back in range(1, ANTECEDENT + 1):
        more = people(case, case.reading.near(case.quoted, back, 1)) - besides
        steps += bool(more - found)
        found |= more
        if steps == 2:
            break
    return found


def _subject(case: Case) -> str | None:
    """Quotes that name somebody else, and not the one a change is about, are about somebody else."""
    named = people(case, case.quoted, speakers=False) - {*whom(case, case.context.author or "")}
    if not named or case.change.item in named | people(case, case.said):
        return None
    heard = ", ".join(sorted(case.reading.label(each) for each in named)[:3])
    return f"The words speak of {heard}, not of {case.reading.label(case.change.item)}."


def _task(case: Case) -> Iterator[str]:
    """An action is found again by its own words and people; another one that fits better speaks against it."""
    mine = case.context.plan.get(case.change.item)
    if mine is None:
        return
    others = [item for item in case.context.plan.section("actions") if item.id != mine.id]
    common = set.intersection(*(_telling(item) for item in (mine, *others))) if others else set()
    for level in (case.quoted, case.said, case.near):
        own = _fit(case, mine, level, common)
        best = max(others, key=lambda item: _fit(case, item, level, common), default=None)
        rival = _fit(case, best, level, common) if best else 0
        if rival > own and best is not None:
            yield f'The words speak of "{best.values.get("action")}" rather than of this action.'
        if own or rival:
            return
    if not _fit(case, mine, case.reading.near(case.quoted, 8, 2), common):
        yield "Nothing near the quotes speaks of this action."


def _telling(item: Item) -> set[str]:
    return stems(f"{item.values.get('action') or ''} {item.values.get('resources') or ''}")


def _fit(case: Case, item: Item, level: Stretch, common: set[str]) -> float:
    """How many of an action's words a stretch has; its people count half."""
    there, begun = case.reading.remember(("stems", level.spans), lambda: _stems_of(level))
    words = len({word for word in _telling(item) - common if word in there or word[:4] in begun})
    named = people(case, level, speakers=False)
    persons = sum(
        bool(set(whom(case, str(item.values[name]))) & named) for name in ("target", "owner") if item.values.get(name)
    )
    return words + persons / 2


def _stems_of(level: Stretch) -> tuple[set[str], set[str]]:
    there = stems(level.text)
    return there, {each[:4] for each in there}


def stems(text: str) -> set[str]:
    """The telling words of a text, by their beginnings."""
    words = {fold(word) for word in WORD.findall(text)}
    return {word[:5] for word in words if len(word) >= 4 or word.isdigit()} | {
        fold(w) for w in WORD.findall(text) if w.isupper()
    }


def same_person(one: str, other: str) -> bool:
    """Whether two written names mean one person."""
    return names.same_person((one,), (other,))
