"""The sections of the plan, one file each, and what a section is.

A section file defines a frozen model of one entry and a constant SECTION. From the model's types come the fields'
kinds: how a value is parsed, stored, merged, shown and described to a model. Adding a section or a field needs no
migration, prompt or page.
"""

import hashlib
import re
import secrets
import types
import typing
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from itertools import count
from typing import Annotated, Any, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from pipeline.errors import BadValue
from pipeline.records import Item, Json, Plan, Record
from pipeline.registry import plugins


@dataclass(frozen=True)
class Ref:
    """Marks a field that holds the id of an item of another section; it never dangles."""

    section: str


def listed(value: Any) -> Any:
    """What a person or a file gives for a set: a list, or one string parted by semicolons; empty parts say nothing."""
    if value is None:
        return ()
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        return value
    plain = (part.strip() if isinstance(part, str) else part for part in parts)
    return tuple(part for part in plain if part not in (None, ""))


def as_set(values: tuple[Any, ...]) -> list[Any]:
    """A set in canonical form: sorted, each element once."""
    return sorted({str(value) for value in values if str(value)})


def amended(now: Json, before: Json, after: Json) -> Json:
    """A set as it is `now`, with what came between before and after, and without what went; None when it is empty."""
    was, then = set(before or ()), set(after or ())
    return sorted((set(now or ()) - (was - then)) | (then - was)) or None


UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def seen(value: Any) -> Any:
    """Words as a reviewer sees them: composed characters, no controls, no hidden marks; a number becomes its digits."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return unicodedata.normalize("NFC", UNSEEN.sub("", value)) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), BeforeValidator(seen)]
"""Free words."""

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
SCALES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000}
AMOUNT = re.compile(
    r"(?P<before>[A-Z]{3}|[$€£¥₹₩])?\s*(?P<number>-?\d[\d.,' ]*?)\s*(?P<scale>k|mn|m|bn|b)?\s*"
    r"(?P<after>[A-Z]{3}|[$€£¥₹₩])?\s*(?:/\s*y(?:ea)?r|a year|per year|p\.?\s?a\.?)?",
    re.IGNORECASE,
)


def money(value: Any) -> Any:
    """An amount as people write it ("$40K/yr", "EUR 12,500") as its parts; anything else as it is."""
    found = AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return value
    sign = (found["before"] or found["after"] or "").upper()
    number = re.sub(r"[' ]|[.,](?=\d{3}(?:\D|$))", "", found["number"]).replace(",", ".")
    scale = SCALES[found["scale"].lower()] if found["scale"] else 1
    try:
        return {"amount": Decimal(number) * scale, "currency": SIGNS.get(sign, sign)}
    except ArithmeticError:
        return value


class Money(Record):
    """An amount in one currency; sums never cross currencies."""

    amount: Annotated[
        Decimal,
        Field(max_digits=24),
        PlainSerializer(lambda amount: format(amount.normalize() + 0, "f"), return_type=str),
    ]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    _as_written = model_validator(mode="before")(money)


class Split(Record):
    """Part of a cell: "2 plants in negotiation" is count 2, unit "plants", status in_negotiation."""

    count: Annotated[int, Field(gt=0)]
    unit: str
    status: str


Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0)]
Words = Annotated[tuple[Text, ...], BeforeValidator(listed), PlainSerializer(as_set)]
"""A set of free words: no order, no doubles; merged element by element."""


class Entry(Record):
    """One entry of a section, typed. Fields that are None or empty are not stored."""


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class FieldShape:
    """One field, as everything outside the section sees it.

    `kind` is one of text, choice, choices, words, date, money, number, ref, refs, splits.
    """

    name: str
    kind: str
    choices: tuple[str, ...]
    ref: str | None
    description: str
    adapter: TypeAdapter[Any]

    @property
    def is_set(self) -> bool:
        """Whether it holds a set, merged element by element."""
        return self.kind in ("choices", "words", "refs")


def _no_names(_values: Mapping[str, Json]) -> tuple[str, ...]:
    return ()


def _no_lint(_values: Mapping[str, Json]) -> tuple[str, ...]:
    return ()


def _never(_one: Mapping[str, Json], _other: Mapping[str, Json]) -> bool:
    return False


def _any(_values: Mapping[str, Json]) -> tuple[str, ...]:
    return ("",)


def _as_is(values: dict[str, Json], _version: int) -> dict[str, Json]:
    return values


@dataclass(frozen=True)
class Section:
    """A section of the plan.

    name: plural, as in code, API and pages. model: the entry's type. title: for people. guidance: one or two sentences
    poured into the prompt. key: the fields that name an entry. single: one entry per account. prefix: of new ids.
    same(a, b): whether two entries' values mean one thing. marks(values): words of which any two entries that are the
    same share at least one, so that an index finds the few to compare; without it all are compared. names(values):
    every way its name is written.
    lint(values): what keeps an entry from being useful. upcast(values, version): values stored
    by an older version in today's form. careful: fields that are never part of a bulk approval. core: always shown
    to a proposer.
    """

    name: str
    model: type[Entry]
    title: str
    guidance: str
    key: tuple[str, ...]
    prefix: str
    order: int
    version: int = 1
    single: bool = False
    careful: frozenset[str] = frozenset()
    same: Callable[[Mapping[str, Json], Mapping[str, Json]], bool] = _never
    marks: Callable[[Mapping[str, Json]], Iterable[str]] = _any
    names: Callable[[Mapping[str, Json]], tuple[str, ...]] = _no_names
    lint: Callable[[Mapping[str, Json]], tuple[str, ...]] = _no_lint
    upcast: Callable[[dict[str, Json], int], dict[str, Json]] = _as_is
    core: bool = False

    @cached_property
    def fields(self) -> dict[str, FieldShape]:
        """The fields by name, in the model's order."""
        return {name: _shape(name, info) for name, info in self.model.model_fields.items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields an entry can't be without."""
        return tuple(name for name, info in self.model.model_fields.items() if info.is_required())

    def parse(self, name: str, value: object) -> Json:
        """One field's value in canonical JSON, None for empty. Raises BadValue with the field and what it takes."""
        shape = self.fields.get(name)
        if shape is None:
            raise BadValue(f"{self.name} has no field {name!r}", f"Its fields are {', '.join(self.fields)}.")
        if value is None or value in ("", [], ()):
            return None
        if shape.kind == "date" and isinstance(value, (int, float)):
            raise BadValue(f"{self.name}.{name} = {value!r} is a number", _takes(shape))
        try:
            parsed = shape.adapter.validate_python(value)
        except ValidationError as error:
            raise BadValue(f"{self.name}.{name} = {value!r}: {error.errors()[0]['msg']}", _takes(shape)) from None
        dumped: Json = shape.adapter.dump_python(parsed, mode="json")
        return None if dumped == [] else dumped

    def read(self, item: Item) -> Entry:
        """The typed entry of a stored item, whatever version stored it."""
        return self.model.model_validate(self.values(item))

    def values(self, item: Item) -> dict[str, Json]:
        """A stored item's values in today's form."""
        stored = dict(item.values)
        return stored if item.version == self.version else self.upcast(stored, item.version)

    def identity(self, values: Mapping[str, Json]) -> tuple[str, ...]:
        """What entries that are plainly one have in common: their key fields, case and spaces aside."""
        return (
            () if self.single else tuple(" ".join(str(values.get(name) or "").casefold().split()) for name in self.key)
        )

    def label(self, values: Mapping[str, Json], plan: Plan | None = None) -> str:
        """What to call an entry: its key fields, references by their names when a plan is given."""
        if self.single:
            return self.title
        return " × ".join(filter(None, (self._word(name, values.get(name), plan) for name in self.key))) or self.title

    def _word(self, name: str, value: Json, plan: Plan | None) -> str:
        target = plan.get(value) if plan and self.fields[name].ref and isinstance(value, str) else None
        return section(target.section).label(target.values, plan) if target else str(value or "")


def _takes(shape: FieldShape) -> str:
    if shape.choices:
        return f"It takes {', '.join(shape.choices)}."
    return {"date": "It takes a day as YYYY-MM-DD.", "number": "It takes a whole number."}.get(
        shape.kind, f"It takes {shape.kind}."
    )


def _shape(name: str, info: Any) -> FieldShape:
    annotation = info.annotation
    metadata = list(info.metadata)
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        annotation = next(part for part in typing.get_args(annotation) if part is not type(None))
    if typing.get_origin(annotation) is Annotated:
        metadata += annotation.__metadata__
        annotation = annotation.__origin__
    kind, choices = _kind(annotation)
    ref = next((found.section for found in _refs(annotation, metadata)), None)
    if ref:
        kind = "refs" if kind == "words" else "ref"
    validators = [mark for mark in metadata if not isinstance(mark, Ref)]
    whole = annotation
    for mark in validators:
        whole = Annotated[whole, mark]
    return FieldShape(name, kind, choices, ref, info.description or "", TypeAdapter(whole))


def _refs(annotation: Any, metadata: Iterable[Any]) -> Iterable[Ref]:
    yield from (mark for mark in metadata if isinstance(mark, Ref))
    for part in typing.get_args(annotation):
        yield from (mark for mark in getattr(part, "__metadata__", ()) if isinstance(mark, Ref))


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    if typing.get_origin(annotation) is tuple:
        inner = typing.get_args(annotation)[0]
        if inner is Split:
            return "splits", ()
        _, choices = _kind(inner)
        return ("choices", choices) if choices else ("words", ())
    if typing.get_origin(annotation) is Annotated:
        return _kind(annotation.__origin__)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "choice", tuple(str(member) for member in annotation)
    return {date: "date", Money: "money", int: "number", str: "text"}[annotation], ()


@cache
def sections() -> dict[str, Section]:
    """All sections by name, in the order a plan shows them."""
    found: Iterable[Section] = plugins("pipeline.sections", "SECTION").values()
    return {each.name: each for each in sorted(found, key=lambda each: each.order)}


def section(name: str) -> Section:
    """One section. Raises BadValue when there is none of that name."""
    try:
        return sections()[name]
    except KeyError:
        raise BadValue(f"there is no section {name!r}", f"The sections are {', '.join(sections())}.") from None


def new_id(kind: Section, words: str, taken: Container[str]) -> str:
    """A readable id for a new item, e.g. "stk_marta_lindqvist"; `words` is its label, `taken` the ids in use."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = "_".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("_")
    if not slug:
        slug = hashlib.sha256(words.encode()).hexdigest()[:8] if words.strip() else "1"
    stem = kind.prefix if kind.single else f"{kind.prefix}_{slug}"
    tries = (f"{stem}_{number}" for number in count(2))
    return stem if stem not in taken else next(each for each in tries if each not in taken)


OPAQUE = re.compile(r"[a-z]+_[0-9a-f]{12}")
"""The form of an id that tells nothing of its item."""


def opaque_id(prefix: str) -> str:
    """An id of that form that nobody can guess."""
    return f"{prefix}_{secrets.token_hex(6)}"


def stored(key: str, kind: str, values: Mapping[str, Json]) -> Item:
    """An item as it is stored: today's version, filled fields only, in the order of the section's fields."""
    shape = section(kind)
    ordered = {name: values[name] for name in shape.fields if values.get(name) is not None}
    return Item(id=key, section=kind, version=shape.version, values=ordered)


def references(item: Item) -> tuple[tuple[str, str], ...]:
    """What an item refers to: (field, id of the other item), one for each."""
    shapes = section(item.section).fields
    found = ((name, value) for name, value in item.values.items() if name in shapes and shapes[name].ref)
    return tuple((name, each) for name, value in found for each in (value if isinstance(value, list) else [value]))


def of(plan: Plan, model: type[E]) -> dict[str, E]:
    """The typed entries of a plan's section, by item id: `of(plan, Stakeholder)`."""
    mine = next(each for each in sections().values() if each.model is model)
    return {item.id: typing.cast(E, mine.read(item)) for item in plan.section(mine.name)}
