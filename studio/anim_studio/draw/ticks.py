"""Where the labels of a time axis stand, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise


def tick_step(seconds: float) -> float:
    """Seconds between two labels: 1, 2 or 5 times a power of ten, at most twelve of them."""
    steps: Sequence[float] = [base * 10.0**power for power in range(-3, 6) for base in (1, 2, 5)]
    for step, wider in pairwise(steps):
        if seconds / step <= 12:
            return step
        if seconds / wider <= 12:
            return wider
    return steps[-1]


def clock_text(seconds: float, step: float) -> str:
    """`12s`, `0.25s`, and from a minute on `1:05`: as exact as `step` asks for."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if step >= 1 and seconds >= 60:
        whole = round(seconds)
        hours, rest = divmod(whole, 3600)
        minutes, left = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"{seconds:.{decimals}f}s"
