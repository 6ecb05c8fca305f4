"""Values of the command line of `anim audio`: moments and stretches of a track."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclopts import Token

#: `1:05`, `1:02:03.5`; or minutes and seconds with their units, or seconds alone
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d+)?)")
_UNITS = re.compile(r"(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?|\.\d+)(ms|s)?)?")


def seconds_in(text: str) -> float | None:
    """`30`, `30s`, `250ms`, `1m30s`, `1:30` in seconds; None if it is no moment."""
    text = text.strip().lower()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3])
    units = _UNITS.fullmatch(text) if text else None
    if units is None:
        return None
    return float(units[1] or 0) * 60 + float(units[2] or 0) * (0.001 if units[3] == "ms" else 1.0)


def range_option(_type: object, tokens: Sequence[Token]) -> tuple[float, float]:
    """`30s-60s` in seconds, for the option parser; `-60s` begins and `30s-` ends with the track. Raises
    ValueError.
    """
    text = tokens[0].value
    first, found, last = text.replace("..", "-").partition("-")
    begin, end = seconds_in(first or "0"), seconds_in(last) if last else math.inf
    if not found or begin is None or end is None:
        raise ValueError(f"`{text}` is not a stretch of time: write it like `30s-60s`")
    if end <= begin:
        raise ValueError(f"`{text}` ends before it starts: write it like `30s-60s`")
    return begin, end


def offset_option(_type: object, tokens: Sequence[Token]) -> float:
    """`0.312s` or `-0.2s` in seconds, for the option parser. Raises ValueError."""
    text = tokens[0].value
    seconds = seconds_in(text.removeprefix("-"))
    if seconds is None:
        raise ValueError(f"`{text}` is not a time: write it like `0.312s`")
    return -seconds if text.startswith("-") else seconds
