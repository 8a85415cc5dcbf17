"""Commands that find: an account's sources, passages in them, and make the index anew."""

import sys
from datetime import datetime
from functools import partial
from typing import Any

import click

from api.cli.desk import desk
from api.cli.show import print_json
from pipeline import embed
from pipeline.access import Act, may
from pipeline.desk import Desk
from pipeline.flow import indexing
from pipeline.records import Account, SourceKind
from pipeline.views import search as views
from pipeline.views.accounts import account_of
from pipeline.views.sources import SourceRow
from pipeline.views.sources import sources as sources_view

A_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("account")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def sources(account: str, as_json: bool) -> None:
    """The notes, transcripts and filings of ACCOUNT, newest first: the ids that other commands take."""
    at = desk()
    rows = sources_view(at.store, at.actor, account)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    for row in rows:
        click.echo(_source_line(row))
    if not rows:
        click.echo("Nothing was delivered. Deliver a note with `notes2plan add ACCOUNT FILE`.")


def _source_line(row: SourceRow) -> str:
    said = row.said_on.isoformat() if row.said_on else "no date"
    came = f"{row.proposal}, {row.open} of {row.changes} to decide" if row.proposal else row.state
    return f"{row.source or row.delivery}  {said}  {row.title}: {row.problem or came}"


@click.command()
@click.argument("account")
@click.argument("query", nargs=-1, required=True)
@click.option("--since", type=A_DAY, help="Only what was said on that day or later.")
@click.option("--until", type=A_DAY, help="Only what was said on that day or earlier.")
@click.option("--kind", type=click.Choice([str(kind) for kind in SourceKind]), help="Only this kind of source.")
@click.option("--speaker", default="", help="Only what this person says.")
@click.option("--item", default="", help="Only this item of filings, such as 5.02.")
@click.option("--count", type=click.IntRange(1, 100), default=10, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def search(account: str, query: tuple[str, ...], count: int, as_json: bool, **filters: Any) -> None:
    """Passages of ACCOUNT's notes, transcripts and filings that answer QUERY, the best first."""
    at = desk()
    given = {name: value.date() if isinstance(value, datetime) else value for name, value in filters.items() if value}
    rows = views.search(at.store, at.actor, account, " ".join(query), at.embedder, views.Wanted(**given), count=count)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    for row in rows:
        _print_row(row)
    if not rows:
        click.echo("Nothing was found.")
    if at.embedder is None:
        click.echo(embed.why_missing(at.settings), err=True)
    elif bare := views.without_vectors(at.store, at.actor, account, at.embedder.name):
        click.echo(f"{bare} passages are found by words alone so far; run `notes2plan reindex`.", err=True)


def _print_row(row: views.HitRow) -> None:
    told = (row.title, row.said_on and row.said_on.isoformat(), row.speaker, row.item and f"item {row.item}")
    click.secho(", ".join(part for part in told if part) + f" (line {row.line})", bold=True)
    shown, last = [], 0
    for start, end in row.highlights:
        shown += [row.text[last:start], click.style(row.text[start:end], fg="yellow", bold=True)]
        last = end
    click.echo("  " + "\n  ".join("".join([*shown, row.text[last:]]).splitlines()))


@click.command()
@click.argument("account", required=False)
def reindex(account: str | None) -> None:
    """Make the index of ACCOUNT, or of all accounts, anew from the store, and embed what has no vector yet."""
    at = desk()
    if at.embedder is None:
        click.echo(embed.why_missing(at.settings))
        return
    found = [account_of(at.store, at.actor, account)] if account else at.store.accounts(at.actor)
    with at.store:
        for each in found:
            if account or may(at.actor, Act.manage, each):
                _reindex(at, each)
            else:
                click.echo(f"{each.name}: left as it is, only {each.owner} may make its index anew.")


def _reindex(at: Desk, account: Account) -> None:
    with click.progressbar(length=1, label=account.name, file=sys.stderr) as bar:
        done = indexing.reindex(at, account.id, partial(_move, bar))
    was = f"; the index was {done.behind} behind" if done.behind else ""
    click.echo(f"{account.name}: {done.indexed} passages in the index, {done.embedded} embedded now{was}.")


def _move(bar: Any, now: int, every: int) -> None:
    bar.length = max(1, every)
    bar.update(now - bar.pos)
