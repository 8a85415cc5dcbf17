"""The shape a model answers in: small, the same for every section.

Sections and operations are closed by enumerations that stand in the schema only: a server that can hold the model to
them does. An answer with another word still reads, and costs that one change, not all of them. Names of fields are told
in the catalogue alone: all of them in the schema too would take 400 tokens of every question.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from pipeline.records import Op
from pipeline.sections import sections

INTO, EFFECTIVE = "into", "effective"
"""Two fields of a change that belong to no section: what a join leaves, and since when a removal holds."""


def _word(value: Any) -> Any:
    """A number or truth value where a string was asked for is meant as its word."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


TEXT_OR_NULL = {"anyOf": [{"type": "string"}, {"type": "null"}]}
Value = Annotated[str | None, BeforeValidator(_word), WithJsonSchema({"type": "string"})]


class Quote(BaseModel):
    """Words of one line."""

    line: Annotated[int | None, WithJsonSchema({"type": "integer"})] = None
    words: str


class Filled(BaseModel):
    """One field and its value, as a string whatever its kind."""

    name: str
    value: Value = ""


class WireChange(BaseModel):
    """One change. The proof comes first, so that it is found before anything is claimed."""

    quotes: list[Quote]
    reason: str = ""
    section: Annotated[str, WithJsonSchema(_one_of(sections()))]
    op: Annotated[str, WithJsonSchema(_one_of(str(each) for each in Op))]
    handle: Annotated[str | None, BeforeValidator(_word), WithJsonSchema(TEXT_OR_NULL)] = None
    fields: list[Filled] = []


class Answer(BaseModel):
    """All changes of one part of a text, or why there are none."""

    changes: list[WireChange]
    nothing_because: Annotated[str | None, WithJsonSchema(TEXT_OR_NULL)] = None
