"""A track's curves as a table: a line for every frame, which `series` reads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def frame_times(duration: float, fps: Fraction) -> NDArray[np.float64]:
    """The second of every frame that begins within a track: float64 `[frames]`, rounded once each."""
    count = int(-((-Fraction(duration) * fps) // 1))
    return np.arange(count, dtype=np.float64) * fps.denominator / fps.numerator


def table_lines(times: NDArray[np.float64], columns: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """CSV with a header (RFC 4180): `time` in seconds, then a column for each curve."""
    yield ",".join(("time", *columns)) + "\n"
    for time, *values in zip(times.tolist(), *columns.values(), strict=True):
        yield ",".join((f"{time:.6f}", *(f"{value:.6g}" for value in values))) + "\n"
