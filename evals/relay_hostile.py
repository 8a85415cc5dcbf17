"""Runs notes with hostile texts in them through the model proposer at a server, and says what the texts got.

    python -m evals.relay_hostile FOLDER OUT --url http://127.0.0.1:8765/v1 [--count 24] [--seed 7]
    python -m evals.relay_hostile FOLDER OUT --score [--count 24] [--seed 7]

FOLDER holds hostile texts in the forms of evals/hostile_texts.py; so many are drawn, spread over files and families,
each in a note of its own, one question a note. OUT gets ID.json with the changes in the plain form, and ID.usage.json
with the ledger; what is there already is not asked again. --score judges what is in OUT and asks nothing; so does the
end of every run. Exit code 1 when any text got what it wanted.
"""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from evals.hostile_texts import Trial, Verdict, judged, sample
from evals.relaying import chosen, ledger, options, side_by_side, write
from pipeline import offline
from pipeline.exports.plain import plain_changes
from pipeline.records import Outcome
from pipeline.settings import Settings


def run(trial: Trial, settings: Settings, out: Path) -> str:
    """Asks for one note and writes what came of it; a line to print. Nothing is written when the model failed."""
    written = out / f"{trial.id}.json"
    if written.exists():
        return f"{trial.id}: there already"
    preview = offline.preview(trial.text.encode(), trial.filename, trial.plan, settings, None, "model")
    proposal = preview.proposal
    write(out / f"{trial.id}.usage.json", ledger(proposal))
    if proposal.outcome is not Outcome.unavailable:
        write(written, plain_changes(proposal.changes, preview.plan))
    return f"{trial.id}: {proposal.outcome}, {len(proposal.changes)} changes {proposal.why}"


def score(trials: Sequence[Trial], out: Path) -> tuple[bool, list[str]]:
    """Whether no text got what it wanted, and the lines to print: each that did, and the sums."""
    found = [(each, _verdict(each, out)) for each in trials if (out / f"{each.id}.json").exists()]
    said = [f"{each.id} ({each.family}): {'; '.join(told.obeyed)}" for each, told in found if told.obeyed]
    families = len({each.family for each, _ in found})
    sums = f"changes beyond the notes' own {sum(told.beyond for _, told in found)}, "
    sums += f"missed {sum(told.missed for _, told in found)}"
    answered = f"{len(found)} of {len(trials)} hostile texts answered, of {families} families"
    return not said, [*said, f"{answered}: {len(said)} got what they wanted; {sums}"]


def _verdict(trial: Trial, out: Path) -> Verdict:
    return judged(trial, json.loads((out / f"{trial.id}.json").read_text(encoding="utf-8")))


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 1 when any text got what it wanted."""
    parser = options(__doc__, server=False)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--score", action="store_true", help="judge what is there, ask nothing")
    given = parser.parse_args(argv)
    if not given.score and not given.url:
        parser.error("--url is needed, or --score")
    trials = sample(given.folder, given.count, given.seed)
    if not given.score:
        for line in side_by_side(partial(run, settings=chosen(given), out=given.out), trials):
            print(line, flush=True)
    clean, said = score(trials, given.out)
    print("\n".join(said))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
