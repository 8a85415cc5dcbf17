"""HTML cut into tags and words, in one pass whose time grows with the length only.

The standard library's parser looks for the end of a broken tag again and again: 190 KB of `<a ` take it minutes. Here
every search that fails is remembered, so that nothing is searched twice.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from html import unescape

# What a token is: words, the begin or end of an element, or one that is both.
WORDS, BEGIN, END, BOTH = range(4)
NAME = re.compile(r"[A-Za-z][^\s/>]{0,60}")
STOP = re.compile("[>\"']")
RAW_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
ATTRIBUTE = re.compile(r"([^\s=/>\"']{1,60})(?:\s{0,20}=\s{0,20}(\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
LONGEST_ATTRIBUTES = 20_000
MOST_MISQUOTED = 20
"""After so many tags whose quotation marks hide every >, quotation marks no longer count."""


def tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """(WORDS, "", words) and (BEGIN, END or BOTH, name in small letters, attributes as written), in order."""
    cutter = _Cutter(text)
    at = 0
    while at < len(text):
        begin = text.find("<", at)
        if begin < 0:
            yield WORDS, "", text[at:]
            return
        if begin > at:
            yield WORDS, "", text[at:begin]
        at = yield from cutter.tag(begin)


def words_of(text: str) -> str:
    """Words with their entities (&amp; and the like) as characters."""
    if "&" not in text:
        return text
    try:
        return unescape(text)
    except (ValueError, OverflowError):  # a number of thousands of digits
        return text


def attributes(written: str) -> Mapping[str, str | None]:
    """The attributes of a tag, names in small letters; the first of two with one name counts."""
    found: dict[str, str | None] = {}
    for match in ATTRIBUTE.finditer(written[:LONGEST_ATTRIBUTES]):
        name, value = match.group(1).lower(), match.group(2)
        if name not in found:
            found[name] = words_of(value.strip("\"'")) if value is not None else None
    return found


class _Cutter:
    """Cuts at one "<" after the other and remembers what no longer comes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.gone: set[str] = set()
        self.misquoted = 0

    def tag(self, begin: int) -> Generator[tuple[int, str, str], None, int]:
        """Yields what begins at a "<"; returns (to `yield from`) where to go on."""
        text = self.text
        following = text[begin + 1 : begin + 2]
        if following.isascii() and following.isalpha():
            return (yield from self._begin(begin))
        if following == "/":
            return (yield from self._end(begin))
        if following in {"!", "?"}:
            return (yield from self._declaration(begin))
        yield WORDS, "", "<"
        return begin + 1

    def _begin(self, begin: int) -> Generator[tuple[int, str, str], None, int]:
        named = NAME.match(self.text, begin + 1)
        end = self._tag_end(named.end()) if named else -1
        if named is None or end < 0:
            yield WORDS, "", "<"
            return begin + 1
        name, rest = named.group().lower(), self.text[named.end() : end]
        both = rest.endswith("/")
        yield (BOTH if both else BEGIN), name, rest[:-1] if both else rest
        if name in RAW_END and not both:
            stop = RAW_END[name].search(self.text, end)
            inside = stop.start() if stop else len(self.text)
            yield WORDS, "", self.text[end + 1 : inside]
            return inside
        return end + 1

    def _end(self, begin: int) -> Generator[tuple[int, str, str], None, int]:
        named = NAME.match(self.text, begin + 2)
        end = self._find(">", begin)
        if end < 0:
            yield WORDS, "", "<"
            return begin + 1
        if named:
            yield END, named.group().lower(), ""
        return end + 1

    def _declaration(self, begin: int) -> Generator[tuple[int, str, str], None, int]:
        """Comments and declarations are left out; marked sections hold words."""
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<", ">")):
            if self.text.startswith(opening, begin):
                end = self._find(closing, begin + len(opening))
                if end < 0:
                    continue
                if opening == "<![CDATA[":
                    yield WORDS, "", self.text[begin + len(opening) : end].replace("&", "&amp;")
                return end + len(closing)
        yield WORDS, "", self.text[begin : begin + 2]
        return begin + 2

    def _find(self, wanted: str, start: int) -> int:
        if wanted in self.gone:
            return -1
        place = self.text.find(wanted, start)
        if place < 0:
            self.gone.add(wanted)
        return place

    def _tag_end(self, start: int) -> int:
        """The ">" that ends a tag, past quoted values; the next one when quotation marks are not balanced."""
        if self.misquoted < MOST_MISQUOTED:
            at = start
            while stop := STOP.search(self.text, at):
                if stop.group() == ">":
                    return stop.start()
                closing = self._find(stop.group(), stop.end())
                if closing < 0:
                    break
                at = closing + 1
            self.misquoted += 1
        return self._find(">", start)
