"""Who speaks in a text written as a conversation, in the ways tools write it out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.formats._lines import word_set

TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?:\s?[AaPp][Mm])?"
NAME = r"[^\W\d_][^\n:：<>\[\]{}|\t]{0,48}?"
# "[00:12] Ann: …", "Ann (00:12): …", "**Ann:** …", "- Ann: …" is a list of remarks and is left to the note.
TURN = re.compile(
    rf"^\s{{0,3}}(?:[\[(]?(?P<before>{TIME})[\])]?\s*[-–|]?\s*)?[*_]{{0,2}}(?P<name>{NAME})[*_]{{0,2}}\s?"
    rf"(?:[\[(]\s*(?P<after>{TIME})\s*[\])])?[*_]{{0,2}}[:：][*_]{{0,2}}(?=\s|$|[^\W\d_\x00-\u2fff])"
)
# A line of its own: "Ann Lee  0:12", "Ann Lee (00:00:12)", "00:00:12 Ann Lee"; SPAN has the name on the line below.
HEAD = re.compile(
    rf"^\s{{0,3}}[*_#]{{0,4}}\s?(?P<name>{NAME})[*_]{{0,2}}\s*(?:\s[-–|]\s*|\s{{1,}}|[\[(])(?P<time>{TIME})[\])]?\s*$"
)
HEAD_TIME_FIRST = re.compile(rf"^\s{{0,3}}[\[(]?(?P<time>{TIME})[\])]?\s+[-–|]?\s*(?P<name>{NAME})\s*$")
SPAN = re.compile(
    r"^\s*(?P<time>\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)\s*-->\s*\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?\s*$"
)
NOT_NAMES = word_set(
    "action actions ai attendees participants agenda date time location next steps step summary notes note overview "
    "decisions decision todo to-do to do follow-up follow up risks risk goals goal budget timeline subject from cc "
    "sent re fw fwd ps nb update status owner due topic topics key points background context http https when where "
    "who what why how q a pros cons termin datum teilnehmer themen aufgaben nächste schritte present apologies title "
    "company customer account deal opportunity amount stage contact phone email result outcome purpose"
)
PARTICLES = word_set("van von der den de del della di da du la le dos ten ter zu al el bin ibn of the and y e und et")


@dataclass(frozen=True)
class Turn:
    """Whose line it is, and the time written beside it. `head`: the line only names the speaker."""

    speaker: str
    cue: str | None = None
    head: bool = False


def turns(lines: Sequence[str]) -> list[Turn | None] | None:
    """The turn each line belongs to, or None when the text is no conversation."""
    for read in (_spans, _heads, _labels):
        found = read(lines)
        if found:
            return _carried(found, lines)
    return None


def _carried(found: Sequence[Turn | None], lines: Sequence[str]) -> list[Turn | None]:
    """Lines without a label belong to the turn above, empty ones to nobody."""
    carried: list[Turn | None] = []
    current: Turn | None = None
    for turn, line in zip(found, lines, strict=True):
        current = turn or current
        if turn or not line.strip() or current is None:
            carried.append(turn)
        else:
            carried.append(Turn(current.speaker, current.cue))
    return carried


def _labels(lines: Sequence[str]) -> list[Turn | None] | None:
    """`Name: words` lines, when enough of them use the same few names."""
    found = [_label(line) for line in lines]
    counts = Counter(turn.speaker for turn in found if turn)
    total, filled = sum(counts.values()), sum(1 for line in lines if line.strip())
    repeated = sum(count for count in counts.values() if count > 1)
    timed = sum(1 for turn in found if turn and turn.cue)
    if total < 3 or total < 0.4 * filled or repeated < 0.6 * total:
        return found if timed >= 3 and timed >= 0.8 * filled and repeated >= 0.3 * total else None
    return found


def _label(line: str) -> Turn | None:
    match = TURN.match(line[:140])
    if match is None or not _may_be_a_name(match["name"]):
        return None
    return Turn(_tidy(match["name"]), match["before"] or match["after"])


def _heads(lines: Sequence[str]) -> list[Turn | None] | None:
    """Lines that hold just a name and a time, each followed by what was said."""
    found: list[Turn | None] = []
    for line in lines:
        short = line if len(line) <= 90 else ""
        match = HEAD.match(short) or HEAD_TIME_FIRST.match(short)
        named = match is not None and _may_be_a_name(match["name"])
        found.append(Turn(_tidy(match["name"]), match["time"], head=True) if match and named else None)
    total, filled = sum(1 for turn in found if turn), sum(1 for line in lines if line.strip())
    counts = Counter(turn.speaker for turn in found if turn)
    if total < 2 or total < 0.15 * filled or total > 0.67 * filled or (total > 3 and max(counts.values()) < 2):
        return None
    return found


def _spans(lines: Sequence[str]) -> list[Turn | None] | None:
    """A span of time, the name on the next line, the words after it."""
    found: list[Turn | None] = [None] * len(lines)
    total = 0
    for at, line in enumerate(lines[:-1]):
        match = SPAN.match(line[:60])
        if match and _may_be_a_name(lines[at + 1][:60]):
            turn = Turn(_tidy(lines[at + 1]), match["time"], head=True)
            found[at] = found[at + 1] = turn
            total += 1
    return found if total >= 2 else None


def _may_be_a_name(written: str) -> bool:
    words = _tidy(written).split()
    if not 1 <= len(words) <= 6 or sum(map(len, words)) > 45:
        return False
    if all(word.strip("()&,").casefold() in NOT_NAMES for word in words):
        return False
    if not words[0][0].isalpha():
        return False
    if len(words) > 1 and any(word[0].islower() and word.casefold() not in PARTICLES for word in words):
        return False
    return not words[-1].endswith((".", ";", "!", "?", ",")) or len(words[-1]) <= 3


def _tidy(written: str) -> str:
    return " ".join(written.strip(" \t*_#-–|").split())
