"""A stretch of a track in work: its samples, and the spectra that several meters look at, each made once.

Each hop looks at the 46 ms that follow its instant, not at a window around it, so a level is at its highest
exactly where a sound begins: a film's frame is shown for the time after its instant, too. What begins is the
difference between the spectrum after the instant and the one before it, which peaks at the onset itself, for
a click as for a tone (a centred window's flux peaks a quarter of a window early for a click alone).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio import bands, texture
from anim_compiler.audio.decode import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP: Final = 128
"""Samples from one hop to the next: 5.8 ms."""

HOPS: Final = RATE / HOP
"""Hops per second: 172.3."""

WINDOW: Final = 1024
"""Samples that a hop looks at, before it and after it: 46 ms."""

LEAD: Final = 8192
"""Samples of context that a block has on either side."""

BLOCK_HOPS: Final = 256
"""Hops in work at once: their spectra stay in a processor's cache."""

FINE_EVERY: Final = 2
"""Hops from one fine spectrum to the next: 11.6 ms."""

_STRETCH: Final = 2048  # samples whose mean shows what stands still in a block: 93 ms
_STILL: Final = 0.0005  # of full scale may stand still: -66 dB
_AHEAD: Final = 172  # samples from an instant to the middle of what `after` sees: 8 ms
_RISE: Final = 64  # samples the window takes to open: a hard edge would smear every tone over the spectrum


@dataclass(eq=False)
class Block:
    """The hops `first` to `first + hops - 1` of a track, hop n at sample n · HOP.

    `samples` is float32 `[LEAD + hops · HOP + LEAD]` and begins LEAD samples before the first hop; beyond the
    track's ends it is 0. An offset of the recording, which is no sound, is taken away. A block is cut at the
    same places whatever blocks the decoder gave.
    """

    first: int
    hops: int
    samples: NDArray[np.float32]
    _fine: dict[int, NDArray[np.float32]] = field(default_factory=dict)

    @cached_property
    def after(self) -> NDArray[np.float32]:
        """Power of the spectrum of the 46 ms after each hop: float32 `[hops, 513]`.

        Scaled so that its sum over the bins is the mean square of what the window sees (a sine of full scale
        0.5). The window is open half a hop before the instant: a click between two hops is highest at the
        nearer one.
        """
        return self._power(-HOP, window())

    @cached_property
    def before(self) -> NDArray[np.float32]:
        """Power of the spectrum of the 46 ms before each hop, `after` in a mirror: float32 `[hops, 513]`."""
        return self._power(_RISE - WINDOW - HOP, window()[::-1])

    def fine(self, width: int) -> NDArray[np.float32]:
        """Power of a wider spectrum at each second hop, float32 `[k, width // 2 + 1]`, scaled as `after`.

        Its window opens over an eighth of `width`, so that low bands have clean edges, and stands so that the
        middle of what it sees is as far ahead of the instant as that of `after`.
        """
        if width not in self._fine:
            weights = _opening(width, width // 8)
            energy = np.square(weights, dtype=np.float64)
            middle = int((energy * np.arange(width)).sum() / energy.sum())
            self._fine[width] = power(self.frames(_AHEAD - middle, width, FINE_EVERY), weights)
        return self._fine[width]

    @property
    def inside(self) -> NDArray[np.float32]:
        """The samples from each hop to the next: a view, float32 `[hops, HOP]`."""
        return self.samples[LEAD : LEAD + self.hops * HOP].reshape(self.hops, HOP)

    @cached_property
    def after_bands(self) -> NDArray[np.float32]:
        """`after` summed into the bands of `bands`: float32 `[hops, bands]`."""
        return bands.summed(self.after)

    @cached_property
    def before_bands(self) -> NDArray[np.float32]:
        """`before` summed into the bands of `bands`: float32 `[hops, bands]`."""
        return bands.summed(self.before)

    @cached_property
    def flux(self) -> NDArray[np.float32]:
        """How much each of about forty bands grows at each hop: float32 `[hops, k]`, of `bands.flux`."""
        return bands.flux(self.after_bands, self.before_bands)

    @cached_property
    def struck(self) -> NDArray[np.float32]:
        """How much of each band of `after_bands` is struck and not tone, 0..1: float32 `[hops, bands]`."""
        every, reach = texture.EVERY, texture.REACH
        # a hop looks ahead, so its mask is that of the next instant that has one
        count = -(-self.hops // every)
        frames = self.frames(-texture.WIDTH // 2, texture.WIDTH, every, 1 - reach, count + 2 * reach)
        fine = np.add.reduceat(power(frames, hann(texture.WIDTH)), texture.edges(), axis=1)
        mask = texture.struck(fine)
        fine = fine[reach : reach + count]
        inside = np.add.reduceat(mask * fine, _mask_bands(), axis=1)
        inside /= np.add.reduceat(fine, _mask_bands(), axis=1) + np.float32(1e-24)
        return np.asarray(np.repeat(inside, every, axis=0)[: self.hops], np.float32)

    def frames(
        self, start: int, width: int, every: int = 1, first: int = 0, count: int | None = None
    ) -> NDArray[np.float32]:
        """A view of `width` samples from `start` samples after each of `count` instants: `[count, width]`.

        Instants are `every` hops apart; the first of them is the block's, or so many later or earlier. All
        that is seen must lie within `samples`.
        """
        from numpy.lib.stride_tricks import sliding_window_view

        instants = -(-self.hops // every) if count is None else count
        begin = LEAD + start + first * every * HOP
        end = begin + (instants - 1) * every * HOP + width
        return sliding_window_view(self.samples[begin:end], width)[:: HOP * every]

    def _power(self, start: int, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        return power(self.frames(start, WINDOW), weights)


def power(frames: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """One-sided power `[k, width // 2 + 1]` of frames `[k, width]` seen through a window, by Parseval."""
    from scipy.fft import rfft

    spectrum = np.asarray(rfft(frames * weights, axis=1), np.complex64)
    found = np.square(spectrum.real)
    found += np.square(spectrum.imag)
    found *= np.float32(2.0 / (weights.size * float(np.sum(np.square(weights, dtype=np.float64)))))
    return np.asarray(found, np.float32)


def window() -> NDArray[np.float32]:
    """Opens in 3 ms around the instant, then closes as half a Hann window: float32 `[1024]`."""
    return _opening(WINDOW, _RISE)


@cache
def _opening(width: int, rise: int) -> NDArray[np.float32]:
    """A window that opens within `rise` samples and closes over the rest: float32 `[width]`."""
    opening = np.sin(np.linspace(0, np.pi / 2, rise, endpoint=False)) ** 2
    closing = np.cos(np.linspace(0, np.pi / 2, width - rise, endpoint=False)) ** 2
    return np.concatenate([opening, closing]).astype(np.float32)


@cache
def hann(width: int) -> NDArray[np.float32]:
    """Hann's window, as it repeats: float32 `[width]`."""
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(width) / width)).astype(np.float32)


@cache
def _mask_bands() -> NDArray[np.intp]:
    """The first of the mask's bands in each of `bands`."""
    begins = (np.array(bands.EDGES) - 0.5) * bands.BIN_HZ
    return np.searchsorted(texture.middles(), begins)


def cut(samples: Iterable[NDArray[np.float32]]) -> Iterator[Block]:
    """The blocks of a track that comes in pieces float32 `[n]` of any size; ⌈samples / HOP⌉ + 1 hops in all.

    No more than a few blocks are held at once, whatever the pieces' size and number.
    """
    step, held, first, count = BLOCK_HOPS * HOP, np.zeros(LEAD, np.float32), 0, 0
    for piece in samples:
        count += piece.size
        held = np.concatenate([held, piece])
        while held.size >= step + 2 * LEAD:
            whole = held[: step + 2 * LEAD].copy()
            yield Block(first, BLOCK_HOPS, _centred(whole, first, whole.size))
            held, first = held[step:], first + BLOCK_HOPS
    hops = -(-count // HOP) + 1
    while first < hops:
        here = min(BLOCK_HOPS, hops - first)
        width = here * HOP + 2 * LEAD
        piece = held[:width]
        whole = np.concatenate([piece, np.zeros(width - piece.size, np.float32)])
        yield Block(first, here, _centred(whole, first, piece.size))
        held, first = held[here * HOP :], first + here


def _centred(samples: NDArray[np.float32], first: int, count: int) -> NDArray[np.float32]:
    """A block's samples, of which `count` have come, without what stands still in them; changed in place.

    What a sound's own waves leave in a mean differs from stretch to stretch, so that their median and the
    mean of all agree on an offset alone; the smaller of them counts.
    """
    inside = samples[max(0, LEAD - first * HOP) : count]
    stretches = inside.size // _STRETCH
    if stretches:
        means = inside[: stretches * _STRETCH].reshape(stretches, _STRETCH).mean(axis=1, dtype=np.float64)
        ends = sorted((float(np.median(means)), float(means.mean())))
        # nearest to 0 of all that lies between the two, and so much nearer as may stand still
        inside -= np.float32(max(ends[0] - _STILL, 0.0) + min(ends[1] + _STILL, 0.0))
    return samples
