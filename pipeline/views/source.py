"""One source as people read it: its lines, who was there, which occasion it records and what else records it."""

from datetime import date

from pipeline.records import Record, Source
from pipeline.store import SourceOutline, Store
from pipeline.views.proposal import title_of_source

NEAR_DAYS = 14
"""Days around a source in which another record of its occasion is offered."""

MOST_OFFERED = 30


class OtherRow(Record):
    """Another source of the account."""

    id: str
    title: str
    kind: str
    said_on: date | None


class PersonRow(Record):
    """Somebody who was there; `side` is ours, theirs or unknown."""

    name: str
    title: str | None
    side: str


class TextLine(Record):
    """One line of the text."""

    number: int
    kind: str
    speaker: str | None
    words: str


class SourceView(Record):
    """A source: `records` are the others of its occasion, `near` those that might be; `newer` is its newest version
    when that is another one; `proposals` are ids, the newest last; `elsewhere` keeps which
    lines speak of other accounts.
    """

    id: str
    account: str
    account_name: str
    delivery: str
    title: str
    kind: str
    said_on: date | None
    said_on_from: str | None
    language: str
    withdrawn: bool
    people: tuple[PersonRow, ...]
    warnings: tuple[str, ...]
    lines: tuple[TextLine, ...]
    occasion: str
    records: tuple[OtherRow, ...]
    near: tuple[OtherRow, ...]
    proposals: tuple[str, ...]
    newer: str | None = None
    elsewhere: str = ""


def one_source(store: Store, actor: str, account: str, source: str) -> SourceView:
    """One source of an account. Raises UnknownAccount, UnknownSource."""
    here = store.account(account, actor)
    with here.read() as tx:
        found = tx.source(source)
        versions = tx.source_outlines(deliveries=[found.delivery])
        proposals = tx.proposal_outlines(sources=[each.id for each in versions])
        day = found.document.said_on
        around = tx.sources_around(day, NEAR_DAYS) if day else []
        same = tx.sources_of_occasion(found.occasion.id)
    old = {each.id for each in versions}
    records = [each for each in same if each.id not in old and not each.withdrawn]
    taken = old | {each.id for each in records}
    return SourceView(
        id=found.id,
        account=here.id,
        account_name=here.account.name,
        delivery=found.delivery,
        title=title_of_source(found),
        kind=str(found.document.kind),
        said_on=day,
        said_on_from=found.document.said_on_from,
        language=found.document.language,
        withdrawn=found.withdrawn,
        people=tuple(
            PersonRow(name=who.name, title=who.title, side=str(who.side)) for who in found.document.participants
        ),
        warnings=found.document.warnings,
        lines=_lines(found),
        occasion=found.occasion.id,
        records=tuple(map(_other, records)),
        near=tuple(_other(each) for each in around if each.id not in taken)[:MOST_OFFERED],
        proposals=tuple(each.id for each in proposals),
        elsewhere=found.document.attributes.get("elsewhere", ""),
        newer=versions[0].id if versions[0].id != found.id else None,
    )


def _other(outline: SourceOutline) -> OtherRow:
    return OtherRow(id=outline.id, title=outline.title, kind=str(outline.kind), said_on=outline.said_on)


def _lines(source: Source) -> tuple[TextLine, ...]:
    document = source.document
    return tuple(
        TextLine(number=line.number, kind=str(line.kind), speaker=line.speaker, words=document.words(line))
        for line in document.lines
    )
