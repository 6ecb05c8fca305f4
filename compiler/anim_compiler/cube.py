"""Reads `.cube` colour tables (Adobe, *Cube LUT Specification 1.0*, 2013), with Resolve's input ranges."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_BYTES = 96 << 20
"""So many bytes may a table have: the largest, 129³ rows, has about 60 MB."""

SIZES = {1: (2, 65536), 3: (2, 129)}
"""The least and the most points along an axis, by how many axes a table has."""

_KEYWORDS = frozenset(
    {
        *("TITLE", "DOMAIN_MIN", "DOMAIN_MAX", "LUT_1D_SIZE", "LUT_3D_SIZE"),
        *("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE"),
    }
)


@dataclass(frozen=True, slots=True)
class Cube:
    """A table of colours: `axes` 1 (a curve a channel) or 3, with `size` points along each.

    `values` holds red, green and blue of every point as float32, red changing fastest. Inputs `low` to `high`
    (one number a channel) span the table.
    """

    axes: int
    size: int
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    values: array[float]


@dataclass(frozen=True, slots=True)
class CubeProblem:
    """What is wrong with a table: the line, from 1 (0: the whole file), a sentence, and what to do."""

    line: int
    message: str
    hint: str = "export the table again, as a `.cube` of 17, 33 or 65 points"


@dataclass(slots=True)
class _Reading:
    """What is known of a table so far."""

    axes: int = 0
    size: int = 0
    low: tuple[float, float, float] = (0.0, 0.0, 0.0)
    high: tuple[float, float, float] = (1.0, 1.0, 1.0)
    values: array[float] = field(default_factory=lambda: array("f"))
    rows: int = 0

    @property
    def wanted(self) -> int:
        """The rows that the table must have."""
        return self.size**self.axes if self.axes else 0


def read_cube(data: bytes) -> Cube | CubeProblem:
    """The table that a file holds, or what is wrong with it. Nothing in it is evaluated."""
    if len(data) > MOST_BYTES:
        return CubeProblem(
            0, f"it has {len(data) / (1 << 20):.0f} MiB; a table may have {MOST_BYTES >> 20} MiB"
        )
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return CubeProblem(0, "it is not text")
    found = _Reading()
    problem = _read(lines, found)
    if problem is not None:
        return problem
    if not found.axes:
        return CubeProblem(0, "it says no `LUT_3D_SIZE` and no `LUT_1D_SIZE`")
    if found.rows < found.wanted:
        return CubeProblem(len(lines), f"it ends after {found.rows:,} of {found.wanted:,} rows")
    if any(low >= high for low, high in zip(found.low, found.high, strict=True)):
        return CubeProblem(0, "its `DOMAIN_MIN` is not below its `DOMAIN_MAX`")
    return Cube(found.axes, found.size, found.low, found.high, found.values)


def _read(lines: Iterable[str], found: _Reading) -> CubeProblem | None:
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        said = _keyword(words, found) if words[0][0].isalpha() else _row(words, found)
        if said is not None:
            return CubeProblem(number, said)
    return None


def _row(words: list[str], found: _Reading) -> str | None:
    """One row of the table: red, green, blue."""
    if not found.axes:
        return "numbers stand before `LUT_3D_SIZE`"
    if len(words) != 3:
        return f"a row has three numbers, this one has {len(words)}"
    try:
        row = [float(word) for word in words]
    except ValueError:
        return f"`{' '.join(words)[:40]}` are no three numbers"
    if not all(map(math.isfinite, row)) or max(map(abs, row)) > 1e6:
        return "a number is infinite or none"
    found.rows += 1
    if found.rows > found.wanted:
        return f"there are more than {found.wanted:,} rows"
    found.values.extend(row)
    return None


def _keyword(words: list[str], found: _Reading) -> str | None:
    word = words[0]
    if word not in _KEYWORDS:
        return f"`{word[:40]}` is no word of a `.cube` file"
    if word == "TITLE":
        return None
    if word in ("LUT_1D_SIZE", "LUT_3D_SIZE"):
        return _size(words, found)
    try:
        numbers = [float(part) for part in words[1:]]
    except ValueError:
        return f"`{word}` is followed by numbers"
    wanted = 2 if word.endswith("INPUT_RANGE") else 3
    if len(numbers) != wanted or not all(map(math.isfinite, numbers)):
        return f"`{word}` is followed by {wanted} numbers"
    if wanted == 2:
        low, high = numbers
        found.low, found.high = (low, low, low), (high, high, high)
    elif word == "DOMAIN_MIN":
        found.low = (numbers[0], numbers[1], numbers[2])
    else:
        found.high = (numbers[0], numbers[1], numbers[2])
    return None


def _size(words: list[str], found: _Reading) -> str | None:
    axes = int(words[0][4])
    least, most = SIZES[axes]
    if found.axes:
        return "there are two sizes: a file holds one table"
    if len(words) != 2 or not words[1].isdecimal() or not least <= int(words[1][:9]) <= most:
        return f"`{words[0]}` is {least} to {most}"
    found.axes, found.size = axes, int(words[1])
    return None
