"""Raw events set against each other: said twice is one, titles and days filled in from what is said nearby."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.proposers.rules.filings import titles
from pipeline.proposers.rules.filings.days import When
from pipeline.proposers.rules.filings.events import FINAL_SEAT, Event
from pipeline.proposers.rules.filings.marking import Marked
from pipeline.proposers.rules.filings.patterns import cue
from pipeline.proposers.rules.filings.people import Person

LONG_PAST, SLACK = timedelta(days=150), timedelta(days=4)
STARTS = re.compile(
    r"\b(?:assum\w+|beg[iau]n\w*|commenc\w+|start\w*|join\w*|effective|take\s+office|appointment|election|promotion|transition\w*)\b[^;]{0,80}?"
    r"\b(?:on|as\s+of|effective|beginning|until|around|about)\s+<D(?P<day>\d+)>"
)
ENDS = re.compile(
    r"\b(?:remain\w*|continu\w+|serv\w+|leav\w+|depart\w*|retir\w+|resign\w*|last\s+day|effective|employ\w+|separation|transition\w*|vacat\w+|step\w*)\b[^;]{0,110}?"
    r"\b(?:on|as\s+of|effective|until|through|at|by|be|about|for)\s+(?:the\s+<M>\s+Annual\s+Meeting[^;<]{0,80}?)?<D(?P<day>\d+)>"
)
MEETING = re.compile(r"\bAnnual\s+Meeting\b[^;]{0,90}<D(?P<day>\d+)>", re.IGNORECASE)
NOUN_REFERS = re.compile(
    r"^(?:Th(?:is|e)|Such|His|Her|Their|These)\s+(?:\w+\s+){0,2}?(?P<what>appointments?|elections?|promotions?|resignations?|retirement|departures?|changes?|transition|termination)\b",
    re.IGNORECASE,
)
STAYS_AS = re.compile(
    r"<P(?P<who>\d+)>[^<;]{0,40}?\b(?:continu|remain)\w*\b(?:\s+[a-z]+|\s+<C>){0,7}?\s+(?:<T(?P<title>\d+)>)"
)
STAYS = re.compile(
    r"<P(?P<who>\d+)>[^;]{0,80}?\b(?:continu|remain)\w*\b[^;]{0,60}?\b(?:(?:work|serve|capacity|executive\s+officer|role)\b|employ|advis|with\s+<C>)",
    re.IGNORECASE,
)

UNTIL = re.compile(
    r"<P(?P<who>\d+)>\s+(?:will|has\s+agreed\s+to|is\s+expected\s+to|intends\s+to)\s+(?:continue|remain|serve)\b[^.;]*\b(?:until|through)\b"
)


@dataclass(frozen=True)
class Settled:
    """An event as it is told: the title filled in, the words that prove it as a slice of the document's text."""

    person: Person
    event: str
    title: str
    day: date | None
    start: int
    end: int
    rule: str
    remains: bool = False
    implied: bool = False
    kept: str | None = None
    """The title somebody keeps who gives up another one."""


def settle(raw: Sequence[Event], marked: Sequence[Marked], today: date | None, reported: date | None) -> list[Settled]:
    """The events of a filing, each once, in the order of the text. `today`: when it was signed; `reported`: the day
    it reports on.
    """
    since = reported or today
    fresh = [event for event in raw if _fresh(event, today, since - SLACK if since else None)]
    fresh += _given_up(fresh, marked)
    titled = [event for event in (_titled(event, fresh) for event in fresh) if event is not None]
    counted = [event for event in titled if event.strength == 2 or not _said_better(event, titled)]
    later = [_later_day(event, marked) for event in _merged(counted)]
    return [_told(_with_successor(event, later), marked) for event in later]


def _with_successor(event: Event, all_: Sequence[Event]) -> Event:
    """Who is followed by somebody goes on the day that one comes, unless another day is given."""
    if not event.implied or event.when.sure or event.rule.endswith("part"):
        return event
    followers = [each for each in all_ if each.event == "appointed" and each.person is not event.person]
    days = [each.when for each in followers if titles_overlap(each.title or "", event.title or "")]
    return replace(event, when=days[0]) if days else event


def _fresh(event: Event, today: date | None, since: date | None) -> bool:
    """Not from a biography; and what was reported before only when it takes effect now or later."""
    day = event.when.day
    if day and today and day < today - LONG_PAST:
        return False
    return not event.reported or bool(day and since and day >= since and event.when.sure >= 2)


