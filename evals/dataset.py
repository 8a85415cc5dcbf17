"""Cases with gold: our own in evals/cases, and folders of the same form anywhere on disk.

A case is a folder: the note, plan.json (the account before it) and gold.json (`changes`, `more`, `must_not`; the form
is described in evals/cases/README.md).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "cases"
HALVES = ("dev", "second", "third", "fourth", "fifth", "held")
"""To develop on; four that were first held out, then developed on too; held out still."""


@dataclass(frozen=True)
class Case:
    """One case, its files read when asked for."""

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name

    @cached_property
    def plan(self) -> dict[str, Any]:
        """The plan before the note, in the plain form."""
        return read_json(self.folder / "plan.json")

    @cached_property
    def gold(self) -> dict[str, Any]:
        """What a senior account manager would want changed."""
        return read_json(self.folder / "gold.json")

    @property
    def note(self) -> Path:
        """The note's file."""
        return self.folder / str(self.plan["note_meta"]["file"])

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """All gold changes, the core sections' first."""
        return [*self.gold.get("changes", ()), *self.gold.get("more", ())]

    @property
    def traps(self) -> list[dict[str, Any]]:
        """What must not be proposed."""
        return list(self.gold.get("must_not", ()))

    @property
    def no_news(self) -> bool:
        """Whether nothing should be proposed at all."""
        return not any(not change.get("optional") for change in self.wanted)


def read_json(path: Path) -> dict[str, Any]:
    """A file that holds one JSON object."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def cases(folder: Path) -> Iterator[Case]:
    """The cases of a folder, by name."""
    for each in sorted(folder.iterdir()):
        if (each / "gold.json").is_file():
            yield Case(each)


def own(half: str) -> list[Case]:
    """Our own cases: "dev" and "second" to "fifth" to develop on, "held" to report on, "all" for all."""
    folders = [HERE / name for name in (HALVES if half == "all" else (half,))]
    return [case for folder in folders if folder.is_dir() for case in cases(folder)]
