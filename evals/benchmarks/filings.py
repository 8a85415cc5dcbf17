"""Filings: who comes and goes, and executive lists, read by rules and scored with the reference scorer's own rules.

    python -m evals.benchmarks.filings --data ../shared/data [--only 2018] [--third held|kept] [--out FOLDER]

Every filing with a gold answer is read and its findings handed to `tools/score.py` of the data folder. --third measures
the third of the filings that a hash of the name picks ("held"), or the others ("kept"). --answers scores what somebody
else found, e.g. a model through evals.relay_filings, on the filings that have an answer. Prints the scores, the slowest
filings, and what was missed or said too much.
"""

import argparse
import hashlib
import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline import ingest
from pipeline.proposers.rules import filings
from pipeline.settings import Settings


@dataclass(frozen=True)
class Answer:
    """What was found in one filing, and the milliseconds that reading and finding took."""

    name: str
    found: dict[str, Any]
    gold: dict[str, Any]
    reading: float
    finding: float


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Scores what the rules find in filings.")
    parser.add_argument("--data", type=Path, required=True, help="folder with filings/ and tools/score.py")
    parser.add_argument("--only", default="", help="filings with this in their name")
    parser.add_argument("--third", choices=("held", "kept"), help="a third picked by hash, or the rest")
    parser.add_argument("--answers", type=Path, help="folder with findings to score instead, one JSON file a filing")
    parser.add_argument("--out", type=Path, help="where to write the findings, one JSON file a filing")
    given = parser.parse_args()
    scorer = _scorer(given.data)
    answers = [
        _answer(path, given.data, given.answers)
        for path in sorted((given.data / "filings" / "gold").glob("*.json"))
        if given.only in path.stem and given.third in {None, "held" if is_held(path.stem) else "kept"}
        if given.answers is None or (given.answers / path.name).exists()
    ]
    print(json.dumps(_score(scorer, answers), indent=1))
    if given.answers is None:
        _times(answers)
    for answer in answers:
        for line in _mistakes(scorer, answer):
            print(f"{answer.name[:44]:44} {line}")
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
        for answer in answers:
            (given.out / f"{answer.name}.json").write_text(json.dumps(answer.found, ensure_ascii=False, indent=1))


def is_held(name: str) -> bool:
    """Whether a filing belongs to the third that is only measured; the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def _scorer(data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_score", data / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _answer(gold: Path, data: Path, answers: Path | None = None) -> Answer:
    told = json.loads(gold.read_text(encoding="utf-8"))
    if answers is not None:
        return Answer(gold.stem, json.loads((answers / gold.name).read_text(encoding="utf-8")), told, 0.0, 0.0)
    path = data / told["file"]
    begin = time.perf_counter()
    document = ingest.read(path.read_bytes(), path.name, Settings())
    read = time.perf_counter()
    found = filings.findings(document)
    return Answer(gold.stem, found, told, (read - begin) * 1000, (time.perf_counter() - read) * 1000)


def _score(scorer: ModuleType, answers: list[Answer]) -> Any:
    """The scorer's own sums, over a folder that holds only the gold of these filings."""
    found = {answer.name: answer.found for answer in answers}
    with tempfile.TemporaryDirectory() as folder:
        gold = Path(folder) / "filings" / "gold"
        gold.mkdir(parents=True)
        for answer in answers:
            (gold / f"{answer.name}.json").write_text(json.dumps(answer.gold), encoding="utf-8")
        return scorer.filings(folder, lambda name: found.get(name, {}))


def _times(answers: list[Answer]) -> None:
    for form in sorted({str(answer.gold["form"]) for answer in answers}):
        spent = [answer.finding for answer in answers if answer.gold["form"] == form]
        reading = [answer.reading for answer in answers if answer.gold["form"] == form]
        print(
            f"{form:8} {len(spent):3} filings  finding {statistics.median(spent):.1f} ms median, {max(spent):.1f} most"
            f"  reading {statistics.median(reading):6.1f} ms median"
        )


def _mistakes(scorer: ModuleType, answer: Answer) -> Iterator[str]:
    """What was missed or said too much, a line each."""
    rows = "expected_roster" in answer.gold
    rest = list(answer.found["roster" if rows else "events"])
    for wanted in answer.gold["expected_roster" if rows else "expected"]:
        match = next((each for each in rest if _matches(scorer, wanted, each, rows)), None)
        if match:
            rest.remove(match)
            days = [wanted.get("effective_date"), *wanted.get("effective_date_alt", [])]
            if not rows and not wanted.get("optional") and match["effective_date"] not in days:
                yield f"day    {match['person']} {match['event']}: {match['effective_date']}, not {days}"
        elif not wanted.get("optional"):
            yield f"missed {wanted.get('event', 'listed')} {wanted['person']}, {wanted['title']}"
    for each in rest:
        yield f"extra  {each.get('event', 'listed')} {each['person']}, {each['title']}"


def _matches(scorer: ModuleType, wanted: dict[str, Any], each: dict[str, Any], rows: bool) -> bool:
    if not rows:
        return bool(scorer.ev_match(wanted, each))
    same = scorer.same_name(wanted["person"], each["person"])
    return bool(same and scorer.jac(wanted["title"], each["title"]) >= 0.6)


if __name__ == "__main__":
    main()
