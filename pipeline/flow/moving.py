"""What goes to another account with a source: its bytes, or, where an erasure took these, the masked text as read."""

from typing import Any

from pipeline.errors import UnknownSource
from pipeline.flow import making
from pipeline.records import Account, Delivery, Document, Plan, Side, Source


def carried(tx: Any, other: Any, source: Source, to: Account) -> Delivery:
    """The delivery of a source in the account that `other` writes to, with what is to be done for it there.

    Raises UnknownSource for a source that was erased.
    """
    told: Delivery = tx.delivery(source.delivery)
    if told.state == "erased":
        raise UnknownSource(f"{source.id} was erased")
    if not tx.has_bytes(told.id):
        return _masked(other, tx.source(making.versions(tx, source.id)[0]), told, to)
    delivery: Delivery = other.add_delivery(tx.delivery_bytes(told.id), told.origin, told.filename, told.said_on)[0]
    other.add_job("read", delivery.id)
    return delivery


def _masked(other: Any, source: Source, told: Delivery, to: Account) -> Delivery:
    """The masked text, its lines and its day as they were read: no bytes are left to read them from again."""
    document = _elsewhere(source.document, to, other.plan())
    given = (document.text.encode(), told.origin, told.filename, document.said_on, "read")
    delivery: Delivery = other.add_delivery(*given)[0]
    gone = sum(each.withdrawn for each in other.source_outlines(deliveries=[delivery.id]))
    made: Source = other.add_source(making.source_of(to.id, delivery, document, None, other.now, gone))
    other.add_passages(making.passages(made))
    other.add_job("propose", made.id, {"number": 1})
    other.add_job("index", made.id)
    return delivery


def _elsewhere(document: Document, to: Account, plan: Plan) -> Document:
    """The document with its people on the sides that they are on at the other account."""
    people = tuple(each.model_copy(update={"side": Side.unknown}) for each in document.participants)
    return making.sided(document.model_copy(update={"participants": people}), to.domains, plan)
