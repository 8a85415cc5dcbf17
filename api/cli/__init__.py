"""The command `notes2plan`. Each command's file is imported when it runs, so that the command line answers at once."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.errors import Error

COMMANDS = {
    "demo": ("api.cli.serving", "Set up a fictional account, run notes and a filing through it, open the inbox."),
    "serve": ("api.cli.serving", "Open the pages and the API on this machine."),
    "account": ("api.cli.accounts", "Set up, list and show accounts."),
    "add": ("api.cli.adding", "Deliver notes, transcripts or filings to an account, or have one suggested."),
    "unsorted": ("api.cli.assigning", "Texts whose account is left open: list, assign, set aside, take back."),
    "suggest": ("api.cli.assigning", "Which account a file may belong to, with reasons."),
    "hand-over": ("api.cli.assigning", "Deliver some lines of a source to the account that they speak of."),
    "sources": ("api.cli.searching", "What was delivered to an account, with what became of it."),
    "inbox": ("api.cli.notes", "What waits for review."),
    "show": ("api.cli.notes", "One proposal with the words that prove it."),
    "review": ("api.cli.notes", "Approve, edit or reject the changes of a proposal."),
    "plan": ("api.cli.plan", "The plan of an account, today or on any day."),
    "import": ("api.cli.starting", "Propose what a plan file says: our JSON, Markdown, a workbook, any table."),
    "backfill": ("api.cli.starting", "Read a folder of old notes by date into one proposal."),
    "export": ("api.cli.starting", "Write a plan in a form that others read."),
    "log": ("api.cli.history", "The update log: who changed what, when, from which source."),
    "blame": ("api.cli.history", "Who says so: person, quote and source behind any field."),
    "diff": ("api.cli.history", "What differs between two revisions."),
    "revert": ("api.cli.history", "Undo a revision, or one change of it, exactly."),
    "withdraw": ("api.cli.history", "Take a source back, and what rests only on it."),
    "redate": ("api.cli.correcting", "Correct the day on which a source was said, and propose again."),
    "occasion": ("api.cli.correcting", "Correct which occasion a source records."),
    "move": ("api.cli.history", "Move a source to the account it belongs to."),
    "erase": ("api.cli.history", "Erase a source or a person for good."),
    "verify": ("api.cli.history", "Fold the whole history again and name the first break."),
    "search": ("api.cli.searching", "Find passages in an account's notes, transcripts and filings."),
    "reindex": ("api.cli.searching", "Make the search index anew from the store."),
    "propose": ("api.cli.offline", "Propose changes to a plan file from a note, without any store."),
    "eval": ("api.cli.measuring", "Measure a proposer on cases with gold."),
    "evals": ("api.cli.measuring", "Write reviewed proposals as cases with gold."),
    "doctor": ("api.cli.doctor", "Check the configured model server: reachable, form, context, a small proposal."),
    "usage": ("api.cli.doctor", "What models have taken, by account and month."),
    "settings": ("api.cli.configuring", "Every setting: its variable, its value, what it is for."),
    "read": ("api.cli.offline", "Show what was read in a file, without any store."),
}
"""Command -> the module that holds it under that name, and its line in the help."""


ATTRIBUTES = {"import": "import_", "eval": "eval_", "hand-over": "hand_over"}
"""Commands whose name is a word of Python's."""


class Commands(click.Group):
    """A group whose commands are imported when they are called, not when help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's form
        """The commands in the order of a first day, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself, its module imported now; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(COMMANDS[cmd_name][0]), ATTRIBUTES.get(cmd_name, cmd_name)
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", type=click.Path(path_type=Path), help="The data folder (NOTES2PLAN_HOME).")
@click.version_option(package_name="notes2plan", message="%(version)s")
@click.pass_context
def notes2plan(ctx: click.Context, home: Path | None) -> None:
    """A pull request for your account plan: notes in, changes with their proof out, a person decides."""
    ctx.obj = home


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits: 0 done, 2 usage, others by the class of the error (pipeline/errors.py)."""
    try:
        notes2plan.main(args=list(arguments) if arguments is not None else None, prog_name="notes2plan")
    except Error as error:
        click.echo(f"notes2plan: {error.message}", err=True)
        if error.advice:
            click.echo(f"  {error.advice}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
