"""How the verbs of tasks are written: in the past, in the third person; and the single words of actions.yaml."""

from functools import cache

from pipeline.proposers.rules.lexicon import language
from pipeline.proposers.rules.reader import Reading


def known(reading: Reading, entry: str) -> frozenset[str]:
    """A list of single words of actions.yaml, over all languages in play."""
    return _known(reading.lexicon.names, entry)


@cache
def _known(names: tuple[str, ...], entry: str) -> frozenset[str]:
    lists = [language(name).data.get("actions", {}).get(entry, ()) for name in names]
    return frozenset(str(word).lower() for each in lists for word in each)


def past_forms(reading: Reading, verb: str) -> frozenset[str]:
    """How a verb is written in the past: by rule, or as actions.yaml has it."""
    irregular = next(
        (
            forms[verb]
            for name in reading.lexicon.names
            if verb in (forms := language(name).data.get("actions", {}).get("past_forms", {}))
        ),
        None,
    )
    if irregular:
        return frozenset(str(irregular).split())
    return frozenset({verb + "ed", verb + "d" if verb.endswith("e") else verb + verb[-1] + "ed"}) | (
        {verb[:-1] + "ied"} if verb.endswith("y") else set()
    )


def verb_of(reading: Reading, form: str) -> str | None:
    """The verb of doing that a past form belongs to, or None."""
    return next((verb for verb in reading.lexicon.words("plain_verbs") if form in past_forms(reading, verb)), None)


def plain(reading: Reading, word: str) -> str:
    """A verb as it is named: "visits" is "visit"."""
    small = word.lower()
    verbs = reading.lexicon.words("plain_verbs") | reading.lexicon.words("does")
    for short in (small.removesuffix("s"), small.removesuffix("es"), small.removesuffix("ies") + "y"):
        if short != small and short in verbs and small not in reading.lexicon.words("plain_verbs"):
            return short
    return word
