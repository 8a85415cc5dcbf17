"""Words as they are indexed and asked for: the same on both databases, whose own ways of parting words differ."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_LONGEST = 100
_MOST_ASKED = 200


def words(text: str) -> list[str]:
    """The words of a text: no case, no accents; East Asian runs, which have no spaces, as pairs of characters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))
    found: list[str] = []
    for match in _WORD.finditer(plain.replace("_", " ")):
        found += _parts(match.group())
    return found


def indexed(text: str) -> str:
    """What is indexed of a text."""
    return " ".join(words(text))


def asked(text: str) -> list[str]:
    """The different words of a question, in order; a whole note asks with its first few hundred."""
    return list(dict.fromkeys(words(text)))[:_MOST_ASKED]


def _parts(word: str) -> list[str]:
    found: list[str] = []
    last = 0
    for run in _EAST_ASIAN.finditer(word):
        found += [word[last : run.start()], *_pairs(run.group())]
        last = run.end()
    return [part[:_LONGEST] for part in (*found, word[last:]) if part]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] if len(run) > 1 else [run]
