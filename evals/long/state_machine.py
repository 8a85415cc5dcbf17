"""Random people at random work on two accounts of a real store; what must always hold is checked after every step.

    python -m evals.long.state_machine --runs 2000 --steps 50
    python -m evals.long.state_machine --runs 100 --postgres

A run that breaks an invariant is shrunk and printed as the shortest program that breaks it.
"""

import argparse
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from evals.long import stage
from evals.long.bringing import Bringing
from evals.long.plans import Plans


def run(where: stage.Stage, runs: int, steps: int, number: int = 0, *, shrink: bool = True) -> None:
    """So many runs of so many steps. Raises the AssertionError (or error) of the first that breaks something."""
    Plans.here = where
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    told = settings(
        max_examples=runs,
        stateful_step_count=steps,
        report_multiple_bugs=False,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(Bringing), settings=told)


def main() -> None:
    """Runs in batches and says how far it is; stops at the first fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--no-shrink", action="store_true", help="print the first program that breaks, as it is")
    asked = parser.parse_args()
    started = time.monotonic()
    with stage.stage(asked.postgres) as where:
        for batch, first in enumerate(range(0, asked.runs, asked.batch)):
            wanted = min(asked.batch, asked.runs - first)
            run(where, wanted, asked.steps, asked.seed * 10_000 + batch, shrink=not asked.no_shrink)
            seconds = time.monotonic() - started
            print(f"{Plans.runs} runs of {asked.steps} steps, {seconds:.0f} s", flush=True)
    print(f"{'PostgreSQL' if asked.postgres else 'SQLite'}: nothing broke. " + ", ".join(
        f"{what} {count}" for what, count in sorted(Plans.done.items())
    ))  # fmt: skip


if __name__ == "__main__":
    main()
