"""Who was there, on which side, and whether the names of a transcript are people's."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.formats import person
from pipeline.names import NameIndex, same_person
from pipeline.records import Document, LineKind, Participant, Side, SourceKind

LABEL = re.compile(
    r"^[\W_]*(?:attendees|attended(?: by)?|attending|participants|present|in attendance|invitees|people|with|guests|"
    r"anwesende?|teilnehmer(?:innen|\*innen|:innen)?|teilnehmende|présents?|participants?|asistentes|participantes|"
    r"presenti|partecipanti|aanwezig(?:en)?|deelnemers|出席者?|参加者|同席者?)(?:\s?\([^)]{0,30}\))?[*_\s]*"
    r"(?:[:：][*_]*\s*(?P<rest>.*)|[=#\s]*)$",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"\b(?:apolog|absent|regrets|no[- ]show|not present|excused|did ?n.t join|entschuldigt|abwesend|fehlt|excusée?s?|"
    r"ausente|欠席)",
    re.IGNORECASE,
)
STATE = re.compile(
    r"^(?:joined|left|late|remote|online|in person|on ?site|dial(?:l?ed)? in|by phone|phone|video|part[- ]time|"
    r"optional|chair|host|organi[sz]er|note[- ]?taker|scribe|@[\w-]+|teilweise|später|\d{1,2}:\d{2}).*$",
    re.IGNORECASE,
)
SELF = re.compile(r"i|me|myself|ich|moi|yo|私|tbc|tbd|n/?a|none|all|everyone|alle|others|team", re.IGNORECASE)
BULLET = re.compile(r"^\s*(?:[-*•·–]|\d+[.)])\s+")
OURS = re.compile(
    r"^(?:us|ours|our side|our team|internal|vendor|wir|unsere seite|nous|nosotros|当社|弊社|自社)$", re.IGNORECASE
)
THEIRS = re.compile(
    r"^(?:them|theirs|customer|client|their side|account|kunde|kundenseite|client|cliente|先方|お客様|貴社)$",
    re.IGNORECASE,
)
NOT_A_PERSON = re.compile(
    r"^(?:(?:unknown|unidentified|unnamed|anonymous|other)\b.*|"
    r"(?:speaker|participant|attendee|guest|user|person|caller|voice|channel|sprecher(?:in)?|teilnehmer(?:in)?|locuteur|"
    r"intervenant|hablante|interlocutor|parlante|spreker|話者|参加者|發言人)"
    r"[\s_#-]*(?:[0-9]{1,4}|[a-z])?|(?:.*\b)?(?:conference|meeting|board|huddle|phone|video|team|zoom|teams|war)[\s-]?"
    r"(?:room|booth)\b.*|room\b.*|.*\b(?:room|raum|salle|sala)(?:\s\S{1,12})?|.*会議室.*|"
    r"besprechungsraum.*|konferenzraum.*|(?:.*['’]s )?(?:iphone|ipad|android|macbook|phone|laptop|mobile)\b.*|"
    r"microphone.*|mic[\s_-]?\d*|audio.*|recording.*|"
    r"\+?[\d\s().*x-]{5,}|me|them|you|host|.*\bnotetaker\b.*|.*\b(?:note|notes)[- ]?taker\b.*|.*\bbot\b)$",
    re.IGNORECASE,
)
LONGEST_NAME = 60
LIST_LINES = 40
FEWEST_TURNS = 3


def is_person_label(label: str) -> bool:
    """Whether a speaker label names somebody: not "Speaker 1", a room, a telephone or a number."""
    return NOT_A_PERSON.match(label.strip()) is None


def speakers_trusted(document: Document) -> bool:
    """Whether labels tell people apart: each names somebody, and not one name stands on everything."""
    if any(not is_person_label(label) for label in document.speakers):
        return False
    turns = sum(1 for line in document.lines if line.speaker and line.kind is LineKind.body)
    return not (document.kind is SourceKind.transcript and len(document.speakers) == 1 and turns >= FEWEST_TURNS)


def participants(document: Document) -> tuple[Participant, ...]:
    """Everybody the format, an attendance list or the speaker labels name, each once."""
    found = list(document.participants)
    found += _attendance(document)
    if document.kind is SourceKind.transcript:
        found += [Participant(name=label) for label in document.speakers if is_person_label(label)]
    return tuple(_joined(found))


def _joined(found: Iterable[Participant]) -> list[Participant]:
    """One entry a person; what one list knows and another does not is put together."""
    kept: list[Participant] = []
    for one in found:
        for place, other in enumerate(kept):
            same_mail = one.email and other.email and one.email.casefold() == other.email.casefold()
            if same_mail or (same_person((one.name,), (other.name,)) and not (one.email and other.email)):
                fields = ("email", "title", "organisation")
                missing = {name: getattr(one, name) for name in fields if not getattr(other, name)}
                side = one.side if other.side is Side.unknown else other.side
                kept[place] = other.model_copy(update={**missing, "side": side})
                break
        else:
            kept.append(one)
    return kept


def _attendance(document: Document) -> Iterator[Participant]:
    """People in `Attendees: …` lines and in lists below such a heading."""
    lines = [line for line in document.lines if line.kind in {LineKind.body, LineKind.header}]
    for at, line in enumerate(lines):
        words = document.words(line)[:2000]
        match = LABEL.match(words)
        if match is None or (match["rest"] is None and len(words) > 40):
            continue
        if match["rest"]:
            yield from _listed(match["rest"])
            continue
        below = [document.words(other) for other in lines[at + 1 : at + 1 + LIST_LINES]]
        yield from _below(below)


def _below(below: Sequence[str]) -> Iterator[Participant]:
    """The list under a heading ends at an empty line after it began, or at the next heading."""
    begun = False
    for words in below:
        if not words.strip():
            if begun:
                return
            continue
        bulleted = BULLET.match(words)
        if words.lstrip().startswith("#") or (begun and not bulleted and len(words) > LONGEST_NAME):
            return
        if not bulleted and (words.rstrip().endswith((".", ":")) or len(words) > LONGEST_NAME):
            return
        begun = True
        yield from _listed(BULLET.sub("", words))


def _listed(words: str) -> Iterator[Participant]:
    """The people of one line; `Customer: …` or `当社 = …` before names tells their side, other labels their company."""
    side, organisation = Side.unknown, None
    for piece in _pieces(words):
        label, sign, rest = re.sub(r"[=＝：]", ":", piece).partition(":")
        labelled = bool(sign) and len(label) <= 40 and bool(rest.strip())
        if labelled:
            side, organisation = _whose(label.strip(" *_"))
        who = None if ABSENT.search(piece) else _one(rest if labelled else piece)
        if who:
            yield who.model_copy(update={"side": side, "organisation": who.organisation or organisation})


def _whose(label: str) -> tuple[Side, str | None]:
    if OURS.fullmatch(label):
        return Side.ours, None
    if THEIRS.fullmatch(label):
        return Side.theirs, None
    return Side.unknown, label or None


def _pieces(words: str) -> Iterator[str]:
    """Cuts at commas, semicolons, plus signs and "and", not inside brackets or addresses."""
    depth = begin = 0
    for place, char in enumerate(words):
        depth += (char in "([<（") - (char in ")]>）")
        if depth <= 0 and char in ",;、+&|\t，":
            yield from _ands(words[begin:place])
            begin = place + 1
    yield from _ands(words[begin:])


def _ands(piece: str) -> Iterator[str]:
    inside = re.split(r"\s(?:and|und|et|y)\s(?![^(]*\))", piece)
    yield from (one.strip() for one in inside if one.strip())


def _one(piece: str) -> Participant | None:
    """One person: a name, a title or company in brackets or behind a dash, an address."""
    bracketed = re.search(r"[（(]([^()（）]{1,80})[)）]", piece)
    bare = re.sub(r"[（(][^()（）]*[)）]", " ", piece)
    name, dash, behind = re.split(r"(\s[-–—|]\s|$)", bare, maxsplit=1)
    name, _, home = re.sub(r"\s(?:from|von|de chez)\s", "\n", name, count=1).partition("\n")
    who = person(name.strip(" .")) if name.strip(" .") else None
    title = next((one.strip() for one in (bracketed and bracketed[1], dash.strip() and behind) if one), None)
    if title and STATE.match(title):
        title = None
    if who is None or SELF.fullmatch(who.name) or not _looks_like_a_name(who.name):
        return None
    return who.model_copy(update={"title": title, "organisation": home.strip(" .") or None})


def _looks_like_a_name(name: str) -> bool:
    words = name.split()
    if not words or len(words) > 5 or len(name) > LONGEST_NAME or any(char.isdigit() for char in name):
        return "@" in name
    return not name[0].islower() or "@" in name or len(words) == 1


def sides(
    document: Document, domains: Sequence[str], team: Sequence[str], stakeholders: Sequence[str] = ()
) -> Document:
    """The document with each participant's side set where it shows.

    domains: the customer's mail domains. team: our people, each as a name, `Name (role)`, `Name <mail>` or a mail.
    stakeholders: names of the customer's people whom the plan knows. Ours is who is in the team or shares a mail
    domain with a member of it; theirs is who has a customer's domain, or is a stakeholder and not ours.
    """
    ours = [who for one in team if (who := person(re.sub(r"[（(].*?[)）]", " ", one)))]
    theirs = tuple(domain.casefold().lstrip("@. ") for domain in domains if domain.strip())
    our_domains = {_domain(who.email) for who in ours if who.email}
    known = [who for who in document.participants if _is_one_of(who, ours, document.participants)]
    our_domains |= {_domain(who.email) for who in known if who.email}
    our_domains = {domain for domain in our_domains if domain and not _within(domain, theirs)}
    settled = []
    for who in document.participants:
        domain = _domain(who.email)
        side = who.side
        if domain and _within(domain, theirs):
            side = Side.theirs
        elif who in known or (domain and domain in our_domains):
            side = Side.ours
        settled.append(who.model_copy(update={"side": side}))
    return document.model_copy(update={"participants": _known_of_theirs(settled, stakeholders)})


def _known_of_theirs(people: Sequence[Participant], stakeholders: Sequence[str]) -> tuple[Participant, ...]:
    if not stakeholders or all(who.side is not Side.unknown for who in people):
        return tuple(people)
    known = NameIndex({name: (name,) for name in stakeholders})
    return tuple(
        who.model_copy(update={"side": Side.theirs}) if who.side is Side.unknown and known.who(who.name) else who
        for who in people
    )


def _domain(mail: str | None) -> str:
    return (mail or "").rpartition("@")[2].casefold()


def _within(domain: str, domains: Sequence[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def _is_one_of(who: Participant, team: Sequence[Participant], everybody: Sequence[Participant]) -> bool:
    """Same mail, same name, or a first name alone that only one of them and nobody else there has."""
    for member in team:
        if who.email and member.email and who.email.casefold() == member.email.casefold():
            return True
        if same_person((who.name,), (member.name,)):
            return True
    if " " in who.name.strip():
        return False
    first = who.name.casefold()
    same = [member for member in team if first in {part.casefold() for part in member.name.split()}]
    others = [one for one in everybody if one is not who and first in one.name.casefold().split()]
    return len(same) == 1 and all(same_person((one.name,), (same[0].name,)) for one in others)
