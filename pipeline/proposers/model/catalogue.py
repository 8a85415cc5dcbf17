"""What the sections hold, told to a model in as few words as will do."""

import json
from collections.abc import Container, Iterable, Mapping
from typing import Any

from pipeline.sections import FieldShape, Section, sections

KINDS = {"date": " day", "money": " money", "number": " number"}


def catalogue(told: Container[str]) -> str:
    """A line for each section: its fields with what they take; guidance for core sections and those in `told`."""
    return "\n".join(_line(each, each.core or each.name in told) for each in sections().values())


def _line(kind: Section, guided: bool) -> str:
    fields = ", ".join(_fields(kind))
    one = " one per account" if kind.single else ""
    return f"{kind.name}{one} ({fields})" + (f": {kind.guidance}" if guided else "")


def _fields(kind: Section) -> Iterable[str]:
    shown: dict[tuple[str, ...], str] = {}
    keys = set(kind.required or ([] if kind.single else kind.key))
    for shape in kind.fields.values():
        yield shape.name + ("*" if shape.name in keys else "") + _takes(shape, shown)


def _takes(shape: FieldShape, shown: dict[tuple[str, ...], str]) -> str:
    """What a field takes; an enumeration is spelt out once in a section."""
    several = "[]" if shape.is_set else ""
    if shape.choices:
        before = shown.setdefault(shape.choices, shape.name)
        return f"{several} as {before}" if before != shape.name else several + "{" + "|".join(shape.choices) + "}"
    if shape.ref:
        return f"{several}>{shape.ref}"
    if shape.kind == "splits":
        return ' only when parts differ, as "2 plants deployed; 3 plants untouched"'
    return several + KINDS.get(shape.kind, "")


def example(case: Mapping[str, Any], answer: str) -> str:
    """A worked case: the plan, the text as a model sees one, the answer."""
    lines = [f"{number}| {words}" for number, words in enumerate(case["text"], 1)]
    author = f" Author: {case['author']}." if case["author"] else ""
    head = f"Day of the text: {case['today']}.{author}"
    return "\n".join([head, *case["plan"], "Text:", *lines, "Answer:", answer])


def worked(cases: Iterable[Mapping[str, Any]]) -> str:
    """The worked cases of a prompt, as it shows them."""
    return "\n\n".join(
        example(each, json.dumps(each["answer"], ensure_ascii=False, separators=(",", ":"))) for each in cases
    )
