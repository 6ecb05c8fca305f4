"""The values that an audio feature with arithmetic around it takes: certain ones only, no estimates."""

from __future__ import annotations

from typing import TypeAlias

from anim_compiler.advice.looking import bare
from anim_compiler.constants import COMPUTED, constant
from anim_compiler.signatures import FEATURES
from anim_compiler.typed import Apply, Feature, Typed

Range: TypeAlias = tuple[float, float]
"""The lowest and the highest value, both taken at some frame."""

_RISING = frozenset({"add", "sub", "mul", "div", "min", "max", "clamp", "sqrt", "exp", "neg"})


def spread(expr: Typed) -> Range | None:
    """The range of an expression of one feature, as `bass * 2 - 1`; None where it is not certain.

    A feature in 0..1 takes both ends: it is stretched between percentiles of its whole track.
    """
    node = bare(expr)
    if isinstance(node, Feature):
        row = FEATURES.get(node.name)
        return None if row is None or row.low is None or row.high is None else (row.low, row.high)
    if not isinstance(node, Apply):
        return None
    live = [argument for argument in node.arguments if constant(bare(argument)) is None]
    inner = spread(live[0]) if len(live) == 1 else None
    if inner is None:
        return None
    if node.function == "abs":
        low = 0.0 if inner[0] <= 0.0 <= inner[1] else min(map(abs, inner))
        return low, max(map(abs, inner))
    return _ends(node, live[0], inner) if node.function in _RISING else None


def _ends(node: Apply, live: Typed, inner: Range) -> Range | None:
    """A function that only rises or only falls, at both ends of its one live argument."""
    if node.function == "div" and node.arguments[0] is not live and constant(bare(node.arguments[0])) is None:
        return None
    if node.function == "div" and node.arguments[1] is live:
        return None
    ends: list[float] = []
    for end in inner:
        values = [end if argument is live else constant(bare(argument)) for argument in node.arguments]
        known = [value for value in values if value is not None]
        try:
            ends.append(float(COMPUTED[node.function](*known)))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
    return min(ends), max(ends)
