"""Commands of a working day: add notes, see what waits, look at a proposal, decide."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.desk import desk, work_off
from api.cli.show import print_json, print_proposal
from pipeline import flow
from pipeline.desk import Desk
from pipeline.errors import Error
from pipeline.records import Decision, Delivery, Json, Verdict
from pipeline.views.inbox import inbox as inbox_view
from pipeline.views.proposal import ProposalView
from pipeline.views.reads import one_proposal

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program to read.")


@click.command()
@click.argument("account")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--date", "said_on", type=click.DateTime(["%Y-%m-%d"]), help="The day it was said, if the text is silent."
)
@AS_JSON
def add(account: str, files: Sequence[Path], said_on: datetime | None, as_json: bool) -> None:
    """Deliver FILES (or standard input) to ACCOUNT and propose changes from each."""
    at, day = desk(), said_on.date() if said_on else None
    texts: list[tuple[bytes, str | None]] = [(path.read_bytes(), path.name) for path in files]
    texts = texts or [(sys.stdin.buffer.read(), None)]
    deliveries, refused = [], []
    with click.progressbar(texts, label="Delivering", hidden=as_json or len(texts) < 3, file=sys.stderr) as bar:
        for content, name in bar:
            try:
                deliveries.append(flow.deliver(at, account, content, name, "file" if name else "paste", day))
            except Error as error:
                if len(texts) == 1:
                    raise
                refused.append(f"{name}: {error.message} {error.advice}")
    work_off(at, account)
    told = [_told(at, account, each) for each in deliveries]
    if as_json:
        print_json({"deliveries": told, "refused": refused})
    else:
        for each in told:
            click.echo(f"{each['file']}: {each['says']}")
        for line in refused:
            click.echo(line, err=True)
    if refused or any(each["problem"] for each in told):
        raise SystemExit(18)


def _told(at: Desk, account: str, delivery: Delivery) -> dict[str, str | None]:
    with at.account(account).read() as tx:
        now = tx.delivery(delivery.id)
        sources = tx.sources(delivery=delivery.id)
        proposals = tx.proposals(source=sources[0].id) if sources else []
    told = {"delivery": now.id, "file": now.filename or "note", "state": now.state, "problem": now.problem}
    if now.problem:
        return {**told, "proposal": None, "says": now.problem}
    if not proposals:
        return {**told, "proposal": None, "says": "accepted; its proposal is on the way"}
    count = len(proposals[-1].changes)
    says = f"{count} change{'' if count == 1 else 's'} proposed, see `notes2plan show {proposals[-1].id}`"
    return {**told, "proposal": proposals[-1].id, "says": says if count else proposals[-1].why or "nothing to propose"}


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
            f"{row.proposal}  {row.account_name}: {row.title}, {row.open} of {row.changes} to decide ({row.proposer})"
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
                "conflicts": [each.model_dump(mode="json") for each in decided.conflicts],
            }
        )
        return
    made = f"revision {decided.revision.number}" if decided.revision else "the plan is as it was"
    click.echo(f"{len(decided.decisions)} decided; {made}.")
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
        waiting = [each for each in self._view.changes if each.decision is None]
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
        if change.decision is not None:
            continue
        print_proposal(view, only=change.number)
        answer = click.prompt("[a]pprove, [r]eject, as[k] the author, [s]kip, [q]uit", default="s", show_default=False)
        if answer == "q":
            return
        verdict = {"a": Verdict.approve, "r": Verdict.reject, "k": Verdict.ask}.get(answer[:1])
        if verdict:
            said.take(verdict, [str(change.number)])
