"""Exports: the plan or a proposal in a form somebody else reads. One file each."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.records import Account, Plan


@dataclass(frozen=True)
class Export:
    """name: as in `--as NAME`. suffix: of the file. write: an account and its plan -> the file's bytes."""

    name: str
    suffix: str
    write: Callable[[Account, Plan], bytes]
