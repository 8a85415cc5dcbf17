"""Whom "I", "you", "he" and "she" mean, and which of two people of one name."""

import re
from dataclasses import dataclass, field

from pipeline.proposers.rules.lexicon import Lexicon, languages
from pipeline.proposers.rules.roster import Entity, Roster
from pipeline.proposers.rules.tokens import Mention, Sentence

OPENING, CLOSING, EITHER = "„«「", "”»」", '"“'
"""Marks of speech; English opens with the mark that German closes with."""
FAR = 4
SAID_NEAR = 12
SOURCE = re.compile(r"\b(?:according to|in the words of|as per|laut|zufolge)\s+$", re.IGNORECASE)
SINGULAR = re.compile(r"\w+t|ist|hat|war|will|wird|kann|muss|soll|darf|weiß|möchte|mag|\w+te")
COURTESY = {"mr": "he", "herr": "he", "herrn": "he", "mrs": "she", "ms": "she", "miss": "she", "frau": "she"}


def told_apart(text: str, mentions: list[Mention], roster: Roster) -> list[Mention]:
    """Mentions of a name that two people share, settled by what stands beside them, or as last time."""
    settled: dict[tuple[str, ...], str] = {}
    clues = [
        (mention, _by_clue(text, mention, mentions, roster))
        for mention in mentions
        if mention.kind in ("person", "ours", "stranger") and len(mention.refs) > 1
    ]
    for mention, ref in clues:
        if ref and mention.refs not in settled:
            settled[mention.refs] = ref
    known = {id(mention): ref for mention, ref in clues}
    result = []
    for mention in mentions:
        ref = known.get(id(mention)) or settled.get(mention.refs)
        if ref and len(mention.refs) > 1:
            settled[mention.refs] = ref
            mention = Mention(mention.kind, mention.start, mention.end, (ref,))  # noqa: PLW2901
        result.append(mention)
    return result


def _by_clue(text: str, mention: Mention, mentions: list[Mention], roster: Roster) -> str | None:
    line_end = text.find("\n", mention.end)
    after = text[mention.end : min(mention.end + 90, line_end if line_end >= 0 else len(text))]
    if after.lstrip()[:1] not in ("(", "（", ","):
        return None
    inside = re.split(r"[)）]", after.lstrip(" (（,"))[0]
    inside = re.split(r"\b(?:not|nicht)\b", inside)[0]
    near = {other.ref for other in mentions if mention.end <= other.start < mention.end + 8 + len(inside)}
    scores = {}
    for ref in mention.refs:
        entity = roster.entities[ref]
        other = {variant for key in mention.refs if key != ref for variant in roster.entities[key].variants}
        score = 2 * any(variant in inside for variant in entity.variants - other if len(variant) > 1)
        score += 3 * (entity.department is not None and entity.department in near)
        score += any(word.lower() in inside.lower() for word in re.findall(r"\w{2,}", entity.title))
        scores[ref] = score
    best = max(scores, key=lambda ref: scores[ref])
    return best if scores[best] > 0 and list(scores.values()).count(scores[best]) == 1 else None


