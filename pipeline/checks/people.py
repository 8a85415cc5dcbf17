"""People: who takes on a task, whose person that is, and who may be believed to have said it.

The one who owns a task is who says "I", or who is named as its doer ("Ann: …", "Ann will …", "Ann to send …"); somebody
named behind a "to", "with" or "for" is whom it is for. Labels that are not one person's prove nobody.
"""

import re
from collections.abc import Iterator

from pipeline.checks import Case, Check
from pipeline.checks._reading import PEOPLE, Reading, Stretch
from pipeline.checks._terms import people, whom
from pipeline.names import Mention
from pipeline.records import Effect, Finding

MARK = re.compile(r"(?:'s\s*(?:[,.;)]|$))|\s*(?:\([^)]*\)\s*)?(?::|->|→|=>|\s[-–—]\s)")
"""What marks the one before it as whose task it is: "Ann: …", "Ann -> …", "the list is Ann's"."""
ADVERB = re.compile(r"[,\s]+(?:[a-z]+ly\s+)?")
BEFORE = re.compile(r"(?:^|[\s(])(\w+|->|→)\s+(?:(?:mr|mrs|ms|dr|herrn?|frau|prof)\.?\s+)?$", re.IGNORECASE)
ARTICLE = re.compile(r"\s+(?:the|a|an|den|die|das)\s", re.IGNORECASE)
PAUSE = re.compile(r"\s+(?:(?:have|had|also|just)\s+)?")
DIRECTED = ("defers_to", "must_align_before")
SIDES = {"team": "ours", "stakeholders": "theirs"}


def run(case: Case) -> Iterator[Finding]:
    """Flags for an owner whom the words do not give the task to, or who is put on the wrong side."""
    if not case.proven:
        return
    if case.change.section == "influence":
        yield from _direction(case)
    if case.change.section not in ("actions", "goals", "obstacles", "dependencies"):
        return
    owner = case.claims.get("owner")
    if isinstance(owner, str):
        keys = set(whom(case, owner))
        for message in filter(None, (_owner(case, keys, owner), _label(case, keys, owner))):
            yield Finding(check="people", effect=Effect.flag, message=message, field="owner")
    side = case.claims.get("owner_side")
    owner = case.after.get("owner")
    if isinstance(side, str) and isinstance(owner, str):
        known = {SIDES.get(case.reading.kind(key)) for key in whom(case, owner)} - {None}
        if known and side not in known:
            whose = "customer's" if side == "theirs" else "our"
            yield Finding(
                check="people", effect=Effect.flag, message=f"{owner} is not one of {whose} people.", field="owner_side"
            )


def _direction(case: Case) -> Iterator[Finding]:
    """Who defers to whom: the one named first, or meant by a pronoun, unless the words are in the passive."""
    who, whom_ = case.after.get("who"), case.after.get("whom")
    if case.after.get("kind") not in DIRECTED or case.reading.words.says(case.said.flat, "passive"):
        return
    order = [key for mention in case.reading.named(case.quoted) for key in mention.keys if key in (who, whom_)]
    alone = len(set(order)) == 1 and order[0] == who and case.reading.words.says(case.quoted.flat, "pronouns")
    if alone or (set(order) == {who, whom_} and order[0] == whom_):
        yield Finding(check="people", effect=Effect.flag, message="The words say it the other way round.", field="who")


def _owner(case: Case, keys: set[str], owner: str) -> str | None:
    """What speaks against the owner, from the quotes outward."""
    for level in (case.quoted, case.said):
        doers = _doers(case, level)
        if keys & doers:
            return None
        if doers:
            return f"The words give it to {_names(case.reading, doers)}, not to {owner}."
    author = keys & set(whom(case, case.context.author or ""))
    if keys & _receivers(case, case.said) and not author:
        return f"{owner} is whom it is for, not who does it."
    if keys & (people(case, case.quoted) | people(case, case.said)):
        return None
    doers = _doers(case, case.near)
    if keys & (doers | people(case, case.lines)):
        return None
    standing = case.reading.words.says(case.said.flat, "pronouns", "us")
    if keys & people(case, case.near) and (standing or not doers):
        return None
    if doers:
        return f"The words give it to {_names(case.reading, doers)} rather than to {owner}."
    if author:
        return None
    return f"Nothing near the quote says that {owner} does it."


