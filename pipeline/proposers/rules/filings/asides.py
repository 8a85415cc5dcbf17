"""What stands beside a name: titles and relative clauses are taken out of a marked sentence and remembered."""

import re

from pipeline.proposers.rules.filings.marking import Marked
from pipeline.proposers.rules.filings.people import Person

NEW_TITLE = re.compile(
    r"\b(?:as|become|becomes|became|be|role of|position of|office of|duties of|to|title of)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
TITLE_FIRST = re.compile(
    r"(?P<lead>(?:^|(?<=[\s,]))(?:(?:the|The|that|and|by|with|of|from|current|Current|then-current|announced|including|"
    r"its|Its)\s+|(?<=, )|^))(?P<kind>(?:current|existing|longtime|former|outgoing|retiring|departing)\s+)*"
    r"<T(?P<title>\d+)>(?:\s+and\s+<R>)?,?\s+<P(?P<who>\d+)>,?"
)
TITLE_AFTER = re.compile(
    r"<P(?P<who>\d+)>,\s+(?P<kind>(?:who\s+(?:is|serves\s+as|currently\s+serves\s+as)\s+|(?:currently|presently|"
    r"formerly|former|also|the|The|its|our|an?|current|as|age|and|most recently|previously)\s+)*)"
    r"<T(?P<title>\d+)>(?P<of>\s+(?:of|at)\s+<O>)?(?:,?\s+(?:and|as well as)\s+(?:(?:the|an?|as)\s+)*(?:<T\d+>|<R>))*,?"
)
SEAT_AFTER = re.compile(
    r"<P(?P<who>\d+)>,\s+(?:(?:a|an|one|of|the|our|its|current|each|who|is|currently|serves|as|both)\s+)*<R>,?"
)
WHO = re.compile(
    r"<P(?P<who>\d+)>,?\s+who(?P<inner>\s[^;]*?),\s+(?=(?:will|has|have|had|is|was|were|would|shall|to|effective|as|notified|informed|"
    r"resigned|retired|advised|stepped|submitted|tendered|announced|agreed|elected|in|and)\b|<[TRD])"
)
NEWS = re.compile(
    r"appoint|elect|named|promot|resign|retire|depart|step|terminat|remov|succe|replac|left|leav|ceas|relinquish|assum|became|become|join",
    re.IGNORECASE,
)
SERVES = re.compile(
    r"<P(?P<who>\d+)>,?(?:\s+who)?\s+(?:(?:currently|presently|also|has|had|have|been|is|will|continue|continues|to|most|recently)\s+)*"
    r"(?:serv(?:es|ed|ing|e)(?:\s+in\s+(?:his|her|the)\s+(?:current\s+)?(?:role|position|capacity))?\s+as|been|is|was)\s+(?:(?:the|an?|our)\s+)?<T(?P<title>\d+)>(?P<of>\s+(?:of|at)\s+<O>)?"
)
HELD = re.compile(r"<T(?P<title>\d+)>\s+(?:position\s+)?(?:currently\s+)?held\s+by\s+<P(?P<who>\d+)>")
PAIR = re.compile(r"<P(\d+)>((?:,?\s+and\s+|,\s+|\s+)(?:each\s+of\s+|also\s+)?)<P(\d+)>")


def taken(marked: Marked) -> None:
    """Takes asides out of `marked.text`; titles that people hold now are kept with them."""
    _serving(marked)
    text = TITLE_AFTER.sub(lambda found: _after(marked, found), marked.text)
    text = _first(marked, text)
    text = SEAT_AFTER.sub(lambda found: _seated(marked, found), text)
    text = WHO.sub(lambda found: found.group() if NEWS.search(found["inner"]) else f"<P{found['who']}> ", text)
    text = _joined(marked, text)
    marked.text = " ".join(text.split())


def _holds(person: Person, title: str, marked: Marked) -> None:
    if title not in [known for known, _ in person.titles]:
        person.titles.append((title, marked.sentence.start))


def _serving(marked: Marked) -> None:
    for found in HELD.finditer(marked.text):
        for person in marked.people(found["who"]):
            _holds(person, marked.title(found["title"]), marked)
    for found in SERVES.finditer(marked.text):
        past = re.match(r"[^.;]*?\b(?:until|from|prior)\b", marked.text[found.end() :])
        since = re.search(r"\b(?:Prior|Previously|Before|From)\b", marked.text[: found.start()])
        if found["of"] or past or since or "<O>" in marked.text[found.end() : found.end() + 12]:
            continue
        for person in marked.people(found["who"]):
            _holds(person, marked.title(found["title"]), marked)


def _first(marked: Marked, text: str) -> str:
    """So that "the Company's Chief Financial Officer, Jane Roe," becomes <P>."""

    def one(found: re.Match[str]) -> str:
        if NEW_TITLE.search(text[: found.start("title") - 2]):
            return found.group()
        if "former" not in (found["kind"] or ""):
            for person in marked.people(found["who"]):
                _holds(person, marked.title(found["title"]), marked)
            marked.aside[int(found["who"])] = marked.title(found["title"])
        lead = "" if found["lead"].strip().lower() in {"the", "its", "current"} else found["lead"]
        return f"{lead}<P{found['who']}> "

    return TITLE_FIRST.sub(one, text)


def _after(marked: Marked, found: re.Match[str]) -> str:
    """So that "Jane Roe, the Chief Financial Officer," becomes <P>."""
    if not found["of"] and not re.search(r"former|previous|recently", found["kind"]):
        marked.aside[int(found["who"])] = marked.title(found["title"])
        for person in marked.people(found["who"]):
            _holds(person, marked.title(found["title"]), marked)
            person.director = person.director or "<R>" in found.group()
    elif "former" in found["kind"] and not found["of"]:
        marked.former += [(person, marked.title(found["title"])) for person in marked.people(found["who"])]
    return f"<P{found['who']}> "


def _seated(marked: Marked, found: re.Match[str]) -> str:
    for person in marked.people(found["who"]):
        person.director = True
    return f"<P{found['who']}> "


def _joined(marked: Marked, text: str) -> str:
    """Several names in a row become one mark."""
    while found := PAIR.search(text):
        both = marked.people(found[1]) + marked.people(found[3])
        text = f"{text[: found.start()]}{marked.add('P', tuple(dict.fromkeys(both, None)))}{text[found.end() :]}"
    return text
