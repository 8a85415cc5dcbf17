"""Commands that look back and take back: log, blame, diff, verify, revert, withdraw, move, erase."""

import click

from api.cli.desk import desk, work_off
from api.cli.show import print_json
from pipeline import flow
from pipeline.records import Json
from pipeline.views import history
from pipeline.views.words import words

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program to read.")
WHY = click.option("--why", default="", help="Your reason, kept with it.")


@click.command()
@click.argument("account")
@AS_JSON
def log(account: str, as_json: bool) -> None:
    """The update log of ACCOUNT: who changed what, when, from which source; newest first."""
    at = desk()
    rows = history.update_log(at.store, at.actor, account)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    for row in rows:
        click.secho(f"{row.number:4} {row.at:%Y-%m-%d %H:%M} {row.author}: {row.reason}", bold=True)
        for line in row.lines:
            since = f", from {line.effective}" if line.effective else ""
            told = f"{line.before or 'nothing'} → {line.after or 'nothing'}"
            click.echo(f"       {line.label}, {line.field}: {told}{since}")


@click.command()
@click.argument("account")
@click.argument("item")
@click.argument("field", default="")
@AS_JSON
def blame(account: str, item: str, field: str, as_json: bool) -> None:
    """Who says so: the person, the quote and the source behind one FIELD of an ITEM (id or name) of ACCOUNT."""
    at = desk()
    told = history.who_says(at.store, at.actor, account, item, field)
    if as_json:
        print_json([each.model_dump(mode="json") for each in told])
        return
    for each in told:
        click.echo(f"{each.field or 'entry'}: {each.value or ''}")
        last = f", effective {each.effective}" if each.effective else ""
        last += f", last confirmed {each.confirmed_on}" if each.confirmed_on else ""
        click.secho(f"  revision {each.revision}, {each.origin} by {each.by} on {each.at:%Y-%m-%d}{last}", dim=True)
        for quote in each.quotes:
            day = f"{quote.said_on}, " if quote.confirms and quote.said_on else ""
            said = "confirmed by " if quote.confirms else ""
            click.secho(f"  {said}“{quote.words}” ({quote.title}, {day}line {quote.line})", italic=True)


@click.command()
@click.argument("account")
@click.argument("before", type=int)
@click.argument("after", type=int)
@AS_JSON
def diff(account: str, before: int, after: int, as_json: bool) -> None:
    """What differs between two revisions of the plan of ACCOUNT."""
    at = desk()
    lines = history.difference(at.store, at.actor, account, before, after)
    if as_json:
        print_json([line.model_dump(mode="json") for line in lines])
        return
    for line in lines:
        click.echo(f"{line.label}, {line.field or 'entry'}: {_said(line.before)} → {_said(line.after)}")


def _said(value: Json) -> str:
    return words(value) or "nothing"


@click.command()
@click.argument("account", default="")
@AS_JSON
def verify(account: str, as_json: bool) -> None:
    """Fold the whole history again and name the first break; all accounts, or one."""
    at = desk()
    found = history.verify(at.store, at.actor, account)
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        click.echo(f"{each.name}: {each.revisions} revisions, {each.items} items, head {each.head[:12]}: whole")


@click.command()
@click.argument("account")
@click.argument("revision", type=int)
@click.option("--change", help="Only this change of it.")
def revert(account: str, revision: int, change: str | None) -> None:
    """Undo a REVISION of the plan of ACCOUNT exactly; the undoing is a revision too."""
    made = flow.revert(desk(), account, revision, change).revision
    click.echo(f"revision {made.number}: {made.reason}" if made else "nothing to undo")


@click.command()
@click.argument("account")
@click.argument("source")
@WHY
def withdraw(account: str, source: str, why: str) -> None:
    """Take a SOURCE of ACCOUNT back; what rests only on it becomes a proposal to undo."""
    proposal = flow.withdraw(desk(), account, source, why)
    count = len(proposal.changes)
    told = f"see `notes2plan show {proposal.id}`" if count else "nothing in the plan rests only on it"
    click.echo(f"Withdrawn. {count} change{'' if count == 1 else 's'} to undo; {told}.")


@click.command()
@click.argument("account")
@click.argument("source")
@click.argument("to")
def move(account: str, source: str, to: str) -> None:
    """Move a SOURCE from ACCOUNT to the account it belongs to, in one step."""
    at = desk()
    proposal, _ = flow.move(at, account, source, to)
    work_off(at, to)
    click.echo(f"Moved. {len(proposal.changes)} changes to undo here, see `notes2plan show {proposal.id}`.")


@click.command()
@click.argument("account")
@click.option("--source", help="A source to erase, by its id.")
@click.option("--person", "forms", multiple=True, help="A written form of a person's name or address; several times.")
@WHY
@click.confirmation_option(prompt="Erasing is for good. Go on?")
def erase(account: str, source: str | None, forms: tuple[str, ...], why: str) -> None:
    """Erase a source or a person of ACCOUNT for good; the history still verifies."""
    if bool(source) == bool(forms):
        raise click.UsageError("Name either --source ID or --person 'NAME'.")
    erased = flow.erase(desk(), account, source, forms, why)
    click.echo(f"Erased; revision {erased.revision} seals it." if erased.revision else "Erased.")
