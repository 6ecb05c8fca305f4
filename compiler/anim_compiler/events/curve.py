"""Points of a file as a curve of the film."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from anim_compiler.typed import Points, Recorded
from anim_dsl.source import Span

Row: TypeAlias = tuple[Fraction | float, float]
"""A second of the film and a value."""


def recorded(source: str, how: str, rows: Iterable[Row], span: Span, tolerance: float = 0.0) -> Recorded:
    """A curve through rows of (second of the film, value), in order of time, which is 0 before the first;
    `tolerance` is how exactly the seconds are known.
    """
    pairs = list(rows)
    made = points([at for at, _ in pairs], [value for _, value in pairs], tolerance=tolerance)
    return Recorded(source, how, made, span)


def points(
    times: Iterable[Fraction | float], values: Iterable[float], before: float = 0.0, tolerance: float = 0.0
) -> Points:
    """Times and values with a digest of both."""
    ats, numbers = array("d", map(float, times)), array("d", values)
    digest = hashlib.blake2b(repr((len(ats), before, tolerance)).encode(), digest_size=16)
    digest.update(ats.tobytes())
    digest.update(numbers.tobytes())
    return Points(ats, numbers, before, tolerance, digest.digest())
