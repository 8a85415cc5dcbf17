"""The shape a model answers in: small, the same for every section.

Sections and operations are closed by enumerations that stand in the schema only: a server that can hold the model to
them does. An answer with another word still reads, and costs that one change, not all of them; so does a change of
another shape. Names of fields are told in the catalogue alone: all of them in the schema too would take 400 tokens of
every question.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError, ValidationInfo, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from pipeline.records import Op
from pipeline.sections import sections

INTO, EFFECTIVE = "into", "effective"
"""Two fields of a change that belong to no section: what a join leaves, and since when a removal holds."""


def _word(value: Any) -> Any:
    """A number, list or object where a string was asked for is meant as its words."""
    if isinstance(value, list):
        return "; ".join(str(_word(each)) for each in value if each is not None)
    if isinstance(value, dict):
        return " ".join(str(_word(each)) for each in value.values() if each is not None)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _filled(value: Any) -> Any:
    """Fields given as one object instead of a list of names and values."""
    return [{"name": name, "value": each} for name, each in value.items()] if isinstance(value, dict) else value or []


def _quotes(value: Any) -> Any:
    """Quotes given as bare words, or not at all."""
    several = value if isinstance(value, list) else [value] if value else []
    return [{"words": each} if isinstance(each, str) else each for each in several]


def _line(value: Any) -> Any:
    """A line's number; anything else says nothing."""
    digits = str(value).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


TEXT_OR_NULL = {"anyOf": [{"type": "string"}, {"type": "null"}]}
Value = Annotated[str | None, BeforeValidator(_word), WithJsonSchema({"type": "string"})]


class Quote(BaseModel):
    """Words of one line."""

    line: Annotated[int | None, BeforeValidator(_line), WithJsonSchema({"type": "integer"})] = None
    words: str


class Filled(BaseModel):
    """One field and its value, as a string whatever its kind."""

    name: str
    value: Value = ""


class WireChange(BaseModel):
    """One change. The proof comes first, so that it is found before anything is claimed."""

    quotes: Annotated[list[Quote], BeforeValidator(_quotes)] = []
    reason: Annotated[str, BeforeValidator(lambda value: value or "")] = ""
    section: Annotated[str, WithJsonSchema(_one_of(sections()))]
    op: Annotated[str, WithJsonSchema(_one_of(str(each) for each in Op))]
    handle: Annotated[str | None, BeforeValidator(_word), WithJsonSchema(TEXT_OR_NULL)] = None
    fields: Annotated[list[Filled], BeforeValidator(_filled)] = []


class Answer(BaseModel):
    """All changes of one part of a text, or why there are none."""

    changes: list[WireChange]
    nothing_because: Annotated[str | None, WithJsonSchema(TEXT_OR_NULL)] = None
    lost: SkipJsonSchema[tuple[str, ...]] = ()
    """Where changes had another shape and were passed over: never the model's own word."""

    @model_validator(mode="before")
    @classmethod
    def _one_by_one(cls, data: Any, info: ValidationInfo) -> Any:
        """Changes of another shape cost themselves alone, unless all have one: then the answer is to be mended."""
        if info.mode != "json" or not isinstance(data, dict) or not isinstance(data.get("changes"), list):
            return data
        found = [_tried(each) for each in data["changes"]]
        good = [each for each in found if isinstance(each, WireChange)]
        if found and not good:
            return {**data, "lost": ()}
        return {**data, "changes": good, "lost": tuple(each for each in found if isinstance(each, str))}


def _tried(given: Any) -> WireChange | str:
    """A change, or the place where it has another shape."""
    try:
        return WireChange.model_validate(given)
    except ValidationError as error:
        return ".".join(str(each) for each in error.errors(include_input=False)[0]["loc"]) or "all of it"
