"""When an event takes effect: the day beside its verb, a day for the whole sentence, or none."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.proposers.rules.filings.marking import Marked

AT_ONCE = r"(?P<now>effective\s+immediately|with\s+immediate\s+effect|immediately\s+effective|effective\s+at\s+once)"
EFFECTIVE = re.compile(
    rf"\b(?:{AT_ONCE}|(?:(?:will|to)\s+(?:be|become)\s+)?(?:effective|with\s+effect|start(?:ing)?\s+date\s+(?:of|is|will\s+be))(?:\s+(?:as\s+of|on|from|beginning|starting|date|at\s+the\s+close\s+of\s+business|the\s+close\s+of\s+business|of|or\s+about|no\s+later\s+than))*,?\s+<D(?P<day>\d+)>"
    r"|(?:effective|with\s+effect)\s+(?P<open>upon|at|on|as\s+of|following|immediately|when|with|concurrent\w*|simultaneous\w*|from|after|in|<M>))",
    re.IGNORECASE,
)
BESIDE = {
    "in": re.compile(
        r"\b(?:on|as\s+of|beginning|commencing|starting|from|by)(?:\s+(?:on|as\s+of|or\s+about|or\s+around))*\s+<D(?P<day>\d+)>",
        re.IGNORECASE,
    ),
    "out": re.compile(
        r"\b(?:on|as\s+of|until|through|at|by|ending|will\s+be|was)(?:\s+(?:on|as\s+of|or\s+about|or\s+around|the\s+(?:close|end)\s+of\s+(?:business|the\s+day)))*,?\s+<D(?P<day>\d+)>",
        re.IGNORECASE,
    ),
}
LEADING = re.compile(
    r"^(?:[A-Z]\w+,\s+)?(?:Effective(?:\s+as\s+of|\s+on)?|On|As\s+of|Also\s+on|And\s+on)\s+<D(?P<day>\d+)>,?\s"
)
NOT_YET = re.compile(
    r"\b(?:notif\w+|inform\w+|advis(?:ed|es)|announc\w+|notice|tendered|submitted|delivered|decision|decided|intent\w*|intends?|elected\s+to|agreed|"
    r"determined|plans?|will|would|expect\w*|to\s+be|not\s+to|not)\b"
)
AFTER_MEETING = re.compile(
    r"^(?:Immediately\s+|Effective\s+)?(?:following|at|after|upon|as\s+of)\s+the\s+[^,<]{0,70}(?:<M>\s+)?[^,<]{0,40}\b(?:on|of)\s+<D(?P<day>\d+)>,",
    re.IGNORECASE,
)
MEETING = re.compile(r"[^;]{0,80}\b[Mm]eeting\b[^;]{0,80}?<D(?P<day>\d+)>")
FAR = 90


@dataclass(frozen=True)
class When:
    """The day (None when the filing gives none) and how surely it is meant: 3 effective (then None means: on something
    that has no day), 2 beside the verb, 1 the sentence's own day, 0 none.
    """

    day: date | None = None
    sure: int = 0


class Place(NamedTuple):
    """Where an event stands in the marked text: [start, end), its verb ending by `verb`, its clause by `limit`."""

    start: int
    verb: int
    end: int
    limit: int


def when(marked: Marked, place: Place, leaving: bool, today: date | None) -> When:
    """When an event takes effect; `today` is what "immediately" means where the sentence names no day."""
    text, (start, verb, end, limit) = marked.text, place
    for found in (*EFFECTIVE.finditer(text, end, limit), *EFFECTIVE.finditer(text, start, end)):
        return _effective(marked, found, today)
    beside = BESIDE["out" if leaving else "in"]
    near = beside.search(text, end, min(limit, end + FAR))
    if near and "<P" not in text[end : near.start()]:
        return When(marked.day(near["day"]), 2)
    meeting = MEETING.match(text[end:limit]) if leaving else None
    if meeting:
        return When(marked.day(meeting["day"]), 2)
    inside = beside.search(text, start, end)
    if inside:
        return When(marked.day(inside["day"]), 2)
    before = list(EFFECTIVE.finditer(text, 0, start))
    if before and (before[-1]["day"] or before[-1]["now"]):
        return _effective(marked, before[-1], today)
    meeting = AFTER_MEETING.match(text)
    if meeting and meeting.end() <= verb:
        return When(marked.day(meeting["day"]), 2)
    leading = LEADING.match(text)
    if leading and leading.end() <= verb and not NOT_YET.search(text[leading.end() : verb]):
        return When(marked.day(leading["day"]), 1)
    return When()


def _effective(marked: Marked, found: re.Match[str], today: date | None) -> When:
    if found["day"]:
        return When(marked.day(found["day"]), 3)
    if found["open"]:
        meeting = MEETING.match(marked.text[found.end() :])
        return When(marked.day(meeting["day"]) if meeting else None, 3)
    leading = re.search(r"<D(\d+)>", marked.text[: found.start()])
    return When(marked.day(leading[1]) if leading else today, 2 if leading else 1)
