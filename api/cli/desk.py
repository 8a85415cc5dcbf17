"""What commands share: the desk at the data folder that was asked for, and who waits for whose job."""

import sys
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


def watched() -> bool:
    """Whether a person looks on."""
    return sys.stderr.isatty()


def work_off(at: Desk, account: str) -> None:
    """Sees to it that the account's jobs are done: by a running server when there is one, else here.

    A person who waits sees how far long work came.
    """
    if not jobs.someone_works(at.settings):
        at.heard = _shown if watched() else at.heard
        jobs.run_all(at)
        return
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with at.account(account).read() as tx:
            going = [job for job in tx.jobs() if job.state in ("queued", "running")]
        if not going:
            return
        if watched() and (said := next((job.progress for job in going if job.progress), "")):
            click.echo(f"\r  {said}", nl=False, err=True)
        time.sleep(0.05)


def _shown(done: int, every: int) -> None:
    """One line that overwrites itself; short work shows none."""
    if done < every:
        click.echo(f"\r  {done} of {every} passages for search", nl=False, err=True)
    else:
        click.echo("\r" + " " * 50 + "\r", nl=False, err=True)
