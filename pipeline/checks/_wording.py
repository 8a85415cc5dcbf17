"""Whether free words of a change keep to the text: its numbers, names, directions and denials."""

import re
from collections.abc import Iterator

from pipeline.checks import Case, _figures
from pipeline.checks._reading import PEOPLE, WORD, Stretch
from pipeline.checks._terms import hints, people, person_gap, stems, term_gap, whom
from pipeline.checks._words import flat
from pipeline.language.days import possible
from pipeline.names.letters import fold, slip
from pipeline.names.text import no_name
from pipeline.records import Json, Op

NAMES = ("name", "competitor", "standing")
TITLES = ("title", "role", "industry")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
"""Letters of scripts without spaces between words: what they say can't be held against words of ours."""
UNKNOWING = ("misperceptions", "objections")
"""Sections of what somebody does not know or want: their own words deny."""
DENIES = 4
"""How many words a "not" reaches."""
ENOUGH = 0.67
"""The share of a title's or name's words that the text must have."""


def wording(case: Case, name: str, value: Json) -> Iterator[str | None]:
    """What speaks against free words."""
    for part in value if isinstance(value, list) else [value]:
        text = str(part)
        if name == "email":
            yield None if text.lower() in case.reading.flat else f"The text has no address {text}."
        elif name in ("owner", "target", "aliases"):
            yield _somebody(case, name, text)
        elif name == "name" and case.change.section in PEOPLE and case.change.op is Op.add:
            yield _newcomer(case, text)
        elif name in NAMES or name in TITLES:
            yield _covered(case, text)
        else:
            yield from _said(case, text)


def _somebody(case: Case, name: str, text: str) -> str | None:
    """A person or unit put into an action: named near the quote, or meant by a word that stands for one."""
    keys = [key for key in whom(case, text) if key in case.reading.items or key in case.reading.others]
    if name == "aliases" or not keys:
        return _covered(case, text) if name == "aliases" else _unit(case, text)
    if name == "owner":
        return None
    gaps = [_target(case, key) for key in keys]
    return gaps[0] if all(gaps) else None


def _unit(case: Case, text: str) -> str | None:
    """A department or offering as target, or words of its own."""
    found = [key for mention in case.reading.index.mentions(text) for key in mention.keys]
    terms = [key for key in found if case.reading.kind(key) in ("departments", "offerings")]
    gaps = [term_gap(case, key, case.reading.kind(key)) for key in terms]
    return (gaps[0] if all(gaps) else None) if gaps else _covered(case, text)


def _target(case: Case, key: str) -> str | None:
    owner = set(case.reading.index.who(str(case.after.get("owner") or "")))
    besides = {
        *owner,
        *whom(case, case.context.author or ""),
        *(each for name in case.said.speakers for each in whom(case, name)),
    }
    return None if key in owner else person_gap(case, key, frozenset(besides - {key}))


def _newcomer(case: Case, text: str) -> str | None:
    """A new person's whole name stands in the text, if misspelt."""
    there = case.reading.vocabulary(case.reading.whole)
    wanted = [fold(word) for word in WORD.findall(text) if len(word) > 1 and not no_name(fold(word))]
    if UNSPACED.search(text) or all(word in there or _slipped(there, word) for word in wanted):
        return _covered(case, text, whole=False)
    return f"The text does not name {text}."


def _slipped(there: frozenset[str], word: str) -> bool:
    parts = word.split("-")
    return any(slip(word, each) for each in there if each[:1] == word[:1]) or all(part in there for part in parts)


def _covered(case: Case, text: str, whole: bool = True) -> str | None:
    """Whether the text has the words of a name or title, or their initials."""
    wanted = [word for word in WORD.findall(text) if len(word) > 1]
    there = case.reading.vocabulary(case.reading.near(case.quoted, 8, 3))
    if not wanted or UNSPACED.search(case.quoted.text):
        return None
    there |= {str(full) for word, full in case.reading.words.mapping("short").items() if word in there}
    hits = sum(1 for word in wanted if _has(there, fold(word)))
    if hits / len(wanted) > ENOUGH:
        return None
    letters = "".join(word[0] for word in wanted).lower()
    if len(letters) > 2 and letters in there:
        return None
    if whole and all(_has(case.reading.vocabulary(case.reading.whole), fold(word)) for word in wanted):
        return None
    return f'The words near the quote do not say "{text}".'


def _has(there: frozenset[str], word: str) -> bool:
    if word in there or any(slip(word, each) for each in there if each[:1] == word[:1] and len(word) >= 4):
        return True
    return len(word) >= 4 and any(
        len(each) >= 2
        and (each.startswith(word[: max(5, len(word) - 3)]) or (len(each) >= 3 and word.startswith(each)))
        for each in there
    )


