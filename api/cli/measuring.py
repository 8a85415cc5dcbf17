"""`eval`: how good a proposer is on cases with gold."""

import json
import sys
from pathlib import Path

import click

from pipeline import settings


@click.command("eval")
@click.option("--proposer", help="rules or model; by default the configured one.")
@click.option(
    "--half", type=click.Choice(["dev", "second", "held", "all"]), default="all", show_default=True, help="Own cases."
)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another folder of cases.")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A kept run or baseline.")
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="Where to keep the run, as JSON.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the report as HTML.")
def eval_(
    proposer: str | None, half: str, data: Path | None, against: Path | None, keep: Path | None, page: Path | None
) -> None:
    """Measure a proposer on cases with gold; fails when it is worse than the run it is set against."""
    from evals import dataset, report, run

    loaded = settings.load()
    chosen = list(dataset.cases(data)) if data else dataset.own(half)
    with click.progressbar(length=len(chosen), label="Measuring", file=sys.stderr) as bar:
        done = run.run(chosen, proposer or loaded.chosen_proposer, loaded, lambda _done, _all: bar.update(1))
    summary = done.summary()
    before = run.read_baseline(against) if against else None
    click.echo(report.markdown(summary, before))
    if keep:
        keep.write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if page:
        page.write_text(report.page(summary, before), encoding="utf-8")
    poorer = run.worse(summary, before) if before else []
    for line in poorer:
        click.echo(f"worse: {line}", err=True)
    if poorer:
        raise SystemExit(1)
