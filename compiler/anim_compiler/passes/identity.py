"""Ops that change nothing with some arguments: the one table for `fold` and for recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

Values: TypeAlias = Mapping[str, Any]
"""Argument values at one frame: a number, a text, or a float64 vector for a move."""

_UNMOVED = np.eye(3).reshape(-1)


def _unmoved_2d(values: Values) -> int | None:
    return 0 if np.array_equal(values["move"], _UNMOVED) else None


def _unmoved_3d(values: Values) -> int | None:
    move = np.asarray(values["move"])
    still = np.array_equal(move[:9], _UNMOVED) and not move[9:12].any() and move[12] == move[13]
    return 0 if still else None


def _undiffused(values: Values) -> int | None:
    return 0 if values["strength"] == 0 or values["steps"] == 0 else None


def _unmixed(values: Values) -> int | None:
    weight = values["weight"]
    return 0 if weight == 0 else 1 if weight == 1 else None


_RULES: Mapping[str, Callable[[Values], int | None]] = MappingProxyType(
    {
        "warp2d": _unmoved_2d,
        "warp3d": _unmoved_3d,
        "match_color": lambda values: 0 if values["space"] == "none" else None,
        "add_noise": lambda values: 0 if values["amount"] == 0 else None,
        "diffuse": _undiffused,
        "mix": _unmixed,
        "reveal": lambda values: 0 if values["amount"] == 1 else None,
        "dip": lambda values: 0 if values["amount"] == 0 else None,
    }
)


def passed_through(op: str, values: Values) -> int | None:
    """The input that an op gives back unchanged with these values; None if it does something."""
    rule = _RULES.get(op)
    return None if rule is None else rule(values)
