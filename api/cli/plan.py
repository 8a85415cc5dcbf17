"""The plan on a terminal."""

from datetime import UTC, datetime

import click

from api.cli.desk import desk
from api.cli.show import print_plan
from pipeline.exports import whole
from pipeline.views.reads import one_plan, whole_plan


@click.command()
@click.argument("account")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The plan as it stood at the end of that day.")
@click.option("--revision", type=int, help="The plan at that revision.")
@click.option("--json", "as_json", is_flag=True, help="The account whole, as `--plan` and imports take it.")
def plan(account: str, as_of: datetime | None, revision: int | None, as_json: bool) -> None:
    """The plan of ACCOUNT: the potential map and every section that has entries."""
    at = desk()
    day = as_of.date() if as_of else None
    if as_json:
        click.echo(whole.write(*whole_plan(at.store, at.actor, account, revision, day)).decode())
    else:
        print_plan(one_plan(at.store, at.actor, account, datetime.now(UTC).date(), revision, day))
