"""A sentence with its people, titles, days, company and board replaced by marks, so that patterns can be short.

    <P3> people (one or several)   <T1> a title        <R> a seat on the board ("a director", "a member of the board")
    <D2> a full day                <M> a day without its day or year ("May 2019")
    <C> the registrant             <B> its board       <O> another organisation

The number is the place in `Marked.marks`. What stands in brackets is left out, ages and committees too.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.language.words import names
from pipeline.language.written import first_day
from pipeline.proposers.rules.filings import titles
from pipeline.proposers.rules.filings.knowledge import words
from pipeline.proposers.rules.filings.people import HONORIFIC, MENTION, ONE_MORE, Cast, Person, trimmed
from pipeline.proposers.rules.filings.text import Sentence

MONTHS = "|".join(name.capitalize() for name in names("months", "en"))
HEADED = re.compile(r"^\W*Item\s+5\.02\b.{0,300}?\b(?:Officers?|Directors?)\W+(?=(?:On|Effective|As\s+of|In)\s)")
DAY = re.compile(
    rf"\b(?:(?:{MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*|\d{{1,2}}\s+(?:{MONTHS}),?\s+)(?:19|20)\d\d\b|\b\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d\b"
)
TERM = re.compile(
    r"\(\s*(?:such date,?\s*|in each case,?\s*)?(?:the\s+|such\s+)?[“\"](?P<term>[A-Z][^”\"]{2,50})[”\"][^)]*\)"
)
PART_DAY = re.compile(
    rf"(?:(?:early|mid|late|fiscal(?:\s+year)?|calendar|the\s+\w+\s+quarter\s+of)[\s-]+)?(?:(?:{MONTHS})(?:\s+of)?,?\s+)?\b(?:19|20)\d\d\b"
)
LEGAL = frozenset(["inc", "corp", "corporation", "co", "company", "the", "ltd", "llc", "lp", "plc", "of"])
BRACKETS = re.compile(r"\s*\([^()]*\)")
COMPANY = re.compile(
    r"\b(?:[Tt]he|[Oo]ur)\s+(?:Company|Registrant|Corporation|Bank|Partnership|Trust|Fund|Issuer|Firm)\b(?!\s+and\s+the\s+<)"
)
OTHER = re.compile(
    r"(?:[A-Z][\w&.’'-]*,?\s+){1,6}(?:Inc|Corp|Corporation|LLC|L\.L\.C|LLP|L\.P|LP|Ltd|Limited|PLC|plc|Company|Co|GmbH|S\.A|N\.V|A\.G|AG)\b\.?"
    r"(?:,?\s+an?\s+[A-Z]\w+\s+(?:corporation|company|limited liability company))?"
)
BOARD = re.compile(
    r"(?:\b(?:the|our|its)\s+)?(?:<C>[’']s\s+)?\bboards?\b(?:\s+of\s+(?:directors|trustees))?(?:\s+of\s+<C>)?",
    re.IGNORECASE,
)
COMMITTEE = re.compile(
    r"(?:(?!(?:President|Officers?|Chief|Vice|Directors?|Treasurer|Secretary|Counsel|Controller|Manager)\b)"
    r"(?:[A-Z][\w&’'-]*,?|and|of|the)\s+){0,8}?(?:[Ss]ub)?[Cc]ommittees?\b(?:\s+of\s+(?:the\s+)?[Bb]oard(?:\s+of\s+[Dd]irectors)?)?"
)
SEAT = re.compile(
    r"(?:\b(?:an?|its|the|our|new|additional|independent|non-?employee|non-?executive|outside|class\s+i+|of|as)\s+)*"
    r"(?:\bmembers?\s+of\s+<B>|(?<!managing )\b(?:directors?|trustees?)\b"
    r"(?:\s+(?:of|to|on)\s+(?:<C>|<B>))?|\bdirectorships?\b)",
    re.IGNORECASE,
)
VACANCY = re.compile(
    r"\bfill\s+(?:the|a|an|such|that|this)\s+(?:[\w-]+\s+){0,3}(?:vacanc(?:y|ies)|seats?)\b(?:\s+on\s+<B>)?",
    re.IGNORECASE,
)
AGED = r"(<P\d+>),?\s+(?:who\s+is\s+)?(?:age[ds]?\s+)?\d\d(?:\s+years?\s+(?:old|of\s+age))?\s*,"
AGE = re.compile(AGED)
BESIDE_AGE = re.compile(rf"{AGED}(?=\s+(?:(?:the|its|our|an?|who|currently|formerly)\s|<T))")
ACTOR = re.compile(r"\s+by\s+(?:<B>|<C>|the\s+committee|committee)(?:\s+of\s+<C>)?")
SAME_DAY = re.compile(r"\b(?:such|that|the same|that same|said)\s+(?:date|day)\b", re.IGNORECASE)
TODAY = re.compile(
    r"\bthe\s+date\s+(?:hereof|of\s+this\s+(?:report|filing|current\s+report[^,.;]{0,20}))|\btoday\b", re.IGNORECASE
)


@dataclass(eq=False)
class Marked:
    """A sentence in marks. `marks[n]` is what <P n>, <T n> or <D n> stands for."""

    sentence: Sentence
    text: str = ""
    marks: list[tuple[Person, ...] | str | date] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)
    """By the number of a <P>: the title that stood beside the name."""
    former: list[tuple[Person, str]] = field(default_factory=list)
    """Titles that stood beside a name as former ones."""

    def people(self, number: int | str) -> tuple[Person, ...]:
        """The people of <P number>."""
        found = self.marks[int(number)]
        return found if isinstance(found, tuple) else ()

    def title(self, number: int | str) -> str:
        """The title of <T number>."""
        return str(self.marks[int(number)])

    def day(self, number: int | str) -> date | None:
        """The day of <D number>."""
        found = self.marks[int(number)]
        return found if isinstance(found, date) else None

    def add(self, kind: str, value: tuple[Person, ...] | str | date) -> str:
        """A new mark."""
        self.marks.append(value)
        return f"<{kind}{len(self.marks) - 1}>"


@dataclass
class Setting:
    """What marking needs to know of the whole filing."""

    cast: Cast
    company: re.Pattern[str]
    terms: Mapping[str, date]
    today: date | None
    subject: Person | None = None
    day: date | None = None
    """The first day of the last sentence that has one."""


def defined_days(text: str) -> dict[str, date]:
    """The days that the filing gives a name: 'effective May 1, 2020 (the "Effective Date")'."""
    found: dict[str, date] = {}
    for term in TERM.finditer(text):
        if not re.search(r"Date|Day|Time", term["term"]):
            continue
        days = list(DAY.finditer(text, max(0, term.start() - 40), term.start()))
        day = first_day(days[-1].group()) if days else None
        if day and not re.search(r"[.;]\s", text[days[-1].end() : term.start()]):
            found.setdefault(term["term"], day)
    return found


def company_pattern(name: str) -> re.Pattern[str]:
    """What the registrant is called, in full and short."""
    found = re.findall(r"[\w&’'-]+", name)
    core = [word for word in found if word.lower().strip(".") not in LEGAL]
    ways = []
    if core:
        full = r"[\s,.]+(?:of[\s,.]+)?".join(map(re.escape, core))
        legal = r"(?:,?\s+(?:Inc|Corp|Corporation|Company|Co|Ltd|Limited|LLC|L\.P|LP|PLC|plc)\b\.?)?"
        ways.append(
            rf"(?:\bthe\s+)?\b{full}{legal}(?:,?\s+an?\s+[A-Z]\w+(?:\s+[A-Z]\w+)?\s+(?:corporation|company|limited\s+liability\s+company))?"
        )
        if len(core[0]) > 3:
            ways.append(rf"\b(?-i:{re.escape(core[0])}|{re.escape(core[0].title())})\b(?!\s+[A-Z])")
    return re.compile("|".join(ways) or r"(?!)", re.IGNORECASE)


def mark(sentence: Sentence, setting: Setting) -> Marked:
    """The sentence in marks; people met are remembered in `setting` for the sentences that follow."""
    marked = Marked(sentence)
    text = HEADED.sub("", " ".join(sentence.text.replace("<", " ").replace(">", " ").split()))
    text = _days(text, marked, setting)
    text = BRACKETS.sub("", BRACKETS.sub("", text))
    text = _people(text, marked, setting)
    text = setting.company.sub("<C>", text)
    text = COMPANY.sub("<C>", text)
    text = re.sub(r"<C>\s+(?:and|or)\s+<C>", "<C>", text)
    text = OTHER.sub("<O>", text)
    text = _titles(COMMITTEE.sub(" committee", text), marked)
    text = BOARD.sub("<B>", text)
    text = SEAT.sub(" <R>", VACANCY.sub("<R>", text))
    text = re.sub(r"(?:<C>[’']s|\bits|\bour|\btheir)\s+(?=(?:\w+\s+)?<T)", "the ", text)
    text = re.sub(r"(<T\d+>|<R>)\s+(?:of|for|at)\s+<[CB]>(?:[’']s\s+\w+)?", r"\1", text)
    text = ACTOR.sub("", AGE.sub(r"\1", BESIDE_AGE.sub(r"\1,", text)))
    marked.text = " ".join(re.sub(r"\s+([,;.])", r"\1", text).split())
    return marked


def _days(text: str, marked: Marked, setting: Setting) -> str:
    first: date | None = None
    for written in reversed(list(DAY.finditer(text))):
        day = first_day(written.group())
        if day:
            first = day
            text = f"{text[: written.start()]}{marked.add('D', day)}{text[written.end() :]}"
    for term, day in setting.terms.items():
        if term in text:
            # Where the term is being defined, it stands in brackets that are left out.
            text = re.sub(rf"\b(?:the|such)\s+{re.escape(term)}\b", _marker(marked, day), text)
    setting.day = first or setting.day
    if setting.day and SAME_DAY.search(text):
        text = SAME_DAY.sub(_marker(marked, setting.day), text)
    if setting.today and TODAY.search(text):
        text = TODAY.sub(_marker(marked, setting.today), text)
    return PART_DAY.sub("<M>", text)


def _marker(marked: Marked, day: date) -> Callable[[re.Match[str]], str]:
    return lambda _: marked.add("D", day)


def _people(text: str, marked: Marked, setting: Setting) -> str:
    """Names become marks, "he" and "she" too."""
    places: list[tuple[int, int, Person]] = []
    for start, end, name in _honoured(text):
        places.append((start, end, setting.cast.called(name)))
    for start, end in setting.cast.spans(text):
        person = setting.cast.named(text[start:end])
        if person and not any(left < end and start < right for left, right, _ in places):
            places.append((start, end, person))
    places.sort(key=lambda place: place[0])
    out, at, last = [], 0, setting.subject
    for start, end, person in places:
        between, last = _pronouns(text[at:start], marked, last)
        out += [between, marked.add("P", (person,))]
        last, at = person, end
    rest, last = _pronouns(text[at:], marked, last)
    if places:
        setting.subject = places[0][2]
    return "".join([*out, rest])


def _pronouns(text: str, marked: Marked, who: Person | None) -> tuple[str, Person | None]:
    if who is None:
        return text, who
    return re.sub(r"\b(?:[Hh]e|[Ss]he)\b", lambda _: marked.add("P", (who,)), text), who


def _honoured(text: str) -> list[tuple[int, int, str]]:
    """Where people are called "Mr. X", those of a list too."""
    found = []
    for match in MENTION.finditer(text):
        name = trimmed(match["name"])
        end = match.start("name") + len(name)
        found.append((match.start(), end, name))
        if match.group().startswith(("Messrs", "Mses", "Mmes")):
            at = end
            while (more := ONE_MORE.match(text, at)) and not re.match(HONORIFIC, more["name"]):
                found.append((more.start("name"), more.end(), more["name"]))
                at = more.end()
    return found


def _titles(text: str, marked: Marked) -> str:
    for start, found in reversed(titles.spans(text)):
        end = start + len(text[start:found].rstrip(" ,;&/-–—"))
        title = titles.written(text[start:end])
        small = not re.search(r"[A-Z]", title) and title.lower() in words("bare_titles")
        if not (titles.is_empty(title) or "ommittee" in title or small):
            text = f"{text[:start]}{marked.add('T', title)}{text[end:]}"
    return text