@dataclass
class State:
    """Who was spoken of and who speaks, while sentences are read in order."""

    roster: Roster
    transcript: bool
    recent: list[str] = field(default_factory=list)
    subject: str | None = None
    listener: str | None = None
    speaker: str | None = None
    block: int = -1
    label: str | None = None
    quote_block: int = -1
    inside: bool = False
    quoter: str | None = None
    sources: set[int] = field(default_factory=set)
    learned: dict[str, str] = field(default_factory=dict)
    """Who is "he" and who "she", as far as the text itself has told."""

    def resolved(self, sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
        """The sentence's mentions with its pronouns among them, in order."""
        speaker = self._turn(sentence, mentions)
        talking: set[int] = set()
        lexicon = self.roster.lexicon
        groups = {name: lexicon.words(name) for name in ("me", "us", "you", "he", "she")}
        quoted = self._quoted(sentence)
        self._quoting(sentence, quoted, mentions)
        self._courtesies(sentence, mentions)
        found = list(mentions)
        taken = [(mention.start, mention.end) for mention in mentions]
        expand = lexicon.mapping("expand")
        for match in re.finditer(r"[^\W\d_]+(?:[’'](?:ll|d|m|re|ve|s)\b)?", sentence.text):
            whole = match.group().lower().replace("’", "'")
            word, *rest = expand.get(whole, whole).split()
            group = next((name for name, words in groups.items() if word in words), None)
            group = "she" if group is None and word == "sie" and self._lone_sie(sentence, match.start()) else group
            start = sentence.start + match.start()
            if not group or any(a <= start < b for a, b in taken) or match.group() == "US":
                continue
            in_quote = any(a <= match.start() < b for a, b in quoted)
            plain = word in lexicon.words("object_pronouns") or (
                word in lexicon.words("either_pronouns") and not self._owns(word, sentence.text[match.end() :])
            )
            clause = [each for each in found if not (plain and self._object(rest, start, sentence, each))]
            said_by = self._said_by(sentence, quoted, match.start(), mentions)
            ref = self._whom(group, start, clause, speaker, in_quote, said_by)
            if ref:
                more = " ".join((["'s"] if self._owns(word, sentence.text[match.end() :]) else []) + rest)
                kind = self.roster.entities[ref].kind
                self._learn(group, ref, start, mentions)
                found.append(Mention(kind, start, start + len(whole), (ref,), more or None, pronoun=True))
                talking |= {id(found[-1])} if group in ("me", "us", "you") else set()
        found.sort(key=lambda mention: mention.start)
        self._remember([mention for mention in found if id(mention) not in talking or not self.transcript])
        return found

    def _lone_sie(self, sentence: Sentence, at: int) -> bool:
        """Whether the German "sie" is one woman: a verb in the singular beside it, and a woman spoken of last."""
        beside = re.findall(r"\w+", sentence.text[:at])[-1:] + re.findall(r"\w+", sentence.text[at:])[1:2]
        single = any(SINGULAR.fullmatch(word.lower()) for word in beside)
        if not single or "de" not in self.roster.lexicon.names:
            return False
        near = [ref for ref in (self.subject, *self.recent[-FAR:]) if ref]
        givens = {given_name(self.roster.entities[ref].name, self.roster.honorifics) for ref in near}
        women = Lexicon(languages()).words("given_names_she")
        return any(self.learned.get(ref) == "she" for ref in near) or bool(givens & women)

    def quoted_by(self, mention: Mention) -> bool:
        """Whether a name only says whose word it is: "according to Ada"."""
        return mention.start in self.sources

    def _courtesies(self, sentence: Sentence, mentions: list[Mention]) -> None:
        """Learns from "Mr" and "Frau" before a name, and who is only the source of what is told."""
        self.sources = {
            each.start for each in mentions if SOURCE.search(sentence.text[: max(0, each.start - sentence.start)])
        }
        for mention in mentions:
            first = sentence.text[mention.start - sentence.start :].split(" ", maxsplit=1)[0].lower().strip(".")
            if mention.ref and first in COURTESY:
                self.learned[mention.ref] = COURTESY[first]

    def _learn(self, group: str, ref: str, start: int, mentions: list[Mention]) -> None:
        """Learns from a pronoun before which the sentence names nobody else."""
        named = {each.ref for each in mentions if each.kind in ("person", "stranger", "ours") and each.start < start}
        if group in ("he", "she") and named == {ref}:
            self.learned.setdefault(ref, group)

    def _quoted(self, sentence: Sentence) -> list[tuple[int, int]]:
        """The stretches of a sentence that stand in quotation marks, opened in it or before it in its paragraph."""
        if sentence.block != self.quote_block:
            self.quote_block, self.inside, self.quoter = sentence.block, False, None
        found, start = [], 0 if self.inside else -1
        for at, letter in enumerate(sentence.text):
            if letter in OPENING or (letter in EITHER and start < 0):
                start = at + 1
            elif start >= 0 and (letter in CLOSING or letter in EITHER):
                found.append((start, at))
                start = -1
        self.inside = start >= 0
        return found + ([(start, len(sentence.text))] if start >= 0 else [])

    def _quoting(self, sentence: Sentence, quoted: list[tuple[int, int]], mentions: list[Mention]) -> None:
        """Remembers who is named last before a quotation that goes on in the next sentence."""
        if self.inside and quoted and quoted[-1][0] > 0:
            opened = sentence.start + quoted[-1][0]
            people = [each.ref for each in mentions if each.kind in ("person", "stranger") and each.start < opened]
            self.quoter = people[-1] if people else None

    def _said_by(
        self, sentence: Sentence, quoted: list[tuple[int, int]], at: int, mentions: list[Mention]
    ) -> str | None:
        """Who is named right behind the quotation that holds a place: "…, Ada told me"."""
        ends = [end for start, end in quoted if start <= at < end]
        near = [
            mention.ref
            for mention in mentions
            if ends
            and mention.kind in ("person", "stranger")
            and 0 < mention.start - sentence.start - ends[0] <= SAID_NEAR
        ]
        carried = any(start == 0 <= at < end for start, end in quoted)
        return near[0] if near else self.quoter if carried else None

    def _owns(self, word: str, after: str) -> bool:
        """Whether a pronoun says whose the next thing is; "her" does when a noun follows."""
        lexicon = self.roster.lexicon
        if word not in lexicon.words("either_pronouns"):
            return word in lexicon.words("possessive")
        following = re.match(r"\s+([^\W\d_]+)", after)
        return following is not None and following.group(1).lower() not in lexicon.words("small")

    @staticmethod
    def _object(rest: list[str], start: int, sentence: Sentence, mention: Mention) -> bool:
        """Whether a mention is the subject where the pronoun is the object, so that it can't be meant."""
        if rest or mention.start > start:
            return False
        between = sentence.text[mention.end - sentence.start : start - sentence.start]
        return not re.search(r"[,;:.–]|\b(?:and|but|that|who|und|dass|aber)\b", between)

    def _turn(self, sentence: Sentence, mentions: list[Mention]) -> Entity | None:
        speaker = self.roster.find_person(sentence.speaker) if sentence.speaker else None
        if speaker and speaker.id != self.speaker:
            self.listener, self.speaker = self.speaker, speaker.id
        if sentence.block != self.block:
            self.block, self.label = sentence.block, None
            first = mentions[0] if mentions else None
            if first and first.kind in ("person", "stranger") and first.start <= sentence.start + 1:
                follows = sentence.text[first.end - sentence.start :]
                self.label = first.ref if follows.lstrip(")").startswith(":") else None
        for mention in mentions:
            if self._called(sentence, mention, speaker):
                self.listener = mention.ref
        return speaker

    def _called(self, sentence: Sentence, mention: Mention, speaker: Entity | None) -> bool:
        """Whether somebody is spoken to by name: at the head of the sentence, or at its end."""
        entity = self.roster.entities.get(mention.ref or "")
        if not entity or entity.kind not in ("person", "ours", "stranger") or (speaker and entity.id == speaker.id):
            return False
        if not speaker and (entity.kind != "ours" or entity.id == self.roster.author):
            return False
        after = sentence.text[mention.end - sentence.start :]
        before = sentence.text[: mention.start - sentence.start].strip().lower()
        if speaker and before.endswith(",") and re.fullmatch(r"[.?!]*", after.strip()):
            return True
        follows = re.findall(r"\w+", after[1:].lower())[:1]
        if set(follows) & self.roster.lexicon.words("asides"):
            return False
        greeted = mention.start == sentence.start or before in self.roster.lexicon.words("greetings")
        return greeted and (after[:1] in (",", "?", ".") if speaker else after[:1] == ",")

    def _whom(
        self, group: str, start: int, found: list[Mention], speaker: Entity | None, in_quote: bool, said_by: str | None
    ) -> str | None:
        theirs = speaker is not None and speaker.kind != "ours"
        if group in ("me", "us"):
            if in_quote and not speaker:
                return self.label or said_by or self._latest(start, found, None)
            if speaker:
                return speaker.id
            return self.roster.author
        if group == "you":
            if not speaker:
                return None if in_quote else self.listener
            if self.listener and self.listener != speaker.id:
                return self.listener
            return self.roster.author if theirs else None
        return self._latest(start, found, group, speaker.id if speaker else None)

    def _latest(self, start: int, found: list[Mention], gender: str | None, not_me: str | None = None) -> str | None:
        earlier = [
            mention
            for mention in found
            if mention.start < start
            and mention.ref
            and (mention.kind != "ours" or mention.ref != self.roster.author)
            and mention.kind in ("person", "stranger", "ours")
            and not (gender and self.quoted_by(mention))
        ]
        options = [mention.ref for mention in reversed(earlier)]
        options += [self.label, self.subject, *reversed(self.recent[-FAR:])]
        away = {not_me, self.listener if not_me else None}
        return next((ref for ref in options if ref and ref not in away and self._fits(ref, gender)), None)

    def _fits(self, ref: str | None, gender: str | None) -> bool:
        if gender is None or ref is None:
            return ref is not None
        known = self.learned.get(ref) or COURTESY.get(self.roster.entities[ref].name.lower().split(".")[0].split()[0])
        if known:
            return known == gender
        given = given_name(self.roster.entities[ref].name, self.roster.honorifics)
        names = Lexicon(languages())
        if given in names.words(f"given_names_{gender}"):
            return True
        if given in names.words("given_names_he" if gender == "she" else "given_names_she"):
            return False
        return not (gender == "he" and given.endswith("a") and len(given) > 3)

    def _remember(self, found: list[Mention]) -> None:
        people = [mention for mention in found if mention.kind in ("person", "stranger") and mention.ref]
        named = [mention for mention in people if not mention.pronoun]
        if named:
            self.subject = named[0].ref
        elif people:
            self.subject = people[0].ref
        for mention in found:
            if mention.ref and (mention in people or (mention.kind == "ours" and not mention.pronoun)):
                self.recent.append(mention.ref)


def given_name(name: str, honorifics: set[str]) -> str:
    """The given name of a full name, small, the first part of a double one; empty when there is none."""
    words = [word for word in re.split(r"[\s.]+", name.lower()) if word and word not in honorifics]
    return words[0].split("-")[0] if words else ""
