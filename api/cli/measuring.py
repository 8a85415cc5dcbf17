"""`eval`: how good a proposer is on cases with gold. `evals`: more such cases, from what people decided."""

import json
import sys
from pathlib import Path

import click

from pipeline import settings


@click.command("eval")
@click.option("--proposer", help="rules or model; by default the configured one.")
@click.option(
    "--half",
    type=click.Choice(["dev", "second", "third", "fourth", "fifth", "held", "all"]),
    default="all",
    show_default=True,
    help="Own cases.",
)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another folder of cases.")
@click.option(
    "--answers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure the answers kept in this folder by evals.relay_notes; nothing is proposed anew.",
)
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A kept run or baseline.")
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="Where to keep the run, as JSON.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the report as HTML.")
def eval_(  # noqa: PLR0917 - one parameter an option, as click has it
    proposer: str | None,
    half: str,
    data: Path | None,
    answers: Path | None,
    against: Path | None,
    keep: Path | None,
    page: Path | None,
) -> None:
    """Measure a proposer on cases with gold; fails when it is worse than the run it is set against."""
    from evals import dataset, report, run

    loaded = settings.load()
    chosen = list(dataset.cases(data)) if data else dataset.own(half)
    if answers:
        done = run.kept(chosen, answers)
    else:
        with click.progressbar(length=len(chosen), label="Measuring", file=sys.stderr) as bar:
            done = run.run(chosen, proposer or loaded.chosen_proposer, loaded, lambda _done, _all: bar.update(1))
    summary = done.summary()
    before = dataset.read_json(against) if against else None
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


@click.group()
def evals() -> None:
    """Cases with gold, from what people decided."""


@evals.command("export")
@click.argument("account")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A new or empty folder, so that no case stays whose text was withdrawn or erased since.",
)
def export(account: str, folder: Path) -> None:
    """Write each reviewed proposal of ACCOUNT as a case: what was approved or edited as gold, what was rejected as a
    trap. Measure with `notes2plan eval --data FOLDER`.
    """
    from api.cli.desk import desk
    from evals import exported
    from pipeline.views.cases import reviewed

    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty.")
    at = desk()
    written = [exported.write(each, folder) for each in reviewed(at.store, at.actor, account)]
    click.echo(f"{len(written)} cases written to {folder}.")
