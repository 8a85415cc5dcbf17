"""Runs notes through the model proposer at any OpenAI-compatible server, all at once, and writes what it proposes.

    python -m evals.relay_notes CASES OUT --url http://127.0.0.1:8765/v1 [--model NAME] [--deadline 3600] [--only 01]

CASES is a folder of cases (note and plan.json each), OUT gets NAME.json with the changes in the plain form, and
NAME.usage.json with the ledger. Cases run side by side, so that answers may take their time; a case that is there
already is not asked again. Nobody answers here: this is for a server whose answers take minutes, or a person's.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import offline, settings
from pipeline.exports.plain import plain_changes
from pipeline.records import Outcome
from pipeline.settings import Settings


def cases(folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """The folders of cases below `folder`; with `only`, those whose names begin with one of these."""
    found = sorted(path.parent for path in folder.glob("*/plan.json"))
    return [case for case in found if not only or case.name.startswith(tuple(only))]


def predicted(case: Path, chosen: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the model proposes for a case in the plain form, and its ledger with outcome and tokens."""
    plan = json.loads((case / "plan.json").read_text(encoding="utf-8"))
    note = case / plan["note_meta"]["file"]
    preview = offline.preview(note.read_bytes(), note.name, plan, chosen, None, "model")
    proposal = preview.proposal
    usage = [each.model_dump(mode="json") for each in proposal.usage]
    ledger = {"outcome": str(proposal.outcome), "why": proposal.why, "stamp": proposal.stamp, "usage": usage}
    return plain_changes(proposal.changes, preview.plan), ledger


def run(case: Path, chosen: Settings, out: Path) -> str:
    """Asks for one case and writes what came of it; a line to print. Nothing is written when the model failed."""
    written = out / f"{case.name}.json"
    if written.exists():
        return f"{case.name}: there already"
    told, ledger = predicted(case, chosen)
    (out / f"{case.name}.usage.json").write_text(json.dumps(ledger, indent=1, ensure_ascii=False))
    if ledger["outcome"] != Outcome.unavailable:
        written.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    return f"{case.name}: {ledger['outcome']}, {len(told['changes'])} changes, {len(told['more'])} more {ledger['why']}"


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", default="relay")
    parser.add_argument("--deadline", type=float, default=3600.0)
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args(argv)
    chosen = settings.load(
        model_url=given.url, model=given.model, model_deadline=given.deadline, model_retries=0, embeddings="off"
    )
    given.out.mkdir(parents=True, exist_ok=True)
    found = cases(given.cases, given.only)
    with ThreadPoolExecutor(max_workers=max(1, len(found))) as pool:
        for line in pool.map(partial(run, chosen=chosen, out=given.out), found):
            print(line, flush=True)


if __name__ == "__main__":
    main()
