"""Commands that start with what there is: import a plan file, backfill a folder of old notes, export."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.desk import desk, work_off
from pipeline import flow
from pipeline.exports import Export
from pipeline.imports import Ask
from pipeline.registry import plugins
from pipeline.views.reads import whole_plan
from pipeline.views.words import many


@click.command("import")
@click.argument("account")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--column", "columns", multiple=True, metavar="COLUMN=SECTION.FIELD", help="Where a column goes; several."
)
@click.option("--currency", help="The currency of amounts that name none; by default the account's.")
def import_(account: str, file: Path, columns: tuple[str, ...], currency: str | None) -> None:
    """Propose what a plan FILE says (our JSON, Markdown tables, a workbook, any table) for ACCOUNT."""
    pairs = [pair.partition("=") for pair in columns]
    if any(not middle for _, middle, _ in pairs):
        raise click.UsageError("Columns are given as COLUMN=SECTION.FIELD, e.g. --column 'Contact=stakeholders.name'.")
    at = desk()
    ask = Ask(
        as_of=datetime.now(UTC).date(),
        currency=currency or at.account(account).account.currency,
        columns={column: place for column, _, place in pairs},
    )
    proposal, given = flow.take_in(at, account, file.read_bytes(), file.name, ask)
    work_off(at, account)
    for warning in given.warnings:
        click.echo(f"note: {warning}", err=True)
    if given.unmapped:
        click.echo(f"{len(given.unmapped)} parts found no place; they are kept as a source.")
    told = f"{many(len(proposal.changes), 'change')} proposed, see `notes2plan show {proposal.id}`."
    click.echo(told if proposal.changes else f"0 changes proposed. {proposal.why}")


@click.command()
@click.argument("account")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def backfill(account: str, folder: Path) -> None:
    """Read a FOLDER of old notes and filings by date into one proposal for ACCOUNT."""
    at = desk()
    files = [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]
    if not files:
        raise click.UsageError(f"{folder} holds no files.")
    with click.progressbar(length=len(files), label="Reading", file=sys.stderr) as bar:
        proposal = flow.backfill(at, account, files, lambda done, _all: bar.update(done - bar.pos))
    told = f"{many(len(proposal.news), 'change')} proposed from {many(len(files), 'file')}"
    click.echo(f"{told}, see `notes2plan show {proposal.id}`.")


@click.command()
@click.argument("account")
@click.option("--as", "name", default="whole", show_default=True, help="The form; an unknown one names all.")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output without."
)
def export(account: str, name: str, target: Path | None) -> None:
    """Write the plan of ACCOUNT in a form that others read."""
    found: dict[str, Export] = plugins("pipeline.exports", "EXPORT")
    if name not in found:
        raise click.UsageError(f"There is no form {name!r}; there are {', '.join(found)}.")
    at = desk()
    content = found[name].write(*whole_plan(at.store, at.actor, account))
    if target:
        target.write_bytes(content)
    else:
        sys.stdout.buffer.write(content + b"\n")
