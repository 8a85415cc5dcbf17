"""Other ways of calling somebody the plan knows: short names, initials, and names written as they were heard.

A way of calling that could mean two people means neither.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline.names.letters import fold, sound
from pipeline.names.people import nicknames
from pipeline.proposers.rules.lexicon import Lexicon, languages
from pipeline.proposers.rules.pronouns import given_name
from pipeline.proposers.rules.roster import Entity, Roster

FEWEST = 4
"""Letters that a name written as heard must have."""
BLURS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (("oa|au|ow", "o"), ("ee|ea|ie|y|ei", "i"), ("ae|ai|ay|ey", "e"), ("ou|oo", "u"))
)
LED_BY = frozenset({"w", "to", "by", "with", "from", "for", "and", "asked", "told", "met", "saw", "says", "said"})
"""Words before which initials name somebody; elsewhere only a mark or the beginning of a line does."""
THINGS = re.compile(
    r"(?:ung|ungen|heit|keit|keiten|schaft|zeit|zeiten|tion|tionen|ment|schrift|frist|preis|daten|vertrag|angebot|monat|monate"
    r"|woche|wochen|kosten|prüfung|system|software|modul|gerät|liste|plan|bericht|termin|recht|abteilung|leitung)$"
)
"""What German nouns end in that look like a family name behind another noun."""
BEFORE = re.compile(r"(?:(?P<word>[^\W\d_]+)|(?P<mark>[^\w\s]))?[ \t]*$")


def of_plan(roster: Roster, unusable: set[str]) -> Iterator[tuple[str, str]]:
    """(short name, id) of everybody whose given name has one that nobody else of the plan bears."""
    found: dict[str, set[str]] = defaultdict(set)
    for entity in roster.people("person", "ours"):
        given = given_name(entity.name, roster.honorifics)
        for short in nicknames().get(fold(given), ()):
            found[short].add(entity.id)
    for short, ids in found.items():
        if len(ids) == 1 and short not in roster.index and short not in unusable:
            yield short, next(iter(ids))


def initials(text: str, roster: Roster, unusable: set[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, id) of the customer's people by initials ("DM gave it away") or by "Dr. K", where one alone fits."""
    both: dict[str, set[str]] = defaultdict(set)
    last: dict[str, set[str]] = defaultdict(set)
    for entity in roster.people("person", "ours"):
        words = _words(entity, roster)
        if len(words) > 1:
            both[f"{words[0][0]}{words[-1][0]}".upper()].add(entity.id)
        if words and entity.kind == "person":
            last[words[-1][0].upper()].add(entity.id)
    single = (letters for letters, ids in both.items() if len(ids) == 1)
    sure = [letters for letters in single if letters.isalpha() and letters.lower() not in unusable]
    if sure:
        letters = "|".join(sure)
        for match in re.finditer(rf"(?<![\w@.-])({letters})(?=[ ,.;:)]|\n|$|['’]s\b)", text):
            before = BEFORE.search(text[max(0, match.start() - 12) : match.start()].rpartition("\n")[2])
            if before and (before.group("word") or "w").lower() in LED_BY:
                yield match.start(1), match.end(1), next(iter(both[match.group(1)]))
    honoured = "|".join(map(re.escape, sorted(roster.honorifics, key=len, reverse=True)))
    for match in re.finditer(rf"(?<!\w)(?:{honoured})\.? ([A-Z])\.?(?=[ ,.;:)]|\n|$|['’]s\b)", text, re.IGNORECASE):
        ids = last.get(match.group(1), set())
        if match.group()[0].isupper() and len(ids) == 1:
            yield match.start(), match.end(1), next(iter(ids))


def heard(word: str) -> str:
    """A name as it sounds, long vowels and all: "joni" and "joanie" are one."""
    told = sound(fold(word))
    for pattern, letter in BLURS:
        told = pattern.sub(letter, told)
    return told


def alike(one: str, other: str) -> bool:
    """Whether two given names before the same family name are one, its vowels written otherwise: Graeme, Graham."""
    bones = [re.sub(r"[aeiouhy]", "", sound(fold(word))) for word in (one, other)]
    return one[:1] == other[:1] and len(bones[0]) > 1 and bones[0] == bones[1] and abs(len(one) - len(other)) <= 2


def by_ear(word: str, roster: Roster) -> str | None:
    """The id of the one person of the plan whose given name sounds just like a word."""
    if len(word) < FEWEST:
        return None
    found = set()
    for entity in roster.people("person", "ours"):
        given = given_name(entity.name, roster.honorifics)
        if len(given) >= FEWEST and given[0] == word[0] and heard(given) == heard(word):
            found.add(entity.id)
    return next(iter(found)) if len(found) == 1 else None


def _words(entity: Entity, roster: Roster) -> list[str]:
    return [word for word in re.split(r"[\s.]+", entity.name) if word and word.lower() not in roster.honorifics]


def owners(text: str, roster: Roster) -> Iterator[tuple[int, int, str]]:
    """(start, end, id) of names with the German "s" that says whose the next thing is: "Adas Unterschrift"."""
    for match in re.finditer(r"(?<![\w@-])([A-ZÄÖÜ][\w-]{2,})s(?= [A-ZÄÖÜ]\w)", text):
        known = roster.index.get(match.group(1).lower(), ())
        ids = {key for key, weak in known if not weak and roster.entities[key].kind in ("person", "ours")}
        if len(ids) == 1 and match.group().lower() not in roster.index:
            yield match.start(), match.end(), next(iter(ids))


def german_things(first: str, rest: str, roster: Roster) -> bool:
    """Whether two German words with capitals are things and nobody's name: "Zwölf Monate", "Adas Unterschrift"."""
    if "de" not in roster.lexicon.names:
        return False
    names = Lexicon(languages())
    given = first.lower().split("-")[0] in names.words("given_names_he") | names.words("given_names_she")
    return not given and THINGS.search(rest.lower()) is not None
