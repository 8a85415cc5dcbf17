"""Which account a text belongs to: suggested for a person to choose, and a part about another one handed over."""

from datetime import date

from pipeline import belonging, ingest
from pipeline.access import Act
from pipeline.belonging import Candidate, Suggestion
from pipeline.desk import Desk
from pipeline.errors import BadValue, Mistake, UnknownSource
from pipeline.flow import making
from pipeline.records import Account, Delivery, Document, SourceKind
from pipeline.sections import section


def suggest(desk: Desk, content: bytes, filename: str | None) -> tuple[Suggestion, ...]:
    """The accounts that something speaks for, best first, with what; nothing is kept and nobody is chosen.

    Raises EmptyText, TooLarge or Unreadable.
    """
    document = ingest.read(content, filename, desk.settings)
    return belonging.suggest_account(document, [_known(desk, each) for each in desk.store.accounts(desk.actor)])


def _known(desk: Desk, account: Account) -> Candidate:
    with desk.account(account.id).read() as tx:
        people = list(tx.plan().section("stakeholders"))
    kind = section("stakeholders")
    names = tuple(name for each in people for name in (kind.label(each.values, None),) if name)
    return Candidate(account.id, account.name, account.domains, names)


def apart(desk: Desk, own: Account, document: Document) -> Document:
    """The document with the lines set apart that speak of another account which whoever is at the desk may read."""
    if document.kind is SourceKind.filing:
        return document
    others = [Candidate(each.id, each.name) for each in desk.store.accounts(desk.actor) if each.id != own.id]
    return belonging.apart(document, belonging.other_accounts(document, Candidate(own.id, own.name), others))


def hand_over(desk: Desk, account: str, source: str, lines: tuple[int, int], to: str) -> Delivery:
    """Delivers some lines of a source, first and last by number, to the account that they speak of.

    The source stays as it is. Raises UnknownSource, BadValue for lines that it does not have or that say nothing.
    """
    with desk.account(account).read() as tx:
        found = tx.source(source)
    document = found.document
    chosen = [line for line in document.lines if lines[0] <= line.number <= lines[1]]
    words = document.text[chosen[0].start : chosen[-1].end] if chosen else ""
    if not words.strip():
        raise BadValue(f"lines {lines[0]} to {lines[1]} hold no words", "Give the numbers of the first and last line.")
    there = desk.account(to, Act.deliver)
    name = f"{document.title or 'Note'} (lines {lines[0]} to {lines[1]}).txt"
    with there.write() as tx:
        delivery: Delivery
        delivery, new = tx.add_delivery(words.encode(), "part", name, document.said_on)
        if new:
            tx.add_job("read", delivery.id)
    return delivery


def keep(desk: Desk, content: bytes, filename: str | None = None, said_on: date | None = None) -> Delivery:
    """Keeps a text that belongs to no account yet; nothing is read before somebody assigns it.

    Raises EmptyText or TooLarge for what is refused.
    """
    making.refuse(content, filename, desk.settings.max_file_mb)
    with desk.store.unsorted(desk.actor).write() as tx:
        delivery: Delivery = tx.add_delivery(content, "paste", filename, said_on)[0]
    return delivery


def unsorted(desk: Desk) -> list[Delivery]:
    """What whoever is at the desk brought and nobody assigned yet, newest first."""
    with desk.store.unsorted(desk.actor).read() as tx:
        return [each for each in tx.deliveries() if each.received_by == desk.actor]


def suggest_kept(desk: Desk, delivery: str) -> tuple[Delivery, tuple[Suggestion, ...]]:
    """A kept text and the accounts that something speaks for; none when it can't be read. Raises UnknownSource."""
    with desk.store.unsorted(desk.actor).read() as tx:
        told = tx.delivery(delivery)
        if told.received_by != desk.actor:
            raise UnknownSource(delivery)
        content = tx.delivery_bytes(delivery)
    try:
        return told, suggest(desk, content, told.filename)
    except Mistake:
        return told, ()


def assign(desk: Desk, delivery: str, account: str) -> Delivery:
    """Gives a kept text to an account, where it is read. Raises UnknownSource, Conflicted when it has these bytes."""
    there = desk.account(account, Act.deliver)
    with desk.store.unsorted(desk.actor).write() as tx:
        if tx.delivery(delivery).received_by != desk.actor:
            raise UnknownSource(delivery)
        tx.add_job("read", delivery)
        given: Delivery = tx.assign(delivery, there)
    return given
