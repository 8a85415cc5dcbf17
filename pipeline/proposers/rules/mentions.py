"""Who and what a text mentions: known people, departments and offerings however written, and people not yet known."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from pipeline.names.letters import fold, given_slip, slip, sound
from pipeline.proposers.rules import shortnames, titles
from pipeline.proposers.rules.roster import CJK, Entity, Roster
from pipeline.proposers.rules.tokens import Mention, apart

CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽĐ]"
PART = rf"{CAPITAL}(?:[\w-]|[’'](?!s\b))*\w"
PARTICLE = r"van|von|de|der|den|da|di|del|la|le|bin|al|ter|zu|O[’']"
NOBLE = re.compile(r"(?:van|von|zu)(?: (?:der|den|de))?")
"""What begins a family name and is a small word too: so only where a mark or a title follows the name."""
NAME = re.compile(
    rf"(?<![\w@.-])({PART}|{CAPITAL}\.)((?:[ \t]+(?:{PARTICLE}|{CAPITAL}\.))*"
    rf"[ \t]+{PART})(?![\w@])([ \t]+{PART}(?![\w@]))?"
)
SMALL_NAME = re.compile(r"(?<![\w-])([a-z]{3,} [a-z]{3,}) \(([^()\n]{2,40})\)")
SUFFIX = re.compile(
    r"(?:[- ]?(?:san|sama|kun|sensei|bucho|kacho|shacho|buchō|kachō)\b|さん|様|部長|課長|社長|氏)", re.IGNORECASE
)
HEARD = 7
SURE_SURNAME = 5


class Mentions:
    """Finds mentions in one text."""

    def __init__(self, text: str, roster: Roster, sloppy: bool, title_words: set[str]) -> None:
        """`sloppy`: the writer uses no capitals, so names are looked for in small letters too."""
        self.text, self.roster, self.sloppy, self.title_words = text, roster, sloppy, title_words
        self.small = roster.lexicon.words("small") | roster.lexicon.words("not_names") | roster.lexicon.words("months")
        self.common = roster.lexicon.words("common_names")
        self.prefixes = roster.lexicon.words("honorifics")

    def find(self) -> list[Mention]:
        """All mentions of people, departments and offerings, in order, without overlap."""
        unusable = self.small | self.common | self.title_words | self.roster.lexicon.words("letters")
        for short, key in shortnames.of_plan(self.roster, unusable):
            self.roster.index[short].append((key, False))
        known = self._known()
        for name in self._new_names(known):
            self.roster.add_stranger(name, f"new:{name}")
        found = self._known() + self._misspelt()
        lettered = [
            Mention(self.roster.entities[key].kind, start, end, (key,))
            for start, end, key in shortnames.initials(self.text, self.roster, unusable)
        ]
        if "de" in self.roster.lexicon.names:
            found += [
                Mention(self.roster.entities[key].kind, start, end, (key,), "'s")
                for start, end, key in shortnames.owners(self.text, self.roster)
            ]
        found += lettered + self._rivals() + self._initials() + self._heard()
        return _merged(_apart(found), self.text)

    def _heard(self) -> list[Mention]:
        """Offerings and departments written as they sound, in two words or one: "hall track" for HaulTrak."""
        names = {
            sound(fold(variant.replace(" ", ""))): entity
            for entity in self.roster.people("offering", "department")
            for variant in entity.variants
            if len(variant) >= HEARD
        }
        found = []
        for match in re.finditer(r"(?=(?<![\w-])(([^\W\d_]{2,})[ -]([^\W\d_]{2,}))(?![\w-]))", self.text):
            first, second = match.group(2).lower(), match.group(3).lower()
            if {first, second} & self.small or len(first + second) < HEARD:
                continue
            heard = sound(fold(first + second))
            entity = names.get(heard) or next(
                (each for name, each in names.items() if name[0] == heard[0] and OSA.distance(name, heard) == 1), None
            )
            if entity:
                found.append(Mention(entity.kind, match.start(1), match.end(1), (entity.id,)))
        return found if self.sloppy else []

    def _initials(self) -> list[Mention]:
        """One of ours by initials alone, where a task follows: "JB to look into it", "AI: MD & MB"."""
        owners: dict[str, list[Entity]] = {}
        for entity in self.roster.people("ours"):
            words = entity.name.split()
            if len(words) > 1:
                owners.setdefault("".join(word[0] for word in words).upper(), []).append(entity)
        short = "|".join(re.escape(letters) for letters, people in owners.items() if len(people) == 1)
        if not short:
            return []
        taken = rf"(?<![\w@.-])({short})(?= (?:to|will|takes?|taking|sends?|has to|asks?|&)(?!\w)|:|\))"
        taken += rf"|(?<=& )({short})(?= to )"
        return [
            Mention("ours", match.start(), match.end(), (owners[match.group()][0].id,))
            for match in re.finditer(taken, self.text)
        ]

    def _rivals(self) -> list[Mention]:
        """A name after "with" or "from" that is nobody's in the plan: another company, it may be."""
        found = []
        words = "|".join(map(re.escape, self.roster.lexicon.words("rival_words")))
        for match in re.finditer(rf"(?<!\w)(?:{words}) ({PART})(?!\w)", self.text) if words else ():
            name = match.group(1)
            if name.lower() not in self.roster.index and self._namelike(name):
                found.append(Mention("rival", match.start(1), match.end(1), value=name, weak=True))
        return found

    def _known(self) -> list[Mention]:
        words = sorted((word for word in self.roster.index if word), key=len, reverse=True)
        if not words:
            return []
        plain = [re.escape(word) for word in words if not CJK.search(word)]
        wide = [re.escape(word) for word in words if CJK.search(word)]
        patterns = [rf"(?<![\w@-])(?:{'|'.join(plain)})(?![\w@])"] if plain else []
        patterns += ["|".join(wide)] if wide else []
        found = []
        for match in re.finditer("|".join(patterns), self.text, re.IGNORECASE):
            mention = self._mention(match.group(), match.start(), match.end())
            if mention:
                found.append(mention)
        return found

    def _mention(self, words: str, start: int, end: int) -> Mention | None:
        entries = self.roster.index[words.lower()]
        entities = [(self.roster.entities[key], weak) for key, weak in entries]
        strong = [entity for entity, weak in entities if not weak]
        chosen = strong or [entity for entity, _ in entities]
        kind = chosen[0].kind
        chosen = [entity for entity in chosen if entity.kind == kind]
        if kind in ("person", "ours", "stranger"):
            return self._person(
                words, start, end, [entity for entity in strong if entity.kind in ("person", "ours", "stranger")]
            )
        if not self._term_fits(words, start, end, bool(strong)):
            return None
        return Mention(kind, start, end, tuple(entity.id for entity in chosen), weak=not strong)

    def _term_fits(self, words: str, start: int, end: int, strong: bool) -> bool:
        capital = words[:1].isupper() or bool(CJK.search(words))
        if not strong and not capital:
            return not words.isupper() and len(words) > 4 and words.lower() not in self.title_words
        if not strong and words.isupper() and len(words) <= 3:
            return self.text[start:end].isupper()
        if len(words) <= 3:
            return self.text[start:end].isupper() or (self.sloppy and words.lower() not in self.small)
        return True

    def _person(self, words: str, start: int, end: int, entities: list[Entity]) -> Mention | None:
        capital = words[:1].isupper() or bool(CJK.search(words))
        single = " " not in words
        if not capital and (
            not self.sloppy or (single and (words.lower() in self.small | self.common or len(words) < 3))
        ):
            return None
        if (
            single
            and capital
            and words.lower() in self.common
            and self._at_start(start)
            and self.text[end : end + 2] == " m"
        ):
            return None
        if single and words.lower() in self.roster.account and self._with_prefix(start) == start:
            return None
        if single and (self._part_of_other(start, end, entities) or self._of_elsewhere(end, entities)):
            return None
        suffix = SUFFIX.match(self.text, end)
        end = suffix.end() if suffix else end
        start = self._with_prefix(start)
        kind = entities[0].kind
        return Mention(kind, start, end, tuple(dict.fromkeys(entity.id for entity in entities)))

    def _with_prefix(self, start: int) -> int:
        while True:
            before = re.search(r"(\w+)\.? $", self.text[max(0, start - 12) : start])
            if not before or before.group(1).lower() not in self.prefixes:
                return start
            start -= len(before.group())

    def _at_start(self, start: int) -> bool:
        before = self.text[:start].rstrip(" \t\"“'-*•")
        return not before or before[-1] in ".!?:\n"

    def _part_of_other(self, start: int, end: int, entities: list[Entity]) -> bool:
        """Whether the one word is half of somebody else's full name ("Anna Marsh" when only Helen Marsh is known)."""
        for match in NAME.finditer(self.text, max(0, start - 40), min(len(self.text), end + 40)):
            if match.start() <= start and end <= match.end(2):
                words = [word for word in match.group(1, 2)[0:2] if word]
                others = " ".join(words).split()
                mine = self.text[start:end]
                rest = [word for word in others if word != mine]
                if not rest or not all(self._namelike(word) for word in rest):
                    return False
                return not any(self._same(rest[0], entity) for entity in entities)
        return False

    def _of_elsewhere(self, end: int, entities: list[Entity]) -> bool:
        """Whether "from …" right behind a given name names another department than that of anybody meant."""
        words = "|".join(map(re.escape, self.roster.lexicon.words("belongs_to")))
        match = (
            re.match(rf" (?:{words}) (?:the )?({PART}(?: (?:and |& )?{PART}){{0,3}})", self.text[end : end + 60])
            if words
            else None
        )
        if not match or any(entity.kind != "person" or not entity.department for entity in entities):
            return False
        place = match.group(1).lower()
        if set(place.split()) & self.roster.account:
            return False
        homes = {key for key, _ in self.roster.index.get(place, ()) if self.roster.entities[key].kind == "department"}
        return bool(homes or " " in place) and not any(entity.department in homes for entity in entities)

    def _same(self, word: str, entity: Entity) -> bool:
        parts = entity.name.lower().replace("-", " ").split()
        low = word.lower().strip(".")
        return any(part == low or part.startswith(low) or given_slip(part, low) for part in parts)

    def _namelike(self, word: str) -> bool:
        low = re.split("['’]", word.lower().strip("."))[0] or word.lower()
        known = self.roster.index.get(low)
        if known and all(self.roster.entities[key].kind in ("department", "offering") for key, _ in known):
            return False
        return (
            low not in self.small
            and low not in self.title_words
            and low not in self.prefixes
            and low not in self.roster.account
            and low not in self.roster.vendor
            and not (word.isupper() and len(word) > 1 and not word.endswith("."))
        )

    def _new_names(self, known: list[Mention]) -> Iterator[str]:
        """Full names of people the plan does not know: capitals, or in careless typing whatever bears a title."""
        starts = [mention.start for mention in known]
        seen: set[str] = set()
        for name, start, end in self._candidates(known, starts):
            words = {word for word in name.split() if word.lower().strip(".") not in self.prefixes}
            fresh = name not in seen and not (len(words) == 1 and any(words & set(other.split()) for other in seen))
            fresh = fresh and not self._taken(known, starts, start, end) and self.roster.find_person(name) is None
            if fresh and not self._close(name):
                seen.add(name)
                yield name

    def _candidates(self, known: list[Mention], starts: list[int]) -> Iterator[tuple[str, int, int]]:
        at = 0
        while match := NAME.search(self.text, at):
            first, rest, third = match.group(1), match.group(2).strip(), (match.group(3) or "").strip()
            at = match.end(1)
            given = self._namelike(first) or self._given(match)
            if not (given and all(self._namelike(word) for word in self._telling(rest, match.end(2)))):
                continue
            if shortnames.german_things(first, rest, self.roster):
                continue
            longer = third and self._namelike(third) and not self._taken(known, starts, match.start(3), match.end(3))
            at = match.end(2)
            yield f"{first} {rest} {third}" if longer else f"{first} {rest}", match.start(), match.end(2)
        for match in SMALL_NAME.finditer(self.text) if self.sloppy else ():
            words = match.group(1).split()
            if titles.whole(match.group(2), self.roster.lexicon.names) and all(self._namelike(word) for word in words):
                yield match.group(1).title(), match.start(), match.end(1)
        prefixes = "|".join(map(re.escape, self.prefixes)) or "mr"
        for match in re.finditer(rf"(?<!\w)(?:{prefixes})\.? ({PART})", self.text, re.IGNORECASE):
            if match.group()[:1].isupper() and self._namelike(match.group(1)):
                yield match.group(), match.start(1), match.end()

    def _telling(self, rest: str, end: int) -> list[str]:
        """The words behind a given name that must look like a name, without what begins a noble one."""
        words = rest.split()
        noble = (
            NOBLE.match(rest) if self.text[end : end + 1] in (",", "(") or self.text[end : end + 2] == " (" else None
        )
        return words[len(noble.group().split()) :] if noble else words

    def _given(self, match: re.Match[str]) -> bool:
        """Whether the first of two capitals is a given name that is a word too: no month after "in", no question."""
        if match.group(1).lower() not in self.common or match.group(1).isupper():
            return False
        before = re.findall(r"[\w,]+", self.text[max(0, match.start() - 12) : match.start()].lower())
        ends = re.search(r"[.?!\n]", self.text[match.end(2) :])
        asks = self._at_start(match.start()) and ends is not None and ends.group() == "?"
        return not asks and not set(before[-1:]) & self.roster.lexicon.words("time_leads")

    def _close(self, name: str) -> bool:
        """Whether it is a known person misspelt."""
        words = [word for word in name.lower().split() if word.strip(".") not in self.prefixes]
        for entity in self.roster.people("person", "ours") if words else ():
            parts = entity.name.lower().split()
            parts = [part for part in parts if part.strip(".") not in self.prefixes]
            if len(words) == 1 and parts[-1:] and len(words[0]) >= SURE_SURNAME and slip(parts[-1], words[0]):
                self.roster.index[name.lower()].append((entity.id, False))
                self.roster.index[words[0]].append((entity.id, False))
                return True
            allowed = 1 if len(words[-1]) < 7 else 2
            if len(parts) < 2 or OSA.distance(parts[-1], words[-1]) > allowed:
                continue
            one_slip = min(len(parts[0]), len(words[0])) >= 5 and parts[0][0] == words[0][0]
            alike = one_slip and parts[-1] == words[-1] and OSA.distance(parts[0], words[0]) == 1
            if alike or given_slip(parts[0], words[0]) or shortnames.alike(parts[0], words[0]):
                self.roster.index[name.lower()].append((entity.id, False))
                return True
        return False

    def _taken(self, known: list[Mention], starts: list[int], start: int, end: int) -> bool:
        at = bisect_right(starts, end - 1) - 1
        while at >= 0 and known[at].end > start:
            if known[at].start < end and (known[at].kind in ("person", "ours", "stranger") or not known[at].weak):
                return True
            at -= 1
        return False

    def _misspelt(self) -> list[Mention]:
        """Words close to a known name: one slip in a short word, two in a long one, never a common word."""
        targets: dict[str, list[Entity]] = {}
        for entity in self.roster.people("person", "ours"):
            for part in entity.name.split():
                if len(part) >= 4:
                    targets.setdefault(part.lower(), []).append(entity)
        for entity in self.roster.people("offering", "department") if self.sloppy else self.roster.people("offering"):
            for variant in entity.variants:
                if len(variant) >= 6 and " " not in variant:
                    targets.setdefault(variant.lower(), []).append(entity)
        found = []
        cache: dict[str, tuple[str, ...]] = {}
        for match in re.finditer(r"[^\W\d_]{4,}", self.text):
            word = match.group()
            low = word.lower()
            if (
                low in self.roster.index
                or low in self.small
                or low in self.common
                or not (word[0].isupper() or self.sloppy)
            ):
                continue
            if low not in cache:
                cache[low] = self._nearest(low, targets)
            ids = cache[low]
            if ids:
                kind = self.roster.entities[ids[0]].kind
                if kind in ("person", "ours") and self._part_of_other(
                    match.start(), match.end(), [self.roster.entities[key] for key in ids]
                ):
                    continue
                found.append(Mention(kind, match.start(), match.end(), ids))
        return found

    def _nearest(self, low: str, targets: dict[str, list[Entity]]) -> tuple[str, ...]:
        if low in self.title_words:
            return ()
        if not self.sloppy and (by_ear := shortnames.by_ear(low, self.roster)):
            return (by_ear,)
        for target, entities in targets.items():
            allowed = 1 if len(target) < 8 else 2
            near = target[0] == low[0] and OSA.distance(target, low, score_cutoff=allowed) <= allowed
            if near and (len(target) >= 5 or self.sloppy):
                return tuple(entity.id for entity in entities)
            if (
                len(low) >= 3
                and len(entities) == 1
                and entities[0].kind == "person"
                and target.startswith(low)
                and len(low) >= 4
            ):
                return (entities[0].id,)
        return ()


def _apart(found: list[Mention]) -> list[Mention]:
    """The longest first, so that a full name wins over its parts."""
    ordered = sorted(found, key=lambda each: (each.start - each.end, each.weak, each.start))
    return [ordered[number] for number in apart([(each.start, each.end) for each in ordered])]


def _merged(found: list[Mention], text: str) -> list[Mention]:
    """Two neighbours that name one person are one mention: "jenifer" "askew"."""
    merged: list[Mention] = []
    for mention in found:
        last = merged[-1] if merged else None
        if (
            last
            and last.kind == mention.kind
            and mention.kind in ("person", "ours", "stranger")
            and text[last.end : mention.start] in (" ", ", ")
        ):
            common = tuple(ref for ref in last.refs if ref in mention.refs)
            if common:
                merged[-1] = Mention(last.kind, last.start, mention.end, common)
                continue
        merged.append(mention)
    return merged
