"""Rows of one block, with their `=`, their key values and their comments in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from anim_dsl.visible import width

INDENT = "  "
WIDEST = 100
"""A value that would pass this column is broken at its commas."""

_FARTHEST = 40  # a comment is moved right by no more than this to stand under its neighbours


@dataclass(frozen=True, slots=True)
class Row:
    """One line of code: `left`, a sign, `right`, and its comment.

    `kind` says which rows share a column (`setting`, `let`, `key` …); empty for a row without columns.
    A key's sign is empty, and its colon belongs to `left`.
    """

    kind: str
    left: str
    sign: str
    right: str
    remark: str = ""

    @property
    def code(self) -> str:
        """The line without its comment and without alignment."""
        return " ".join(part for part in (self.left, self.sign, self.right) if part)


@dataclass(frozen=True, slots=True)
class Remarked:
    """A comment on a line of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are laid out already, relative to the block's indent; they end a group."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line, which ends a group."""


Laid: TypeAlias = Row | Remarked | Lines | Blank


def aligned(rows: Sequence[Laid]) -> list[str]:
    """The lines of a block's rows, without indent.

    `a = 1 # x`, `long = 2 # y` become `a    = 1  # x`, `long = 2  # y`.
    """
    lines: list[str] = []
    for is_group, members in groupby(rows, key=lambda row: isinstance(row, Row | Remarked)):
        if is_group:
            lines += _group([row for row in members if isinstance(row, Row | Remarked)])
            continue
        for row in members:
            lines += row.lines if isinstance(row, Lines) else [""]
    return lines


def _group(rows: list[Row | Remarked]) -> list[str]:
    codes = iter(_columns([row for row in rows if isinstance(row, Row)]))
    paired = [(row.text, "") if isinstance(row, Remarked) else (next(codes), row.remark) for row in rows]
    widths = [width(code) for code, remark in paired if remark]
    nearest = min(widths, default=0)
    column = max((size for size in widths if size <= nearest + _FARTHEST), default=0)
    lines: list[str] = []
    for code, remark in paired:
        gap = " " * max(0, column - width(code)) + "  " if remark else ""
        lines.append(f"{code}{gap}{remark}")
    return lines


def _columns(rows: list[Row]) -> list[str]:
    codes: list[str] = []
    for kind, members in groupby(rows, key=lambda row: row.kind):
        run = list(members)
        if not kind:
            codes += [row.code for row in run]
            continue
        left = max(width(row.left) for row in run)
        sign = max(len(row.sign) for row in run)
        for row in run:
            pad = " " * (left - width(row.left))
            middle = f" {row.sign:>{sign}}" if sign else ""
            codes.append(f"{row.left}{pad}{middle} {row.right}".rstrip())
    return codes