def _said_better(event: Event, all_: Sequence[Event]) -> bool:
    family = event.event.startswith(("appointed", "director_e"))
    return any(
        other is not event
        and other.person is event.person
        and other.event.startswith(("appointed", "director_e")) == family
        and (other.strength, other.title is not None) > (event.strength, event.title is not None)
        for other in all_
    )


def _titled(event: Event, all_: Sequence[Event]) -> Event | None:
    """The event with the title it must be about, or None when there is none."""
    if event.title is not None:
        return _whole_title(event)
    if event.event == "appointed":
        return _after_whom(event, all_)
    here = [
        each
        for each in all_
        if each.marked is event.marked and each.event == "appointed" and each.title and each.person is not event.person
    ]
    followed = any(each.implied and each.marked is event.marked and each.person is event.person for each in all_)
    if followed and here:
        return replace(event, title=here[-1].title)
    own = _own_title(event.person, event)
    named = next(
        (other.title for other in all_ if other.person is event.person and other.event == event.event and other.title),
        None,
    )
    title = named if named and (not own or titles_overlap(named, own)) else own or named
    if title is None and event.person.director and not event.implied:
        return replace(event, event="director_left", title=FINAL_SEAT)
    if title is None and here and re.search(r"\brole\b|\bposition\b", event.marked.text):
        title = here[-1].title
    if title is None:
        return None
    return replace(event, title=title, filled=True)


def _whole_title(event: Event) -> Event:
    """Who gives up part of the joint title that the same sentence names gives up all of it."""
    if event.event != "departed" or event.remains:
        return event
    here = event.marked.sentence
    fuller = [
        title
        for title, place in event.person.titles
        if place == here.start and tokens(event.title) < tokens(title) and not STAYS_AS.search(event.marked.text)
    ]
    return replace(event, title=fuller[0]) if fuller else event


def _after_whom(event: Event, all_: Sequence[Event]) -> Event | None:
    """Who is named the successor of somebody gets the title given up in the same sentence, or last before it."""
    place = event.marked.sentence.start
    left = [each for each in all_ if each.event == "departed" and each.person is not event.person]
    for other in sorted(left, key=lambda each: abs(each.marked.sentence.start - place)):
        title = other.title or _own_title(other.person, other)
        if title and other.marked.sentence.start <= place:
            same = other.marked is event.marked and not event.when.sure
            return replace(event, title=title, when=other.when if same else event.when, filled=True)
    return None


def _own_title(person: Person, event: Event) -> str | None:
    """The title somebody holds now: as said nearest to the event, in its fullest form."""
    known = [title for title, _ in sorted(person.titles, key=lambda held: abs(held[1] - event.marked.sentence.start))]
    if not known:
        return None
    fuller = [title for title in known if tokens(known[0]) < tokens(title)]
    return fuller[0] if fuller else known[0]


def _given_up(events: Sequence[Event], marked: Sequence[Marked]) -> list[Event]:
    """Part of a joint title that somebody no longer holds, because another one got it."""
    found = []
    for sentence in marked:
        for person, title in sentence.former:
            taken = [each for each in events if each.event == "appointed" and titles_overlap(each.title or "", title)]
            if taken and STAYS_AS.search(sentence.text) and all(each.person is not person for each in taken):
                found.append(_part(person, title, sentence))
        for stays in STAYS_AS.finditer(sentence.text):
            kept = tokens(sentence.title(stays["title"]))
            for person in sentence.people(stays["who"]):
                held = [title for title, _ in person.titles if kept < tokens(title)]
                rest = (
                    [
                        part
                        for part in titles.parts(held[0])
                        if not tokens(part)
                        & kept - {"officer", "president", "vice", "chief", "of", "and", "executive", "senior"}
                    ]
                    if held
                    else []
                )
                title = ", ".join(rest)
                taken = [
                    each
                    for each in events
                    if each.event == "appointed"
                    and each.title
                    and each.person is not person
                    and titles_overlap(each.title, title)
                ]
                if title and taken:
                    found.append(_part(person, title, sentence))
    return found


def _part(person: Person, title: str, sentence: Marked) -> Event:
    return Event(
        person, "departed", title, When(), sentence, "filing.5_02.departed.part", 2, implied=True, remains=True
    )


def _merged(events: Sequence[Event]) -> list[Event]:
    """Events said more than once, once: the best day, the first proof."""
    kept: list[Event] = []
    for event in sorted(events, key=lambda each: (-each.strength, each.marked.sentence.start)):
        twin = next((at for at, other in enumerate(kept) if _same(event, other)), None)
        if twin is None:
            kept.append(event)
            continue
        kept[twin] = _both(kept[twin], event)
    return sorted(kept, key=lambda each: each.marked.sentence.start)