def _doers(case: Case, level: Stretch) -> set[str]:
    """Who is named as doing something, and who says "I"."""
    text, found = case.context.document.text, set[str]()
    for mention in case.reading.named(level):
        if _is_person(case.reading, mention.keys) and _does(case, text, mention):
            found |= set(mention.keys)
    for start, end in level.spans:
        speaker = case.context.document.line_at(start).speaker or case.context.author
        if speaker and any(
            _acts(case, start + match.start(), start + match.end()) for match in _firsts(case, start, end)
        ):
            found |= set(whom(case, speaker))
    return found


def _does(case: Case, text: str, mention: Mention) -> bool:
    """Whether the words behind a name make its bearer the doer; behind a "to" only a colon does."""
    if _led(case, mention.start, "asking") or (_opens(case, mention.start) and ARTICLE.match(text, mention.end)):
        return True
    behind = _behind(case, text, mention.start)
    if MARK.match(text, mention.end):
        return not behind or text[mention.end : mention.end + 1] == ":"
    gap = ADVERB.match(text, mention.end)
    doing = case.reading.words.pattern("doing")
    follows = doing.match(case.reading.flat, mention.end) or (gap and doing.match(case.reading.flat, gap.end()))
    return bool(follows) and not behind


def _firsts(case: Case, start: int, end: int) -> Iterator[re.Match[str]]:
    return case.reading.words.pattern("me").finditer(case.reading.flat[start:end])


def _acts(case: Case, start: int, end: int) -> bool:
    """Whether an "I" does something, rather than tells, hears or wants it, or has it done "to me"."""
    flat = case.reading.flat
    gap = PAUSE.match(flat, end)
    if _led(case, start, "asking"):
        return True
    told = bool(gap and case.reading.words.pattern("telling").match(flat, gap.end()))
    return not told and flat[start:end] not in ("my", "mein", "meine", "meinem") and not _behind(case, flat, start)


def _receivers(case: Case, level: Stretch) -> set[str]:
    """Whom a task is for: people who are named behind a "to" or "with" only."""
    text = case.context.document.text
    behind: set[str] = set()
    free: set[str] = set()
    for mention in case.reading.named(level):
        if _is_person(case.reading, mention.keys):
            (behind if _behind(case, text, mention.start) else free).update(mention.keys)
    return behind - free


def _behind(case: Case, text: str, at: int) -> bool:
    found = BEFORE.search(text[max(0, at - 30) : at])
    return bool(found and case.reading.words.pattern("toward").fullmatch(found[1].lower()))


def _led(case: Case, at: int, entry: str) -> bool:
    """Whether the word before a place is of a list."""
    found = BEFORE.search(case.reading.flat[max(0, at - 30) : at])
    return bool(found and case.reading.words.pattern(entry).fullmatch(found[1]))


def _opens(case: Case, at: int) -> bool:
    return any(start == at for start, _ in case.quoted.spans)


def _is_person(reading: Reading, keys: tuple[str, ...]) -> bool:
    return any(reading.kind(key) in (*PEOPLE, "people") for key in keys)


def _names(reading: Reading, keys: set[str]) -> str:
    return " or ".join(sorted(reading.label(key) for key in keys))


def _label(case: Case, keys: set[str], owner: str) -> str | None:
    """An owner who is known by a speaker label alone, when the labels can't be trusted."""
    if case.context.document.speakers_trusted or keys & people(case, case.said, speakers=False):
        return None
    spoken = {key for speaker in case.said.speakers for key in whom(case, speaker)}
    return (
        f"The speaker labels of this text can't be trusted; it does not show that {owner} said it."
        if keys & spoken
        else None
    )


CHECK = Check("people", 40, run)
