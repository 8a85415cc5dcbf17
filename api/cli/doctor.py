"""`doctor`: whether model server and search index are as they should. `usage`: what models have taken."""

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

import click

from api.cli.show import print_json
from pipeline.errors import ModelUnavailable

if TYPE_CHECKING:
    from pipeline.desk import Desk
    from pipeline.proposers.model.doctor import Checked

MARKS = {"good": "ok", "doubtful": "hm", "bad": "no"}


@click.command()
@click.option("--whole-context", is_flag=True, help="Fill the context as far as the settings say; takes more tokens.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def doctor(whole_context: bool, as_json: bool) -> None:
    """Check the configured model server, then the search index: fails when the server can't be used."""
    from api.cli.desk import desk
    from pipeline.proposers.model.doctor import examine

    at, found = desk(), []
    for each in chain(examine(at.settings, whole_context), _search(at)):
        found.append(each)
        if not as_json:
            click.echo(f"{MARKS[each.verdict]}  {each.name:<10} {each.told}")
    if as_json:
        print_json([asdict(each) for each in found])
    if any(each.verdict == "bad" for each in found):
        raise SystemExit(ModelUnavailable.exit_code)


def _search(at: "Desk") -> Iterator["Checked"]:
    """The count check of each account's index, where there is a data folder."""
    from pipeline import embed
    from pipeline.proposers.model.doctor import Checked
    from pipeline.views.search import index_state

    if not at.settings.home.is_dir():
        return
    if at.embedder is None:
        yield Checked("search", "doubtful", embed.why_missing(at.settings))
        return
    with at.store:
        for account in at.store.accounts(at.actor):
            row = index_state(at.store, at.actor, account.id, at.embedder.name)
            mend = f"run `{shlex.join(['notes2plan', 'reindex', account.name])}`"
            if row.bare:
                told = f"{row.bare} passages are found by words alone; {mend}"
            elif row.behind:
                told = f"the index is {row.behind} passages behind, search asks the store meanwhile; {mend}"
            else:
                told = "the index belongs to another process" if row.behind is None else "the index is up to date"
            yield Checked("search", "doubtful" if row.bare or row.behind else "good", f"{account.name}: {told}.")


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
