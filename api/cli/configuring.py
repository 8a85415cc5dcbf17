"""`settings`: every setting, its variable, what it is now, and what it is for."""

import click

from api.cli.show import print_json
from pipeline import settings as known


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def settings(as_json: bool) -> None:
    """Every setting: its environment variable, its value here, and what it is for. Keys are not shown."""
    home = click.get_current_context().find_root().obj
    loaded = known.load(home=home)
    rows = []
    for name, field in known.Settings.model_fields.items():
        value = getattr(loaded, name)
        shown = value if field.repr else ("set" if value else "")
        rows.append({"variable": known.variable(name), "value": str(shown), "for": field.description or ""})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['variable']}={row['value']}")
        click.secho(f"    {row['for']}", dim=True)
