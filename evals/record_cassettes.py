"""Answers of a model, recorded once and played in tests: the whole way from a note to its changes without a server.

    python -m evals.record_cassettes --url http://127.0.0.1:8000/v1 --model NAME --answered-by "who answered, and how"

Each cassette is one of our own cases, asked through `offline.preview` as `notes2plan propose --proposer model` asks. It
begins with a fingerprint: prompt and schema it was recorded with, model, day, who answered. No header, no address and
no key is kept, and the random word around a note is blotted out, in the file and whenever requests are compared.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from evals.dataset import HERE, Case
from pipeline import llm, offline, prompt, settings
from pipeline.proposers.model import wire
from pipeline.settings import ROOT, Settings

FOLDER = ROOT / "tests" / "cassettes"
CASES = (
    "01-quillby-pipeline-call",
    "04-clinic-vtt-criteria",
    "05-city-reorg-mail",
    "06-ferry-voicemail",
    "09-chambers-chat",
)
"""Cases of evals/cases/dev that have a cassette."""

ADDRESS = "http://127.0.0.1:1/v1"
"""Stands in every cassette instead of the server's address; nothing answers there."""

MODEL = "recorded"
"""Stands in every request instead of the model's name."""

FENCE = re.compile(r"<<<(text|end) [0-9a-f]{16}>>>")
KEPT_HEADERS = ("content-type", "retry-after")
STALE = "stale: run python -m evals.record_cassettes"


def case(name: str) -> Case:
    """The case of a cassette."""
    return Case(HERE / "dev" / name)


def fingerprint(model: str, answered_by: str, day: datetime) -> dict[str, str]:
    """What a cassette recorded now depends on, and where its answer comes from."""
    return {**depends_on(), "model": model, "recorded_at": day.date().isoformat(), "recorded_against": answered_by}


def depends_on() -> dict[str, str]:
    """Prompt and schema as they are now: a cassette with others is stale."""
    schema = json.dumps(llm.portable(wire.Answer), sort_keys=True)
    return {"prompt": prompt.load("propose").stamp, "schema": hashlib.sha256(schema.encode()).hexdigest()[:16]}


def read_fingerprint(path: Path) -> dict[str, str]:
    """The fingerprint of a cassette."""
    told: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))["fingerprint"]
    return told


def tape(path: Path, mode: str = "none", marks: Mapping[str, str] | None = None) -> Any:
    """The cassette as a context manager (vcrpy's): mode "none" plays it, "all" records it anew with `marks` on it."""
    import vcr  # type: ignore[import-untyped]

    machine = vcr.VCR(
        record_mode=mode,
        match_on=("method", "path", "question"),
        before_record_request=_blotted,
        before_record_response=_bare,
        decode_compressed_response=True,
        serializer="readable",
        drop_unused_requests=mode == "all",
    )
    machine.register_matcher("question", _same_question)
    machine.register_serializer("readable", _Readable(marks or {}))
    return machine.use_cassette(str(path))


def play(name: str) -> offline.Preview:
    """What a case comes to with its recorded answer. Raises vcrpy's error when the question has changed."""
    return _preview(case(name), settings.load(model_url=ADDRESS, model=MODEL, embeddings="off"))


def _preview(asked: Case, chosen: Settings) -> offline.Preview:
    return offline.preview(asked.note.read_bytes(), asked.note.name, asked.plan, chosen, None, "model")


def record(name: str, chosen: Settings, answered_by: str, folder: Path = FOLDER) -> str:
    """Asks for one case and writes its cassette; a line to print."""
    marks = fingerprint(chosen.model, answered_by, datetime.now(UTC))
    folder.mkdir(parents=True, exist_ok=True)
    with tape(folder / f"{name}.yaml", "all", marks):
        made = _preview(case(name), chosen).proposal
    return f"{name}: {made.outcome}, {len(made.changes)} changes {made.why}"


def _blotted(request: Any) -> Any:
    """A request as it is kept and compared: the question alone, without who asked whom."""
    body = json.loads(request.body)
    body["model"] = MODEL
    for message in body["messages"]:
        message["content"] = FENCE.sub(r"<<<\1 0000000000000000>>>", message["content"])
    request.body = json.dumps(body).encode()
    request.uri = ADDRESS + "/chat/completions"
    request.headers = {"content-type": "application/json"}
    return request


def _bare(response: dict[str, Any]) -> dict[str, Any]:
    """A response as it is kept: of its headers only what we read."""
    headers = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return {**response, "headers": headers}


def _same_question(one: Any, other: Any) -> None:
    """A matcher as vcrpy has them: an AssertionError names the parts of the question that differ."""
    left, right = json.loads(one.body), json.loads(other.body)
    differ = sorted(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))
    assert not differ, f"{', '.join(differ)} differ; {STALE}"


class _Readable:
    """A serializer as vcrpy has them: YAML for people to read and compare, bodies as values, the fingerprint on top."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self._marks = dict(marks)

    def serialize(self, told: dict[str, Any]) -> str:
        """The file's text."""
        kept = []
        for each in told["interactions"]:
            request, response = dict(each["request"]), dict(each["response"])
            request["body"] = json.loads(request["body"])
            response["body"] = json.loads(response["body"]["string"])
            kept.append({"request": request, "response": response})
        whole = {"fingerprint": self._marks, "version": told["version"], "interactions": kept}
        return yaml.dump(whole, Dumper=_Blocks, sort_keys=False, allow_unicode=True, width=120)

    def deserialize(self, text: str) -> dict[str, Any]:
        """What vcrpy plays from."""
        told: dict[str, Any] = yaml.safe_load(text)
        for each in told["interactions"]:
            each["request"]["body"] = json.dumps(each["request"]["body"])
            each["response"]["body"] = {"string": json.dumps(each["response"]["body"])}
        return told


class _Blocks(yaml.SafeDumper):
    """YAML with texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, words: str) -> yaml.ScalarNode:
    style = "|" if "\n" in words else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style=style)


_Blocks.add_representer(str, _text)


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--key", default="")
    parser.add_argument("--answered-by", required=True, help="who answered, and how: stands in every cassette")
    parser.add_argument("--deadline", type=float, default=3600.0)
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args(argv)
    chosen = settings.load(
        model_url=given.url,
        model=given.model,
        model_key=given.key,
        model_deadline=given.deadline,
        model_retries=0,
        embeddings="off",
    )
    for line in map(partial(record, chosen=chosen, answered_by=given.answered_by), given.only or CASES):
        print(line, flush=True)


if __name__ == "__main__":
    main()
