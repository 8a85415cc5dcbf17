"""The people a filing names: full names by their form and by "Mr. X" elsewhere, later mentions resolved to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pipeline.proposers.rules.filings.knowledge import given_names, words

CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:[’'-][^\W\d_]+)*"
PARTICLE = r"(?:de|del|della|der|den|di|da|dos|du|van|von|la|le|el|al|bin|ter|ten|zu)"
SUFFIX = r"(?:,?\s+(?:Jr\.?|Sr\.?|I{2,3}\b|IV\b|Ph\.?\s?D\.?|M\.?\s?D\.?|Esq\.?|CPA\b|J\.?D\.?(?!\w)))"
ONE = rf"(?:[^\W\d_a-z]\.(?:[^\W\d_a-z]\.)?|St\.|{CAPITAL})"
WORD = rf"(?:{ONE}|[“\"(]{CAPITAL}[”\")]|{PARTICLE}(?=\s))"
SEQUENCE = re.compile(rf"(?<![\w.&’'-]){ONE}(?:\s+{WORD})*{SUFFIX}{{0,3}}")
HONORIFIC = r"(?:Mr|Ms|Mrs|Miss|Dr|Messrs|Mses|Mmes|Sir|Dame|Hon)\b\.?"
MENTION = re.compile(
    rf"(?<!\w){HONORIFIC}\s+(?P<name>{ONE}(?:\s+(?:{PARTICLE}\s+)*{ONE})*|{PARTICLE}(?:\s+{PARTICLE})*\s+{CAPITAL})"
)
ONE_MORE = re.compile(rf"(?:,\s+and\s+|,\s+|\s+and\s+)(?P<name>(?:{PARTICLE}\s+)*{CAPITAL})(?=[\s,.;’')]|$)")
POSSESSIVE = re.compile(r"[’']s$|[’']$")
SUFFIXES = re.compile(rf"{SUFFIX}+$")
NEXT = re.compile(r",?\s+(?:and|or)\s+|,\s+")
ACTS = re.compile(
    r"(?:,?\s+\(?(?:age[d]?\s+)?[2-9]\d\)?,|,\s+(?:who\s+(?:has|is|was|will|currently|joined|serve[ds])|(?:\w+[’']s\s+|the\s+|our\s+|its\s+|an?\s+)?(?:[\w’'&-]+\s+){0,5}?"
    r"(?:president|officer|chairman|chairwoman|chair|treasurer|controller|secretary|counsel|director|manager|head|member)\b)|"
    r"\s+(?:has|have|will|would)\s+(?:\w+\s+){0,2}?(?:notified|informed|been|be|resign|retire|step|decided|elected|agreed|joined?|serve|act|begin|oversee|become|succeed|assume|depart|leave|tendered|accepted|replace|return|report|lead|transition|move|take|cease|relinquish|remain|continue|commence|begin|start)|"
    r"\s+(?:to\s+(?:the|our|its)\s+(?:board|position|role|office)|to\s+serve\b|as\s+(?:the|its|our|an?|interim|chief|president|senior|executive|vice)\b)|"
    r"\s+(?:notified|informed|advised|resigned|retired|tendered|submitted|delivered|departed|stepped|ceased|passed\s+away|died|was|were|is|plans|intends|expects|and\s+(?:the\s+company|<C>))(?!\w)|"
    r"[’']s?\s+(?:employment|resignation|retirement|departure|appointment|service|title|tenure|last\s+day|decision|intention))",
    re.IGNORECASE,
)
CHOSEN = re.compile(
    r"\b(?:(?:appoint|elect|nam|promot|hir|designat|succeed|replac)(?:ed|s|ing)?|(?:appointment|election|resignation|retirement|departure|promotion|removal|death|employment)\s+of|(?:informed|notified|advised)\s+by)\s+$|"
    r"\b(?:[Pp]resident|[Oo]fficer|[Cc]hair\w*|[Cc]ounsel|[Ss]ecretary|[Tt]reasurer|[Cc]ontroller)\b(?:(?!\b(?:of|for|at)\b)[\w\s,&’'-]){0,40},\s+$"
)


@dataclass(eq=False)
class Person:
    """One person: the fullest name, every way it is written, and the titles the filing says they have."""

    name: str
    surname: str
    forms: set[str] = field(default_factory=set)
    titles: list[tuple[str, int]] = field(default_factory=list)
    """Current titles in the order met, each with the place in the text."""
    director: bool = False

    @property
    def given(self) -> str:
        """The first word of the name in small letters."""
        return self.name.split()[0].rstrip(".").lower()


@dataclass(frozen=True)
class Mention:
    """A person named at [start, end) of a text."""

    start: int
    end: int
    person: Person


class Cast:
    """Everybody a text names."""

    def __init__(self, text: str, company: str = "") -> None:
        """Reads all names of `text`; `company` is the registrant, whose words are no surname by themselves."""
        self.company = {word.lower() for word in re.findall(r"\w+", company)}
        self.surnames = {_last(name) for name in honoured(text)}
        self.people: list[Person] = []
        self._text, self._last = text, -1
        for found in self.candidates(text):
            self._enter(found)

    def candidates(self, text: str) -> Iterator[str]:
        """The full names written in `text`, honorifics off."""
        for start, end in self.spans(text):
            yield " ".join(text[start:end].split())

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where full names stand."""
        self._text, self._last = text, -1
        for found in SEQUENCE.finditer(text):
            for start, end in self._cut(found.group(), found.start()):
                self._last = end
                yield start, end

    def _cut(self, words_: str, offset: int) -> Iterator[tuple[int, int]]:
        """The names in a run of capitalised words: split at words that no name has."""
        tail = SUFFIXES.search(words_)
        stop = tail.start() if tail else len(words_)
        run: list[re.Match[str]] = []
        for piece in re.finditer(r"\S+", words_[:stop]):
            bare = _bare(piece.group())
            initial = re.fullmatch(r"(?:[A-Z]\.)+", piece.group())
            if (
                bare in words("never_names")
                and not initial
                and not (run and _bare_case(piece.group()) in self.surnames)
            ):
                if bare not in words("organisations"):
                    yield from self._whole(run, offset, None)
                run = []
                continue
            run.append(piece)
            if POSSESSIVE.search(piece.group()):
                yield from self._whole(run, offset, None)
                run = []
        yield from self._whole(run, offset, tail.end() if tail and run and run[-1].end() == stop else None)

    def _whole(self, run: list[re.Match[str]], offset: int, end: int | None) -> Iterator[tuple[int, int]]:
        while run and (re.fullmatch(PARTICLE, run[-1].group()) or run[-1].group()[0] in '“"('):
            run = run[:-1]
        while run and (run[0].group()[0] in '“"('):
            run = run[1:]
        if not 2 <= len(run) <= 6:
            return
        pieces = [piece.group() for piece in run]
        if self._is_name(pieces) or self._by_place(pieces, offset + run[0].start(), offset + run[-1].end()):
            last = POSSESSIVE.sub("", pieces[-1])
            yield offset + run[0].start(), offset + (end or run[-1].start() + len(last))

    def _is_name(self, pieces: list[str]) -> bool:
        last = _bare_case(pieces[-1])
        if len(last.rstrip(".")) < 2:
            return False
        if last in self.surnames or (last.isupper() and last.title() in self.surnames):
            return True
        first = _bare(pieces[0])
        if first in given_names():
            return True
        initialled = len(_bare(pieces[0])) > 1 and any(re.fullmatch(r"[A-Z]\.?", piece) for piece in pieces[1:-1])
        initialled = initialled or re.fullmatch(r"[A-Z]\.", pieces[0]) is not None
        return initialled and not {_bare(piece) for piece in pieces} & self.company

    def _by_place(self, pieces: list[str], start: int, end: int) -> bool:
        """Whether two or three words stand where filings name a person: before a verb of theirs, beside a title."""
        bare = {_bare(piece) for piece in pieces}
        if len(pieces) > 4 or bare & self.company or any(piece.isupper() and len(piece) > 2 for piece in pieces):
            return False
        if self._last >= 0 and NEXT.fullmatch(self._text, self._last, start):
            return True
        return bool(ACTS.match(self._text, end - len(pieces[-1]) + len(POSSESSIVE.sub("", pieces[-1])))) or bool(
            CHOSEN.search(self._text, max(0, start - 40), start)
        )

    def _enter(self, name: str) -> None:
        bare = SUFFIXES.sub("", name)
        surname = _last(bare)
        for person in self.people:
            if _same(person, bare, surname):
                person.forms.add(name)
                if len(name) > len(person.name):
                    person.name = name
                return
        self.people.append(Person(name, surname, {name}))

    def named(self, written: str) -> Person | None:
        """The person of a full name."""
        bare = " ".join(SUFFIXES.sub("", written).split())
        surname = _last(bare)
        return next((person for person in self.people if _same(person, bare, surname)), None)

    def called(self, written: str) -> Person:
        """The person meant by "Mr. X": the one with that surname named first, else a new one."""
        full = " ".join(written.split())
        fitting = [person for person in self.people if full in person.forms or _fits(person, full)]
        if not fitting:
            ends = {_last(full).lower(), full.lower()}
            fitting = [person for person in self.people if person.surname.lower() in ends or person.given in ends]
        if not fitting:
            known = Person(full, _last(full), {full})
            self.people.append(known)
            return known
        return fitting[0]


