"""Reads every file of a folder of real data: seconds, peak memory, errors and why.

    python -m evals.benchmarks.reading --data ../shared/data

Each file is read twice: here, for its time, and in a process of its own with the formats' code only, for its memory.
"""

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Error
from pipeline.ingest import passages, read
from pipeline.settings import ROOT, Settings

FOLDERS = ("filings", "formats", "meetings", "sales_notes")
LEFT_OUT = (".gold.json", "README.md", "plan.json", "gold.json", "index.json", "role_timelines.json")


@dataclass(frozen=True)
class Reading:
    """What reading one file gave."""

    path: Path
    format: str
    seconds: float
    characters: int
    passages: int
    megabytes: float
    error: str = ""


def files(data: Path) -> Iterator[Path]:
    """Every file of the data that somebody could hand in; gold answers are not among them."""
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.name.endswith(LEFT_OUT) and path.parent.name != "gold":
                yield path


def measured(path: Path, memory: bool) -> Reading:
    """Reads one file and cuts it into passages."""
    data = path.read_bytes()
    peak = peak_megabytes(path) if memory else 0.0
    started = time.perf_counter()
    try:
        document = read(data, path.name, Settings(user="benchmark"))
        found = passages(document)
    except Error as error:
        return Reading(path, "-", time.perf_counter() - started, 0, 0, peak, error.message)
    seconds = time.perf_counter() - started
    return Reading(path, document.format, seconds, len(document.text), len(found), peak)


def peak_megabytes(path: Path) -> float:
    """The most memory of a process that reads this file and nothing else."""
    command = [sys.executable, "-m", "evals.benchmarks.reading", "--one", str(path.resolve())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603 - ourselves
    return float(json.loads(done.stdout)["peak"]) if done.returncode == 0 else float("nan")


def one(path: Path) -> None:
    """Reads a file in this very process, whatever its format, and prints the peak memory."""
    from pipeline.formats import choose

    data = path.read_bytes()
    with contextlib.suppress(Error):
        passages(choose(data, path.name).read(data, path.name))
    print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def report(readings: Sequence[Reading]) -> None:
    """A table by format, the slowest files, and every error."""
    by_format: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_format[reading.format].append(reading)
    print(
        "| format | files | seconds | slowest | peak MB | characters | passages |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    for name, some in sorted(by_format.items()):
        print(
            f"| {name} | {len(some)} | {sum(r.seconds for r in some):.2f} | {max(r.seconds for r in some):.2f} "
            f"| {max(r.megabytes for r in some):.0f} | {sum(r.characters for r in some):,} "
            f"| {sum(r.passages for r in some):,} |"
        )
    print("\nslowest:")
    for reading in sorted(readings, key=lambda r: -r.seconds)[:5]:
        size = reading.path.stat().st_size / 1e6
        print(f"  {reading.seconds:.2f} s  {reading.megabytes:.0f} MB  {size:.2f} MB file  {reading.path.name}")
    errors = [reading for reading in readings if reading.error]
    print(f"\nerrors: {len(errors)}")
    for reading in errors:
        print(f"  {reading.path.name}: {reading.error}")


def main() -> None:
    """Reads what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--no-memory", action="store_true", help="measure time only, three times as fast")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one)
    else:
        report([measured(path, not asked.no_memory) for path in files(asked.data)])


if __name__ == "__main__":
    main()
