"""JSON: every curve of a film as a list of numbers, with its scenes and prompts."""

from __future__ import annotations

import json

from anim_dsl.visible import json_escaped
from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.to_rows import table

SCHEMA = 1
"""Raised when a field goes or means something else; fields that are added leave it as it is."""


def write(film: Exporting) -> Exported:
    """One document: in every list of `frames`, `times`, `curves` and `texts` an entry a frame, null where a
    scene does not have the curve.
    """
    rows, plan = table(film), film.plan
    document = {
        "schema": SCHEMA,
        "film": plan.name,
        "width": plan.width,
        "height": plan.height,
        "fps": plan.fps,
        "length": plan.frames,
        "seed": plan.seed,
        "scenes": [{"name": s.name, "start": s.start, "end": s.end} for s in plan.scenes],
        "frames": list(rows.frames),
        "times": list(rows.times),
        "curves": {name: list(values) for name, values in rows.numbers.items()},
        "texts": {name: list(values) for name, values in rows.texts.items()},
    }
    return Exported({f"{film.stem}.json": (_laid_out(document) + "\n").encode()})


def _laid_out(document: dict[str, object]) -> str:
    """A field a line, and in the maps of lists a list a line: fit for people and for git."""
    lines = []
    for name, value in document.items():
        if name in ("curves", "texts") and isinstance(value, dict) and value:
            inner = ",\n".join(f"  {_dump(key)}: {_dump(column)}" for key, column in value.items())
            lines.append(f" {_dump(name)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {_dump(name)}: {_dump(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _dump(value: object) -> str:
    return json_escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))
