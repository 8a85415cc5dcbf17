"""Retrieval: does the slice hold what gold points to, does search find the right passage, how does both grow.

python -m evals.benchmarks.retrieval slice --data ../shared/data       # recall and tokens at 100 and 1,600 others
python -m evals.benchmarks.retrieval meetings --data ../shared/data    # hit@5 on spans of QMSum
python -m evals.benchmarks.retrieval growth --passages 1000 10000      # indexing throughput, p50 and p95 of search
python -m evals.benchmarks.retrieval growth --home FOLDER              # the same search in a folder filled before
python -m evals.benchmarks.retrieval filing --data ../shared/data      # a 10-K from file to searchable passages
"""

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evals import big_plan, dataset, matching
from pipeline import embed, flow, ingest, names, retrieve
from pipeline.desk import Desk
from pipeline.imports import json_plan
from pipeline.records import Context, Delivery, Document, Item, Plan
from pipeline.sections import section
from pipeline.settings import ROOT, Settings
from pipeline.store import AccountStore, Filters
from pipeline.views.search import gist

TOP = 5
SPACE = "benchmark"
BUDGET = Settings(user="benchmark").slice_tokens


# The slice


@dataclass(frozen=True)
class Asked:
    """A case with its text read, and the entries of its plan that gold changes point to."""

    name: str
    plan: Plan
    context: Context
    wanted: tuple[str, ...]


def asked(case: dataset.Case) -> Asked:
    """A case, ready to be put into a larger plan."""
    given = json_plan.plan_of(case.plan)
    day = given.said_on or given.as_of or date(2026, 1, 1)
    read = ingest.read(case.note.read_bytes(), case.note.name, Settings(user="benchmark"), given.said_on, day)
    document = ingest.sides(read, (), [member.name for member in given.team])
    context = Context(document=document, plan=given.plan, account=given.account, author=given.author, said_on=day)
    return Asked(case.name, given.plan, context, tuple(sorted(pointed_to(case, given.plan))))


def pointed_to(case: dataset.Case, plan: Plan) -> set[str]:
    """The entries that the gold changes are about and that the plan has."""
    return {
        item.id
        for change in case.wanted
        for item in plan.section(matching.place(change))
        if _is_about(change.get("key") or {}, item, plan)
    }


def _is_about(key: dict[str, str], item: Item, plan: Plan) -> bool:
    kind = section(item.section)
    if kind.single or "id" in key:
        return kind.single or item.id == key["id"]
    if item.section == "actions" or not key:
        return False
    if item.section in ("stakeholders", "team"):
        return names.same_person(names.written(item.values), (str(key.get("name")),))
    return all(
        matching.overlap(_name(item.values.get(field), plan), value) >= matching.ALIKE_WORDS
        for field, value in key.items()
        if field in kind.fields and value
    )


def _name(value: object, plan: Plan) -> str:
    target = plan.get(value) if isinstance(value, str) else None
    return section(target.section).label(target.values, plan) if target else str(value or "")


