"""`0-47,96,120-`: frames of a film as the command line names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cyclopts import Token

#: frames `first <= f < end`; an end of None is the film's
FrameRange: TypeAlias = tuple[int, int | None]
Ranges: TypeAlias = tuple[FrameRange, ...]

_ONE = re.compile(r"(\d+)(?:\s*(-|\.\.)\s*(\d*))?")


def ranges_option(_type: object, tokens: Sequence[Token]) -> Ranges:
    """Frames and ranges of them, both ends meant, in order and without overlaps. Raises ValueError."""
    return parse_ranges(",".join(token.value for token in tokens))


def parse_ranges(text: str) -> Ranges:
    """`0-47,96,120-` as half-open ranges that rise and do not touch. Raises ValueError."""
    found: list[FrameRange] = []
    for part in text.split(","):
        match = _ONE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"`{text}` is not a range of frames: write it like `0-47` or `0-47,96,120-`")
        first = int(match[1])
        if match[2] is not None and not match[3]:
            found.append((first, None))
            continue
        last = int(match[3] or first)
        if last < first:
            raise ValueError(f"`{part.strip()}` ends before it starts: write `{last}-{first}`")
        found.append((first, last + 1))
    return _merged(found)


def within(ranges: Iterable[FrameRange], first: int, end: int) -> tuple[tuple[int, int], ...]:
    """What of the ranges lies in `first <= f < end`, each with its end."""
    cut = ((max(first, a), end if b is None else min(end, b)) for a, b in ranges)
    return tuple((a, b) for a, b in cut if a < b)


def spelled_range(first: int, end: int) -> str:
    """`0-47`, or `96` for one frame, as it is written on the command line."""
    return f"{first}" if end == first + 1 else f"{first}-{end - 1}"


def _merged(ranges: Iterable[FrameRange]) -> Ranges:
    found: list[FrameRange] = []
    for first, end in sorted(ranges, key=lambda one: one[0]):
        before = found[-1] if found else None
        if before is None or (before[1] is not None and first > before[1]):
            found.append((first, end))
        elif before[1] is not None:
            found[-1] = (before[0], None if end is None else max(before[1], end))
    return tuple(found)