def _both(kept: Event, event: Event) -> Event:
    """One event of two that are the same."""
    if event.filled and (event.reported or (kept.implied and kept.marked is not event.marked)):
        return kept
    better = event.when.sure > kept.when.sure and event.strength == 2
    fuller = event.strength == 2 and not event.implied and not event.filled
    fuller = fuller and (kept.filled or tokens(event.title) > tokens(kept.title))
    return replace(
        kept,
        implied=kept.implied and event.implied,
        when=event.when if better else kept.when,
        title=event.title if fuller else kept.title,
        proof=(*kept.proof, event.marked) if better else kept.proof,
    )


def _same(one: Event, other: Event) -> bool:
    if one.person is not other.person or one.event != other.event:
        return False
    if one.event.startswith("director"):
        return True
    a, b = tokens(one.title), tokens(other.title)
    apart = one.when.sure >= 2 and other.when.sure >= 2 and one.when.day != other.when.day
    if apart and a != b and not (one.filled or other.filled) and len(a & b) * 2 < len(a | b):
        return False
    return titles_overlap(one.title or "", other.title or "")


def tokens(title: str | None) -> frozenset[str]:
    """The words of a title in small letters."""
    return frozenset(re.findall(r"\w+", titles.in_full(title or "").lower()))


def titles_overlap(one: str, other: str) -> bool:
    """Whether two titles are one: half their words shared, or one within the other."""
    a, b = tokens(one), tokens(other)
    return bool(a & b) and (a <= b or b <= a or len(a & b) * 2 >= len(a | b)) and not {"interim", "acting"} & (a ^ b)


def _later_day(event: Event, marked: Sequence[Marked]) -> Event:
    """The event with the day that a following sentence gives it."""
    if event.when.sure >= 2 or event.implied:
        return event
    pattern = STARTS if event.event in {"appointed", "director_elected"} else ENDS
    begin = marked.index(event.marked)
    for sentence in marked[begin + 1 : begin + 4]:
        if not _is_about(event, sentence) or cue("pay").search(sentence.text) or cue("past").search(sentence.text):
            continue
        found = MEETING.search(sentence.text) if event.event == "director_left" else None
        found = found or pattern.search(sentence.text)
        if not found or cue("unreal").search(sentence.text[: found.end()]):
            continue
        day = sentence.day(found["day"])
        if day and (event.when.day is None or day > event.when.day):
            return replace(event, when=When(day, 2), proof=(*event.proof, sentence))
    return event


def _is_about(event: Event, sentence: Marked) -> bool:
    """Whether a later sentence begins with the person or refers to the event."""
    if NOUN_REFERS.match(sentence.text):
        return True
    first = re.search(r"<P(\d+)>", sentence.text)
    return (
        first is not None
        and event.person in sentence.people(first[1])
        and not sentence.text.startswith("In connection")
    )


def _told(event: Event, marked: Sequence[Marked]) -> Settled:
    at = marked.index(event.marked)
    start, end = event.marked.sentence.start, event.marked.sentence.end
    following = marked[at + 1] if at + 1 < len(marked) else None
    if following and following.sentence.block == event.marked.sentence.block:
        until = UNTIL.match(following.text)
        stays = (
            until is not None
            and event.person in following.people(until["who"])
            and event.event in {"departed", "director_left"}
        )
        if following in event.proof or stays:
            end = following.sentence.end
    return Settled(
        person=event.person,
        event=event.event,
        title=event.title or "",
        day=event.when.day,
        start=start,
        end=end,
        rule=event.rule,
        remains=event.remains or (event.event == "departed" and _stays(event.person, marked)),
        kept=_kept(event.person, marked) if event.event == "departed" else None,
        implied=event.implied,
    )


def _kept(person: Person, marked: Sequence[Marked]) -> str | None:
    """The title that somebody is said to continue in."""
    for sentence in marked:
        for found in STAYS_AS.finditer(sentence.text):
            if person in sentence.people(found["who"]) and not UNTIL.search(sentence.text):
                return sentence.title(found["title"])
    return None


def _stays(person: Person, marked: Sequence[Marked]) -> bool:
    return any(
        person in sentence.people(found["who"]) and "<D" not in sentence.text[found.start() :]
        for sentence in marked
        for found in STAYS.finditer(sentence.text)
    )
