"""What commands share: the desk at the data folder that was asked for, and who waits for whose job."""

import time
from pathlib import Path

import click

from pipeline import jobs, settings
from pipeline.desk import Desk

WAIT_SECONDS = 60.0


def desk() -> Desk:
    """A desk with the settings of the environment and --home."""
    home: Path | None = click.get_current_context().find_root().obj
    return Desk(settings.load(home=home))


def work_off(at: Desk, account: str) -> None:
    """Sees to it that the account's jobs are done: by a running server when there is one, else here."""
    if not jobs.someone_works(at.settings):
        jobs.run_all(at)
        return
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with at.account(account).read() as tx:
            if not any(job.state in ("queued", "running") for job in tx.jobs()):
                return
        time.sleep(0.05)
