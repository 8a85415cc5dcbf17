"""Job titles: finding them beside a name, and writing them out."""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.proposers.rules.lexicon import language

CONNECT = r"(?:of|for|de|der|des|für|&|and|und|to|the|im|,)"

SMALL_AREA = re.compile(
    r"[ \t]+of[ \t]+(?:(?:the|our|their|all)[ \t]+)?(?P<words>[^\W\d_][\w&’'-]*(?:[ \t]+[\w&’'-]+){0,4})"
)
CLOSED = re.compile(r"[ \t]*(?:[,.;:!?()|–—\"”]|-[ \t]|\n|$)")


@dataclass(frozen=True)
class Title:
    """A title at [start, end) of the text searched, as it is to be written."""

    start: int
    end: int
    words: str


@cache
def vocabulary(names: tuple[str, ...]) -> set[str]:
    """Every word that titles are made of."""
    found: set[str] = set()
    for name in names:
        data = language(name).data.get("titles", {})
        for entry in ("heads", "ranks", "modifiers"):
            found |= {word for each in data.get(entry, []) for word in str(each).lower().split()}
        found |= {str(word).lower() for word in data.get("short", {})}
    return found


@cache
def _grammar(names: tuple[str, ...]) -> re.Pattern[str]:
    heads: set[str] = set()
    modifiers: set[str] = set()
    suffixes: set[str] = set()
    for name in names:
        data = language(name).data.get("titles", {})
        heads |= {str(word).lower() for word in data.get("heads", [])} | {
            str(word).lower() for word in data.get("short_heads", [])
        }
        modifiers |= {str(word).lower() for word in data.get("ranks", [])} | {
            str(word).lower() for word in data.get("modifiers", [])
        }
        suffixes |= {str(word).lower() for word in data.get("endings", [])}
    head = "|".join(re.escape(word) for word in sorted(heads, key=len, reverse=True))
    if suffixes:
        head += rf"|\w+(?:{'|'.join(map(re.escape, sorted(suffixes)))})"
    modifier = "|".join(re.escape(word) for word in sorted(modifiers, key=len, reverse=True))
    word = r"(?-i:[A-ZÄÖÜ&][\w&’'/-]*)"
    area = rf"(?:{word}|(?:{modifier})(?!\w))"
    tail = rf"(?:[ ,]*{CONNECT}\.?)?(?:[ ]+{area}\.?)(?:(?:[ ]*(?:,|&|/|and|und|of|for)[ ]*|[ ]+){area}){{0,4}}"
    return re.compile(rf"(?<!\w)(?:(?:{modifier}|{word})[ -]+){{0,4}}(?:{head})(?!\w)\.?(?:{tail})?", re.IGNORECASE)


def find(text: str, names: tuple[str, ...], start: int = 0, end: int | None = None) -> Title | None:
    """The first title in text[start:end]."""
    match = _grammar(names).search(text, start, len(text) if end is None else end)
    if not match:
        return None
    return Title(match.start(), match.end(), written(match.group(), names))


def at(text: str, names: tuple[str, ...], start: int) -> Title | None:
    """The title that begins right at `start`."""
    match = _grammar(names).match(text, start)
    if not match:
        return None
    end = (
        _area_end(text, match.end(), names)
        if not re.search(r"\b(?:of|for|der|des|für)\b", match.group())
        else match.end()
    )
    return Title(match.start(), end, written(text[match.start() : end], names))


def _area_end(text: str, at: int, names: tuple[str, ...]) -> int:
    """Where a title ends whose area is written small: "head of indirect spend in …"; `at` when none follows."""
    area = SMALL_AREA.match(text, at)
    if not area:
        return at
    words = list(re.finditer(r"[\w&’'-]+", area.group("words")))
    small = _small(names)
    kept = next((number for number, word in enumerate(words) if word.group().lower() in small), len(words))
    if not kept or (kept == len(words) and CLOSED.match(text, area.end()) is None):
        return at
    return area.start("words") + words[kept - 1].end()


