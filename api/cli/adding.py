"""`add`: delivers texts to an account; where none is named, asks with what speaks for which, or keeps them unsorted."""

import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from api.cli.desk import desk, work_off
from api.cli.show import print_json
from pipeline import belonging, flow
from pipeline.belonging import Part, Suggestion
from pipeline.desk import Desk
from pipeline.errors import Error, UnknownAccount
from pipeline.flow import assigning
from pipeline.records import Delivery
from pipeline.views.words import many

SHOWN = 5
"""Suggestions shown for one text."""


@dataclass
class Added:
    """What became of the texts: (account, delivery) of those delivered, kept ones with suggestions, refusals."""

    delivered: list[tuple[str, Delivery]] = field(default_factory=list)
    kept: list[tuple[Delivery, tuple[Suggestion, ...]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@click.command()
@click.argument("words", nargs=-1, metavar="[ACCOUNT] [FILES]...")
@click.option("--account", "named", help="The account; then every word is a file.")
@click.option(
    "--date", "said_on", type=click.DateTime(["%Y-%m-%d"]), help="The day it was said, if the text is silent."
)
@click.option("--json", "as_json", is_flag=True, help="For a program to read; asks nothing.")
def add(words: Sequence[str], named: str | None, said_on: datetime | None, as_json: bool) -> None:
    """Deliver FILES (or standard input) to ACCOUNT and propose changes from each.

    Without ACCOUNT each text's account is suggested with reasons: on a terminal you are asked, else the text is kept
    (see `notes2plan unsorted`).
    """
    at = desk()
    with at.store:
        _add(at, words, named, said_on.date() if said_on else None, as_json)


def _add(at: Desk, words: Sequence[str], named: str | None, day: date | None, as_json: bool) -> None:
    account, files = _meant(at, words, named)
    texts: list[tuple[bytes, str | None]] = [(_content(path), path.name) for path in files]
    texts = texts or [(sys.stdin.buffer.read(), None)]
    asking = somebody_there() and bool(files) and not as_json
    done = Added()
    hidden = as_json or asking or len(texts) < 3
    with click.progressbar(texts, label="Delivering", hidden=hidden, file=sys.stderr) as bar:
        for content, name in bar:
            try:
                _deliver(at, done, account or (_asked(at, content, name) if asking else None), content, name, day)
            except Error as error:
                if len(texts) == 1:
                    raise
                done.refused.append(f"{name}: {error.told}")
    _finish(at, done, asking, as_json)


def somebody_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _meant(at: Desk, words: Sequence[str], named: str | None) -> tuple[str | None, list[Path]]:
    """The account, or None when it is left open, and the files. Raises UnknownAccount."""
    if named is not None:
        return at.account(named).id, [Path(word) for word in words]
    if not words:
        return None, []
    try:
        return at.account(words[0]).id, [Path(word) for word in words[1:]]
    except UnknownAccount:
        if Path(words[0]).is_file():
            return None, [Path(word) for word in words]
        raise


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise click.UsageError(f"There is no file {str(path)!r}.")
    return path.read_bytes()


def _deliver(at: Desk, done: Added, account: str | None, content: bytes, name: str | None, day: date | None) -> None:
    if account is not None:
        done.delivered.append((account, flow.deliver(at, account, content, name, "file" if name else "paste", day)))
        return
    found = assigning.suggest(at, content, name)  # before it is kept: what can't be read is not
    done.kept.append((assigning.keep(at, content, name, day), found))


def _asked(at: Desk, content: bytes, name: str | None) -> str | None:
    """The account that the person chooses; None to keep the text for later."""
    found = assigning.suggest(at, content, name)[:SHOWN]
    best = belonging.clear(found)
    if best is not None:
        print_parts(best.parts)
        if click.confirm(f"{name}: to {best.name} ({in_short(best.reasons)})?", default=True, err=True):
            return best.account
    elif found:
        click.echo(f"{name} may belong to one of these:", err=True)
        for number, each in enumerate(found, 1):
            click.echo(f"  {number}  {each.name}: {' '.join(each.reasons)}", err=True)
            print_parts(each.parts)
    else:
        click.echo(f"Nothing in {name} speaks for any account.", err=True)
    return _chosen(at, () if best else found)


def _chosen(at: Desk, found: Sequence[Suggestion]) -> str | None:
    what = "Which account? (its number, or a name; Enter keeps the text for later)"
    while said := click.prompt(what, default="", show_default=False, err=True).strip():
        if said.isdecimal() and 0 < int(said) <= len(found):
            return found[int(said) - 1].account
        try:
            return at.account(said).id
        except UnknownAccount as error:
            click.echo(error.message, err=True)
    return None


def in_short(reasons: Iterable[str]) -> str:
    """Reasons as part of a sentence."""
    return "; ".join(each.rstrip(".").replace("The t", "the t", 1) for each in reasons)


def print_parts(parts: Sequence[Part]) -> None:
    """Says which lines would go to other accounts, and why."""
    if parts:
        click.echo(f"  It speaks of {'two' if len({each.account for each in parts}) == 1 else 'several'} accounts:")
    for each in parts:
        click.echo(f"  lines {each.first} to {each.last} would go to {each.name}. {each.reason}")


def _finish(at: Desk, done: Added, asking: bool, as_json: bool) -> None:
    """Waits for the proposals, and tells what became of every text."""
    for account in dict.fromkeys(account for account, _ in done.delivered):
        work_off(at, account)
    told = [told_of(at, account, each) for account, each in done.delivered]
    if as_json:
        more = {"unsorted": [row_of(*each) for each in done.kept]} if done.kept else {}
        print_json({"deliveries": told, "refused": done.refused, **more})
    else:
        for each in told:
            click.echo(f"{each['file']}: {each['says']}")
        for account, delivery in done.delivered:
            _other_parts(at, account, delivery, asking)
        for kept, found in done.kept:
            print_kept(kept, found)
        for line in done.refused:
            click.echo(line, err=True)
    if done.refused or any(each["problem"] for each in told):
        raise SystemExit(18)


def told_of(at: Desk, account: str, delivery: Delivery) -> dict[str, str | None]:
    """How far a delivery came, for people (`says`) and programs."""
    with at.account(account).read() as tx:
        now = tx.delivery(delivery.id)
        sources = tx.sources(delivery=delivery.id)
        proposals = tx.proposals(source=sources[0].id) if sources else []
    told = {"delivery": now.id, "file": now.filename or "note", "state": now.state, "problem": now.problem}
    if now.problem:
        return {**told, "proposal": None, "says": now.problem}
    if not proposals:
        return {**told, "proposal": None, "says": "accepted; its proposal is on the way"}
    count = len(proposals[-1].news)
    says = f"{many(count, 'change')} proposed, see `notes2plan show {proposals[-1].id}`"
    return {**told, "proposal": proposals[-1].id, "says": says if count else proposals[-1].why or "nothing to propose"}


def _other_parts(at: Desk, account: str, delivery: Delivery, asking: bool) -> None:
    """Lines that speak of other accounts: handed over when the person says so, else told how to."""
    names = {each.id: each.name for each in at.store.accounts(at.actor)}
    with at.account(account).read() as tx:
        read = tx.sources(delivery=delivery.id)[:1]
    parts = [(source, part) for source in read for part in belonging.set_apart(source.document) if part[2] in names]
    for source, (first, last, to) in parts:
        what = f"lines {first} to {last} are about {names[to]}"
        if not asking:
            command = shlex.join(
                ["notes2plan", "hand-over", names[account], source.id, str(first), str(last), names[to]]
            )
            click.echo(f"  {what}, and nothing is proposed from them here; run `{command}`.")
        elif click.confirm(f"  {what}. Deliver them there?", default=True, err=True):
            given = assigning.hand_over(at, account, source.id, (first, last), to)
            work_off(at, to)
            click.echo(f"  {names[to]}: {told_of(at, to, given)['says']}")


def row_of(kept: Delivery, found: Sequence[Suggestion]) -> dict[str, Any]:
    """A kept text as programs see it."""
    return {"delivery": kept.id, "file": kept.filename, "suggestions": suggestions(found)}


def suggestions(found: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """Suggestions as programs see them."""
    best = belonging.clear(found)
    return [
        {
            "account": each.account,
            "name": each.name,
            "reasons": each.reasons,
            "clear": each is best,
            "parts": [vars(part) for part in each.parts],
        }
        for each in found
    ]


def print_kept(kept: Delivery, found: Sequence[Suggestion]) -> None:
    """A kept text: what speaks for which account, and the command that assigns it."""
    click.echo(f"{kept.filename or 'note'}: kept without an account as {kept.id}.")
    for each in found[:SHOWN]:
        click.echo(f"  {each.name}: {' '.join(each.reasons)}")
        print_parts(each.parts)
    command = shlex.join(["notes2plan", "unsorted", "assign", kept.id, *([found[0].name] if found else [])])
    click.echo(f"  Run `{command}{'' if found else ' ACCOUNT'}`.")
