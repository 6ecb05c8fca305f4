"""The names of easings, from the table of functions; what they compute is the compiler's."""

from __future__ import annotations

from anim_dsl.functions import EASINGS as _TABLE

EASINGS = frozenset(_TABLE)
"""Every easing."""

CALLED_EASINGS = frozenset(name for name, spec in _TABLE.items() if spec.parameters)
"""Easings with arguments: `bezier(x1, y1, x2, y2)`, `spring(stiffness, damping)`, `steps(n)`."""

WHOLE_EASINGS = frozenset(name for name, spec in _TABLE.items() if spec.whole)
"""Easings that only stand after `with`, because they look at all keys."""

PLAIN_EASINGS = EASINGS - CALLED_EASINGS - WHOLE_EASINGS
"""Easings without arguments."""
