"""`doctor`: whether the configured model server will do. `usage`: what models have taken, by account and month."""

from dataclasses import asdict

import click

from api.cli.show import print_json
from pipeline import settings
from pipeline.errors import ModelUnavailable

MARKS = {"good": "ok", "doubtful": "hm", "bad": "no"}


@click.command()
@click.option("--whole-context", is_flag=True, help="Fill the context as far as the settings say; takes more tokens.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def doctor(whole_context: bool, as_json: bool) -> None:
    """Check the configured model server: reachable, form, context, a small proposal. Fails when it can't be used."""
    from pipeline.proposers.model.doctor import examine

    found = []
    for each in examine(settings.load(), whole_context):
        found.append(each)
        if not as_json:
            click.echo(f"{MARKS[each.verdict]}  {each.name:<10} {each.told}")
    if as_json:
        print_json([asdict(each) for each in found])
    if any(each.verdict == "bad" for each in found):
        raise SystemExit(ModelUnavailable.exit_code)


@click.command()
@click.argument("account", required=False)
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def usage(account: str | None, as_json: bool) -> None:
    """What models have taken, by account and month; of ACCOUNT or of all that you may read."""
    from api.cli.desk import desk
    from pipeline.views.usage import usage as usage_view

    at = desk()
    rows = usage_view(at.store, at.actor, account)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        click.echo("No model has been asked yet.")
    for row in rows:
        click.echo(
            f"{row.month}  {row.account}: {row.proposals} proposals, {row.attempts} attempts "
            f"({row.failed} failed, {row.cached} from the cache), {row.prompt_tokens} tokens asked, "
            f"{row.completion_tokens} answered, {row.seconds:.0f} s"
        )
