"""Which sentences count: not those to machines, of other customers, of older mails, nor what only recalls the plan."""

import re
from itertools import pairwise

from pipeline.proposers.rules import sections
from pipeline.proposers.rules.lexicon import Lexicon
from pipeline.proposers.rules.roster import Roster
from pipeline.proposers.rules.tokens import Sentence
from pipeline.records import Context, SourceKind

TIME = re.compile(r"(?<![\d:.])\d{1,2}[:.]\d{2}(?![\d:.])")
STAMPED = re.compile(r"[\s\[(*-]*(\d{1,2}[:.]\d{2})(?!\d)")
DATA = re.compile(r"\s*(?:\{\s*\"|\[\s*\{|<[!/]?[a-zA-Z])")
NEAR_START = 6
"""How many words at most stand before the words that take something back."""
CAPITALS = re.compile(r"((?:[A-ZÄÖÜ&-]{3,} ?){1,4})(?=[(:.–-]|$)")


def skipped(sentences: list[Sentence], context: Context, lexicon: Lexicon, roster: Roster) -> dict[int, str]:
    """The numbers of the sentences that are left out, each with why. Marks the parts a machine wrote as `summary`."""
    found: dict[int, str] = {}
    _machines(sentences, lexicon, found)
    if context.document.kind is SourceKind.transcript:
        found |= {
            each.number: "somebody left the call"
            for each in sentences
            if lexicon.first(each, "scope.call_line") and len(each.tokens) < 6
        }
    else:
        _others(sentences, lexicon, roster, found)
        _recaps(sentences, lexicon, found)
    _taken_back(sentences, lexicon, context.document.text, found)
    _parts(sentences, lexicon)
    return found


def _taken_back(sentences: list[Sentence], lexicon: Lexicon, text: str, found: dict[int, str]) -> None:
    """Lines that a later one corrects by naming their time: "Correction to 10:15", "scrap 14:19"."""
    stamped: dict[str, list[Sentence]] = {}
    for each in sentences:
        stamp = STAMPED.match(text[each.line.start : each.line.end])
        if stamp:
            stamped.setdefault(stamp.group(1), []).append(each)
    for each in sentences if stamped else ():
        if not lexicon.first(each, "scope.correction"):
            continue
        for time in TIME.findall(each.text):
            for earlier in stamped.get(time, ()):
                if earlier.number < each.number:
                    found.setdefault(earlier.number, "it is corrected further down")


def doubt(sentences: list[Sentence], lexicon: Lexicon) -> None:
    """Marks what the very next sentence of the paragraph takes back: "It is not so", "scratch that"."""
    for earlier, each in pairwise(sentences):
        hit = lexicon.first(each, "scope.untrue")
        if hit and each.forms[hit.first] in lexicon.words("which"):
            each.doubted = True
        elif hit and hit.first <= NEAR_START and each.block == earlier.block:
            earlier.doubted = True


def _machines(sentences: list[Sentence], lexicon: Lexicon, found: dict[int, str]) -> None:
    """A paragraph that speaks to software is left out whole, and what stands in the same fence around it."""
    marked = [each for each in sentences if lexicon.first(each, "scope.machine")]
    blocks = {each.block for each in marked if not (each.bullet or each.speaker)}
    lines = {each.line.number for each in marked}
    turns: dict[int, int] = {}
    for each in marked:
        if each.speaker:
            turns.setdefault(each.block, each.number)
    for each in sentences:
        spoken = each.block in turns and each.number >= turns[each.block]
        if DATA.match(each.text):
            found[each.number] = "it is data or mark-up, nobody's talk"
        elif each.block in blocks or each.line.number in lines or spoken:
            found[each.number] = "it speaks to software, not to people"
        elif lexicon.first(each, "scope.boilerplate"):
            found[each.number] = "it is boilerplate"


