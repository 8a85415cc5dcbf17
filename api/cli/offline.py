"""Commands that need no store: `read` shows what a file says, `propose` what it would change in a plan file."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from api.cli.show import print_changes, print_json
from pipeline import offline, settings
from pipeline.errors import BadPlanFile
from pipeline.exports.plain import plain_changes

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def day(value: datetime | None) -> date | None:
    """A day as click's DateTime gives it."""
    return value.date() if value else None


@click.command()
@click.argument("file", type=A_FILE)
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def read(file: Path, as_json: bool) -> None:
    """Show what was read in FILE: kind, date, people, lines, what was dropped."""
    told = offline.reading(file.read_bytes(), file.name, settings.load())
    if as_json:
        print_json(told)
        return
    click.echo(f"{told['kind']}, {told['format']}: {told['title'] or file.name}")
    click.echo(f"date {told['date'] or 'unsure'}{' (' + told['date_from'] + ')' if told['date_from'] else ''}")
    for person in told["participants"]:
        click.echo(f"  {person['name']}{', ' + person['title'] if person['title'] else ''} ({person['side']})")
    click.echo(f"{len(told['lines'])} lines, {len(told['text'])} characters")
    for what in told["dropped"]:
        click.echo(f"left out: {what['what']} ({what['count']})")
    for warning in told["warnings"]:
        click.echo(f"note: {warning}")
    for event in told.get("events", []):
        click.echo(f"event: {event['person']}, {event['title']}: {event['event']} {event['effective_date'] or ''}")


@click.command()
@click.argument("note", type=A_FILE)
@click.option("--plan", "plan_file", type=A_FILE, required=True, help="The plan: our JSON, or the plain form.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the note was written, if nothing tells.")
@click.option(
    "--proposer", type=click.Choice(["rules", "model"]), help="Which proposer; by default the configured one."
)
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def propose(note: Path, plan_file: Path, as_of: datetime | None, proposer: str | None, as_json: bool) -> None:
    """Propose changes to a plan file from NOTE, each with the words that prove it. Nothing is stored."""
    try:
        plan = json.loads(plan_file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise BadPlanFile(plan_file.name) from None
    loaded = settings.load()
    preview = offline.preview(note.read_bytes(), note.name, plan, loaded, day(as_of), proposer or "")
    if as_json:
        told = plain_changes(preview.proposal.changes, preview.plan)
        usage = [each.model_dump(mode="json") for each in preview.proposal.usage]
        ending = {"outcome": str(preview.proposal.outcome), "why": preview.proposal.why}
        print_json({**told, "usage": usage, "proposer": preview.proposal.proposer, **ending})
    else:
        print_changes(preview.proposal, preview.plan)
