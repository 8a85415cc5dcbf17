"""Runs notes through the model proposer at any OpenAI-compatible server, all at once, and writes what it proposes.

    python -m evals.relay_notes CASES OUT --url http://127.0.0.1:8765/v1 [--model NAME] [--deadline 3600] [--only 01]

CASES is a folder of cases (note and plan.json each), OUT gets NAME.json with the changes in the plain form, and
NAME.usage.json with the ledger. Cases run side by side, so that answers may take their time; a case that is there
already is not asked again. Nobody answers here: this is for a server whose answers take minutes, or a person's.
"""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from evals.relaying import chosen, ledger, options, side_by_side, write
from pipeline import offline
from pipeline.exports.plain import plain_changes
from pipeline.records import Outcome
from pipeline.settings import Settings


def cases(folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """The folders of cases below `folder`; with `only`, those whose names begin with one of these."""
    found = sorted(path.parent for path in folder.glob("*/plan.json"))
    return [case for case in found if not only or case.name.startswith(tuple(only))]


def predicted(case: Path, settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the model proposes for a case in the plain form, and its ledger with outcome and tokens."""
    plan = json.loads((case / "plan.json").read_text(encoding="utf-8"))
    note = case / plan["note_meta"]["file"]
    preview = offline.preview(note.read_bytes(), note.name, plan, settings, None, "model")
    return plain_changes(preview.proposal.changes, preview.plan), ledger(preview.proposal)


def run(case: Path, settings: Settings, out: Path) -> str:
    """Asks for one case and writes what came of it; a line to print. Nothing is written when the model failed."""
    written = out / f"{case.name}.json"
    if written.exists():
        return f"{case.name}: there already"
    told, took = predicted(case, settings)
    write(out / f"{case.name}.usage.json", took)
    if took["outcome"] != Outcome.unavailable:
        write(written, told)
    return f"{case.name}: {took['outcome']}, {len(told['changes'])} changes, {len(told['more'])} more {took['why']}"


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = options(__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args(argv)
    work = partial(run, settings=chosen(given), out=given.out)
    for line in side_by_side(work, cases(given.cases, given.only)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