@cache
def _small(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(str(word).lower() for name in names for word in language(name).words("small")) - {"new", "other"}


def beside(text: str, names: tuple[str, ...], start: int, small: set[str]) -> Title | None:
    """A title of any words before its head, where a mark or a preposition closes it: ", our second shift lead,"."""
    match = _loose(names).match(text, start)
    if not match or set(match.group(1).lower().split()[:-1]) & small:
        return None
    return Title(match.start(1), match.end(1), written(match.group(1), names))


@cache
def _loose(names: tuple[str, ...]) -> re.Pattern[str]:
    heads = {str(word).lower() for name in names for word in language(name).data.get("titles", {}).get("heads", [])}
    head = "|".join(re.escape(word) for word in sorted(heads, key=len, reverse=True))
    return re.compile(rf"((?:[^\W\d_][\w&/-]+\s+){{0,3}}?(?:{head})){CLOSING}", re.IGNORECASE)


def calling(text: str, names: tuple[str, ...], start: int, end: int) -> Title | None:
    """Words that end at `end` and call somebody by a trade that no list knows: "our new returns grader"."""
    match = _trades(names).search(text[start:end])
    if not match:
        return None
    words = match.group("words").lower().split()
    stops = _not_trades(names)
    if words[-1] in stops or (set(words[:-1]) & _small(names)) or any(word.isdigit() for word in words):
        return None
    return Title(start + match.start("words"), end, written(match.group("words"), names))


def trade(text: str, names: tuple[str, ...], start: int, end: int) -> Title | None:
    """Two to four small words at `start` that are a trade and nothing else but a place behind it: "bid reviewer"."""
    match = BARE.match(text, start, end)
    if not match:
        return None
    words = match.group("words").lower().split()
    if words[-1] in _not_trades(names) or set(words) & _small(names):
        return None
    if not _trades(names).fullmatch(f"the {match.group('words')}"):
        return None
    return Title(start, match.end("words"), written(match.group("words"), names))


def called(text: str, names: tuple[str, ...], start: int, end: int) -> Title | None:
    """The same right at `start`, up to a mark, a preposition or the `end`."""
    leads = "|".join(map(re.escape, sorted(_leads(names), key=len, reverse=True)))
    part = re.match(rf"(?:{leads})\s+(?:[\w&/-]+\s+){{0,3}}[\w&/-]+?{CLOSING}", text[start:end], re.IGNORECASE)
    return calling(text, names, start, start + part.end()) if part else None


BARE = re.compile(r"(?P<words>[a-z][\w&/-]+(?: [a-z][\w&/-]+){1,3}?)(?:\s*$|\s+(?:in|at|of|for|from)\s)")
CLOSING = r"(?=\s*(?:[,.;:)–—]|-\s|$)|\s+(?:in|at|of|for|from|here|there|and|who|on|im|bei|der|des|für|und)\s)"


@cache
def _leads(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(str(word).lower() for name in names for word in language(name).words("trade_leads"))


@cache
def _not_trades(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(str(word).lower() for name in names for word in language(name).words("not_trades"))


@cache
def _trades(names: tuple[str, ...]) -> re.Pattern[str]:
    endings = "|".join(str(word) for name in names for word in language(name).words("trade_endings")) or "(?!x)x"
    leads = "|".join(map(re.escape, sorted(_leads(names), key=len, reverse=True))) or "(?!x)x"
    return re.compile(
        rf"(?<!\w)(?:{leads})\s+(?P<words>(?:[^\W\d_][\w&/-]*\s+){{0,3}}?[^\W\d_][\w-]+(?:{endings}))$", re.IGNORECASE
    )


def ending(text: str, names: tuple[str, ...], start: int, end: int) -> Title | None:
    """The longest title that ends at `end` and begins at `start` or behind it."""
    for match in re.finditer(r"(?<![\w&’'/-])\w", text[start:end]):
        at = start + match.start()
        if _grammar(names).fullmatch(text, at, end):
            return Title(at, end, written(text[at:end], names))
    return None


def whole(text: str, names: tuple[str, ...]) -> str | None:
    """The words as a title when they are nothing else, written out; else None."""
    bare = text.strip(" .,:;*_\"'“”")
    if _grammar(names).fullmatch(bare):
        return written(bare, names)
    found = at(bare, names, 0)
    return found.words if found and found.end == len(bare) else None


@cache
def _short(names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in reversed(names):
        found |= {str(k).lower(): str(v) for k, v in language(name).data.get("titles", {}).get("short", {}).items()}
    return found


@cache
def _keep(names: tuple[str, ...]) -> set[str]:
    return {str(word).lower() for name in names for word in language(name).data.get("titles", {}).get("capitals", [])}


def written(title: str, names: tuple[str, ...]) -> str:
    """A title as a card would show it: short forms written out, capitals where they belong."""
    words = []
    title = re.sub(
        r"^(?:the|a|an|our|their|your|his|her|my|der|die|das|ein|eine)\s+", "", title.strip(), flags=re.IGNORECASE
    )
    for word in re.sub(r"\s+", " ", title.strip(" .,:;*_")).split(" "):
        bare = word.strip(".")
        low = bare.lower()
        if low in _keep(names):
            words.append(low.upper() if low != "vp" else "VP")
        elif low in _short(names):
            words.append(_short(names)[low])
        elif low in ("of", "and", "for", "the", "to", "der", "des", "für", "und", "im", "de"):
            words.append(low)
        else:
            words.append(bare if any(letter.isupper() for letter in bare) else bare[:1].upper() + bare[1:])
    return " ".join(words)
