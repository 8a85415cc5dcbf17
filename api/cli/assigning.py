"""Commands that find the account of a text, or of a part of one."""

import json
from pathlib import Path

import click

from api.cli.desk import desk, work_off
from pipeline.flow import assigning


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def suggest(file: Path, as_json: bool) -> None:
    """Which account FILE may belong to, with reasons; nothing is delivered, `notes2plan add` does that."""
    found = assigning.suggest(desk(), file.read_bytes(), file.name)
    if as_json:
        rows = [{"account": e.account, "name": e.name, "weight": e.weight, "reasons": e.reasons} for e in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for each in found:
        click.secho(each.name, bold=True)
        for reason in each.reasons:
            click.echo(f"  {reason}")
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
