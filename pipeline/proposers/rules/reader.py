"""A context read once: its sentences with tokens, people, departments, offerings and days resolved."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from rapidfuzz.distance import OSA

from pipeline.language.days import Day, meant
from pipeline.proposers.rules import dictated, pronouns, reading, scope, titles
from pipeline.proposers.rules.lexicon import Hit, Lexicon, language, languages
from pipeline.proposers.rules.mentions import Mentions
from pipeline.proposers.rules.roster import Entity, Roster
from pipeline.proposers.rules.tokens import Mention, Sentence, Token, tokenise
from pipeline.records import Context, SourceKind

NUMBER = re.compile(
    r"(?:[$€£¥]\s?)?\d[\d,.]*\d?(?:\s?(?:k|m|bn|mio|million|thousand|%)\b)?|(?:fifty|twenty|hundred|ten) thousand",
    re.IGNORECASE,
)
CURRENCY = (
    r"[$€£¥]|円|(?<!\w)"
    r"(?:eur|euros?|usd|dollars?|gbp|pounds?|quid|grand|chf|francs?|franken|sek|nok|dkk|kronor|kroner|yen)"
)
AMOUNT = re.compile(r"^(?:[$€£¥]|.*\d\s?(?:k|m|bn|mio|million|thousand)$|.*thousand$)", re.IGNORECASE)
BEFORE_AMOUNT = re.compile(rf"(?:{CURRENCY})\s?$", re.IGNORECASE)
AFTER_AMOUNT = re.compile(rf"\s?(?:{CURRENCY})(?!\w)", re.IGNORECASE)
LONGEST_QUOTE = 240
NOTS = frozenset({"not", "nicht"})
FEW, VERY_FEW = 40, 8
"""Texts of so few words may hold hardly any small words, and are told by their other words."""
SAFE = 7
"""Words so long that one other letter in them is a slip and no other word."""
DETERMINERS = frozenset({"the", "our", "their", "der", "die", "unser", "unsere"})
ASIDES = frozenset({"formerly", "previously", "ex", "once", "until", "früher", "vormals", "ehemals"})


@dataclass
class Reading:
    """What the rules look at. `sentences` are those that count; `skipped` maps the others' numbers to why."""

    context: Context
    lexicon: Lexicon
    roster: Roster
    sentences: list[Sentence]
    skipped: dict[int, str] = field(default_factory=dict)
    title_words: set[str] = field(default_factory=set)
    sloppy: bool = False
    written: str = ""
    """The text as it was written, for quotes."""

    @property
    def transcript(self) -> bool:
        """Whether people speak in turns."""
        return self.context.document.kind is SourceKind.transcript

    def before(self, sentence: Sentence, count: int = 1) -> list[Sentence]:
        """The sentences just before, nearest first."""
        return self.sentences[max(0, sentence.place - count) : sentence.place][::-1]

    def after(self, sentence: Sentence, count: int = 1) -> list[Sentence]:
        """The sentences just after, in order."""
        return self.sentences[sentence.place + 1 : sentence.place + 1 + count]

    def entity(self, ref: str | None) -> Entity | None:
        """The person, department or offering of that id."""
        return self.roster.entities.get(ref or "")

    def speaker(self, sentence: Sentence) -> Entity | None:
        """Who says the sentence, if the text says so."""
        return self.roster.find_person(sentence.speaker) if sentence.speaker else None

    def day(self, mention: Mention) -> date | None:
        """The day that a mention of a date means."""
        return mention.value.on if isinstance(mention.value, Day) else None

    def quotes(
        self, sentence: Sentence, first: int | None = None, last: int | None = None, near: bool = False
    ) -> tuple[tuple[str, int | None], ...]:
        """The words that prove something: the sentence, or the part around tokens [first, last) when it is long.

        `near` asks for the part in any case.

        In a transcript each quote lies within one line, the line of the tokens first.
        """
        start, end = sentence.start, sentence.end
        if first is not None and last is not None and (near or end - start > LONGEST_QUOTE):
            start, end = self._around(sentence, first, last)
        document = self.context.document
        mark = sentence.tokens[first].start if first is not None and first < len(sentence.tokens) else start
        pieces = []
        at = start
        if not self.transcript:
            return ((self.written[start:end], document.line_at(mark if start <= mark < end else start).number),)
        while at < end:
            line = document.line_at(at)
            until = min(end, line.end)
            words = self.written[at:until].strip()
            if words:
                pieces.append((line.start <= mark < line.end, words, line.number))
            following = line.end + 1
            at = max(following, until + 1)
        pieces.sort(key=lambda piece: not piece[0])
        return tuple((words, number) for _, words, number in pieces)

    def _around(self, sentence: Sentence, first: int, last: int) -> tuple[int, int]:
        while first > 0 and sentence.tokens[first - 1].form not in ",;:()–—-":
            first -= 1
        while last < len(sentence.tokens) and sentence.tokens[last].form not in ",;:–—-.()":
            last += 1
        return sentence.tokens[first].start, sentence.tokens[last - 1].end

    def find(self, sentence: Sentence, *groups: str) -> Iterable[Hit]:
        """Every cue of the groups in the sentence."""
        return self.lexicon.find(sentence, *groups)


def read(context: Context) -> Reading:
    """Reads the document of a context against the slice of the plan that it comes with."""
    written = context.document.text
    context = context.model_copy(
        update={"document": context.document.model_copy(update={"text": dictated.marked(written)})}
    )
    document = context.document
    lexicon = Lexicon(spoken(document.text, document.language))
    roster = Roster(context, lexicon)
    found = reading.sentences(
        document, lexicon.words("abbreviations"), lexicon.words("forward_marks"), lexicon.words("months")
    )
    sloppy = _sloppy(found)
    title_words = titles.vocabulary(lexicon.names)
    mentions = Mentions(document.text, roster, sloppy, title_words).find()
    mentions = _with_days_and_numbers(context, lexicon, mentions)
    mentions = pronouns.told_apart(document.text, mentions, roster)
    expand = lexicon.mapping("expand")
    mend = _typos(document.text, lexicon.names) if sloppy else {}
    starts = [mention.start for mention in mentions]
    state = pronouns.State(roster, document.kind is SourceKind.transcript)
    for sentence in found:
        inside = mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        tokens = tokenise(sentence, state.resolved(sentence, inside), expand, mend)
        sentence.say(tokens)
    _rename(found, lexicon)
    skipped = scope.skipped(found, context, lexicon, roster)
    scope.doubt(found, lexicon)
    for sentence in found:
        sentence.say(_without_asides(sentence.tokens, document.text, lexicon.names, sloppy))
    kept = [sentence for sentence in found if sentence.number not in skipped]
    for place, sentence in enumerate(kept):
        sentence.place = place
    return Reading(context, lexicon, roster, kept, skipped, title_words, sloppy, written)


def _rename(sentences: list[Sentence], lexicon: Lexicon) -> None:
    """A name that the text corrects ("it is Bo Lang, not Bob Long") means the right person everywhere."""
    meant: dict[str, str] = {}
    for sentence in sentences:
        for hit in lexicon.find(sentence, "people.misnamed"):
            right, wrong = (sentence.tokens[hit.slots[slot]].mention for slot in ("stranger", "stranger2"))
            if right and wrong and right.ref and wrong.ref and right.ref != wrong.ref:
                meant[wrong.ref] = right.ref
    for sentence in sentences if meant else ():
        sentence.say([_as_meant(token, meant) for token in sentence.tokens])


def _as_meant(token: Token, meant: dict[str, str]) -> Token:
    if not token.mention or token.mention.ref not in meant:
        return token
    return replace(token, mention=replace(token.mention, refs=(meant[token.mention.ref],)))


def _without_asides(tokens: list[Token], text: str, names: tuple[str, ...], sloppy: bool) -> list[Token]:
    """The tokens without what only describes a person named just before: "(CFO)", ", our new CFO,"."""
    kept: list[Token] = []
    number = 0
    while number < len(tokens):
        kept.append(tokens[number])
        mention = tokens[number].mention
        number += 1
        if mention and mention.kind in ("person", "stranger") and not mention.pronoun and number < len(tokens):
            number = _behind_aside(tokens, number, text, names, sloppy)
    return kept


def _behind_aside(tokens: list[Token], number: int, text: str, names: tuple[str, ...], sloppy: bool) -> int:
    """The number of the token behind an aside that begins at `number`; the same number when none does."""
    if sloppy and tokens[number].form in DETERMINERS:
        title = titles.at(text, names, tokens[number].end + 1)
        behind = (at for at in range(number, len(tokens)) if title and tokens[at].start >= title.end)
        return next(behind, number)
    closing = {"(": ")", ",": ","}.get(tokens[number].form)
    if not closing:
        return number
    end = next((at for at in range(number + 1, min(number + 10, len(tokens))) if tokens[at].form == closing), None)
    if end is None:
        return number
    inside = tokens[number + 1 : end]
    if inside and inside[0].form in NOTS and len(inside) <= 4:
        return end + 1
    if closing == ",":
        people = any(token.mention and token.mention.kind in ("person", "stranger", "ours") for token in inside)
        said = any(token.form in ("is", "will", "has", "was") for token in inside)
        once = bool(inside) and inside[0].form in ASIDES
        if people or said or not (once or titles.find(text, names, tokens[number].end, tokens[end].start)):
            return number
    return end + 1


