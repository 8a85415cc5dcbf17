"""The shape a model answers in: small, the same for every section, names closed by enumeration.

The enumerations stand in the schema only: a server that can hold the model to them does. An answer with another name
still reads, and costs that one change, not all of them.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from pipeline.records import Op
from pipeline.sections import sections

INTO, EFFECTIVE = "into", "effective"
"""Two fields of a change that belong to no section: what a join leaves, and since when a removal holds."""


def _word(value: Any) -> Any:
    """A number or truth value where a string was asked for is meant as its word."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _names_of(kind: str) -> dict[str, Any]:
    found = list(sections())
    if kind == "fields":
        found = sorted({name for each in sections().values() for name in each.fields} | {INTO, EFFECTIVE})
    return {"type": "string", "enum": found}


TEXT_OR_NULL = {"anyOf": [{"type": "string"}, {"type": "null"}]}
Value = Annotated[str | None, BeforeValidator(_word), WithJsonSchema({"type": "string"})]


class Quote(BaseModel):
    """Words of one line."""

    line: Annotated[int | None, WithJsonSchema({"type": "integer"})] = None
    words: str


class Filled(BaseModel):
    """One field and its value, as a string whatever its kind."""

    name: Annotated[str, WithJsonSchema(_names_of("fields"))]
    value: Value = ""


class WireChange(BaseModel):
    """One change. The proof comes first, so that it is found before anything is claimed."""

    quotes: list[Quote]
    reason: str = ""
    section: Annotated[str, WithJsonSchema(_names_of("sections"))]
    op: Annotated[str, WithJsonSchema({"type": "string", "enum": [str(each) for each in Op]})]
    handle: Annotated[str | None, BeforeValidator(_word), WithJsonSchema(TEXT_OR_NULL)] = None
    fields: list[Filled] = []


class Answer(BaseModel):
    """All changes of one part of a text, or why there are none."""

    changes: list[WireChange]
    nothing_because: Annotated[str | None, WithJsonSchema(TEXT_OR_NULL)] = None
