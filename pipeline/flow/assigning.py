"""Which account a text belongs to: suggested for a person to choose, and a part about another one handed over."""

from datetime import date
from typing import Any

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


SET_ASIDE = "set_aside"
"""The state of a kept text that nobody wants to assign for now."""

LISTED = "List what waits for an account with `notes2plan unsorted`."


def keep(desk: Desk, content: bytes, filename: str | None = None, said_on: date | None = None) -> Delivery:
    """Keeps a text that belongs to no account yet; nothing is read before somebody assigns it.

    What was set aside and comes again waits again. Raises EmptyText or TooLarge for what is refused, Mistake for bytes
    that wait for an account at somebody else's.
    """
    making.refuse(content, filename, desk.settings.max_file_mb)
    with desk.store.unsorted(desk.actor).write() as tx:
        kept: Delivery = tx.add_delivery(content, "paste", filename, said_on)[0]
        if kept.received_by != desk.actor:
            raise Mistake(f"somebody else brought {filename or 'this note'} too", "Say which account it belongs to.")
        return _marked(tx, kept, "accepted")


def unsorted(desk: Desk, aside: bool = False) -> list[Delivery]:
    """What whoever is at the desk brought and nobody assigned yet, newest first; or what of it was set aside."""
    with desk.store.unsorted(desk.actor).read() as tx:
        mine = [each for each in tx.deliveries() if each.received_by == desk.actor]
    return [each for each in mine if (each.state == SET_ASIDE) is aside]


def set_aside(desk: Desk, delivery: str) -> Delivery:
    """Takes a kept text out of what waits, without forgetting it. Raises UnknownSource."""
    with desk.store.unsorted(desk.actor).write() as tx:
        return _marked(tx, _mine(tx, delivery), SET_ASIDE)


def take_back(desk: Desk, delivery: str) -> Delivery:
    """Lets a text that was set aside wait again. Raises UnknownSource."""
    with desk.store.unsorted(desk.actor).write() as tx:
        return _marked(tx, _mine(tx, delivery), "accepted")


def suggest_kept(desk: Desk, delivery: str) -> tuple[Delivery, tuple[Suggestion, ...]]:
    """A kept text and the accounts that something speaks for; none when it can't be read. Raises UnknownSource."""
    with desk.store.unsorted(desk.actor).read() as tx:
        told = _mine(tx, delivery)
        content = tx.delivery_bytes(delivery)
    try:
        return told, suggest(desk, content, told.filename)
    except Mistake:
        return told, ()


def assign(desk: Desk, delivery: str, account: str) -> Delivery:
    """Gives a kept text to an account, where it is read; one that has these bytes keeps its own, and this is set aside.

    Raises UnknownSource, UnknownAccount, NotAllowed.
    """
    there = desk.account(account, Act.deliver)
    with desk.store.unsorted(desk.actor).write() as tx:
        told = _mine(tx, delivery)
        with there.read() as other:
            known: Delivery | None = other.delivery_of(tx.delivery_bytes(delivery))
        if known is not None:
            _marked(tx, told, SET_ASIDE)
            return known
        _marked(tx, told, "accepted")
        tx.add_job("read", delivery)
        given: Delivery = tx.assign(delivery, there)
    return given


def _mine(tx: Any, delivery: str) -> Delivery:
    """Only who brought a text sees it while it belongs to no account."""
    found: list[Delivery] = [each for each in tx.deliveries(ids=[delivery]) if each.received_by == tx.actor]
    if not found:
        raise UnknownSource(delivery, LISTED)
    return found[0]


def _marked(tx: Any, told: Delivery, state: str) -> Delivery:
    if told.state != state:
        tx.mark_delivery(told.id, state)
    return told.model_copy(update={"state": state})
