"""W6051: divisions by what is surely 0 at some frame, with nothing that guards them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from anim_compiler.advice.looking import bare, curves, frames
from anim_compiler.advice.ranges import spread
from anim_compiler.constants import COMPUTED, constant
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.typed import Apply, Clock, Const, KeyCurve, Typed, walk

#: expressions with more nodes are left to compiling, which looks at every frame anyway
_MOST_NODES = 40
_MOST_FRAMES = 2000
#: what keeps a result within bounds, or does not use it everywhere
_GUARDS = frozenset(
    {"select", "where", "min", "max", "clamp", "remap", "smoothstep", "atan", "arctan", "tanh"}
)


def zero(film: Film, findings: Findings) -> None:
    """`1 / bass`, `zoom = 1 / (t - 24)`."""
    for shot, _, curve in curves(film):
        for divisor in _divisors(curve.expr):
            if constant(divisor) is None:
                _divisor(film, shot, divisor, findings)


def _divisors(expr: Typed) -> Iterator[Typed]:
    """What is divided by, save where something stands around it that may be there to guard it."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        node = bare(stack.pop())
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, KeyCurve):
            stack.extend(key.value for key in node.keys)
        if isinstance(node, Apply) and node.function not in _GUARDS:
            stack.extend(node.arguments)
            if node.function in ("div", "mod"):
                yield bare(node.arguments[1])


def _divisor(film: Film, shot: Shot, divisor: Typed, findings: Findings) -> None:
    text = findings.text(divisor.span, 30)
    reach = spread(divisor)
    if reach is not None and reach[0] <= 0.0 <= reach[1]:
        message = f"`{text}` can be 0, and nothing can be divided by 0"
    else:
        frame = _zero_at(film, shot, divisor)
        if frame is None:
            return
        message = f"`{text}` is 0 at frame {frame}, and nothing can be divided by 0"
    findings.warning(
        "W6051",
        divisor.span,
        message,
        hint=f"write `max({text}, 0.01)`" if text.isidentifier() else "keep it away from 0: `max(…, 0.01)`",
    )


def _zero_at(film: Film, shot: Shot, expr: Typed) -> int | None:
    """The first frame at which an expression of the clock alone is 0; None if there is none, or unknown."""
    nodes = list(walk(expr))
    clocks = {node.name for node in nodes if isinstance(node, Clock)}
    if len(nodes) > _MOST_NODES or not clocks or not clocks <= {"t", "time", "u"}:
        return None
    count = frames(film, shot)
    length = float(shot.length)
    for frame in range(min(count, _MOST_FRAMES)):
        time = frame * film.fps.denominator / film.fps.numerator
        value = _at(expr, {"t": float(frame), "time": time, "u": time / length})
        if value is None:
            return None
        if value == 0.0:
            return frame
    return None


def _at(expr: Typed, clock: Mapping[str, float]) -> float | None:
    expr = bare(expr)
    if isinstance(expr, Const):
        return expr.value
    if isinstance(expr, Clock):
        return clock[expr.name]
    implementation = COMPUTED.get(expr.function) if isinstance(expr, Apply) else None
    if implementation is None or not isinstance(expr, Apply):
        return None
    values = [_at(argument, clock) for argument in expr.arguments]
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    try:
        return float(implementation(*known))
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan
