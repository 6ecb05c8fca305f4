"""Whether JSON keeps to a JSON Schema: what schemas of pydantic's use of draft 2020-12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}

_KNOWN = frozenset(
    {
        *("$ref", "$defs", "$schema", "type", "const", "enum", "anyOf", "items", "prefixItems", "minItems"),
        *("maxItems", "properties", "required", "additionalProperties", "propertyNames", "title"),
        *("description", "default"),
    }
)


def faults(data: Any, schema: Any, root: Any = None, at: str = "") -> Iterator[str]:
    """What is wrong with the data, one sentence a fault."""
    root = schema if root is None else root
    assert schema.keys() <= _KNOWN, schema.keys() - _KNOWN
    where = at or "it"
    if "$ref" in schema:
        yield from faults(data, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema and all(list(faults(data, one, root, at)) for one in schema["anyOf"]):
        yield f"{where} is none of several"
    kind = schema.get("type")
    if kind and (not isinstance(data, _TYPES[kind]) or (isinstance(data, bool) and kind != "boolean")):
        yield f"{where} is no {kind}"
        return
    if "const" in schema and data != schema["const"]:
        yield f"{where} is not {schema['const']!r}"
    if "enum" in schema and data not in schema["enum"]:
        yield f"{where} is not one of {schema['enum']}"
    if kind == "object":
        yield from _object(data, schema, root, at)
    if kind == "array":
        yield from _array(data, schema, root, at)


def _object(data: Any, schema: Any, root: Any, at: str) -> Iterator[str]:
    yield from (f"{name} is missing" for name in schema.get("required", ()) if name not in data)
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, part in data.items():
        if name in known:
            yield from faults(part, known[name], root, f"{at}.{name}")
        elif others is False:
            yield f"{at}.{name} is unknown"
        elif others is not True:
            yield from faults(part, others, root, f"{at}.{name}")
        if "propertyNames" in schema:
            yield from faults(name, schema["propertyNames"], root, f"{at}.{name}")


def _array(data: Any, schema: Any, root: Any, at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
        yield f"{at} has {len(data)} parts"
    first = schema.get("prefixItems", ())
    for place, part in enumerate(data):
        rule = first[place] if place < len(first) else schema.get("items")
        if rule is not None:
            yield from faults(part, rule, root, f"{at}[{place}]")
