"""Lengths of sound in words."""

from __future__ import annotations

from fractions import Fraction


def in_seconds(seconds: Fraction | float) -> str:
    """`2.25s`: a length to the millisecond, from 100 s on to the hundredth, as a film may write it."""
    digits = 3 if seconds < 100 else 2
    return f"{float(seconds):.{digits}f}".rstrip("0").rstrip(".") + "s"
