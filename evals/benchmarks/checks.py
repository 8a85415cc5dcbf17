"""How well checks tell right from wrong: gold changes as if proposed, and the same with a value their words refute.

    python -m evals.benchmarks.checks --data ../shared/data --show

Prints how many gold changes get a finding other than support (false alarms), how many contradicting ones get one, by
kind of contradiction, and the time of a proposal. Each kind is tried on every gold change that it can be made from.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.benchmarks.checks_cases import Gold, cases
from evals.benchmarks.checks_edits import KINDS
from evals.benchmarks.checks_stated import stated
from pipeline import verify
from pipeline.records import Change, Draft, Effect, Op

OWN = Path(__file__).parent.parent / "cases" / "dev"
SECTIONS = ("stakeholders", "cells", "actions")


@dataclass
class Tally:
    """How many were tried, how many were found out, and by which check."""

    tried: int = 0
    found: int = 0
    elsewhere: int = 0
    elsewhere_found: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def add(self, change: Change, said: str, *, stated: bool = True) -> None:
        """Counts one change; apart, when its own quotes do not state the value and only the text around them does."""
        findings = noted(change)
        if not stated:
            self.elsewhere += 1
            self.elsewhere_found += bool(findings)
            return
        self.tried += 1
        self.found += bool(findings)
        for check in findings:
            self.checks[check] = self.checks.get(check, 0) + 1
        if not findings:
            self.missed.append(said)


def noted(change: Change) -> set[str]:
    """The checks that found something other than support."""
    return {finding.check for finding in change.findings if finding.effect is not Effect.support}


def false_alarms(golds: Iterable[Gold]) -> Tally:
    """Gold changes as if proposed; `found` counts those that are wrongly marked."""
    tally = Tally()
    for gold in golds:
        for change, draft in zip(tried(gold, gold.drafts), gold.drafts, strict=True):
            tally.add(change, f"{gold.name} {draft.section} {dict(draft.fields)}")
    return tally


def contradictions(golds: Sequence[Gold]) -> dict[str, Tally]:
    """For each kind of edit, gold changes with their value turned into one that the quotes refute."""
    found: dict[str, Tally] = {name: Tally() for name in KINDS}
    for gold in golds:
        for at, draft in enumerate(gold.drafts):
            for name, edited in edits(draft, gold):
                changes = tried(gold, [*gold.drafts[:at], edited, *gold.drafts[at + 1 :]])
                if not changes[at].fields and changes[at].op is Op.update:
                    continue
                said = f"{gold.name} {dict(edited.fields)} <- {edited.quotes[0][0]}"
                found[name].add(changes[at], said, stated=stated(draft, edited, gold.context))
    return found


def edits(draft: Draft, gold: Gold) -> Iterator[tuple[str, Draft]]:
    """Every kind of edit that can be made of one gold change."""
    for name, edit in KINDS.items():
        edited = edit(draft, gold.context)
        if edited is not None and edited != draft:
            yield name, edited


def tried(gold: Gold, drafts: Sequence[Draft]) -> tuple[Change, ...]:
    """The drafts before the checks."""
    return verify.verify(drafts, gold.context, "prp_bench", "src_bench")


def seconds(gold: Gold, changes: int = 20, rounds: int = 5) -> float:
    """The median time to verify so many changes of one note."""
    drafts = (list(gold.drafts) * changes)[:changes]
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        tried(gold, drafts)
        took.append(time.perf_counter() - start)
    return sorted(took)[rounds // 2]


def report(golds: Sequence[Gold], show: bool) -> None:
    """Prints everything."""
    alarms = false_alarms(golds)
    marked = ", ".join(f"{check} {count}" for check, count in sorted(alarms.checks.items()))
    print(
        f"gold changes marked: {alarms.found} of {alarms.tried} ({alarms.found / max(1, alarms.tried):.1%})  {marked}\n"
    )
    kinds = contradictions(golds)
    print(f"{'contradiction':32} {'of its quotes':>13} {'of words around':>16}  checks")
    for name, tally in kinds.items():
        checks = ", ".join(f"{check} {count}" for check, count in sorted(tally.checks.items()))
        beside = f"{tally.elsewhere_found} /{tally.elsewhere:3}" if tally.elsewhere else ""
        print(f"{name:32} {tally.found:7} /{tally.tried:4} {beside:>16}  {checks}")
        for missed in tally.missed[: 8 if show else 0]:
            print(f"      missed: {missed[:170]}")
    total, found = sum(t.tried for t in kinds.values()), sum(t.found for t in kinds.values())
    rates = [tally.found / tally.tried for tally in kinds.values() if tally.tried]
    around, seen = sum(t.elsewhere for t in kinds.values()), sum(t.elsewhere_found for t in kinds.values())
    print(f"\nof words around the quotes: {seen} of {around} ({seen / max(1, around):.1%})")
    print(f"of the quotes themselves: {found} of {total} ({found / max(1, total):.1%}), {26 / 28:.1%} wanted")
    print(f"{len(rates)} kinds, mean of kinds {sum(rates) / max(1, len(rates)):.1%}")
    longest = max(golds, key=lambda gold: len(gold.context.document.text))
    words = len(longest.context.document.text.split())
    print(f"20 changes of a note of {words} words: {seconds(longest) * 1000:.1f} ms")


def main() -> None:
    """Reads the arguments and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder that holds sales_notes")
    parser.add_argument("--only", help="cases whose name contains this")
    parser.add_argument("--show", action="store_true", help="what was missed")
    given = parser.parse_args()
    golds = [*cases(OWN), *(cases(given.data / "sales_notes") if given.data else ())]
    report([gold for gold in golds if not given.only or given.only in gold.name], given.show)


if __name__ == "__main__":
    main()