def measure_slice(data: Path, sizes: Sequence[int], seeds: Sequence[int], embedder: embed.Embedder | None) -> None:
    """Recall and tokens of the slice of every case, among so many other entries."""
    folders = [data / "sales_notes", dataset.HERE / "dev"]
    every = [asked(case) for folder in folders if folder.is_dir() for case in dataset.cases(folder)]
    print(
        "| others | seed | found | wanted | tokens | most | ms | slowest |\n|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for seed in seeds:
        for size in sizes:
            _report_slices(every, size, seed, embedder)


def _report_slices(every: Sequence[Asked], size: int, seed: int, embedder: embed.Embedder | None) -> None:
    found, tokens, seconds, missed = 0, [], [], []
    for each in every:
        plan = big_plan.grown(each.plan, size, seed)
        whole = each.context.model_copy(update={"plan": plan})
        begun = time.perf_counter()
        seen = retrieve.narrow(whole, BUDGET, embedder)
        seconds.append(1000 * (time.perf_counter() - begun))
        lost = [item for item in each.wanted if item not in seen.plan.items]
        found += len(each.wanted) - len(lost)
        missed += [f"{each.name} {item}" for item in lost]
        tokens.append(sum(retrieve.cost(item, plan) for item in seen.plan.items.values()))
    wanted = sum(len(each.wanted) for each in every)
    print(
        f"| {size} | {seed} | {found} | {wanted} | {statistics.mean(tokens):.0f} | {max(tokens)} "
        f"| {statistics.mean(seconds):.0f} | {max(seconds):.0f} |"
    )
    for line in missed:
        print(f"  missed: {line}")


# Search


def desk_at(folder: str, embedded: bool = True) -> Desk:
    """A desk with a fresh data folder."""
    how = {} if embedded else {"embeddings": "off"}
    return Desk(Settings(home=Path(folder), user="benchmark", **how))


def account_at(desk: Desk) -> AccountStore:
    """A new account at it."""
    return desk.account(flow.set_up(desk, flow.NewAccount(name="Benchmark")).id)


def delivered(desk: Desk, here: AccountStore, content: bytes, name: str) -> str:
    """A file read and indexed: the id of its source."""
    told: Delivery = flow.deliver(desk, here.id, content, name)
    source = flow.read(desk, here.id, told.id, alone=False)
    assert source is not None, name
    flow.index(desk, here.id, source.id)
    return source.id


def measure_meetings(data: Path) -> None:
    """hit@5 by words, by meaning and by both, on the human spans of QMSum: one of the best five passages meets one."""
    hits: dict[str, list[bool]] = {"words": [], "meaning": [], "both": []}
    first: dict[str, int] = dict.fromkeys(hits, 0)
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_at(folder)
        here = account_at(desk)
        for gold in sorted((data / "meetings" / "qmsum").glob("*.gold.json")):
            told = json.loads(gold.read_text(encoding="utf-8"))
            source = delivered(desk, here, (gold.parent / told["transcript"]).read_bytes(), told["transcript"])
            for query in told["queries"]:
                for how, ranked in _searched(desk, here, query["query"], source).items():
                    hits[how].append(_is_hit(here, source, ranked, query["relevant_lines"]))
                    first[how] += _is_hit(here, source, ranked[:1], query["relevant_lines"])
    for how, each in hits.items():
        print(f"{how:8} hit@{TOP} {sum(each)}/{len(each)} = {statistics.mean(each):.3f}, first {first[how]}")


def _searched(desk: Desk, here: AccountStore, query: str, source: str) -> dict[str, list[str]]:
    only = Filters(sources=frozenset({source}))
    assert desk.embedder is not None, "the weights are missing"
    query = gist(query)
    (vector,) = desk.embedder.embed([query])
    with here.read() as tx:
        return {
            "words": tx.search_words(query, TOP, only),
            "meaning": tx.search_meaning(vector, desk.embedder.name, TOP, only),
            "both": [hit.passage.id for hit in tx.search(query, vector, TOP, only, embedder=desk.embedder.name)],
        }


def _is_hit(here: AccountStore, source: str, ranked: Sequence[str], lines: Sequence[Sequence[int]]) -> bool:
    with here.read() as tx:
        document: Document = tx.source(source).document
        passages = {passage.id: passage for passage in tx.passages(source)}
    numbers = [
        (document.line_at(passages[each].start).number, document.line_at(passages[each].end - 1).number)
        for each in ranked
    ]
    return any(first <= int(end) and int(begin) <= last for first, last in numbers for begin, end in lines)


# Growth


SUBJECTS = ("budget", "pilot", "contract", "security", "rollout", "training", "pricing", "renewal", "audit", "support")
DOINGS = ("agreed", "asked", "delayed", "approved", "questioned", "promised", "moved", "reviewed", "signed", "tested")


def invented(chance: random.Random) -> str:
    """A passage of about eighty words."""
    said = [
        f"{chance.choice(big_plan.GIVEN)} {chance.choice(DOINGS)} the {chance.choice(SUBJECTS)} for "
        f"{chance.choice(big_plan.AREAS)} in {chance.choice(big_plan.PLACES)} number {chance.randint(1, 9999)}."
        for _ in range(8)
    ]
    return " ".join(said)


def filled(desk: Desk, here: AccountStore, chance: random.Random, words: int = 300) -> int:
    """Delivers a made-up text of so many paragraphs, read and indexed by words; how many passages it came to."""
    text = "\n\n".join(invented(chance) for _ in range(words))
    source = delivered(desk, here, text.encode(), f"{chance.randint(0, 10**12)}.txt")
    with here.read() as tx:
        return len(tx.passages(source))


def embedded(here: AccountStore, samples: embed.Vectors, chance: random.Random) -> None:
    """Gives every passage without a vector one near a real one: embedding all of them is measured by itself."""
    import numpy as np

    noise = np.random.default_rng(chance.randint(0, 9999))
    while True:
        with here.write() as tx:
            bare = tx.unembedded(SPACE)
            near = samples[noise.integers(0, len(samples), len(bare))]
            rows = near + noise.normal(0, 0.03, near.shape)
            tx.add_vectors(SPACE, {each.id: row for each, row in zip(bare, rows, strict=True)})
        if not bare:
            return


SEARCHED = "| first ms | store p50 | p95 | filtered p50 | p95 | index p50 | p95 |"
SEARCHED_RULE = "|---:|---:|---:|---:|---:|---:|---:|"


def measure_growth(sizes: Sequence[int]) -> None:
    """Throughput of reading, embedding and indexing, and the time of a search, as an account grows."""
    chance = random.Random(7)
    embedder = embed.load(Settings(user="benchmark"))
    assert embedder is not None, "the weights are missing"
    texts = [invented(chance) for _ in range(200)]
    begun = time.perf_counter()
    samples = embedder.embed(texts)
    print(f"embedding: {len(texts) / (time.perf_counter() - begun):.0f} passages a second")
    print(f"| passages | read/s | vectors/s | index/s {SEARCHED}\n|---:|---:|---:|---:{SEARCHED_RULE}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _report_growth(desk_at(folder, embedded=False), size, samples, embedder, chance)


def _report_growth(
    desk: Desk, size: int, samples: embed.Vectors, embedder: embed.Embedder, chance: random.Random
) -> None:
    here = account_at(desk)
    begun, count = time.perf_counter(), 0
    while count < size:
        count += filled(desk, here, chance)
    read = time.perf_counter()
    embedded(here, samples, chance)
    kept = time.perf_counter()
    here.index_passages(SPACE)
    done = time.perf_counter()
    rates = " | ".join(f"{count / (end - start):.0f}" for start, end in ((begun, read), (read, kept), (kept, done)))
    print(f"| {count} | {rates} | {' | '.join(_searches(here, embedder, chance))} |")
    desk.store.close()


def _searches(here: AccountStore, embedder: embed.Embedder, chance: random.Random) -> list[str]:
    """The first search; p50 and p95 of fifty by the store, the same with a filter, and by the index if it is open."""
    queries = [" ".join(invented(chance).split()[:8]) for _ in range(50)]
    asked_for = list(zip(queries, embedder.embed(queries), strict=True))
    first = _timed(here, *asked_for[0], Filters())
    ways: list[Filters | None] = [Filters(), Filters(until=date(2100, 1, 1)), None]
    return [f"{first:.0f}", *(_percentiles([_timed(here, *each, way) for each in asked_for]) for way in ways)]


def measure_filled(home: Path) -> None:
    """The same of an account that a run before has filled and left."""
    desk = Desk(Settings(home=home, user="benchmark"))
    here = desk.account("Benchmark")
    assert desk.embedder is not None, "the weights are missing"
    print(f"{SEARCHED}\n{SEARCHED_RULE}\n| {' | '.join(_searches(here, desk.embedder, random.Random(7)))} |")
    desk.store.close()


def _timed(here: AccountStore, query: str, vector: object, filters: Filters | None) -> float:
    begun = time.perf_counter()
    here.search(query, vector, 10, filters, SPACE)
    return 1000 * (time.perf_counter() - begun)


def _percentiles(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.1f} | {statistics.quantiles(times, n=20)[-1]:.1f}"


# A filing


def measure_filing(data: Path, name: str) -> None:
    """A filing from file to searchable passages: seconds, step by step, and the peak memory of this process."""
    path = next((data / "filings" / "10k").glob(f"{name}*"))
    content = path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_at(folder)
        here = account_at(desk)
        _ = desk.embedder
        begun = time.perf_counter()
        source = delivered(desk, here, content, path.name)
        seconds = time.perf_counter() - begun
        with here.read() as tx:
            count = len(tx.passages(source))
        found = here.search("dividends declared per share", None, 3)
        desk.store.close()
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{path.name}: {len(content) / 1e6:.2f} MB, {count} passages in {seconds:.1f} s, {len(found)} found")
    print(f"peak memory: {own:.0f} MB here, {children:.0f} MB in the process that parses")


def main() -> None:
    """Measures what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["slice", "meetings", "growth", "filing"])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--others", type=int, nargs="+", default=[100, 1600])
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    parser.add_argument("--meaning", action="store_true", help="slice: with embeddings too")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--filing", default="aapl")
    parser.add_argument("--home", type=Path, help="growth: search a data folder that was filled before")
    said = parser.parse_args()
    if said.what == "growth" and said.home:
        measure_filled(said.home)
    elif said.what == "growth":
        measure_growth(said.passages)
    elif not said.data.is_dir():
        print(f"NOT RUN: there is no folder {said.data}")
    elif said.what == "slice":
        measure_slice(said.data, said.others, said.seeds, embed.load(Settings(user="x")) if said.meaning else None)
    elif said.what == "meetings":
        measure_meetings(said.data)
    else:
        measure_filing(said.data, said.filing)


if __name__ == "__main__":
    main()
