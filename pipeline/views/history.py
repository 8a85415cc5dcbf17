"""The plan's memory: the update log, who says so of any field, what differs, and whether the history is whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pipeline.errors import UnknownItem
from pipeline.records import Evidence, Item, Plan, Record
from pipeline.sections import section
from pipeline.store import Blame, Delta, Store, Verified
from pipeline.views.proposal import title_of_source
from pipeline.views.words import title_of, words


class DeltaLine(Record):
    """One field of one item, before and after, in words."""

    item: str
    label: str
    field: str
    before: str = ""
    after: str = ""
    effective: date | None = None
    """From which day on it holds, where that is not the day of the decision."""


class LogRow(Record):
    """One revision in the update log."""

    number: int
    at: datetime
    author: str
    reason: str
    proposal: str | None
    source: str | None
    lines: tuple[DeltaLine, ...]


class QuoteRow(Record):
    """Words that a value rests on, or that confirm it. `title` is the source's, `said_on` the day of the words."""

    words: str
    source: str
    title: str
    line: int
    said_on: date | None = None
    confirms: bool = False


class SaysSo(Record):
    """Who says so, of one field; `effective` from which day on, where the words tell one; `confirmed_on` is the latest
    day on which first-hand words said it again.
    """

    item: str
    field: str
    value: str
    revision: int
    origin: str
    by: str
    at: datetime
    quotes: tuple[QuoteRow, ...]
    confirmed_on: date | None = None
    effective: date | None = None


class Whole(Record):
    """An account whose history agrees with itself."""

    account: str
    name: str
    revisions: int
    items: int
    head: str
    erased: int


def update_log(store: Store, actor: str, account: str, newest: int | None = None) -> tuple[LogRow, ...]:
    """Every revision of an account, newest first: who, when, why, from which source, and what changed."""
    here = store.account(account, actor)
    with here.read() as tx:
        plan = tx.plan()
        made = tx.revisions(newest)
        proposals = tx.proposals(ids={each.proposal for each in made if each.proposal})
        deltas = defaultdict(list)
        for delta in tx.deltas(*(each.number for each in made)):
            deltas[delta.revision].append(delta)
    sources = {each.id: each.source for each in proposals}
    days = {change.id: change.effective for each in proposals for change in each.changes}
    return tuple(
        LogRow(
            number=each.number,
            at=each.at,
            author=each.author,
            reason=each.reason,
            proposal=each.proposal,
            source=sources.get(each.proposal or ""),
            lines=_lines(deltas[each.number], plan, days),
        )
        for each in made
    )


def difference(store: Store, actor: str, account: str, before: int, after: int) -> tuple[DeltaLine, ...]:
    """What differs between two revisions of an account's plan."""
    here = store.account(account, actor)
    with here.read() as tx:
        found = tx.diff(before, after)
    both = {**found.before.items, **found.after.items}
    return _lines(found.deltas, found.after.model_copy(update={"items": both}))


def who_says(store: Store, actor: str, account: str, item: str, field: str = "") -> tuple[SaysSo, ...]:
    """Who says so: of one field of an item, or of all its fields. `item` is an id or what the entry is called."""
    here = store.account(account, actor)
    with here.read() as tx:
        plan = tx.plan()
        meant = _meant(plan, item)
        fields = [field] if field else ["", *meant.values]
        return tuple(_says(tx.blame(meant.id, each), plan) for each in fields)


def _meant(plan: Plan, word: str) -> Item:
    found = plan.get(word)
    if found is not None:
        return found
    called = [each for each in plan.items.values() if section(each.section).label(each.values, plan) == word]
    if len(called) != 1:
        raise UnknownItem(word)
    return called[0]


def _says(blame: Blame, plan: Plan) -> SaysSo:
    head = blame.head
    said = [(piece, False) for piece in (blame.change.evidence if blame.change else ())]
    said += [(support.evidence, True) for support in blame.support]
    return SaysSo(
        item=head.item,
        field=head.field,
        value=words(head.value, plan) if head.field else "",
        revision=head.revision,
        origin=head.origin,
        by=head.by,
        at=head.at,
        quotes=tuple(_quote(piece, blame, confirms=confirms) for piece, confirms in said if _stands(piece, blame)),
        confirmed_on=head.confirmed_on,
        effective=blame.change.effective if blame.change else None,
    )


def _stands(piece: Evidence, blame: Blame) -> bool:
    """Words of a source that was withdrawn are shown no more."""
    source = blame.sources.get(piece.source)
    return source is None or not source.withdrawn


def _quote(piece: Evidence, blame: Blame, *, confirms: bool) -> QuoteRow:
    return QuoteRow(
        words=piece.words,
        source=piece.source,
        title=_title(blame, piece.source),
        line=piece.line,
        said_on=piece.said_on,
        confirms=confirms,
    )


def _title(blame: Blame, source: str) -> str:
    found = blame.sources.get(source)
    return title_of_source(found) if found else source


def _lines(deltas: Iterable[Delta], plan: Plan, days: Mapping[str, date | None] | None = None) -> tuple[DeltaLine, ...]:
    """Deltas in words; an item's coming is told by its fields, its going by one line. `days`: since when, by change."""
    told = ((each, (days or {}).get(each.change or "")) for each in deltas if each.field or each.after is None)
    return tuple(_line(each, plan).model_copy(update={"effective": day}) for each, day in told)


def _line(delta: Delta, plan: Plan) -> DeltaLine:
    item = plan.get(delta.item)
    label = section(delta.section).label(item.values, plan) if item else delta.item
    if not delta.field:
        return DeltaLine(item=delta.item, label=label, field="entry", before="in the plan", after="removed")
    return DeltaLine(
        item=delta.item,
        label=label,
        field=title_of(delta.field),
        before=words(delta.before, plan),
        after=words(delta.after, plan),
    )


def verify(store: Store, actor: str, account: str = "") -> tuple[Whole, ...]:
    """Folds the history of one account, or of all, again. Raises BrokenChain naming the first break."""
    wanted = [store.account(account, actor).account] if account else store.accounts(actor)
    found = []
    for each in wanted:
        with store.account(each.id, actor).read() as tx:
            told: Verified = tx.verify()
        found.append(
            Whole(
                account=each.id,
                name=each.name,
                revisions=told.revisions,
                items=told.items,
                head=told.head,
                erased=told.erased,
            )
        )
    return tuple(found)
