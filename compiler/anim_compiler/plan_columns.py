"""What a plan says about its columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

import numpy as np

from anim_compiler.plan import Column, ColumnInfo, Columns


def digest(column: Column) -> str:
    """The sha256 of a column's numbers, little-endian, row by row."""
    little = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<"))
    return hashlib.sha256(little.data).hexdigest()


def infos(columns: Columns, digested: Callable[[Column], str] = digest) -> dict[str, ColumnInfo]:
    """What the plan says about its columns, by name; `digested` is `digest`, or one that remembers."""
    return {
        name: ColumnInfo(sha256=digested(column), dtype=_dtype(column), shape=tuple(column.shape))
        for name, column in sorted(columns.items())
    }


def _dtype(column: Column) -> Literal["float64", "int64", "uint8"]:
    if column.dtype == np.uint8:
        return "uint8"
    return "int64" if column.dtype == np.int64 else "float64"
