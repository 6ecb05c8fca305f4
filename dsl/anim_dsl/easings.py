"""The names of easings; what they compute is the compiler's."""

from __future__ import annotations

_FAMILIES = ("sine", "quad", "cubic", "quart", "expo", "circ", "back", "elastic", "bounce")

PLAIN_EASINGS = frozenset(
    {"linear", "hold", "ease", "ease_in", "ease_out", "ease_in_out"}
    | {f"{family}_{way}" for family in _FAMILIES for way in ("in", "out", "in_out")}
)
"""Easings without arguments."""

CALLED_EASINGS = frozenset({"bezier", "spring", "steps"})
"""Easings with arguments: `bezier(x1, y1, x2, y2)`, `spring(stiffness, damping)`, `steps(n)`."""

WHOLE_EASINGS = frozenset({"smooth"})
"""Easings that only stand after `with`, because they look at all keys."""

EASINGS = PLAIN_EASINGS | CALLED_EASINGS | WHOLE_EASINGS
