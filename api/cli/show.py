"""How things look on a terminal."""

import json
from typing import Any

import click

from pipeline.records import Change, FieldChange, Json, Op, Plan, Proposal
from pipeline.sections import section

MARKS = {Op.add: ("+", "green"), Op.update: ("~", "yellow"), Op.remove: ("-", "red"), Op.join: ("=", "cyan")}


def print_json(value: Any) -> None:
    """A JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def print_changes(proposal: Proposal, plan: Plan) -> None:
    """A proposal's changes, each with its words; then why there are none, and what was held back."""
    for number, change in enumerate(proposal.changes, 1):
        _print_change(number, change, plan)
    if proposal.why:
        click.echo(proposal.why)
    click.secho(f"proposed by {proposal.proposer}{' (' + proposal.model + ')' if proposal.model else ''}", dim=True)


def _print_change(number: int, change: Change, plan: Plan) -> None:
    mark, colour = MARKS[change.op]
    kind = section(change.section)
    item = plan.get(change.item)
    values = item.values if item else change.new_values()
    held = " (held back)" if change.demoted else ""
    click.secho(f"{number:3} {mark} {kind.title}: {kind.label(values, plan)}{held}", fg=colour, dim=change.demoted)
    for field in change.fields:
        click.echo(f"      {_words(field, plan)}")
    for piece in change.evidence:
        click.secho(f"      “{piece.words or piece.quote}” (line {piece.line}, {piece.tier})", italic=True)
    for finding in change.findings:
        click.echo(f"      {finding.effect}: {finding.message}")


def _words(field: FieldChange, plan: Plan) -> str:
    if field.old is None:
        return f"{field.field}: {value_words(field.new, plan)}"
    return f"{field.field}: {value_words(field.old, plan)} → {value_words(field.new, plan)}"


def value_words(value: Json, plan: Plan) -> str:
    """One value for a person: references by name, sets with commas, nothing as "nothing"."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(value_words(each, plan) for each in value)
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values())
    item = plan.get(value) if isinstance(value, str) else None
    return section(item.section).label(item.values, plan) if item else str(value).replace("_", " ")
