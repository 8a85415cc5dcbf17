"""Search for people: passages of an account's sources that answer a question, with the words that were asked for."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from pipeline import names
from pipeline.records import Passage, Record, Source
from pipeline.store import AccountStore, Filters, Hit, Store
from pipeline.store.words import words
from pipeline.views.proposal import title_of_source

_ASKING = """
a about an any and are as at be been but by can could describe did do does for from had has have her his how i if
in is it its me my of on or our say said she should so summarise summarize summary than that the their them then
there these they this those to us was we were what when where which who whom whose why will with would you your
das der die den dem des ein eine einen und oder wer was wann wo warum wie welche welcher hat haben ist sind war zu
von mit für im am
"""
ASKING = frozenset(_ASKING.split())
"""Words that only ask: they say nothing of what is looked for, and pull the meaning towards talk about talking."""

DEEPER = 15
"""How many times as many passages are looked at when a filter is one that only a found passage can answer."""

DEEPEST = 600
WORD = re.compile(r"\w+")


class Embeds(Protocol):
    """Texts to vectors."""

    @property
    def name(self) -> str:
        """Names the vector space."""

    def embed(self, texts: Sequence[str]) -> Any:
        """The vectors, one row a text."""


class Wanted(Record):
    """What a search may find; empty means anything. `kind` is a kind of source, `item` of a filing, such as 5.02."""

    since: date | None = None
    until: date | None = None
    kind: str = ""
    speaker: str = ""
    item: str = ""

    @property
    def deep(self) -> bool:
        """Whether a filter is one that only a found passage can answer."""
        return bool(self.kind or self.speaker or self.item)


class HitRow(Record):
    """A found passage. `highlights` are (start, end) in `text`; `start` and `end` of it in the source's text.

    `how` says what found it: words, meaning or both.
    """

    passage: str
    source: str
    title: str
    kind: str
    said_on: date | None
    speaker: str | None
    item: str | None
    line: int
    start: int
    end: int
    text: str
    highlights: tuple[tuple[int, int], ...]
    how: str


def search(
    store: Store,
    actor: str,
    account: str,
    query: str,
    embedder: Embeds | None = None,
    filters: Wanted | None = None,
    *,
    count: int = 20,
) -> tuple[HitRow, ...]:
    """The best passages for a question, by words and, with an embedder, by meaning. Raises UnknownAccount."""
    here = store.account(account, actor)
    wanted = filters or Wanted()
    asked = gist(query)
    if not asked:
        return ()
    vector = embedder.embed([asked])[0] if embedder else None
    deep = min(DEEPEST, count * DEEPER) if wanted.deep else count
    days = Filters(since=wanted.since, until=wanted.until) if wanted.since or wanted.until else None
    hits = here.search(asked, vector, deep, days, embedder.name if embedder else None)
    return tuple(_rows(here, hits, wanted, asked, count))


def without_vectors(store: Store, actor: str, account: str, embedder: str, most: int = 1000) -> int:
    """How many passages can't be found by meaning yet, counted up to `most`."""
    with store.account(account, actor).read() as tx:
        return len(tx.unembedded(embedder, most))


def gist(query: str) -> str:
    """A question without the words that only ask; as it is when it has no others."""
    kept = [word for word in WORD.findall(query) if word.casefold() not in ASKING]
    return " ".join(kept) or query.strip()


def _rows(here: AccountStore, hits: Sequence[Hit], wanted: Wanted, asked: str, count: int) -> Iterator[HitRow]:
    sources: dict[str, Source] = {}
    for hit in hits:
        passage = hit.passage
        if not _speaks(passage, wanted.speaker) or not _is_item(passage, wanted.item):
            continue
        if passage.source not in sources:
            with here.read() as tx:
                sources[passage.source] = tx.source(passage.source)
        source = sources[passage.source]
        if wanted.kind and str(source.document.kind) != wanted.kind:
            continue
        yield _row(hit, source, asked)
        count -= 1
        if not count:
            return


def _row(hit: Hit, source: Source, asked: str) -> HitRow:
    passage = hit.passage
    return HitRow(
        passage=passage.id,
        source=passage.source,
        title=title_of_source(source),
        kind=str(source.document.kind),
        said_on=passage.said_on,
        speaker=passage.speaker,
        item=passage.item,
        line=source.document.line_at(passage.start).number,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        highlights=highlights(passage.text, asked),
        how=hit.how,
    )


def _speaks(passage: Passage, speaker: str) -> bool:
    if not speaker:
        return True
    said = passage.speaker or ""
    return speaker.casefold() in said.casefold() or names.same_person((speaker,), (said,))


def _is_item(passage: Passage, item: str) -> bool:
    return not item or _bare(passage.item or "") == _bare(item)


def _bare(item: str) -> str:
    return re.sub(r"^item|[\s.]+", "", item.casefold())


def highlights(text: str, asked: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a question stand in a text, whatever their case and accents; touching ones as one."""
    wanted = set(words(asked))
    found: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        parts = words(match.group())
        if wanted.isdisjoint(parts):
            continue
        places = [match.span()]
        if len(parts) > 1:
            places = [
                (at, at + 2) for at in range(match.start(), match.end() - 1) if wanted & {*words(text[at : at + 2])}
            ]
        for start, end in places:
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
    return tuple(found)
