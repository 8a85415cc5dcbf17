"""Runs filings through the model proposer at any OpenAI-compatible server, and writes whom it found.

    python -m evals.relay_filings FILE... OUT --url http://127.0.0.1:8765/v1 [--model NAME] [--deadline 3600]

Each FILE is set beside an empty plan of the company that filed it. OUT gets NAME.json with events or roster, and
NAME.usage.json with all changes in the plain form and the ledger. Filings run side by side; one that is there already
is not asked again. `python -m evals.benchmarks.filings --data DATA --answers OUT` scores them.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from evals.filing_people import people
from evals.relaying import chosen, ledger, options, side_by_side, write
from pipeline import ingest, offline
from pipeline.exports.plain import plain_changes
from pipeline.records import Outcome
from pipeline.settings import Settings


def run(path: Path, settings: Settings, out: Path) -> str:
    """Asks for one filing and writes what came of it; a line to print. Nothing is written when the model failed."""
    written = out / f"{path.stem}.json"
    if written.exists():
        return f"{path.stem}: there already"
    content = path.read_bytes()
    attributes = ingest.read(content, path.name, settings).attributes
    plan = {"account": attributes.get("company") or path.stem}
    preview = offline.preview(content, path.name, plan, settings, None, "model")
    proposal = preview.proposal
    took = ledger(proposal) | plain_changes(proposal.changes, preview.plan)
    write(out / f"{path.stem}.usage.json", took)
    found = people(proposal.changes, preview.plan, attributes.get("form", ""))
    if proposal.outcome is not Outcome.unavailable:
        write(written, found)
    told = f"{len(found['events'])} events, {len(found['roster'])} listed, {len(proposal.usage)} calls"
    return f"{path.stem}: {proposal.outcome}, {told} {proposal.why}"


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = options(__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    parser.add_argument("--embeddings", default="local", help="as NOTES2PLAN_EMBEDDINGS: what is worth reading")
    given = parser.parse_args(argv)
    work = partial(run, settings=chosen(given, embeddings=given.embeddings), out=given.out)
    for line in side_by_side(work, given.files):
        print(line, flush=True)


if __name__ == "__main__":
    main()
