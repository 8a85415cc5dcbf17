"""Reading a delivery: its document, the occasion that it records, and the source version that is stored of both."""

from typing import Any

from pipeline import ingest, occasions
from pipeline.desk import Desk
from pipeline.errors import Error
from pipeline.flow import assigning, making
from pipeline.occasions import Known, Match
from pipeline.records import Delivery, Document, Occasion, Source, SourceKind
from pipeline.store import AccountStore

MOST = 60
"""Sources around a day that a text is compared with, the nearest first."""


def document_of(desk: Desk, here: AccountStore, told: Delivery) -> Document | None:
    """The document of a delivery, dated and with sides; None when it can't be read, the delivery then says why."""
    with here.read() as tx:
        content, plan = tx.delivery_bytes(told.id), tx.plan()
    try:
        document = ingest.read(content, told.filename, desk.settings, told.said_on, told.received_at.date())
    except Error as error:
        with here.write() as tx:
            tx.mark_delivery(told.id, "unreadable", error.told)
        return None
    document = making.dated(document, told, here.account.time_zone)
    document = making.authored(making.sided(document, here.account.domains, plan), told, plan)
    return assigning.apart(desk, here.account, document)


class Recognition:
    """Finds the occasion of a document: outside of the transaction that stores it, and again inside what came since."""

    def __init__(self, here: AccountStore, told: Delivery, document: Document) -> None:
        """Looks around now."""
        self._told, self._document = told, document
        self._seen: set[str] = set()
        self._match: Match | None = None
        with here.read() as tx:
            self._look(tx)

    def finish(self, tx: Any) -> tuple[Document, Occasion | None]:
        """The document with what was recognised among its warnings, and the occasion; None when it is a new one."""
        mine = tx.source_outlines(deliveries=[self._told.id])
        if mine:
            return self._document, tx.source(mine[0].id).occasion
        return self.found(tx)

    def found(self, tx: Any) -> tuple[Document, Occasion | None]:
        """The same without regard to earlier versions of the text."""
        self._look(tx)
        if self._match is None:
            return self._document, None
        other = tx.source(self._match.source)
        return _told(self._document, self._match, other), other.occasion

    def _look(self, tx: Any) -> None:
        document = self._document
        if document.said_on is None:
            same = tx.source_of_text(document.text)
            near = [same.id] if same and same.delivery != self._told.id else []
        else:
            near = _near(tx, document, self._told.id)
        fresh = [each for each in near[:MOST] if each not in self._seen]
        self._seen.update(fresh)
        known = [Known(each.id, each.occasion.id, each.document) for each in tx.sources(fresh)] if fresh else []
        found = occasions.same_occasion(document, known)
        if found is not None and (self._match is None or found.weight > self._match.weight):
            self._match = found


def _near(tx: Any, document: Document, delivery: str) -> list[str]:
    """Ids of the newest versions of sources said around the day, filings only beside filings."""
    around = tx.sources_around(document.said_on, occasions.DAYS_AROUND)
    newest = {each.delivery: each.id for each in sorted(around, key=lambda each: each.version)}
    filing = document.kind is SourceKind.filing
    return [
        each.id
        for each in around
        if each.delivery != delivery and newest[each.delivery] == each.id and (each.kind is SourceKind.filing) == filing
    ]


def _told(document: Document, match: Match, other: Source) -> Document:
    called = f"“{other.document.title}”" if other.document.title else "another text"
    warning = f"It is taken for another record of the occasion of {called}. {' '.join(match.reasons)}"
    return document.model_copy(update={"warnings": (*document.warnings, warning)})
