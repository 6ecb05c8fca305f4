"""Which beats begin a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anim_compiler.audio.beats import HOPS

if TYPE_CHECKING:
    from numpy.typing import NDArray


def downbeats(
    beats: NDArray[np.float64],
    pulse: NDArray[np.float32],
    bass: NDArray[np.float32],
    beats_per_bar: int,
    offset: float = 0.0,
) -> NDArray[np.float64]:
    """Every `beats_per_bar`-th beat, float64 `[k]` seconds.

    Counted from the beat nearest `offset` if that is given (not 0); else so that bars begin where onset and
    bass together are strongest, and on the first beat where nothing tells the beats apart.
    """
    bar = max(1, beats_per_bar)
    if beats.size == 0 or bar == 1:
        return beats
    if offset:
        return beats[int(np.abs(beats - offset).argmin()) % bar :: bar]
    weight = _at(pulse, beats) / max(float(pulse.max()), 1e-9) + _at(bass, beats)
    strength = np.array(
        [weight[start::bar].mean() if weight[start::bar].size else 0.0 for start in range(bar)]
    )
    # a tenth more than the first beat has, or else it is chance
    best = int(strength.argmax())
    return beats[(best if strength[best] > 1.1 * strength[0] else 0) :: bar]


def _at(curve: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.interp(times * HOPS, np.arange(curve.size), curve), np.float64)
