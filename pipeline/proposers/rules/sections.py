"""Notes of several visits: which parts are headed by another company's name, beside one headed by this account's."""

import re

from pipeline.proposers.rules.lexicon import Lexicon
from pipeline.proposers.rules.roster import Roster
from pipeline.proposers.rules.tokens import Sentence

CAPITAL = re.compile(r"[^\W\d_][\w&’'-]+")
NUMBERED = re.compile(r"\d{1,2}[.)]$")
BOLD = re.compile(r"(\*\*|__)[^*_]+\1\W*")
SHORT = 8
JOINED = r"\s*(?:and|und|&|\+|/|,)\s*(?:the )?"


def of_others(sentences: list[Sentence], lexicon: Lexicon, roster: Roster) -> dict[int, bool]:
    """The headings that open a part, by their number: True where the part is about another company."""
    heads = [each for each in sentences if _is_head(each)]
    ours = [each for each in heads if _words(each.text) & roster.account]
    if not ours:
        return {}
    known = _known(sentences, lexicon, roster)
    beside = _beside(sentences, roster, known)
    companies = lexicon.words("company_words")
    shapes = set().union(*(_shape(each, companies) for each in ours))
    found: dict[int, bool] = {}
    for each in heads:
        strange = _words(each.text, capital=True) - known
        alike = bool(_shape(each, companies) & shapes)
        away = bool(strange & beside) or (bool(strange) and alike)
        found[each.number] = away and not _words(each.text) & roster.account
    return found if any(found.values()) else {}


def _is_head(sentence: Sentence) -> bool:
    short = len(sentence.text.split()) <= SHORT and not sentence.text.rstrip().endswith((".", "!", "?"))
    bold = BOLD.fullmatch(sentence.text.strip()) is not None
    return short and (sentence.bullet == "heading" or bold or bool(NUMBERED.match(sentence.bullet)))


def _shape(sentence: Sentence, companies: set[str]) -> set[str]:
    """What a heading has in common with others of its kind: a day, a name in capitals, a word of companies' names."""
    shape = {"day"} if sentence.mentions("date") else set()
    name = re.split(r"[,;:(–-]", sentence.text)[0]
    if name.isupper() and len(name) > 3:
        shape.add("capitals")
    if {word.lower() for word in re.findall(r"[^\W\d_]+", sentence.text)} & companies:
        shape.add("company")
    return shape


def _known(sentences: list[Sentence], lexicon: Lexicon, roster: Roster) -> set[str]:
    """Words that name no company: those of the plan, small words, and what the text writes in small letters too."""
    found = lexicon.words("small") | lexicon.words("not_names") | lexicon.words("months") | set(roster.index)
    found |= {word.lower() for entity in roster.entities.values() for word in entity.name.split()}
    for each in sentences:
        found |= {word for word in CAPITAL.findall(each.text) if word.islower()}
    return found | {form for each in sentences for form in _days(each)}


def _days(sentence: Sentence) -> set[str]:
    at = sentence.start
    dated = [sentence.text[each.start - at : each.end - at] for each in sentence.mentions("date")]
    return {word.lower() for each in dated for word in CAPITAL.findall(each)}


def _beside(sentences: list[Sentence], roster: Roster, known: set[str]) -> set[str]:
    """Names that stand beside the account's in a heading: "Northfield and Ashby"."""
    account = "|".join(map(re.escape, sorted(roster.account, key=len, reverse=True))) or "(?!x)x"
    name = r"([A-ZÄÖÜ][\w&’'-]+)"
    found: set[str] = set()
    for each in sentences:
        if each.bullet != "heading":
            continue
        for pattern in (rf"(?i:{account})(?: [A-Z]\w+)?{JOINED}{name}", rf"{name}{JOINED}(?i:{account})"):
            found |= {match.group(1).lower() for match in re.finditer(pattern, each.text)}
    return found - known - roster.account


def _words(text: str, capital: bool = False) -> set[str]:
    return {word.lower() for word in CAPITAL.findall(text) if word[:1].isupper() or not capital}
