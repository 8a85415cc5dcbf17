"""Where a text names any of many people and terms: one pass over its words, with an index of theirs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.names.letters import CJK, given_slip, slip
from pipeline.names.people import Person, honorifics, nicknames, person
from pipeline.names.terms import abbreviations, initials, parts, singular
from pipeline.names.text import Word, everyday, no_name, split

LONGEST_TERM = 8
Paths = dict[int, tuple[tuple[int, ...], "How"]]
"""Form -> the places of its words met so far, and how the worst of them was met."""


class How(StrEnum):
    """How a text names somebody or something, from sure to doubtful."""

    exact = "exact"
    """The whole name or an alias of it; case, order, titles and marks aside."""
    misspelt = "misspelt"
    nickname = "nickname"
    initial = "initial"
    abbreviation = "abbreviation"
    part = "part"
    """A given name or a surname alone."""
    lowercase = "lowercase"
    """A term in small letters, which may be just a word."""
    namesake = "namesake"
    """A given name or surname beside another one that does not fit: maybe somebody else of that name."""


@dataclass(frozen=True)
class Mention:
    """The characters [start, end) of a text name one of `keys`; more than one key: it can't be told which."""

    start: int
    end: int
    keys: tuple[str, ...]
    how: How


class NameIndex:
    """Finds the names of many people and terms in texts. Built once for a plan, used for many texts.

    `people` and `terms` map a key of the caller's (an item's id) to every way it is written.
    """

    def __init__(self, people: Mapping[str, Sequence[str]], terms: Mapping[str, Sequence[str]] | None = None) -> None:
        self._people: list[tuple[str, Person]] = []
        self._slots: dict[str, dict[tuple[int, int], How]] = {}
        self._terms: dict[str, dict[str, How]] = {}
        self._shouted: dict[str, set[str]] = {}
        self._begun: dict[str, set[str]] = {}
        self._letters: dict[str, set[str]] = {}
        self._vocabulary: set[str] = set()
        self._loud: set[str] = set()
        self._longest = 1
        for key, forms in people.items():
            for form in forms:
                self._add_person(key, person(form))
        for key, forms in (terms or {}).items():
            for form in forms:
                self._add_term(key, form)
        self._gaps = _gaps(self._vocabulary)
        self._cjk = _any_of(self._letters)

    def _add_person(self, key: str, one: Person) -> None:
        if one.other:
            self._letters.setdefault(one.other, set()).add(key)
        if not one.words:
            return
        form = len(self._people)
        self._people.append((key, one))
        for place, word in enumerate(one.words):
            for spelling in word:
                self._slot(spelling, form, place, How.exact)
                if len(spelling) >= 5:
                    self._vocabulary.add(spelling)
        short = set(nicknames().get(one.words[0][0], ())) | ({one.called} - {""})
        for name in short if len(one.words) > 1 else ():
            self._slot(name, form, 0, How.nickname)

    def _slot(self, spelling: str, form: int, place: int, how: How) -> None:
        self._slots.setdefault(spelling, {}).setdefault((form, place), how)

    def _add_term(self, key: str, written: str) -> None:
        words = parts(written)
        if not words:
            return
        for found in re.findall(f"[{CJK}]{{2,}}", written):
            self._letters.setdefault(found, set()).add(key)
        if written.isupper() and len(written) <= 3:
            self._loud.add("".join(words))
        self._term(words, key, How.exact)
        for other in abbreviations().get(words, ()):
            self._term(other, key, How.abbreviation)
        for letters in initials(words):
            self._shouted.setdefault(letters, set()).add(key)
        if len(words) == 1 and len(words[0]) >= 6:
            for length in range(3, 6):
                self._begun.setdefault(words[0][:length], set()).add(key)
        self._vocabulary |= {word for word in words if len(word) >= 6}

    def _term(self, words: tuple[str, ...], key: str, how: How) -> None:
        bare = tuple(word for word in words if word != "and")
        for each in {words, bare} - {()}:
            self._terms.setdefault("".join(each), {}).setdefault(key, how)
            self._longest = min(max(self._longest, len(words)), LONGEST_TERM)

    def mentions(self, text: str) -> list[Mention]:
        """Every mention in the text, in its order. Of two that overlap the longer one stands."""
        words = split(text)
        found = [*self._find_terms(words), *self._find_people(words), *self._find_letters(text)]
        return _longest_first(found)

    def who(self, name: str) -> tuple[str, ...]:
        """The keys that a written name may mean: one when it is clear, several when it is not, none when unknown."""
        one = person(name)
        size = max(len(one.words), 1)
        found = [each for each in self.mentions(name) if each.how is not How.namesake]
        if len(found) == 1 and (len(split(name[found[0].start : found[0].end])) >= size or found[0].how is How.exact):
            return found[0].keys
        return ()

    # Terms

    def _find_terms(self, words: list[Word]) -> Iterable[Mention]:
        at = 0
        mended = [self._mended(word) for word in words] if self._terms else []
        while at < len(mended):
            found = self._term_at(words, mended, at)
            if found is None:
                at += 1
                continue
            length, keys, how = found
            yield Mention(words[at].start, words[at + length - 1].end, tuple(sorted(keys)), how)
            at += length

    def _mended(self, word: Word) -> str:
        """The word in the singular; a misspelt one as the index knows it, marked by a leading "~"."""
        plain = "and" if word.text in "&+" else singular(word.plain[0])
        if plain in self._vocabulary or len(plain) < 6:
            return plain
        near = [
            known for known in self._alike(plain) if len(known) >= 6 and known[0] == plain[0] and slip(plain, known)
        ]
        return f"~{near[0]}" if len(near) == 1 else plain

    def _term_at(self, words: list[Word], mended: list[str], at: int) -> tuple[int, set[str], How] | None:
        best = None
        joined = ""
        for length in range(1, min(self._longest + 1, len(words) - at) + 1):
            here = words[at + length - 1]
            if length > 1 and not here.near:
                break
            joined += mended[at + length - 1].lstrip("~")
            keys = self._terms.get(joined)
            if keys and (words[at].text.isupper() or not (len(joined) <= 2 or joined in self._loud)):
                slipped = any(word.startswith("~") for word in mended[at : at + length])
                how = min(keys.values(), key=list(How).index)
                if slipped:
                    how = How.misspelt
                elif not words[at].capital and not words[at].text[0].isdigit():
                    how = How.lowercase
                best = (length, set(keys), how)
        return best or self._short_term(words, at)

    def _short_term(self, words: list[Word], at: int) -> tuple[int, set[str], How] | None:
        """Initials in capitals, or a word cut short by a dot ("Proc. runs it")."""
        word = words[at]
        if word.text.isupper() and len(word.text) > 1 and word.plain[0] in self._shouted:
            return 1, self._shouted[word.plain[0]], How.abbreviation
        following = words[at + 1] if at + 1 < len(words) else None
        cut = following is not None and word.capital and following.start - word.end > 1 and not following.capital
        if cut and following and following.opens and word.plain[0] in self._begun:
            return 1, self._begun[word.plain[0]], How.abbreviation
        return None

    # People

    def _find_people(self, words: list[Word]) -> Iterable[Mention]:
        at = 0
        while at < len(words):
            length, keys, how = self._person_at(words, at)
            if not length:
                at += 1
                continue
            last = words[at + length - 1]
            keys = self._of_sex(words, at, keys)
            if keys:
                yield Mention(words[at].start, last.end, tuple(sorted(keys)), how)
            at += length

    def _person_at(self, words: list[Word], at: int) -> tuple[int, set[str], How]:
        """How many words from here name a person, which, and how; length 0 for nobody."""
        first = self._places(words[at])
        if not first and not (len(words[at].text) == 1 and words[at].capital):
            return 0, set(), How.part
        paths: Paths = {form: ((place,), how) for (form, place), how in first.items()}
        if not paths:
            return self._after_initial(words, at)
        length = 1
        while at + length < len(words) and words[at + length].near:
            longer = self._extended(paths, words[at + length])
            if not longer:
                break
            paths, length = longer, length + 1
        return self._judged(words, at, length, paths)

    def _places(self, word: Word) -> dict[tuple[int, int], How]:
        """Where a word of the text stands in known names, its misspellings included."""
        found: dict[tuple[int, int], How] = {}
        for spelling in word.plain:
            found |= self._slots.get(spelling, {})
        if found or len(word.plain[0]) < 5:
            return found
        for known in self._alike(word.plain[0]):
            for (form, place), how in self._slots[known].items() if known in self._slots else ():
                last = place == len(self._people[form][1].words) - 1
                if how is How.exact and (slip if last else given_slip)(word.plain[0], known):
                    found[form, place] = How.misspelt
        return found

    def _alike(self, word: str) -> set[str]:
        """Known words within an edit or two, to be judged by the caller."""
        return {known for gap in _without_one(word) for known in self._gaps.get(gap, ())}

    def _extended(self, paths: Paths, word: Word) -> Paths:
        """The names that the next word goes on with."""
        longer: Paths = {}
        here = self._places(word)
        for (form, place), how in here.items():
            if form in paths and place not in paths[form][0]:
                longer[form] = ((*paths[form][0], place), _worse(paths[form][1], how))
        if not longer and len(word.text) == 1 and word.capital:
            for form, (places, how) in paths.items():
                free = _starting(self._people[form][1], places, word.plain[0])
                if free is not None:
                    longer[form] = ((*places, free), _worse(how, How.initial))
        return longer

    def _after_initial(self, words: list[Word], at: int) -> tuple[int, set[str], How]:
        """An initial and the surname behind it: M. Lindqvist."""
        if at + 1 >= len(words) or not words[at + 1].near or len(words[at + 1].text) == 1:
            return 0, set(), How.part
        found: Paths = {}
        for (form, place), how in self._places(words[at + 1]).items():
            free = _starting(self._people[form][1], (place,), words[at].plain[0])
            if free is not None and how in (How.exact, How.misspelt):
                found[form] = ((free, place), _worse(how, How.initial))
        return self._judged(words, at, 2, found) if found else (0, set(), How.part)

    def _judged(self, words: list[Word], at: int, length: int, paths: Paths) -> tuple[int, set[str], How]:
        """Which of the names that fit are meant, and how sure that is."""
        best = min((list(How).index(how) for _, how in paths.values()), default=0)
        kept = {form: each for form, each in paths.items() if list(How).index(each[1]) == best}
        whole = {form for form in kept if length == len(self._people[form][1].words)}
        how = list(How)[best]
        chosen = whole if whole and length > 1 else set(kept)
        keys = {self._people[form][0] for form in chosen}
        if length > 1 and (whole or not all(word.tied for word in words[at + 1 : at + length])):
            return length, keys, how
        given = all(places == (0,) for places, _ in kept.values())
        if not self._alone(words, at, {self._people[form][1].whole for form in whole} == {1}):
            return 0, set(), How.part
        if self._beside_another(words, at, length, given):
            return length, keys, How.namesake
        if whole and how is How.exact:
            return length, keys, How.exact if keys == {self._people[form][0] for form in whole} else How.part
        return length, keys, How.part if how is How.exact else how

    def _alone(self, words: list[Word], at: int, listed_so: bool) -> bool:
        """Whether one word alone may name a person: everyday words and misspellings ask for more."""
        word = words[at]
        exact = any(spelling in self._slots for spelling in word.plain)
        if not exact:
            return word.capital
        if len(word.plain[0]) < 2 or (len(word.plain[0]) == 2 and not word.capital):
            return False
        if word.plain[0] in everyday():
            return word.capital and (not word.opens or self._titled(words, at) is not None)
        return word.capital or listed_so or len(word.plain[0]) >= 3

    def _titled(self, words: list[Word], at: int) -> str | None:
        """The sex that an honorific before or after the word tells ("" for neither); None without honorific."""
        known = honorifics()
        if at and words[at].near and words[at - 1].plain[0] in known.before:
            return known.before[words[at - 1].plain[0]]
        if at + 1 < len(words) and words[at + 1].near and words[at + 1].plain[0] in known.after | known.attached:
            return ""
        return None

    def _of_sex(self, words: list[Word], at: int, keys: set[str]) -> set[str]:
        sex = self._titled(words, at)
        if not sex or len(keys) < 2:
            return keys
        clash = {key for key, one in self._people if key in keys and one.sex and one.sex != sex}
        return keys - clash or keys

    def _beside_another(self, words: list[Word], at: int, length: int, given: bool) -> bool:
        """Whether a capitalised word right beside it looks like the rest of somebody else's name.

        The first word of a sentence is capitalised anyway: before a given name it says nothing.
        """
        after = at + length
        if after < len(words) and words[after].beside and not words[after].opens and self._namely(words[after]):
            return True
        if not at or not words[at].beside or words[at].opens or not self._namely(words[at - 1]):
            return False
        return not words[at - 1].opens or not given or words[at - 1].plain[0] in nicknames()

    def _namely(self, word: Word) -> bool:
        if not word.capital or not word.text.isalpha() or (word.text.isupper() and len(word.text) > 1):
            return False
        return not no_name(word.plain[0]) and singular(word.plain[0]) not in self._terms

    # Letters without spaces between words

    def _find_letters(self, text: str) -> Iterable[Mention]:
        for found in self._cjk.finditer(text) if self._cjk else ():
            name = found.group()
            if name in self._letters:
                yield Mention(found.start(), found.end(), tuple(sorted(self._letters[name])), How.exact)
                continue
            rest = text[found.end() :]
            keys = {key for full, of in self._letters.items() if full.startswith(name) for key in of}
            if any(rest.startswith(ending) for ending in honorifics().cjk):
                yield Mention(found.start(), found.end(), tuple(sorted(keys)), How.part)


