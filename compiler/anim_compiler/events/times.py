"""Times as other programs write them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

WRITTEN: Final = 0.0009
"""Seconds to which such times are known: programs write milliseconds, cut off as often as rounded."""

_SECONDS = re.compile(r"(-?\d{1,9}(?:[.,]\d{1,30})?(?:[eE][+-]?\d{1,2})?) ?s?")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2}(?:[.,]\d{1,30})?)")
_TIMECODE = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})[:;](\d{1,3})")


def seconds(written: str, fps: Fraction) -> Fraction | None:
    """The seconds that a time says, exact: `12.5`, `12,5`, `12.5s`, `1:02.5`, `1:00:02`, and `00:01:02:12`
    with frames of the film's rate; None if it is no time.
    """
    said = written.strip()
    if (found := _SECONDS.fullmatch(said)) is not None:
        return Fraction(found[1].replace(",", "."))
    if (found := _CLOCK.fullmatch(said)) is not None:
        whole = int(found[1] or 0) * 3600 + int(found[2]) * 60
        return whole + Fraction(found[3].replace(",", "."))
    if (found := _TIMECODE.fullmatch(said)) is not None:
        whole = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
        return whole + Fraction(int(found[4])) / fps
    return None
