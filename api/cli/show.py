"""How things look on a terminal."""

import json
from collections.abc import Mapping
from typing import Any

import click

from pipeline.records import Change, Op, Plan, Proposal
from pipeline.sections import section
from pipeline.views.plan import PlanView
from pipeline.views.proposal import ChangeView, ProposalView, names_of
from pipeline.views.words import label, words

MARKS = {Op.add: ("+", "green"), Op.update: ("~", "yellow"), Op.remove: ("-", "red"), Op.join: ("=", "cyan")}


def print_json(value: Any) -> None:
    """A JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def print_changes(proposal: Proposal, plan: Plan) -> None:
    """A proposal's changes, each with its words; then why there are none, and what was held back."""
    names = names_of(proposal, plan)
    for number, change in enumerate(proposal.changes, 1):
        _print_change(number, change, plan, names)
    if proposal.why:
        click.echo(proposal.why)
    click.secho(f"proposed by {proposal.proposer}{' (' + proposal.model + ')' if proposal.model else ''}", dim=True)


def _print_change(number: int, change: Change, plan: Plan, names: Mapping[str, str]) -> None:
    mark, colour = MARKS[change.op]
    kind = section(change.section)
    item = plan.get(change.item)
    values = item.values if item else change.new_values()
    held = " (held back)" if change.demoted else ""
    name = label(kind, values, plan, names)
    click.secho(f"{number:3} {mark} {kind.title}: {name}{held}", fg=colour, dim=change.demoted)
    for field in change.fields:
        new = words(field.new, plan, names) or "nothing"
        was = "" if field.old is None or change.confirms else f"{words(field.old, plan, names)} → "
        click.echo(f"      {field.field}: {was}{new}")
    for piece in change.evidence:
        click.secho(f"      “{piece.words or piece.quote}” (line {piece.line}, {piece.tier})", italic=True)
    for finding in change.findings:
        click.echo(f"      {finding.effect}: {finding.message}")


def print_proposal(view: ProposalView, only: int | None = None) -> None:
    """A stored proposal: every change, or the one with the number `only`, with its words and what was found."""
    if only is None:
        click.secho(f"{view.account_name}: {view.title}", bold=True)
    for change in view.changes:
        if only in (None, change.number):
            _print_view(change)
    if only is None:
        for known in view.support:
            told = "; ".join(f"{field.title}: {field.new}" for field in known.fields)
            click.secho(f"    already in the plan: {known.label}{f', {told}' if told else ''}", dim=True)
        if view.why:
            click.echo(view.why)
        click.secho(f"proposed by {view.proposer}; {view.open} to decide", dim=True)


def _print_view(change: ChangeView) -> None:
    mark, colour = MARKS[Op(change.op)]
    said = f" [{change.decision.verdict} by {change.decision.by}]" if change.decision else ""
    held = " (held back)" if change.held_back else ""
    click.secho(f"{change.number:3} {mark} {change.section_title}: {change.label}{held}{said}", fg=colour)
    for field in change.fields:
        click.echo(f"      {field.title}: {field.old + ' → ' if field.old else ''}{field.new or 'nothing'}")
    for quote in (*change.quotes, *(quote for other in change.also for quote in other.quotes)):
        source = f"{quote.title}, " if quote.title else ""
        click.secho(f"      “{quote.words or quote.quote}” ({source}line {quote.line}, {quote.tier})", italic=True)
    if change.also:
        click.echo(
            f"      said in {change.notes} notes; one answer counts for all"
            if change.notes > 1
            else "      proposed more than once; one answer counts for all"
        )
    if change.asked_in:
        click.echo(f"      asked together with {change.asked_in.proposal}")
    elif not (change.waits or change.decision):
        click.echo("      the plan says so by now")
    if change.answered_in:
        click.echo(f"      answered together with {change.answered_in}")
    for finding in change.findings:
        click.echo(f"      {finding.effect}: {finding.message}")


def print_plan(view: PlanView) -> None:
    """A plan: the potential map, then every section that has entries."""
    click.secho(f"{view.name}, revision {view.revision}", bold=True)
    if view.grid.rows and view.grid.offerings:
        width = max(len(name) for name, _ in view.grid.rows)
        columns = [max(len(name), 14) for name in view.grid.offerings]
        click.echo(
            " " * width + "  " + "  ".join(n.ljust(w) for n, w in zip(view.grid.offerings, columns, strict=True))
        )
        for name, cells in view.grid.rows:
            row = "  ".join(cell.words[:w].ljust(w) for cell, w in zip(cells, columns, strict=True))
            click.echo(f"{name.ljust(width)}  {row}")
    for section_view in view.sections:
        click.secho(f"\n{section_view.title}", bold=True)
        for entry in section_view.entries:
            click.echo(f"  {entry.label}")
            for value in entry.values:
                age = f" ({value.age}{', stale' if value.stale else ''})" if value.age else ""
                click.secho(f"    {value.title}: {value.words}{age}", dim=value.stale)
