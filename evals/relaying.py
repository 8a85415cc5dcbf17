"""What the runs through a model server share: their options, asking many at once, and the ledger beside an answer."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from pipeline import settings
from pipeline.records import Proposal
from pipeline.settings import Settings

T = TypeVar("T")


def options(told: str, server: bool = True) -> argparse.ArgumentParser:
    """A parser with the options of every run; `told` is what the command's help says, `server` whether it needs one."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=server, help="the server's address, as NOTES2PLAN_MODEL_URL")
    parser.add_argument("--model", default="relay")
    parser.add_argument("--deadline", type=float, default=3600.0, help="seconds for one answer")
    return parser


def chosen(given: argparse.Namespace, **more: object) -> Settings:
    """The settings of a run: that server, no second tries, whatever the environment says."""
    told = {"model_url": given.url, "model": given.model, "model_deadline": given.deadline, "model_retries": 0}
    return settings.load(**{**told, "embeddings": "off", **more})


def side_by_side(work: Callable[[T], str], each: Sequence[T]) -> Iterator[str]:
    """`work` on all at once, so that answers may take their time; its lines in order."""
    with ThreadPoolExecutor(max_workers=max(1, len(each))) as pool:
        yield from pool.map(work, each)


def ledger(proposal: Proposal) -> dict[str, Any]:
    """How a proposal ended, and what it took."""
    usage = [each.model_dump(mode="json") for each in proposal.usage]
    return {"outcome": str(proposal.outcome), "why": proposal.why, "stamp": proposal.stamp, "usage": usage}


def write(path: Path, told: object) -> None:
    """JSON for people to read, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
