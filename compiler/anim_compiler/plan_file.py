"""Plans as files: the JSON, its columns beside it, and both read again."""

from __future__ import annotations

import io
import json
import lzma
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from anim_compiler.json_lines import json_lines
from anim_compiler.plan import PLAN_VERSION, Columns, Plan
from anim_compiler.plan_columns import digest
from anim_compiler.whole_file import write_whole

_ALWAYS = frozenset({"version"})
"""What is written though it is a default."""


MOST_BYTES = 1 << 30
"""So much the columns of a plan may hold: hours of film have a tenth of it."""

_DAMAGED = (
    *(ValueError, TypeError, KeyError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile),
    *(tokenize.TokenError, struct.error, zlib.error, lzma.LZMAError),
)
"""What JSON, zip archives and numpy raise for damaged files; too deep a nesting is a RuntimeError."""


class PlanError(Exception):
    """A plan's files do not belong together, or are of another version."""


def plan_json(plan: Plan) -> str:
    """The plan as it is written: what is not a default, a line for each thing that fits on one."""
    return json_lines(_data(plan)) + "\n"


def _data(value: Any) -> Any:
    """A part of the plan as JSON has it; Any because JSON is."""
    match value:
        case BaseModel():
            fields = type(value).model_fields
            given = {name: getattr(value, name) for name in fields}
            return {
                name: _data(part)
                for name, part in given.items()
                if name in _ALWAYS or fields[name].is_required() or part != fields[name].default
            }
        case dict():
            return {str(name): _data(part) for name, part in value.items()}
        case tuple() | list():
            return [_data(part) for part in value]
        case _:
            return value


def columns_path(path: Path) -> Path:
    """Where the columns of the plan at `path` lie: `film.plan.json` has `film.plan.npz` beside it."""
    return path.with_suffix(".npz")


def columns_bytes(columns: Columns) -> bytes:
    """The columns as an `.npz` that `numpy.load` reads: sorted, uncompressed, every date 1980-01-01,
    so that equal columns are equal bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, column in sorted(columns.items()):
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # the same on Windows
            array = io.BytesIO()
            little = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<"))
            np.lib.format.write_array(array, little, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, array.getvalue())
    return buffer.getvalue()


def write_plan(plan: Plan, columns: Columns, path: Path) -> None:
    """Writes the plan to `path` and its columns beside it; raises OSError if that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(columns_path(path), columns_bytes(columns))
    write_whole(path, plan_json(plan).encode())


def read_plan(path: Path) -> tuple[Plan, Columns]:
    """The plan at `path` with its columns, each checked against its hash.

    Raises OSError if a file cannot be read and PlanError if they are no plan of this version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path.name} is not a plan: it is no JSON") from error
    _this_version(data, path)
    try:
        # as text, because what JSON has as lists are tuples here
        plan = Plan.model_validate_json(json.dumps(data))
        columns = _read_columns(plan, columns_path(path))
    except _DAMAGED as error:
        raise PlanError(f"{path.name} is not a plan of this version") from error
    for name, info in plan.columns.items():
        if digest(columns[name]) != info.sha256:
            raise PlanError(f"the column {name} beside {path.name} is not the plan's")
    return plan, columns


def _read_columns(plan: Plan, path: Path) -> Columns:
    """The columns of a plan. Raises OSError, or one of `_DAMAGED` for what is no archive of them."""
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_BYTES:
        raise ValueError(f"{path.name} holds {size} bytes")
    with np.load(path, allow_pickle=False) as columns:
        return {name: columns[name] for name in plan.columns}


def _this_version(data: object, path: Path) -> None:
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, int):
        raise PlanError(f"{path.name} is not a plan: it names no version")
    if version != PLAN_VERSION:
        raise PlanError(
            f"{path.name} is a plan of version {version}, and this reads version {PLAN_VERSION}: "
            "compile the film again"
        )
