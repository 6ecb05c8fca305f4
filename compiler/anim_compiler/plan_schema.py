"""The JSON Schema of plans, with what the code says about each part."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from anim_compiler import plan as parts
from anim_compiler.plan import PLAN_VERSION, Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) that every plan of this version keeps to; Any because JSON is."""
    made = Plan.model_json_schema(mode="serialization")
    said = _said(inspect.getsource(parts))
    definitions: dict[str, Any] = made.pop("$defs")
    for name, part in (*definitions.items(), ("Plan", made)):
        for field, known in part["properties"].items():
            # pydantic's title is the field's name in capitals
            known.pop("title", None)
            if field in said.get(name, {}):
                known["description"] = said[name][field]
        part["required"] = [field for field in part["properties"] if field in _needed(name)]
    head = {"$schema": DIALECT, "title": f"anim plan, version {PLAN_VERSION}"}
    return {**head, **{k: v for k, v in made.items() if k != "title"}, "$defs": definitions}


def _needed(name: str) -> frozenset[str]:
    """The fields that stand in every file: those without a default, and the version."""
    fields = getattr(parts, name).model_fields
    found = {field for field, info in fields.items() if info.is_required()}
    return frozenset(found | {"version"} if name == "Plan" else found)


def _said(source: str) -> dict[str, dict[str, str]]:
    """The docstrings under the fields of every class: class -> field -> text on one line."""
    found: dict[str, dict[str, str]] = {}
    for item in ast.parse(source).body:
        if isinstance(item, ast.ClassDef):
            found[item.name] = dict(_fields(item))
    return found


def _fields(item: ast.ClassDef) -> list[tuple[str, str]]:
    pairs = zip(item.body, item.body[1:], strict=False)
    return [
        (field.target.id, " ".join(under.value.value.split()))
        for field, under in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(under, ast.Expr)
        and isinstance(under.value, ast.Constant)
        and isinstance(under.value.value, str)
    ]
