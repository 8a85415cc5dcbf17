"""Commands of a working day: see what waits, look at a proposal, decide."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from api.cli.desk import desk
from api.cli.show import print_json, print_proposal
from pipeline import flow
from pipeline.records import Decision, Json, Verdict
from pipeline.views.inbox import inbox as inbox_view
from pipeline.views.proposal import ProposalView
from pipeline.views.reads import one_proposal

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program to read.")


@click.command()
@AS_JSON
def inbox(as_json: bool) -> None:
    """What waits for review, oldest first."""
    at = desk()
    rows = inbox_view(at.store, at.actor)
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.proposal}  {row.account_name}: {row.title}, {row.open} of {row.changes} to decide"
            f"{f', {row.shared} said in other notes too' if row.shared else ''} ({row.proposer})"
        )
    if not rows:
        click.echo("Nothing waits. Deliver a note with `notes2plan add ACCOUNT FILE`.")


@click.command()
@click.argument("proposal")
@AS_JSON
def show(proposal: str, as_json: bool) -> None:
    """One PROPOSAL: every change with the words that prove it."""
    at = desk()
    view = one_proposal(at.store, at.actor, proposal)
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        print_proposal(view)


@click.command()
@click.argument("proposal")
@click.option("--approve", multiple=True, metavar="N", help="Approve change number N; `safe` for all that are safe.")
@click.option("--reject", multiple=True, metavar="N", help="Reject change number N; `rest` for all others.")
@click.option("--ask", multiple=True, metavar="N", help="Ask the author about change number N.")
@click.option("--set", "edits", multiple=True, metavar="N.FIELD=VALUE", help="Approve change N with a value of yours.")
@click.option("--why", default="", help="Your reason, kept with the decisions.")
@AS_JSON
def review(  # noqa: PLR0917 - one parameter an option, as click has it
    proposal: str,
    approve: Sequence[str],
    reject: Sequence[str],
    ask: Sequence[str],
    edits: Sequence[str],
    why: str,
    as_json: bool,
) -> None:
    """Decide on the changes of a PROPOSAL by their numbers; without options, one after the other."""
    at = desk()
    view = one_proposal(at.store, at.actor, proposal)
    said = Said(view, at.actor, why)
    if approve or reject or ask or edits:
        said.edit(edits)
        said.take(Verdict.approve, approve)
        said.take(Verdict.ask, ask)
        said.take(Verdict.reject, reject)
    else:
        _ask_each(view, said)
    decided = flow.decide(at, view.account, view.id, said.decisions(), seen=said.seen())
    if as_json:
        print_json(
            {
                "revision": decided.revision.number if decided.revision else None,
                "decisions": [each.model_dump(mode="json") for each in decided.decisions],
                "answered": [each.model_dump(mode="json") for each in decided.answered],
                "conflicts": [each.model_dump(mode="json") for each in decided.conflicts],
            }
        )
        return
    made = f"revision {decided.revision.number}" if decided.revision else "the plan is as it was"
    also = f", {len(decided.answered)} of other notes with it" if decided.answered else ""
    click.echo(f"{len(decided.decisions)} decided{also}; {made}.")
    for conflict in decided.conflicts:
        click.echo(f"conflict: {conflict.message}")


class Said:
    """What the reviewer says, change by change."""

    def __init__(self, view: ProposalView, by: str, why: str) -> None:
        """Decisions by `by` on the changes of `view`."""
        self._view, self._by, self._why = view, by, why
        self._made: dict[str, Decision] = {}

    def take(self, verdict: Verdict, numbers: Sequence[str]) -> None:
        """The same verdict for several numbers, or for `safe` or `rest`. A change said of already keeps its word."""
        for word in numbers:
            for change in self._meant(word):
                self._made.setdefault(change, self._decision(change, verdict))

    def _meant(self, word: str) -> list[str]:
        waiting = [each for each in self._view.changes if each.waits and each.decision is None]
        if word == "safe":
            return [each.id for each in waiting if each.bulk]
        if word == "rest":
            return [each.id for each in waiting]
        found = [each.id for each in self._view.changes if str(each.number) == word]
        if not found:
            raise click.UsageError(f"There is no change {word}; they are 1 to {len(self._view.changes)}.")
        return found

    def edit(self, edits: Sequence[str]) -> None:
        """`N.FIELD=VALUE` pairs: one decision a change, with all its values."""
        for pair in edits:
            place, equals, value = pair.partition("=")
            number, dot, field = place.partition(".")
            if not (equals and dot):
                raise click.UsageError(f"{pair!r} is not N.FIELD=VALUE.")
            (change,) = self._meant(number)
            made = self._made.get(change) or self._decision(change, Verdict.edit)
            self._made[change] = made.model_copy(update={"fields": {**made.fields, field: value or None}})

    def _decision(self, change: str, verdict: Verdict) -> Decision:
        return Decision(change=change, verdict=verdict, by=self._by, at=datetime.now(UTC), why=self._why)

    def seen(self) -> dict[tuple[str, str], Json]:
        """What stood in the fields that a value of the reviewer's own settles, as it was shown."""
        return {
            (change.id, field.name): field.current
            for change in self._view.changes
            for field in change.fields
            if change.id in self._made and field.name in self._made[change.id].fields and field.now is not None
        }

    def decisions(self) -> list[Decision]:
        """All that was said."""
        return list(self._made.values())


def _ask_each(view: ProposalView, said: Said) -> None:
    for change in view.changes:
        if change.decision is not None or not change.waits:
            continue
        print_proposal(view, only=change.number)
        answer = click.prompt("[a]pprove, [r]eject, as[k] the author, [s]kip, [q]uit", default="s", show_default=False)
        if answer == "q":
            return
        verdict = {"a": Verdict.approve, "r": Verdict.reject, "k": Verdict.ask}.get(answer[:1])
        if verdict:
            said.take(verdict, [str(change.number)])
