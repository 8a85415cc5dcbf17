"""What a transaction can do, put together from the topics."""

import sqlalchemy as sa

from pipeline.errors import Conflicted
from pipeline.records import Delivery
from pipeline.store import tables as t
from pipeline.store.deliveries import DeliveryReads, DeliveryWrites
from pipeline.store.doors import AccountStore
from pipeline.store.gone import GoneReads
from pipeline.store.history import HistoryWrites
from pipeline.store.jobs import JobReads, JobWrites
from pipeline.store.outlines import OutlineReads
from pipeline.store.plans import PlanReads
from pipeline.store.search import SearchReads
from pipeline.store.sources import SourceWrites
from pipeline.store.verifying import VerifyReads


class Reading(DeliveryReads, GoneReads, JobReads, OutlineReads, SearchReads, VerifyReads, PlanReads):
    """A snapshot of one account."""


class Writing(Reading, DeliveryWrites, JobWrites, SourceWrites, HistoryWrites):
    """A transaction on one account."""


class Sorting(DeliveryWrites, JobWrites):
    """A transaction on what belongs to no account yet."""

    def assign(self, delivery: str, account: AccountStore) -> Delivery:
        """Gives a delivery, with its jobs, to an account. Raises Conflicted when that account has the same bytes."""
        found = self.delivery(delivery)
        same = (t.delivery.c.account == account.id, t.delivery.c.sha256 == found.sha256)
        if self._connection.scalar(sa.select(t.delivery.c.id).where(*same)) is not None:
            raise Conflicted(f"{account.account.name} has these bytes already")
        self._update(t.delivery, t.delivery.c.id == delivery, account=account.id)
        self._update(t.job, t.job.c.subject == delivery, account=account.id)
        return found.model_copy(update={"account": account.id})