def _said(case: Case, text: str) -> Iterator[str | None]:
    reading = case.reading
    close = set(reading.numbers(case.near)) | set(reading.numbers(case.lines)) | _own(case)
    known = close | set(reading.numbers(reading.whole))
    undated = _without_days(case, text)
    written = _figures.figures(undated)
    missing = [number for number in sorted(written) if number not in known and not _scaled(number, known)]
    missing += sorted(_figures.worded(undated, reading.words) - {1, *_figures.HALVES} - close)
    if missing:
        yield f"Nothing near the quote says {', '.join(f'{number:f}' for number in missing)}."
    for mention in reading.index.mentions(text):
        if mention.how.value in ("lowercase", "namesake"):
            continue
        offerings = [key for key in mention.keys if reading.kind(key) == "offerings"]
        if offerings and case.change.section == "actions":
            yield min((term_gap(case, key, "offerings", 8) for key in offerings), key=lambda gap: gap is not None)
        elif not _spoken_of(case, mention.keys):
            yield f"The text does not name {text[mention.start : mention.end]}."
    yield _opposite(case, text)
    yield _denial(case, text)


def _without_days(case: Case, text: str) -> str:
    """A value's words without the days in it, which the text may well write in another way."""
    plain = flat(text)
    for said in reversed(possible(plain, lambda _: case.context.said_on, case.reading.words.spoken)):
        plain = plain[: said.start] + " " + plain[said.end :] if said.shift is None else plain
    return plain


def _own(case: Case) -> set[object]:
    """Numbers that need no proof: those the item has, the year of the text, those of names in the plan."""
    year = case.context.said_on.year
    own = {number for value in case.now.values() for number in _figures.figures(str(value))}
    plan = case.reading.remember("labels", lambda: _labels(case))
    return own | {*_figures.figures(f"{year - 1} {year} {year + 1}")} | plan


def _labels(case: Case) -> set[object]:
    kept = (key for key in case.reading.items if case.context.plan.get(key))
    return set(_figures.figures(" ".join(case.reading.label(key) for key in kept)))


def _scaled(number: object, known: set[object]) -> bool:
    return any(number * scale in known for scale in (1000, 1_000_000))  # type: ignore[operator]


def _spoken_of(case: Case, keys: tuple[str, ...]) -> bool:
    reading = case.reading
    for level in (case.near, case.lines, reading.whole):
        found = {key for mention in reading.named(level) for key in mention.keys} | set(reading.hinted(level))
        if set(keys) & (found | people(case, level) | hints(case, level, "departments")):
            return True
    return False


def _opposite(case: Case, text: str) -> str | None:
    """A word of the value whose opposite the quotes have instead."""
    plain = flat(text)
    for group in case.reading.words.groups("opposites"):
        mine = [pattern for pattern in group if pattern.search(plain)]
        if len(mine) != 1 or mine[0].search(case.near.flat):
            continue
        against = next((found for pattern in group if (found := pattern.search(case.quoted.flat))), None)
        if against and len(stems(text) & stems(case.said.text)) >= 2:
            return f'The words say "{against.group()}", not "{mine[0].search(plain).group()}".'  # type: ignore[union-attr]
    return None


def _denial(case: Case, text: str) -> str | None:
    """A denial that the quotes do not have, or one of theirs that a value so like them lacks."""
    words = case.reading.words
    if case.change.section in UNKNOWING:
        return None
    value = flat(text)
    denies = [stems(_after(value, match.end())) for match in words.pattern("negators").finditer(value)]
    around = [stems(part) for part in _denied(case, case.said)]
    if denies and not any(mine & theirs or not mine for mine in denies for theirs in around):
        return "The value denies what the quotes do not."
    denials = words.pattern("negators").finditer(case.quoted.flat)
    wanted = stems(text)
    alike = len(wanted & stems(case.quoted.text)) / max(1, len(wanted))
    if not denies and alike > 0.8 and any(_next(case.quoted.flat, place.end()) & wanted for place in denials):
        return "The quotes deny what the value says."
    return None


def _after(plain: str, at: int) -> str:
    """The next few words."""
    return " ".join(plain[at : at + 80].split()[:DENIES])


def _denied(case: Case, stretch: Stretch) -> Iterator[str]:
    """What stands around each denial of a stretch."""
    for match in case.reading.words.pattern("negators").finditer(stretch.flat):
        yield stretch.flat[max(0, match.start() - 40) : match.end() + 70]


def _next(plain: str, at: int) -> set[str]:
    """The telling beginning of the word right behind a place."""
    following = WORD.search(plain, at)
    return stems(following.group()) if following and following.start() - at < 3 else set()
