"""Turns job rows into work: a delivery is read, a source gets its proposal. The only file that knows how work is run.

Rows are claimed under a lease, so that several workers share them and a killed one's are taken over. Every step can
be repeated, because flow's own transactions are keyed.
"""

import contextlib
import fcntl
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import Error, IndexBusy, StoreBusy
from pipeline.settings import Settings
from pipeline.store import Job

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
POLL_SECONDS = 0.2
MOST_TRIES = 5
RETRY_SECONDS = 5.0


def _read(desk: Desk, job: Job) -> None:
    flow.read(desk, job.account or "", job.subject)


def _propose(desk: Desk, job: Job) -> None:
    number = job.payload.get("number")
    proposer = str(job.payload.get("proposer") or "")
    flow.propose_changes(desk, job.account or "", job.subject, proposer, number if isinstance(number, int) else None)


def _index(desk: Desk, job: Job) -> None:
    def heard(done: int, every: int) -> None:
        desk.store.progress_job(job, f"{done} of {every} passages embedded", LEASE.total_seconds())
        desk.heard(done, every)

    flow.index(desk, job.account or "", job.subject, heard)


STEPS: Mapping[str, Callable[[Desk, Job], None]] = {"read": _read, "propose": _propose, "index": _index}
"""Kind of job -> what does it."""


def worker_name() -> str:
    """Tells one worker from another: machine, process, thread."""
    return f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"


def run_one(desk: Desk, lease: timedelta = LEASE) -> bool:
    """Does the oldest job that is due; False when there is none. A job that fails says why and stays visible; one
    that found the store or the index busy is tried again in a while.

    lease: how long the job is this worker's; after that another takes it over.
    """
    job = desk.store.claim_job(worker_name(), lease.total_seconds(), tuple(STEPS), MOST_TRIES)
    if job is None:
        return False
    try:
        STEPS[job.kind](desk.as_(job.created_by), job)
    except (StoreBusy, IndexBusy) as error:
        desk.store.fail_job(job, error.told, RETRY_SECONDS if job.tries < MOST_TRIES else None)
    except Error as error:
        desk.store.fail_job(job, error.told)
    except Exception as error:
        log.exception("job %s (%s) ended with %s", job.id, job.kind, type(error).__name__)
        desk.store.fail_job(job, f"It ended with {type(error).__name__}. The note is kept; propose again to retry.")
    else:
        desk.store.finish_job(job)
    return True


def run_all(desk: Desk, lease: timedelta = LEASE) -> int:
    """Does all jobs that are due, those they ask for too; how many."""
    done = 0
    while run_one(desk, lease):
        done += 1
    return done


def _lock_file(settings: Settings) -> Path:
    return settings.home / "worker.lock"


def someone_works(settings: Settings) -> bool:
    """Whether a worker of another process is at this data folder now."""
    if not _lock_file(settings).exists():
        return False
    with _lock_file(settings).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class Worker:
    """Does jobs in a thread of this process until it is stopped; its lock on the data folder tells others of it."""

    def __init__(self, desk: Desk) -> None:
        """Nothing runs before `start`."""
        self._desk = desk
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._lock = _lock_file(self._desk.settings).open("wb")
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something to do, so that nobody waits for the next look."""
        self._wake.set()

    def stop(self) -> None:
        """Ends after the job at hand; at most a minute."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=60)
        self._lock.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                worked = run_one(self._desk)
            except Exception:
                log.exception("the worker could not reach the store")
                worked = False
            if not worked:
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
