"""Commands that find the account of a text, or of a part of one."""

from pathlib import Path

import click

from api.cli.adding import print_kept, print_parts, row_of, suggestions, told_of
from api.cli.desk import desk, work_off
from api.cli.show import print_json
from pipeline.flow import assigning


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def suggest(file: Path, as_json: bool) -> None:
    """Which account FILE may belong to, with reasons; nothing is delivered, `notes2plan add` does that."""
    found = assigning.suggest(desk(), file.read_bytes(), file.name)
    if as_json:
        print_json([{"weight": e.weight, **row} for e, row in zip(found, suggestions(found), strict=True)])
        return
    for each in found:
        click.secho(each.name, bold=True)
        for reason in each.reasons:
            click.echo(f"  {reason}")
        print_parts(each.parts)
    if not found:
        click.echo("Nothing speaks for any account; name one with `notes2plan add ACCOUNT FILE`.")


@click.command("hand-over")
@click.argument("account")
@click.argument("source")
@click.argument("first", type=click.IntRange(min=1))
@click.argument("last", type=click.IntRange(min=1))
@click.argument("to")
def hand_over(account: str, source: str, first: int, last: int, to: str) -> None:
    """Deliver lines FIRST to LAST of a SOURCE of ACCOUNT to the account TO that they speak of."""
    at = desk()
    delivery = assigning.hand_over(at, account, source, (first, last), to)
    work_off(at, to)
    click.echo(f"Delivered to {to} as {delivery.filename}; see `notes2plan inbox`.")


@click.group(invoke_without_command=True)
@click.option("--set-aside", "aside", is_flag=True, help="What was set aside, instead.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_context
def unsorted(ctx: click.Context, aside: bool, as_json: bool) -> None:
    """Texts that you brought and whose account is left open, each with what speaks for which."""
    if ctx.invoked_subcommand is not None:
        return
    at = desk()
    rows = [assigning.suggest_kept(at, each.id) for each in assigning.unsorted(at, aside)]
    if as_json:
        print_json([row_of(*each) for each in rows])
        return
    for kept, found in rows:
        print_kept(kept, found)
    if not rows:
        click.echo("Nothing was set aside." if aside else "Nothing waits for an account.")


@unsorted.command()
@click.argument("delivery")
@click.argument("account")
def assign(delivery: str, account: str) -> None:
    """Give a kept text to ACCOUNT, where it is read and its changes are proposed."""
    at = desk()
    given = assigning.assign(at, delivery, account)
    work_off(at, account)
    told = told_of(at, account, given)
    click.echo(f"{told['file']}: {told['says']}")


@unsorted.command("set-aside")
@click.argument("delivery")
def set_aside(delivery: str) -> None:
    """Take a kept text out of what waits, without forgetting it."""
    assigning.set_aside(desk(), delivery)
    click.echo(f"Set aside; `notes2plan unsorted take-back {delivery}` brings it back.")


@unsorted.command("take-back")
@click.argument("delivery")
def take_back(delivery: str) -> None:
    """Let a text that was set aside wait for an account again."""
    assigning.take_back(desk(), delivery)
    click.echo("It waits for an account again, see `notes2plan unsorted`.")
