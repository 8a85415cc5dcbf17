"""Commands that correct what reading took a source for: its day, and the occasion that it records."""

from datetime import datetime

import click

from api.cli.desk import desk, work_off
from pipeline.flow import correcting
from pipeline.views.sources import one_delivery


@click.command()
@click.argument("account")
@click.argument("source")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def redate(account: str, source: str, day: datetime) -> None:
    """Say on which DAY a SOURCE of ACCOUNT was said; its changes are proposed again."""
    at = desk()
    made = correcting.redate(at, account, source, day.date())
    work_off(at, account)
    row = one_delivery(at.store, at.actor, made.delivery)
    more = f", see `notes2plan show {row.proposal}`" if row.proposal else ""
    click.echo(f"{row.title}: said on {made.document.said_on}{more}.")


@click.command()
@click.argument("account")
@click.argument("source")
@click.option("--same-as", metavar="SOURCE", help="Another source that records the same occasion.")
@click.option("--own", is_flag=True, help="It records an occasion of its own.")
def occasion(account: str, source: str, same_as: str | None, own: bool) -> None:
    """Say which occasion a SOURCE of ACCOUNT records: several records of one count as one confirmation."""
    if bool(same_as) == own:
        raise click.UsageError("Give either --same-as SOURCE or --own.")
    at = desk()
    found = correcting.occasion(at, account, source, same_as)
    click.echo(f"{source} records {'the occasion of ' + same_as if same_as else 'an occasion of its own'}.")
    click.echo(f"occasion {found.occasion.id}")