def _others(sentences: list[Sentence], lexicon: Lexicon, roster: Roster, found: dict[int, str]) -> None:
    """A paragraph about another customer, until the paragraph ends or this account is named again."""
    rivals = _rivals(sentences, lexicon, roster)
    apart = _headed(sentences, lexicon, roster)
    parts, elsewhere = sections.of_others(sentences, lexicon, roster), False
    away, block, why_block = False, -1, -1
    for each in sentences:
        elsewhere = parts.get(each.number, elsewhere)
        if elsewhere:
            found.setdefault(each.number, "it is about another customer")
            continue
        if each.block in apart:
            found.setdefault(each.number, "it is about another customer")
            continue
        words = set(re.findall(r"[^\W\d_]+", each.text.lower()))
        ours = bool(words & roster.account) and not words & rivals
        if each.block != block:
            block = each.block
            if not (
                away
                and each.heading
                and why_block >= 0
                and each.heading == sentences[why_block].heading
                and each.bullet != "heading"
            ):
                away = False
        if each.bullet == "heading":
            heading = set(re.findall(r"[^\W\d_]+", each.heading.lower()))
            away = bool(heading & rivals) and not heading & roster.account
            why_block = each.number if away else -1
        elif (lexicon.first(each, "scope.other_account") and not (ours and not words & rivals)) or (
            words & rivals and not ours and not away
        ):
            away = True
        elif ours:
            away = False
        if away:
            found.setdefault(each.number, "it is about another customer")


def _headed(sentences: list[Sentence], lexicon: Lexicon, roster: Roster) -> set[int]:
    """The paragraphs that begin with another company's name in capitals, where one begins so with this account's."""
    small = lexicon.words("small") | lexicon.words("not_names") | lexicon.words("months") | set(roster.index)
    known = {word.lower() for entity in roster.entities.values() for word in entity.name.split()}
    heads: dict[int, set[str]] = {}
    for each in sentences:
        if each.block not in heads:
            match = CAPITALS.match(each.text)
            heads[each.block] = set(match.group(1).lower().split()) if match else set()
    if not any(words & roster.account for words in heads.values()):
        return set()
    return {block for block, words in heads.items() if words and not words & (roster.account | small | known)}


def _rivals(sentences: list[Sentence], lexicon: Lexicon, roster: Roster) -> set[str]:
    """Words that name other customers: the capitals beside "the other account"."""
    found: set[str] = set()
    small = lexicon.words("small") | lexicon.words("not_names") | lexicon.words("months")
    for each in sentences:
        hit = lexicon.first(each, "scope.other_account")
        if not hit:
            continue
        at = each.tokens[hit.first].start - each.start
        before = each.text[max(0, at - 60) : at]
        names = re.findall(r"[A-ZÄÖÜ][\w&-]+", before)
        known = {word.lower() for entity in roster.entities.values() for word in entity.name.split()}
        found |= {name.lower() for name in names[-3:]} - small - known - roster.account - roster.vendor
    return {word for word in found if len(word) > 3}


def _recaps(sentences: list[Sentence], lexicon: Lexicon, found: dict[int, str]) -> None:
    """What the writer only recalls, from the words that say so to the end of the paragraph; and "no change" lines."""
    block = -1
    for each in sentences:
        hit = lexicon.first(each, "scope.recap")
        if hit and (":" in each.text or lexicon.first(each, "scope.no_news")):
            after = ":" in each.text[each.tokens[hit.last - 1].end - each.start :]
            block = each.block if after or block == each.block else block
            found.setdefault(each.number, "it recalls what the plan says")
        elif each.block == block:
            found.setdefault(each.number, "it recalls what the plan says")


def _parts(sentences: list[Sentence], lexicon: Lexicon) -> None:
    """Marks what stands under the heading of a machine's summary; what the writer adds in brackets there is theirs."""
    inside = False
    for each in sentences:
        if (
            each.bullet == "heading"
            and lexicon.first(each, "scope.bot_summary")
            and not lexicon.first(each, "scope.pointing")
        ):
            inside = True
        aside = each.text.startswith("(")
        last = sentences[-1]
        closing = inside and not each.bullet and not each.heading and each.number >= last.number - 2
        each.part = "summary" if inside and not aside and not closing else "note"
