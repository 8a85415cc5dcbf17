"""A pydantic model as a JSON schema that every kind of server takes.

Servers agree on little: no references, no oneOf, every property required, no other property allowed, and no bounds,
patterns, formats, defaults or titles. What is lost here is checked by the model itself when the answer is read.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel

KEPT = ("type", "enum", "description")


@cache
def portable(shape: type[BaseModel]) -> dict[str, Any]:
    """The schema of `shape`, not to be changed by whoever gets it.

    Raises TypeError for what can't be said portably: recursion, free-form objects, tuples.
    """
    whole = shape.model_json_schema()
    whole.pop("description", None)  # a docstring is for us, and every question would pay for it
    schema = _plain(whole, whole.get("$defs", {}), ())
    if schema.get("type") != "object":
        raise TypeError(f"{shape.__name__}: the outermost value must be an object")
    return schema


def _plain(part: dict[str, Any], defs: dict[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[1]
        if name in above:
            raise TypeError(f"{name} holds itself: there is no portable schema for that")
        target = {key: value for key, value in defs[name].items() if key != "description"}
        own = {key: value for key, value in part.items() if key != "$ref"}
        return _plain({**target, **own}, defs, (*above, name))
    told = {key: part[key] for key in KEPT if key in part}
    if "const" in part:
        told = {"type": "string", **told, "enum": [part["const"]]}
    choices = part.get("anyOf") or part.get("oneOf")
    if choices:
        told["anyOf"] = [_plain(each, defs, above) for each in choices]
    if "items" in part:
        told["items"] = _plain(part["items"], defs, above)
    if part.get("type") == "object":
        told |= _object(part, defs, above)
    if not ({"type", "anyOf", "enum"} & told.keys()) or "prefixItems" in part:
        raise TypeError(f"there is no portable schema for {sorted(part)}")
    return told


def _object(part: dict[str, Any], defs: dict[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    properties = part.get("properties")
    if not properties or part.get("additionalProperties", False) is not False:
        raise TypeError("a free-form object has no portable schema: use a list of names and values")
    plain = {name: _plain(each, defs, above) for name, each in properties.items()}
    return {"properties": plain, "required": list(plain), "additionalProperties": False}