def find(text: str, written_forms: Sequence[str]) -> list[tuple[int, int, int, How]]:
    """Where people are mentioned: (start, end, index of the written form, how), one for each that may be meant."""
    index = NameIndex({str(number): (form,) for number, form in enumerate(written_forms)})
    return [(each.start, each.end, int(key), each.how) for each in index.mentions(text) for key in each.keys]


def _worse(one: How, other: How) -> How:
    return max(one, other, key=list(How).index)


def _starting(one: Person, taken: tuple[int, ...], letter: str) -> int | None:
    """The place of a word of the name that starts so and is not taken."""
    return next((at for at, word in enumerate(one.words) if at not in taken and word[0].startswith(letter)), None)


def _without_one(word: str) -> set[str]:
    """The word, and the word less each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _gaps(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    """What is left of each known word without one of its letters: two words that share such a rest are close."""
    found: dict[str, list[str]] = {}
    for word in vocabulary:
        for gap in _without_one(word):
            found.setdefault(gap, []).append(word)
    return found


def _any_of(letters: Mapping[str, object]) -> re.Pattern[str] | None:
    """Any known name in these letters, or the two letters that a name of three or four begins with."""
    begun = {name[:2] for name in letters if len(name) in (3, 4)}
    every = sorted({*letters, *begun}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, every))) if every else None


def _longest_first(found: Iterable[Mention]) -> list[Mention]:
    """The mentions in order of the text, without those inside a longer one."""
    kept: list[Mention] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end, list(How).index(one.how))):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept
