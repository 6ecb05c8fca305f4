"""The meter of single drums: where a kick, a snare and a hi-hat begin, and how strongly.

No model: sums of what begins (`bands.flux`) and of what is struck (`texture`). A kick begins between 75 and
150 Hz, where its pitch falls through; a beater or a higher pitch may have come 35 ms before, and there it
stands. A snare's noise fills everything from 2400 Hz up and still sounds 52 ms later; its body lies where a
kick's does, so a kick must be more than that, and more than what any click or note spills there. A hi-hat is
gone by then, and high above all; under a snare it is not told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from anim_compiler.audio import bands
from anim_compiler.audio.block import HOPS
from anim_compiler.audio.levels import hit, peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anim_compiler.audio.block import Block
    from anim_compiler.audio.measure import Curves

DRUMS: Final = ("kick", "snare", "hat")
"""The curves of the group `drums`."""

_HALF_LIFE: Final = {"kick": 0.080, "snare": 0.080, "hat": 0.060}
_SHORT: Final = 2  # hops after which a hi-hat still sounds, and a kick's click does not: 12 ms
_LONG: Final = 9  # hops after which a snare still sounds, and a hi-hat does not: 52 ms
_REGIONS: Final = ((75.0, 150.0), (600.0, 2_400.0), (2_400.0, 4_800.0), (4_800.0, 12_000.0))
_ATTACK: Final = (75.0, 600.0)  # Hz in which a kick begins to sound, before its pitch has fallen
_NEAR: Final = 4  # hops between the moments at which one hit is clearest low and high: 23 ms
_FALL: Final = (6, 2)  # hops before and after a kick is clearest low, within which it begins: 35 and 12 ms
_WEAK: Final = {"kick": 1.4, "snare": 0.35, "hat": 0.2}  # a hit's 1 is at least so much of all that sounds
_UNDER: Final = 0.5  # of what always sounds is no part of that for a snare, which stands out of it less
_SPLASH: Final = 0.4  # of a higher sound that begins is seen low down, as whatever begins is wide
_SPLASH_HZ: Final = 300.0
_CLICK: Final = 1.3  # times what is brief in the middle, as a kick's click is, is no hi-hat
_RATTLE: Final = 0.5  # of a hi-hat still sounds when only a snare should
_BODY: Final = 2.0  # times as strong as its noise a snare's body is at most where a kick begins
_BUZZ: Final = 0.3  # of a snare is as brief as a hi-hat
_CONTRAST: Final = 2.0
_STRONG: Final = {"kick": 0.55, "snare": 0.75, "hat": 0.55}  # of the typical hit is 1: hits vary


Growth: TypeAlias = "tuple[NDArray[np.float32], tuple[int, int]]"
"""How much grows at each hop, and how many hops before and after a hit that is looked at."""


class Drums:
    """Measures the group `drums`: `kick snare hat`, one value a hop, each with its scale.

    Each peaks where its drum begins, stays for 23 ms, and falls by half in 80 ms (the hat in 60). 1 is a hit
    as strong as the track's typical ones (`typical`), and no quiet thing in a track without that drum.
    """

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float32]] = []
        middle = bands.flux_means(bands.centres()[None, :])[0]
        self._inside = [
            np.flatnonzero((middle >= low) & (middle < high)) for low, high in (*_REGIONS, _ATTACK)
        ]
        self._above = int(np.searchsorted(middle, _SPLASH_HZ))

    def feed(self, block: Block) -> None:
        """Keeps ten numbers a hop: what is struck low, and from there to the middle, the most that begins
        above it, three regions after and before, and all.
        """
        mask = bands.flux_means(block.struck)
        struck = block.flux * mask
        after, before = bands.root(block.after_bands), bands.root(block.before_bands)
        rows = [struck[:, inside].mean(axis=1) for inside in (self._inside[0], self._inside[4])]
        rows.append(block.flux[:, self._above :].max(axis=1))
        for inside in self._inside[1:3]:
            rows += [(part[:, inside] * mask[:, inside]).mean(axis=1) for part in (after, before)]
        rows += [part[:, self._inside[3]].mean(axis=1) for part in (after, before)]
        self._parts.append(np.stack([*rows, after.mean(axis=1)]))

    def done(self) -> Curves:
        """The three curves and their scales."""
        hits, growth, moments = self.hits()
        found: dict[str, NDArray[np.float32]] = {}
        for name, begins in hits.items():
            high = max(_STRONG[name] * typical(begins), _WEAK[name] * moments[name])
            # cut off before it falls: a hit twice as strong must not last longer
            found[name] = hit(
                np.minimum(_placed(peaks(begins), *growth[name]), high) ** _CONTRAST, _HALF_LIFE[name]
            ).astype(np.float32)
            found[f"{name}_scale"] = np.array([0.0, high**_CONTRAST], np.float32)
        return found

    def hits(self) -> tuple[dict[str, NDArray[np.float32]], dict[str, Growth], dict[str, float]]:
        """How strongly each drum begins about each hop, `[hops]` ≥ 0; what grows there, which tells the very
        hop; and how much sounds at loud moments, for each.
        """
        low, attack, above, *regions, total = np.concatenate(self._parts, axis=1)
        mid, upper, high = zip(regions[::2], regions[1::2], strict=True)
        lasting = _lasting(*high, _LONG)
        brief = _lasting(*high, _SHORT) - lasting
        dull = _lasting(*mid, _SHORT) - _lasting(*mid, _LONG)
        hat = np.maximum(brief - _CLICK * np.maximum(dull, 0.0), 0.0)
        snare = np.maximum(np.sqrt(_lasting(*upper, _LONG) * lasting) - _RATTLE * hat, 0.0)
        near = _around(snare)
        hits = {
            "kick": np.sqrt(np.maximum(low**2 - (_BODY * near) ** 2 - (_SPLASH * _around(above)) ** 2, 0.0)),
            "snare": snare,
            "hat": np.maximum(hat - _BUZZ * near, 0.0),
        }
        rise = (high[0] - high[1], (_NEAR, _NEAR))
        always, loud = (float(value) for value in np.percentile(total, (10, 99)))
        moments = {"kick": loud, "snare": loud - _UNDER * always, "hat": loud}
        return hits, {"kick": (attack, _FALL), "snare": rise, "hat": rise}, moments


def _placed(
    begins: NDArray[np.floating], growth: NDArray[np.float32], reach: tuple[int, int]
) -> NDArray[np.floating]:
    """Single hits, each moved to the hop at which most grows, so many before and after it: `[hops]`."""
    at = np.flatnonzero(begins)
    near = np.clip(at[:, None] + np.arange(-reach[0], reach[1] + 1), 0, begins.size - 1)
    best = near[np.arange(at.size), growth[near].argmax(axis=1)]
    placed = np.zeros_like(begins)
    np.maximum.at(placed, best, begins[at])
    return placed


def typical(hits: NDArray[np.floating]) -> float:
    """How strong a track's hits are: what one in ten of its stretches of two seconds reaches, and no less
    than half of the strongest.
    """
    stretches = np.maximum.reduceat(hits, np.arange(0, hits.size, round(2.0 * HOPS)))
    return max(float(np.percentile(stretches, 90)), 0.5 * float(stretches.max()))


def _around(curve: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest value within `_NEAR` hops before and after each: float32 `[hops]`."""
    padded = np.pad(curve, _NEAR)
    shifted = [padded[shift : shift + curve.size] for shift in range(2 * _NEAR + 1)]
    return np.asarray(np.maximum.reduce(shifted), np.float32)


def _lasting(after: NDArray[np.float32], before: NDArray[np.float32], hops: int) -> NDArray[np.float32]:
    """How much begins at each hop and still sounds so many hops later: float32 `[hops]` ≥ 0."""
    later = np.concatenate([after[hops:], np.repeat(after[-1:], min(hops, after.size))])
    return np.asarray(np.maximum(np.minimum(after, later) - before, 0.0), np.float32)
