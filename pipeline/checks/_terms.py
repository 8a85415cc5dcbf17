"""Whether the words of a change speak of the department, offering, person or task that the change is about."""

from collections.abc import Iterable, Iterator

from pipeline import names
from pipeline.checks import Case
from pipeline.checks._reading import PEOPLE, WORD, Stretch
from pipeline.names.letters import fold
from pipeline.records import Op


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
        message = person_gap(case, change.item)
        if message:
            yield message
    elif change.section == "actions" and change.op is not Op.add:
        yield from _task(case)


def term_gap(case: Case, key: str, kind: str) -> str | None:
    """None when the words speak of that department or offering, else what they speak of instead."""
    reading = case.reading
    for level, decisive in _levels(case):
        sure = {each for mention in reading.named(level, (kind,), sure=True) for each in mention.keys}
        if key in sure or key in hints(case, level, kind):
            return None
        if sure and decisive:
            heard = ", ".join(sorted(reading.label(each) for each in sure))
            return f"The words speak of {heard}, not of {reading.label(key)}."
    return f"The text does not name {reading.label(key)}."


def hints(case: Case, level: Stretch, kind: str) -> set[str]:
    """What a stretch may speak of: by a telling word, in small letters, or through somebody who belongs there."""
    reading = case.reading
    found = {each for mention in reading.named(level, (kind,)) for each in mention.keys}
    found |= {key for key in reading.hinted(level) if reading.kind(key) == kind}
    if kind == "departments":
        found |= {str(reading.values(key).get("department")) for key in people(case, level)}
    return found


def people(case: Case, level: Stretch, speakers: bool = True) -> set[str]:
    """The people whom a stretch names or who speak in it: item ids, names for people who are no item."""
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
    return found | set(reading.shortened(level))


def whom(case: Case, name: str) -> tuple[str, ...]:
    """The people whom a written name means; the name itself when it is nobody known."""
    reading = case.reading
    exact = tuple(key for key, (kind, values) in reading.items.items() if kind in PEOPLE and values.get("name") == name)
    found = tuple(key for key in reading.index.who(name) if reading.kind(key) in (*PEOPLE, "people"))
    return exact or found or (name,)


def _levels(case: Case) -> Iterable[tuple[Stretch, bool]]:
    """Where to look, nearest first; decisive where naming another one speaks against this one."""
    yield case.quoted, True
    yield case.said, True
    yield case.near, False
    yield case.lines, False
    yield case.reading.near(case.quoted, 8, 2), True
    yield case.reading.whole, False


def person_gap(case: Case, key: str) -> str | None:
    """None when the words may speak of that person: by name, as the speaker, or by a word that stands for one."""
    reading = case.reading
    others: set[str] = set()
    for level, reach in ((case.quoted, True), (case.said, True), (case.near, False)):
        found = people(case, level)
        if key in found:
            return None
        others = others or (found if reach else set())
    if key in people(case, case.lines) or key in people(case, reading.near(case.quoted, 8, 2)):
        return None
    if others and not reading.words.says(case.said.flat, "pronouns", "me"):
        heard = ", ".join(sorted(reading.label(each) for each in others))
        return f"The words speak of {heard}, not of {reading.label(key)}."
    if key in people(case, reading.whole):
        return None if not others else f"{reading.label(key)} is named far from the quote only."
    return f"The text does not name {reading.label(key)}."


def _task(case: Case) -> Iterator[str]:
    """An action is found again by its own words, its people, or what its target stands for."""
    if _fits(case, str(case.now.get("action") or ""), case.now) > 0:
        return
    rivals = [
        item
        for item in case.context.plan.section("actions")
        if item.id != case.change.item and _fits(case, str(item.values.get("action") or ""), {}) > 0
    ]
    if rivals:
        yield f"The words speak of \"{rivals[0].values.get('action')}\" rather than of this action."
    else:
        yield "Nothing in the quotes speaks of this action."


def _fits(case: Case, action: str, now: object) -> int:
    wanted = stems(action)
    level = case.near if now else case.said
    score = len(wanted & stems(level.text))
    if now and isinstance(case.now.get("target"), str):
        target = case.reading.index.who(str(case.now["target"]))
        score += bool(set(target) & people(case, case.near))
    return score


def stems(text: str) -> set[str]:
    """The telling words of a text, by their beginnings."""
    words = {fold(word) for word in WORD.findall(text)}
    return {word[:5] for word in words if len(word) >= 4 or word.isdigit()} | {fold(w) for w in WORD.findall(text) if w.isupper()}


def same_person(one: str, other: str) -> bool:
    """Whether two written names mean one person."""
    return names.same_person((one,), (other,))
