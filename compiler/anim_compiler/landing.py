"""Which frame an event belongs to: the one rule for beats, periods and whatever else happens at a second.

An event at second x belongs to the frame f whose interval `[f / fps, (f + 1) / fps)` holds it. Where
seconds are known only so exactly (a heard beat), an event that comes less than that before a frame is on it.
A clock's first frame begins with the clock, and its last one ends with it: at a cut between two frames, what
happens on the cut belongs to the scene that it opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.functions.registry import Array

HEARD: Final = 64 / 22050
"""Seconds to which heard beats are known: half the step between two looks at the sound."""

_TINY: Final = 1e-9


Cuts: TypeAlias = tuple[tuple[int, float], ...]
"""Scenes of a film that begin between two frames: the first frame of each, and the second it begins at."""


def landed(
    events: Array,
    times: Array,
    step: float,
    *,
    tolerance: float = 0.0,
    length: float | None = None,
    cuts: Cuts = (),
) -> Array:
    """1 at each frame that holds one of the `events` (seconds of the clock, rising), else 0: float64[frames].

    `times` are the clock's seconds of the frames, `step` seconds apart; `length` is where the clock ends,
    `cuts` stand in it.
    """
    found = passed(events, times, step, tolerance=tolerance, length=length, cuts=cuts)
    return (np.diff(found) > 0).astype(np.float64)


def passed(
    events: Array,
    times: Array,
    step: float,
    *,
    tolerance: float = 0.0,
    length: float | None = None,
    cuts: Cuts = (),
) -> NDArray[np.int64]:
    """How many events come before each frame, and before the end of the last one: int64[frames + 1]; takes
    what `landed` takes.
    """
    # in whole nanoseconds, so that neighbouring frames share their border whatever the rounding of f / fps
    moments = np.rint((events + tolerance) * 1e9)
    edges = np.rint(np.append(times, times[-1:] + step) * 1e9)
    for frame, second in cuts:
        edges[frame] = np.rint((second + tolerance) * 1e9)
    if 0.0 < times[0] < step:
        edges[0] = np.rint(tolerance * 1e9)
    if length is not None and times[-1] < length < times[-1] + step:
        edges[-1] = np.rint((length + tolerance) * 1e9)
    return np.searchsorted(moments, edges, side="left")


def landing(place: float, ahead: float = 0.0) -> int:
    """The frame that an event at `place` (in frames, whole or not) belongs to; `ahead` is the tolerance in
    frames.
    """
    return int(np.floor(place + max(ahead, _TINY)))
