"""Search for people: passages of an account's sources that answer a question, with the words that were asked for."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from pipeline import names
from pipeline.records import Record
from pipeline.store import AccountStore, Filters, Hit, SourceOutline, Store
from pipeline.store.words import words

_ASKING = """
a about an any and are as at be been but by can could describe did do does for from had has have her his how i if
in is it its me my of on or our say said she should so summarise summarize summary than that the their them then
there these they this those to us was we were what when where which who whom whose why will with would you your
das der die den dem des ein eine einen und oder wer was wann wo warum wie welche welcher hat haben ist sind war zu
von mit für im am
"""
ASKING = frozenset(_ASKING.split())
"""Words that only ask: they say nothing of what is looked for, and pull the meaning towards talk about talking."""

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
    asked = gist(query)
    if not asked:
        return ()
    vector = embedder.embed([asked])[0] if embedder else None
    hits = here.search(asked, vector, count, _filters(here, filters), embedder.name if embedder else None)
    with here.read() as tx:
        told = {each.id: each for each in tx.source_outlines(ids={hit.passage.source for hit in hits})}
        lines = tx.lines(hit.passage.id for hit in hits)
    rows = ((hit, told.get(hit.passage.source), lines.get(hit.passage.id, 1)) for hit in hits)
    return tuple(_row(hit, source, line, asked) for hit, source, line in rows if source is not None)


def _filters(here: AccountStore, wanted: Wanted | None) -> Filters | None:
    """What the store is asked for: speakers and items as they are written there. None when everything may be found."""
    if wanted is None or wanted == Wanted():
        return None
    speakers = items = None
    with here.read() as tx:
        if wanted.speaker:
            speakers = frozenset(each for each in tx.speakers() if _speaks(each, wanted.speaker))
        if wanted.item:
            items = frozenset(each for each in tx.filing_items() if _bare(each) == _bare(wanted.item))
    kinds = frozenset({wanted.kind}) if wanted.kind else None
    return Filters(since=wanted.since, until=wanted.until, kinds=kinds, speakers=speakers, items=items)


def without_vectors(store: Store, actor: str, account: str, embedder: str, most: int = 1000) -> int:
    """How many passages can't be found by meaning yet, counted up to `most`."""
    with store.account(account, actor).read() as tx:
        return len(tx.unembedded(embedder, most))


class IndexRow(Record):
    """How far the search index of an account is. `bare` passages have no vector yet and are found by words alone; the
    index is `behind` by so many, None when another process owns it. Search stays right meanwhile: it asks the store.
    """

    account: str
    account_name: str
    bare: int
    behind: int | None


def index_state(store: Store, actor: str, account: str, embedder: str) -> IndexRow:
    """The count check of one account: passages, their vectors, and what the index holds. Raises UnknownAccount."""
    here = store.account(account, actor)
    behind = here.index_behind(embedder) if store.index.owned else None
    bare = without_vectors(store, actor, here.id, embedder)
    return IndexRow(account=here.id, account_name=here.account.name, bare=bare, behind=behind)


def gist(query: str) -> str:
    """A question without the words that only ask; as it is when it has no others."""
    kept = [word for word in WORD.findall(query) if word.casefold() not in ASKING]
    return " ".join(kept) or query.strip()


def _row(hit: Hit, source: SourceOutline, line: int, asked: str) -> HitRow:
    passage = hit.passage
    return HitRow(
        passage=passage.id,
        source=passage.source,
        title=source.title,
        kind=str(source.kind),
        said_on=passage.said_on,
        speaker=passage.speaker,
        item=passage.item,
        line=line,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        highlights=highlights(passage.text, asked),
        how=hit.how,
    )


def _speaks(said: str, speaker: str) -> bool:
    return speaker.casefold() in said.casefold() or names.same_person((speaker,), (said,))


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
