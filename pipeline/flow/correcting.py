"""Correcting what reading took a source for: the day it was said, the occasion that it records."""

import hashlib
from datetime import date
from typing import Any

from pipeline import ingest
from pipeline.access import Act
from pipeline.desk import Desk
from pipeline.errors import UnknownSource
from pipeline.flow import making, reading
from pipeline.records import Document, Occasion, Source

RECOGNISED = "It is taken for another record"
"""How the warning begins that tells what occasion was recognised by the day: another day is recognised anew."""


def redate(desk: Desk, account: str, source: str, day: date) -> Source:
    """Says on which day a source was said: a new version of it, of that day, in place of the old one.

    What of the old version's proposals waits is closed, and its changes are proposed again. The same day again changes
    nothing, unless it was only assumed. Raises UnknownSource, also for one that was withdrawn.
    """
    here = desk.account(account, Act.deliver)
    with here.read() as tx:
        old = _standing(tx, source)
        told = tx.delivery(old.delivery)
    if _known(old, day):
        return old
    recognition = reading.Recognition(here, told, _dated(old.document, day, desk.actor))
    with here.write() as tx:
        old = _standing(tx, source)
        if _known(old, day):
            return old
        document, known = recognition.found(tx)
        version = hashlib.sha256(f"{old.id}/{day.isoformat()}/{old.version}".encode()).hexdigest()[:16]
        own = Occasion(id=f"occ_{version}", said_on=day, title=document.title)
        fresh = {"id": f"src_{version}", "document": document, "read_at": tx.now, "occasion": known or own}
        made: Source = tx.add_source(old.model_copy(update=fresh))
        tx.redate_delivery(old.delivery, day)
        tx.supersede_source(old.id)
        tx.add_passages(making.passages(made))
        for each in tx.proposals(state="open", source=old.id):
            tx.close_proposal(each.id)
        tx.add_job("propose", made.id, {"number": 1})
        tx.add_job("index", made.id)
    return made


def _known(source: Source, day: date) -> bool:
    return source.document.said_on == day and source.document.said_on_sure


def occasion(desk: Desk, account: str, source: str, same_as: str | None) -> Source:
    """Says that a source records the same occasion as another one, or, without one, an occasion of its own.

    Raises UnknownSource.
    """
    with desk.account(account, Act.deliver).write() as tx:
        old = tx.source(source)
        if same_as is not None:
            tx.assign_occasion(source, tx.source(same_as).occasion.id)
        else:
            own = tx.add_occasion(old.document.said_on, old.document.title)
            tx.assign_occasion(source, own.id)
        found: Source = tx.source(source)
    return found


def _standing(tx: Any, source: str) -> Source:
    """The newest version of the source's text. Raises UnknownSource for one that was withdrawn."""
    found: Source = tx.source(source)
    newest: Source = tx.sources(delivery=found.delivery)[0]
    if newest.withdrawn:
        raise UnknownSource(f"{source} was withdrawn")
    return newest


def _dated(document: Document, day: date, actor: str) -> Document:
    """The document of that day, without the warnings that it settles."""
    kept = tuple(each for each in document.warnings if not each.startswith(RECOGNISED))
    return ingest.dated(document.model_copy(update={"warnings": kept}), day, f"as {actor} says")
