"""How firmly something is said: denied, guessed, on a condition, or only asked."""

import re
from dataclasses import dataclass

from pipeline.proposers.rules.lexicon import Hit, Lexicon
from pipeline.proposers.rules.tokens import Sentence

STOPS = frozenset(',;:()–—-"“”|') | {"but", "->", "though", "aber", "however", "because", "so"}
REACH = 5
ENDED = re.compile(r"[.?!] +\w")
ASKING = frozenset({"could", "may", "könnten", "könnte"})
ALLOWED = frozenset({"only", "just", "merely", "recommend", "propose", "suggest"})
SUBJECTS = frozenset({"we", "you", "i", "he", "she", "they", "someone", "somebody", "sie", "wir", "jemand"})
OF = frozenset({"of", "von"})


@dataclass(frozen=True)
class Stance:
    """What weakens a statement. `conditional`: an "if" stands before it; `bound`: one stands after it."""

    denied: bool = False
    hedged: bool = False
    conditional: bool = False
    bound: bool = False
    asked: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is said as a fact."""
        return not (self.denied or self.hedged or self.conditional or self.asked)


def of(sentence: Sentence, hit: Hit, lexicon: Lexicon) -> Stance:
    """The stance of what a cue found in a sentence."""
    conditions = [other.first for other in lexicon.find(sentence, "scope.condition_if")]
    return Stance(
        denied=denied(sentence, hit, lexicon),
        hedged=sentence.doubted
        or any(_touches(sentence, other, hit) for other in lexicon.find(sentence, "scope.hedge_strong"))
        or any(not _closed(sentence, hit.last, other.first) for other in lexicon.find(sentence, "scope.hedge_whole")),
        conditional=any(first < hit.last and not _settled(sentence, first, hit.first) for first in conditions),
        bound=any(first >= hit.last for first in conditions),
        asked=sentence.text.rstrip(" \"”'").endswith("?") and not _closed(sentence, hit.last),
    )


def _closed(sentence: Sentence, last: int, until: int | None = None) -> bool:
    """Whether a full stop or question mark lies behind what is said: "off to a bank, last day 30 Oct. who follows?"."""
    end = sentence.tokens[last - 1].end - sentence.start
    to = len(sentence.text) if until is None else max(end, sentence.tokens[until].start - sentence.start)
    return ENDED.search(sentence.text, end, to) is not None


def beside(sentence: Sentence, first: int) -> bool:
    """Whether the name at token `first` only says whose somebody else is: "a colleague of Bo"."""
    return first > 0 and sentence.forms[first - 1] in OF


def denied(sentence: Sentence, hit: Hit, lexicon: Lexicon) -> bool:
    """Whether a "not" governs the cue: inside it, or before it in its clause. A cue with its own "not" means it."""
    negators = lexicon.words("not")
    if _own_not(hit, sentence.forms[hit.first : hit.last], negators):
        return False
    forms = sentence.forms
    if any(form in negators for form in forms[hit.first : hit.last]):
        return True
    for back in range(1, REACH + 1):
        at = hit.first - back
        if at < 0 or forms[at] in STOPS:
            return False
        if forms[at] in negators:
            return True
    return False


def _own_not(hit: Hit, matched: list[str], negators: set[str]) -> bool:
    """Whether the cue itself says "not", at the head of an element: always, or in the one wording that was found."""
    said = f" {' '.join(matched)} "
    for element in hit.cue.line.split():
        choices = element.rstrip("?").lower().split("/")
        denying = [choice for choice in choices if choice == "$not" or choice.split("_")[0] in negators]
        if len(denying) == len(choices) or any("_" not in choice for choice in denying):
            return True
        if any(f" {choice.replace('_', ' ')} " in said for choice in denying):
            return True
    return False


def _touches(sentence: Sentence, hedge: Hit, hit: Hit) -> bool:
    """Whether a hedge weakens the cue: it stands inside, before it, or right after it in the same clause."""
    if _asks(sentence, hedge) or _allows(sentence, hedge):
        return False
    if hedge.first < hit.last:
        between = sentence.forms[hedge.last : hit.first]
        return not any(form in ("but", "aber", ";") for form in between)
    return not any(form in STOPS for form in sentence.forms[hit.last : hedge.first]) and hedge.first - hit.last <= REACH


def _asks(sentence: Sentence, hedge: Hit) -> bool:
    """Whether "could" stands before its subject: "could you", "could someone" ask and do not guess."""
    if sentence.forms[hedge.first] not in ASKING or hedge.first + 1 >= len(sentence.tokens):
        return False
    following = sentence.tokens[hedge.first + 1]
    people = ("person", "ours", "stranger")
    return following.form in SUBJECTS or (following.mention is not None and following.mention.kind in people)


def _allows(sentence: Sentence, hedge: Hit) -> bool:
    """Whether "may" says what somebody is allowed: "may only recommend"."""
    return sentence.forms[hedge.first] == "may" and set(sentence.forms[hedge.last : hedge.last + 1]) <= ALLOWED


def _settled(sentence: Sentence, condition: int, at: int) -> bool:
    """Whether a full clause of its own lies between an "if" and the cue ("… if so. But …")."""
    return any(form in ("but", "anyway", "regardless", "aber") for form in sentence.forms[condition:at])