def honoured(text: str) -> Iterator[str]:
    """The names behind honorifics, those of a list too ("Messrs. A, B and C")."""
    for found in MENTION.finditer(text):
        yield trimmed(found["name"])
        if not found.group().startswith(("Messrs", "Mses", "Mmes")):
            continue
        at = found.end()
        while (more := ONE_MORE.match(text, at)) and not re.match(HONORIFIC, more["name"]):
            yield more["name"]
            at = more.end()


def trimmed(name: str) -> str:
    """The name alone: what follows a possessive or is no name's word is cut off."""
    kept: list[str] = []
    for word in name.split():
        if kept and _bare(word) in words("never_names"):
            break
        kept.append(POSSESSIVE.sub("", word))
        if POSSESSIVE.search(word):
            break
    return " ".join(kept)


def _fits(person: Person, written: str) -> bool:
    parts = written.lower().split()
    own = [_bare(word) for word in person.name.split()]
    return person.surname.lower() == written.lower() or own[-len(parts) :] == parts


def _same(person: Person, bare: str, surname: str) -> bool:
    """Whether a full name is that person's: the same surname and first name, middle names not at odds."""
    if person.surname.lower() != surname.lower():
        return False
    one, other = SUFFIXES.sub("", person.name).split(), bare.split()
    a, b = _bare(one[0]), _bare(other[0])
    if not (a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) or b in _short(a)):
        return False
    middles = [{_bare(word)[0] for word in each[1:-1] if word[0] not in '“"('} for each in (one, other)]
    return not (middles[0] and middles[1]) or bool(middles[0] & middles[1])


@cache
def _short(given: str) -> frozenset[str]:
    from pipeline.names.people import nicknames

    return frozenset(nicknames().get(given, ()))


def _last(name: str) -> str:
    parts = SUFFIXES.sub("", name).split()
    return _bare_case(parts[-1]) if parts else ""


def _bare_case(word: str) -> str:
    return POSSESSIVE.sub("", word.strip('.,;:()“”"')).strip(".,")


def _bare(word: str) -> str:
    return _bare_case(word).lower()
