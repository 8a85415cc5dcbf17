"""Prompts: loaded from prompts/, filled with values, stamped. A note's text is never part of a template.

A prompt file has YAML front matter (id, version, purpose, inputs, output, max_tokens) and the parts `## system` and
`## user`. Its inputs are closed: a template that uses another, or a call that gives another, is a mistake.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

PARTS = re.compile(r"\A---\n(?P<head>.*?)\n---\n## system\n(?P<system>.*?)\n## user\n(?P<user>.*)\Z", re.DOTALL)
HEAD = ("id", "version", "purpose", "inputs", "output", "max_tokens")


@dataclass(frozen=True)
class Prompt:
    """One prompt. `stamp` is id, version and a hash of the file and its examples: kept with whatever came of it."""

    id: str
    version: int
    purpose: str
    inputs: frozenset[str]
    output: str
    max_tokens: int
    system: str
    user: str
    examples: tuple[Mapping[str, Any], ...]
    stamp: str

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """System and user text. Raises TypeError when `values` are not exactly the prompt's inputs."""
        if values.keys() != self.inputs:
            wrong = sorted(values.keys() ^ self.inputs)
            raise TypeError(f"prompt {self.id}: missing or unknown inputs: {', '.join(wrong)}")
        return _filled(self.system, values), _filled(self.user, values)


@cache
def load(name: str) -> Prompt:
    """The prompt of that name, with its examples in the order of their file names. Raises ValueError if malformed."""
    folder = files("prompts")
    written = (folder / f"{name}.md").read_text(encoding="utf-8")
    beside = (folder / "examples").iterdir()
    named = sorted((each for each in beside if each.name.startswith(f"{name}-")), key=lambda each: each.name)
    return parse(written, tuple(each.read_text(encoding="utf-8") for each in named))


def parse(written: str, examples: tuple[str, ...] = ()) -> Prompt:
    """A prompt from its file's text and those of its examples. Raises ValueError naming what is wrong."""
    import yaml

    found = PARTS.match(written)
    if found is None:
        raise ValueError("a prompt has front matter, then `## system`, then `## user`")
    head = yaml.safe_load(found["head"])
    if not isinstance(head, dict) or set(head) != set(HEAD):
        raise ValueError(f"front matter must have exactly {', '.join(HEAD)}")
    used = _names(found["system"]) | _names(found["user"])
    if used != set(head["inputs"]):
        raise ValueError(f"inputs and templates differ in {', '.join(sorted(used ^ set(head['inputs'])))}")
    digest = hashlib.sha256("\0".join((written, *examples)).encode()).hexdigest()
    return Prompt(
        **{key: head[key] for key in HEAD if key != "inputs"},
        inputs=frozenset(head["inputs"]),
        system=found["system"].strip(),
        user=found["user"].strip(),
        examples=tuple(json.loads(each) for each in examples),
        stamp=f"{head['id']}/{head['version']}/{digest[:16]}",
    )


def fenced(text: str, nonce: str) -> str:
    """A text between two lines that hold `nonce`, which must not occur in it. Raises ValueError if it does."""
    if nonce in text:
        raise ValueError("the nonce stands in the text")
    return f"<<<text {nonce}>>>\n{text}\n<<<end {nonce}>>>"


def new_nonce(text: str) -> str:
    """A random word that nobody who wrote `text` could know."""
    while (nonce := secrets.token_hex(8)) in text:
        pass
    return nonce


def _names(template: str) -> set[str]:
    from jinja2 import meta

    return meta.find_undeclared_variables(_environment().parse(template))


def _filled(template: str, values: Mapping[str, str]) -> str:
    rendered = _compiled(template).render(values)
    return re.sub(r"\n{3,}", "\n\n", rendered).strip()


@cache
def _compiled(template: str) -> Any:
    return _environment().from_string(template)


@cache
def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined

    return Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
