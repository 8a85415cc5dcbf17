"""Deliveries: raw bytes as they came, kept before anything is parsed."""

import hashlib
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from pipeline.errors import UnknownSource, Unreadable
from pipeline.records import Delivery
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope, new_id

KEPT = "What was read of it is kept, masked, and can be moved; deliver the note again if it may be kept as it was."


def to_delivery(row: Row) -> Delivery:
    """A row as a record."""
    return Delivery.model_validate(dict(row))


class DeliveryReads(Scope):
    """What can be asked of deliveries."""

    def delivery(self, delivery: str) -> Delivery:
        """One delivery. Raises UnknownSource."""
        row = self._row(self._select(t.delivery, t.delivery.c.id == delivery))
        if row is None:
            raise UnknownSource(delivery)
        return to_delivery(row)

    def deliveries(
        self, state: str | None = None, ids: Iterable[str] | None = None, newest: int | None = None
    ) -> list[Delivery]:
        """The deliveries, newest first: all, those in one state, the named ones; at most so many of the `newest`."""
        if ids is not None:
            rows = self._among(t.delivery, "id", ids)
            return sorted(map(to_delivery, rows), key=lambda each: each.received_at, reverse=True)
        wanted = () if state is None else (t.delivery.c.state == state,)
        statement = self._select(t.delivery, *wanted).order_by(t.delivery.c.received_at.desc(), t.delivery.c.id)
        return [to_delivery(row) for row in self._rows(statement.limit(newest))]

    def delivery_of(self, content: bytes) -> Delivery | None:
        """The delivery of exactly these bytes, or None."""
        digest = hashlib.sha256(content).hexdigest()
        row = self._row(self._select(t.delivery, t.delivery.c.sha256 == digest))
        return None if row is None else to_delivery(row)

    def delivery_bytes(self, delivery: str) -> bytes:
        """The bytes as they came. Raises UnknownSource, or Unreadable when erasing somebody took them."""
        joined = sa.select(t.blob.c.bytes).join(t.delivery, t.delivery.c.id == t.blob.c.delivery)
        content: bytes | None = self._connection.scalar(
            joined.where(self._mine(t.delivery), t.delivery.c.id == delivery)
        )
        if content is None:
            if self.delivery(delivery).state == "erased":
                raise UnknownSource(f"{delivery} was erased")
            raise Unreadable(f"the bytes of {delivery} were erased", KEPT)
        return content

    def has_bytes(self, delivery: str) -> bool:
        """Whether the bytes are still there: an erasure takes them. Raises UnknownSource."""
        told = self.delivery(delivery)
        there = sa.select(t.blob.c.delivery).where(t.blob.c.delivery == told.id)
        return self._connection.scalar(there) is not None


class DeliveryWrites(DeliveryReads):
    """What can be done with deliveries."""

    def add_delivery(
        self,
        content: bytes,
        origin: str,
        filename: str | None = None,
        said_on: date | None = None,
        state: str = "accepted",
    ) -> tuple[Delivery, bool]:
        """Keeps the bytes; returns the delivery and whether it is new. The same bytes are the same delivery."""
        from pipeline.sections import seen

        found = self.delivery_of(content)
        if found is not None:
            return found, False
        made = Delivery(
            id=new_id("del"),
            account=self._account,
            origin=origin,
            filename=filename and seen(filename),
            received_at=self.now,
            received_by=self.actor,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            state=state,
            said_on=said_on,
        )
        if not self._add_new(t.delivery, made.model_dump(exclude={"account"})):
            again = self.delivery_of(content)
            assert again is not None
            return again, False
        self._connection.execute(sa.insert(t.blob).values(delivery=made.id, bytes=content))
        return made, True

    def redate_delivery(self, delivery: str, said_on: date) -> None:
        """Says which day a delivery is of."""
        self._update(t.delivery, t.delivery.c.id == delivery, said_on=said_on)

    def mark_delivery(self, delivery: str, state: str, problem: str | None = None) -> None:
        """Says how far reading it came ("accepted", "read", "unreadable", …) and what went wrong."""
        self._update(t.delivery, t.delivery.c.id == delivery, state=state, problem=problem)
