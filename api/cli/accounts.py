"""Accounts on a terminal: set up, list, show."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from api.cli.desk import desk
from api.cli.show import print_json
from pipeline import flow
from pipeline.errors import BadPlanFile
from pipeline.imports import json_plan
from pipeline.views.accounts import account_of
from pipeline.views.accounts import accounts as accounts_view


@click.group()
def account() -> None:
    """Set up, list and show accounts."""


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def list_(as_json: bool) -> None:
    """The accounts, with how much waits in each."""
    at = desk()
    rows = accounts_view(at.store, at.actor)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    for row in rows:
        click.echo(f"{row.id}  {row.name}: revision {row.revision}, {row.open} to decide, owner {row.owner}")
    if not rows:
        click.echo("No account yet. Set one up with `notes2plan account add NAME`, or try `notes2plan demo`.")


@account.command("show")
@click.argument("name")
def show_(name: str) -> None:
    """One account's settings."""
    at = desk()
    print_json(account_of(at.store, at.actor, name).model_dump(mode="json"))


@account.command("add")
@click.argument("name")
@click.option("--vendor", default="", help="Our company, as the plan names it.")
@click.option("--domain", "domains", multiple=True, help="A mail domain of the customer; may be given several times.")
@click.option("--owner", help="Who owns the account; by default you.")
@click.option("--reviewer", "reviewers", multiple=True, help="Who else may decide; may be given several times.")
@click.option("--time-zone", default="UTC", show_default=True, help="The customer's time zone, e.g. Europe/Berlin.")
@click.option("--currency", default="USD", show_default=True, help="The plan's currency.")
@click.option("--department", "departments", multiple=True, help="A department; may be given several times.")
@click.option("--offering", "offerings", multiple=True, help="Something we offer; may be given several times.")
@click.option("--member", "team", multiple=True, metavar="'NAME (ROLE)'", help="One of our people.")
@click.option(
    "--plan", "plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A plan to start from."
)
def add(  # noqa: PLR0913, PLR0917 - one parameter an option, as click has it
    name: str,
    vendor: str,
    domains: Sequence[str],
    owner: str | None,
    reviewers: Sequence[str],
    time_zone: str,
    currency: str,
    departments: Sequence[str],
    offerings: Sequence[str],
    team: Sequence[str],
    plan_file: Path | None,
) -> None:
    """Set up account NAME; an empty plan is a good start."""
    at = desk()
    new = flow.NewAccount(
        name=name,
        vendor=vendor,
        domains=tuple(domains),
        owner=owner or at.actor,
        reviewers=tuple(reviewers),
        time_zone=time_zone,
        currency=currency.upper(),
    )
    axes = {"account": name, "departments": list(departments), "offerings": list(offerings), "team": list(team)}
    given = json_plan.plan_of(_file(plan_file) if plan_file else axes)
    made = flow.set_up(at, new, given.plan)
    for warning in given.warnings:
        click.echo(warning, err=True)
    click.echo(f"{made.id}  {made.name} is set up. Deliver a note with `notes2plan add {made.id} FILE`.")


def _file(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise BadPlanFile(path.name) from None
