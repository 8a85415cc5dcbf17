"""What a reviewer edits a value with, and what was typed there as a value again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from pipeline.errors import BadValue
from pipeline.records import Json
from pipeline.sections import section
from pipeline.views.proposal import FieldView

WIDGETS = {
    "text": "text",
    "choice": "select",
    "choices": "checks",
    "words": "lines",
    "date": "date",
    "money": "text",
    "number": "number",
    "ref": "select",
    "refs": "checks",
    "splits": "lines",
}
"""Kind of field -> what it is edited with."""

HINTS = {
    "words": "One a line.",
    "money": "With its currency, like EUR 12,500.",
    "splits": "One part a line: how many, of what, which status. Like: 2 plants in_negotiation",
}

Options = Mapping[str, Sequence[tuple[str, str]]]
"""Section -> its entries as (id, name)."""


@dataclass(frozen=True)
class Input:
    """One control: its name in the form, what it holds (one string, or the ticked ones), what there is to choose."""

    name: str
    field: str
    title: str
    widget: str
    hint: str
    value: str
    ticked: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]


def name_of(change: str, field: str) -> str:
    """The control's name in the form."""
    return f"field.{change}.{field}"


def input_of(change: str, kind: str, field: FieldView, options: Options, form: FormData | None) -> Input:
    """The control for one field of a change in section `kind`; `form` holds what was typed before, if anything."""
    name, widget = name_of(change, field.name), WIDGETS[field.kind]
    ref = section(kind).fields[field.name].ref
    choices = tuple(options.get(ref, ())) if ref else tuple((each, each.replace("_", " ")) for each in field.choices)
    typed = _sent(form, name, widget) if form is not None else None
    value = as_text(field.kind, field.value) if typed is None else typed
    ticked = tuple(value.split("\n")) if widget == "checks" and value else ()
    return Input(name, field.name, field.title, widget, HINTS.get(field.kind, ""), value, ticked, choices)


def changed(change: str, fields: Sequence[FieldView], form: FormData) -> dict[str, Json]:
    """The fields whose control holds something else than what was proposed, with what it holds as a value.

    Raises BadValue for parts of a split cell that are not "count unit status".
    """
    found = {}
    for field in fields:
        typed = _sent(form, name_of(change, field.name), WIDGETS[field.kind])
        if typed is not None and typed.strip() != as_text(field.kind, field.value).strip():
            found[field.name] = _value(field.kind, typed)
    return found


def _sent(form: FormData, name: str, widget: str) -> str | None:
    """What a control sent, as one text; None when the form does not have it. Ticked boxes come one a line."""
    values = [str(each) for each in form.getlist(name)]
    if widget == "checks":
        # A hidden empty value tells that the boxes were there even if none is ticked.
        return "\n".join(sorted(filter(None, values))) if values else None
    return values[0].replace("\r\n", "\n") if values else None


def as_text(kind: str, value: Json) -> str:
    """A value as its control holds it."""
    if value is None:
        return ""
    if kind == "money":
        return f"{value['currency']} {value['amount']}"
    if kind == "splits":
        return "\n".join(f"{each['count']} {each['unit']} {each['status']}" for each in value)
    if isinstance(value, list):
        return "\n".join(sorted(str(each) for each in value))
    return str(value)


def _value(kind: str, typed: str) -> Json:
    words = [line.strip() for line in typed.splitlines() if line.strip()]
    if kind == "splits":
        return [_split(line) for line in words]
    if kind in ("words", "choices", "refs"):
        return words
    return typed.strip() or None


def _split(line: str) -> Json:
    parts = line.split()
    if len(parts) < 3 or not parts[0].isdecimal():
        raise BadValue(f"{line!r} is not a part of a cell", "Write how many, of what, and the status.")
    return {"count": int(parts[0]), "unit": " ".join(parts[1:-1]), "status": parts[-1]}
