"""Sound at another rate: by soxr at high quality, whose phase is linear, so that nothing moves in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.reading import Reading


def resampled(
    pieces: Iterable[NDArray[np.float32]], reading: Reading, rate: int
) -> Iterator[NDArray[np.float32]]:
    """Finite pieces of a file, float32 `[n]` or `[n, channels]`, at `rate` samples a second.

    `reading` is what they come from: its own rate holds from the first piece on.
    """
    stream = None
    none = np.zeros(0, np.float32)
    for piece in pieces:
        if reading.rate == rate:
            yield piece
            continue
        if stream is None:
            import soxr  # type: ignore[import-untyped, unused-ignore]

            none = piece[:0]
            channels = 1 if piece.ndim == 1 else piece.shape[1]
            stream = soxr.ResampleStream(reading.rate, rate, channels, dtype="float32", quality="HQ")
        yield stream.resample_chunk(np.ascontiguousarray(piece))
    if stream is not None:
        yield stream.resample_chunk(np.ascontiguousarray(none), last=True)
