"""The meter of what films ask for first: levels of three bands and of all, onsets, loudness, brightness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import bands
from anim_compiler.audio.levels import (
    HALF_LIFE,
    SILENCE,
    above_mean,
    centroid,
    hit,
    level,
    loud,
    loudness,
    peaks,
    scale,
    silence,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

_BANDS: Final = {"bass": bands.BASS, "mid": bands.MID, "treble": bands.TREBLE}
_FAINT_DB: Final = {"bass": -20.0, "mid": -20.0, "treble": -26.0}
_SPILL: Final = 10.0 ** (-22.0 / 10.0)  # of a low note is seen above 250 Hz, as its spectrum is wide
_WEAK: Final = 0.3  # of all that sounds at the loud moments: an onset that grows so little is no more than 1
_ROUND: Final = 0.5  # brings weak onsets nearer to strong ones
_LOW: Final = 3.0  # what the lowest bands weigh, of which there are three among forty


class Core:
    """Measures the group `core`: `bass mid treble energy onset loudness centroid silence`, one value a hop.

    Beside a curve of 0..1 that is scaled by the track stands its scale, `bass_scale`.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []
        self._centres = bands.centres()
        self._weights = _k_weights(self._centres)
        self._onset_weights = np.ones(bands.FLUX_BANDS, np.float32)
        self._onset_weights[: bands.LOW_FLUX] = _LOW

    def feed(self, block: Block) -> None:
        """Keeps nine numbers a hop."""
        power = block.after_bands
        total = power.sum(axis=1)
        rows = [power[:, part].sum(axis=1) for part in _BANDS.values()]
        middle = (power * self._centres).sum(axis=1) / np.maximum(total, 1e-12)
        weighted = (power * self._weights).sum(axis=1)
        rise, sounding = block.flux @ self._onset_weights, bands.root(power) @ self._onset_weights
        here = np.square(block.inside).mean(axis=1)
        self._parts.append(np.stack([*rows, total, weighted, middle, rise, sounding, here]))

    def done(self) -> Curves:
        """The eight curves and the scales of five; see `levels`."""
        bass, mid, treble, total, weighted, middle, rise, sounding, here = np.concatenate(self._parts, axis=1)
        moments = loud(total)
        mid = np.maximum(mid - _SPILL * bass, 0.0)
        found: dict[str, NDArray[np.float32]] = {}
        for name, power in zip(_BANDS, (bass, mid, treble), strict=True):
            found[name], found[f"{name}_scale"] = level(
                power, HALF_LIFE[name], moments, faint_db=_FAINT_DB[name]
            )
        found["energy"], found["energy_scale"] = level(total, HALF_LIFE["energy"])
        found["onset"], found["onset_scale"] = _onset(np.where(total > SILENCE, rise, 0.0), sounding)
        found["loudness"] = loudness(weighted)
        found["centroid"] = centroid(middle, total)
        found["silence"] = silence(here, moments)
        return found


def _onset(
    rise: NDArray[np.floating], sounding: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The kept onsets, `[hops]`, and their scale, of what grows and what sounds."""
    begins = peaks(above_mean(rise)) ** _ROUND
    ends = scale(hit(begins, HALF_LIFE["onset"]), (_WEAK * float(np.percentile(sounding, 99))) ** _ROUND)
    # cut off before it falls: an onset twice as strong must not last longer
    return hit(np.minimum(begins, ends[1]), HALF_LIFE["onset"]).astype(np.float32), ends


def _k_weights(hertz: NDArray[np.floating]) -> NDArray[np.float32]:
    """How much a power at each frequency counts as loudness: ITU-R BS.1770's two filters, squared."""
    z = np.exp(-2j * np.pi * hertz.astype(np.float64) / 48_000.0)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1.0 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1.0 - 2.0 * z + z**2) / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high) ** 2, np.float32)
