"""Bounds of a formula of the frame's number, by interval arithmetic."""

from __future__ import annotations

from anim_compiler.advice.looking import bare
from anim_compiler.constants import constant
from anim_compiler.typed import Apply, Clock, Typed

Bounds = tuple[float, float]


def bounds(expr: Typed, frames: int) -> Bounds | None:
    """Numbers that a formula never leaves in so many frames; None where that is not certain.

    They may be wider than what it takes: each part is bounded by itself.
    """
    node = bare(expr)
    known = constant(node)
    if known is not None:
        return known, known
    if isinstance(node, Clock):
        return (0.0, float(frames)) if node.name in ("t", "f") else None
    if not isinstance(node, Apply):
        return None
    if node.function in ("sin", "cos"):
        return -1.0, 1.0
    parts = [bounds(argument, frames) for argument in node.arguments]
    inner = [part for part in parts if part is not None]
    return _joined(node.function, inner) if inner and len(inner) == len(parts) else None


def _joined(function: str, parts: list[Bounds]) -> Bounds | None:
    match function, parts:
        case "add", [a, b]:
            return a[0] + b[0], a[1] + b[1]
        case "sub", [a, b]:
            return a[0] - b[1], a[1] - b[0]
        case "neg", [a]:
            return -a[1], -a[0]
        case "abs", [a]:
            low = 0.0 if a[0] <= 0.0 <= a[1] else min(map(abs, a))
            return low, max(map(abs, a))
        case "mul", [a, b]:
            ends = [x * y for x in a for y in b]
            return min(ends), max(ends)
        case "div", [a, b] if b[0] > 0.0 or b[1] < 0.0:
            ends = [x / y for x in a for y in b]
            return min(ends), max(ends)
        case _:
            return None
