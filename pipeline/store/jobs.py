"""The outbox: a job row is written in the transaction that makes the work, and claimed by whoever does it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from pipeline.records import Json
from pipeline.store import tables as t
from pipeline.store.scope import Row, Scope, new_id
from pipeline.store.values import Job

GAVE_UP = "gave up: the process that worked on it ended each time"


def to_job(row: Row) -> Job:
    """A row as a value."""
    return Job(**{name: row[name] for name in Job.__dataclass_fields__})


class JobReads(Scope):
    """What can be asked of jobs."""

    def job(self, job: str) -> Job | None:
        """One job, or None."""
        row = self._row(self._select(t.job, t.job.c.id == job))
        return None if row is None else to_job(row)

    def unfinished(self) -> list[Job]:
        """The jobs that wait, run or failed, oldest first; not what failed once and was done later."""
        failed = self._select(t.job, t.job.c.state == "failed").with_only_columns(t.job.c.subject)
        wanted = sa.or_(t.job.c.state.in_(("queued", "running")), t.job.c.subject.in_(failed))
        rows = self._rows(self._select(t.job, wanted).order_by(t.job.c.created_at, t.job.c.id))
        last = {(row["kind"], row["subject"]): row for row in rows}
        return [to_job(row) for row in last.values() if row["state"] != "done"]

    def jobs_about(self, subjects: Iterable[str]) -> list[Job]:
        """The jobs about some subjects, oldest first."""
        rows = self._among(t.job, "subject", subjects)
        return [to_job(row) for row in sorted(rows, key=lambda row: (row["created_at"], row["id"]))]

    def jobs(self, state: str | None = None, subject: str | None = None) -> list[Job]:
        """The jobs, oldest first; in one state, or about one subject."""
        where = [
            t.job.c[name] == value for name, value in (("state", state), ("subject", subject)) if value is not None
        ]
        statement = self._select(t.job, *where).order_by(t.job.c.created_at, t.job.c.id)
        return [to_job(row) for row in self._rows(statement)]


class JobWrites(JobReads):
    """What can be done with jobs inside a transaction."""

    def add_job(self, kind: str, subject: str, payload: Mapping[str, Json] | None = None, wait: float = 0.0) -> Job:
        """Queues work of a kind on a subject (a delivery's id, say), not before `wait` seconds from now.

        What is queued on one subject in one transaction is done in the order in which it was queued.
        """
        queued = self.now + timedelta(microseconds=len(self.jobs(subject=subject)))
        row = {
            "id": new_id("job"),
            "kind": kind,
            "subject": subject,
            "payload": dict(payload or {}),
            "state": "queued",
            "created_at": queued,
            "created_by": self.actor,
            "not_before": self.now + timedelta(seconds=wait),
            "tries": 0,
            "progress": "",
        }
        self._add(t.job, [row])
        made = self.job(row["id"])  # type: ignore[arg-type]
        assert made is not None
        return made


def claim(connection: sa.Connection, worker: str, now: datetime, lease: float, kinds: tuple[str, ...]) -> Job | None:
    """Takes the oldest job that is due: queued, or running under a lease that has run out."""
    oldest = (
        sa.select(t.job.c.id)
        .where(_free(now, kinds))
        .order_by(t.job.c.not_before, t.job.c.created_at, t.job.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = _returned(connection, t.job.c.id == oldest, state="running", claimed_by=worker, claimed_at=now,
                    lease_until=now + timedelta(seconds=lease), tries=t.job.c.tries + 1)  # fmt: skip
    return None if row is None else to_job(row)


def any_due(connection: sa.Connection, now: datetime, kinds: tuple[str, ...]) -> bool:
    """Whether there is a job to claim: a look that waits for nobody."""
    return connection.scalar(sa.select(t.job.c.id).where(_free(now, kinds)).limit(1)) is not None


def _free(now: datetime, kinds: tuple[str, ...]) -> sa.ColumnElement[bool]:
    free = sa.or_(
        sa.and_(t.job.c.state == "queued", t.job.c.not_before <= now),
        sa.and_(t.job.c.state == "running", t.job.c.lease_until < now),
    )
    return sa.and_(free, t.job.c.kind.in_(kinds)) if kinds else free


def give_up(connection: sa.Connection, now: datetime, max_tries: int) -> int:
    """Fails the jobs whose workers ended too often; how many."""
    lost = sa.and_(t.job.c.state == "running", t.job.c.lease_until < now, t.job.c.tries >= max_tries)
    ended = sa.update(t.job).where(lost).values(state="failed", error=GAVE_UP, ended_at=now, lease_until=None)
    return connection.execute(ended).rowcount


def held(connection: sa.Connection, job: str, worker: str, **values: Any) -> bool:
    """Updates a job that this worker still holds; False when somebody else took it over meanwhile."""
    mine = sa.and_(t.job.c.id == job, t.job.c.claimed_by == worker, t.job.c.state == "running")
    return _returned(connection, mine, **values) is not None


def _returned(connection: sa.Connection, where: sa.ColumnElement[bool], **values: Any) -> Row | None:
    changed = sa.update(t.job).where(where).values(**values).returning(*t.job.c)
    return cast(Row | None, connection.execute(changed).mappings().first())