def _with_days_and_numbers(context: Context, lexicon: Lexicon, mentions: list[Mention]) -> list[Mention]:
    document = context.document

    def said_on(offset: int) -> date:
        line = document.line_at(offset) if document.lines else None
        return (line.said_on if line else None) or context.said_on

    found = list(mentions)
    names = [*lexicon.names, *(name for name in languages() if name not in lexicon.names and name == "ja")]
    taken = sorted((mention.start, mention.end) for mention in found if not mention.weak)

    def free(start: int, end: int) -> bool:
        at = bisect_left(taken, (end, 0)) - 1
        return not (at >= 0 and taken[at][1] > start)

    dated = [day for day in meant(document.text, said_on, names) if free(day.start, day.end)]
    days_at = [(day.start, day.end) for day in dated]
    found = [each for each in found if not (each.weak and any(a < each.end and each.start < b for a, b in days_at))]
    found += [Mention("date", day.start, day.end, value=day) for day in dated]
    taken = sorted([*taken, *((day.start, day.end) for day in dated)])
    for match in NUMBER.finditer(document.text):
        if free(match.start(), match.end()):
            kind = "amount" if _is_amount(document.text, match) else "number"
            found.append(Mention(kind, match.start(), match.end(), value=match.group()))
    return sorted(found, key=lambda mention: mention.start)


def _is_amount(text: str, number: re.Match[str]) -> bool:
    """Whether a number is one of money: "15k", "EUR 90", "200.000 Euro"."""
    return bool(
        AMOUNT.match(number.group().rstrip(",."))
        or BEFORE_AMOUNT.search(text[max(0, number.start() - 9) : number.start()])
        or (number.group()[-1] not in ",." and AFTER_AMOUNT.match(text, number.end()))
    )


def spoken(text: str, named: str) -> tuple[str, ...]:
    """The languages of a text, by their small words; English and the document's own are always among them."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    total = max(1, len(words))
    found: dict[str, float] = {}
    for name in languages():
        spelt = language(name)
        if spelt.words("script"):
            share = len(re.findall(spelt.words("script"), text)) / max(1, len(text))
            found[name] = 1.0 if share > 0.005 else 0.0
        else:
            small = frozenset(spelt.words("function_words"))
            found[name] = sum(word in small for word in words) / total
    best = max(found.values(), default=0.0)
    chosen = [name for name in languages() if (found[name] >= 0.05 and found[name] >= best * 0.3) or found[name] == 1.0]
    if named in languages() and named not in chosen:
        chosen.append(named)
    if total < FEW:
        chosen += [name for name in languages() if name not in chosen and _by_vocabulary(words, name)]
    return tuple(chosen) or ("en",)


def _by_vocabulary(words: list[str], name: str) -> bool:
    """Whether a text too short for small words to tell holds words that only this language's files know."""
    own = set().union(*_vocabulary((name,)).values())
    for other in languages():
        own -= set().union(*_vocabulary((other,)).values()) if other != name else set()
    known = sum(word in own for word in words)
    return known >= 2 or (known == 1 and len(words) <= VERY_FEW)


def _sloppy(found: list[Sentence]) -> bool:
    small = sum(sentence.text[:1].islower() for sentence in found if not sentence.bullet)
    whole = sum(sentence.text[:1].isalpha() for sentence in found if not sentence.bullet)
    return whole >= 4 and small / whole > 0.5


@cache
def _vocabulary(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Words of the data files by first letter, to mend typing slips with."""
    words: set[str] = set()

    def gather(value: object) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                gather(str(key))
                gather(each)
        elif isinstance(value, list):
            for each in value:
                gather(each)
        elif isinstance(value, str):
            words.update(re.findall(r"[^\W\d_]{3,}", value.lower()))

    for name in names:
        gather(language(name).data)
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _typos(text: str, names: tuple[str, ...]) -> dict[str, str]:
    """Slips of one letter in words of five or more that are no words of the data files, and what was meant."""
    vocabulary = _vocabulary(names)
    mended = {}
    for word in set(re.findall(r"[^\W\d_]{5,}", text.lower())):
        near = vocabulary.get(word[0], [])
        if word in near:
            continue
        options = [
            target
            for target in near
            if len(target) >= 5
            and abs(len(target) - len(word)) <= 1
            and OSA.distance(target, word) == 1
            and (len(target) != len(word) or sorted(target) == sorted(word) or len(word) >= SAFE)
        ]
        if options:
            mended[word] = min(options, key=lambda target: abs(len(target) - len(word)))
    return mended
