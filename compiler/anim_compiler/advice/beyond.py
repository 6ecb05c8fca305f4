"""W6057: an audio feature with arithmetic around it that leaves the range of its setting."""

from __future__ import annotations

import math

from anim_compiler.advice.looking import curves
from anim_compiler.advice.ranges import spread
from anim_compiler.film import Curve, Film
from anim_compiler.findings import Findings
from anim_compiler.signatures import FEATURES
from anim_compiler.typed import Feature, Typed, walk
from anim_dsl.source import Span


def beyond(film: Film, findings: Findings) -> None:
    """`strength = 2 * bass`, `zoom = loudness`: told before the track is heard."""
    seen: set[Span] = set()
    for _, path, curve in curves(film):
        if curve.span is None or curve.span in seen:
            continue
        seen.add(curve.span)
        value = _outside(curve)
        if value is None:
            continue
        low, high = ends(curve)
        text = findings.text(curve.span, 40)
        name = path.rpartition(".")[2]
        findings.warning(
            "W6057",
            curve.span,
            f"what is heard takes `{name}` to {value:.4g}; it must be {within(low, high)}",
            hint=f"write {kept(low, high, text)}",
        )


def ends(curve: Curve) -> tuple[float, float]:
    """The least and the greatest value that a curve may have; infinite where it has no such end."""
    low = -math.inf if curve.minimum is None else curve.minimum
    return low, math.inf if curve.maximum is None else curve.maximum


def within(low: float, high: float) -> str:
    """How a range is told: `within 0 and 1`, `at least 0`, `at most 1`."""
    if math.isinf(low):
        return f"at most {high:g}"
    return f"at least {low:g}" if math.isinf(high) else f"within {low:g} and {high:g}"


def kept(low: float, high: float, text: str = "…") -> str:
    """The call that keeps a value in its range, in back-ticks."""
    if math.isinf(low):
        return f"`min({text}, {high:g})`"
    return f"`max({text}, {low:g})`" if math.isinf(high) else f"`clamp({text}, {low:g}, {high:g})`"


def _outside(curve: Curve) -> float | None:
    """A value that a curve surely takes and may not; None if there is none, or it is not certain."""
    reach = spread(curve.expr)
    if reach is None:
        return None
    low, high = ends(curve)
    is_apart = reach[1] <= low or reach[0] >= high
    if not is_apart and not _is_stretched(curve.expr):
        # no song is of 400 beats a minute because a tempo may be
        return None
    return reach[0] if reach[0] < low else reach[1] if reach[1] > high else None


def _is_stretched(expr: Typed) -> bool:
    """Whether a feature that tracks fill from end to end is read, 0 to 1."""
    rows = (FEATURES.get(node.name) for node in walk(expr) if isinstance(node, Feature))
    return all(row is not None and (row.low, row.high) == (0.0, 1.0) for row in rows)
