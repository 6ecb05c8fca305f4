"""What the spectrum does at each hop of a track: levels of bands, and how much begins there.

Each hop looks at the 46 ms that follow its instant, not at a window around it, so a level is at its highest
exactly where a sound begins: a film's frame is shown for the time after its instant, too. What begins is the
difference between the spectrum after the instant and the one before it, which peaks at the onset itself, for
a click as for a tone (a centred window's flux peaks a quarter of a window early for a click alone).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.decode import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP: Final = 128
"""Samples from one hop to the next: 5.8 ms."""

BANDS: Final = {"bass": (20.0, 250.0), "mid": (250.0, 4_000.0), "treble": (4_000.0, RATE / 2 + 1)}
"""The bands' edges in Hz."""

_WINDOW: Final = 1024
_RISE: Final = 64  # samples the window takes to open: a hard edge would smear every tone over the spectrum
_MELS: Final = 40
_LOW_MELS: Final = 3  # the lowest mel bands, to about 230 Hz, hold the kick
_COMPRESSION: Final = 100.0  # log(1 + 100 x): what is within 40 dB of the loudest counts
_BLOCK: Final = 4096  # hops in work at once


@dataclass(frozen=True, slots=True)
class Spectrum:
    """What each hop hears; all `[hops]`, float32, hop n at n · HOP / RATE seconds.

    `power` holds mean squares per band of `BANDS` and of `all` (full scale sine = 0.5); `centroid` is in Hz;
    `rise` sums the growth of log magnitude over 40 mel bands, `low_rise` over the lowest three.
    """

    power: dict[str, NDArray[np.float32]]
    centroid: NDArray[np.float32]
    rise: NDArray[np.float32]
    low_rise: NDArray[np.float32]


def measure(samples: NDArray[np.float32]) -> Spectrum:
    """The spectrum of a track, float32 `[n]` at RATE; block by block, so that memory stays small."""
    hops = -(-samples.size // HOP) + 1
    # the window is open half a hop before the instant: a click between two hops is highest at the nearer one
    lead = _WINDOW - _RISE + HOP
    padded = np.concatenate([np.zeros(lead, np.float32), samples, np.zeros(_WINDOW + HOP, np.float32)])
    gain = _COMPRESSION / max(
        float(np.quantile(np.abs(samples[:: max(1, samples.size // 500_000)]), 0.999)), 1e-4
    )
    parts = [_block(padded, start, min(start + _BLOCK, hops), gain) for start in range(0, hops, _BLOCK)]
    table = np.concatenate(parts, axis=1)
    names = (*BANDS, "all")
    return Spectrum(dict(zip(names, table, strict=False)), table[-3], table[-2], table[-1])


def _block(padded: NDArray[np.float32], start: int, stop: int, gain: float) -> NDArray[np.float32]:
    """Rows bass, mid, treble, all, centroid, rise, low rise of the hops from `start` to `stop`."""
    window = _window()
    after = _magnitudes(padded, start * HOP + _WINDOW - _RISE, stop - start, window)
    before = _magnitudes(padded, start * HOP, stop - start, window[::-1])
    # Parseval: the windowed mean square from one side of the spectrum
    power = after**2 * (2.0 / (_WINDOW * float(np.sum(window**2))))
    frequency = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    rows = [power[(frequency >= low) & (frequency < high)].sum(axis=0) for low, high in BANDS.values()]
    total = power[1:].sum(axis=0)
    centroid = (frequency[1:, None] * power[1:]).sum(axis=0) / np.maximum(total, 1e-12)
    # in float64: how a product is summed up depends on the processor and its threads; float32 would show it
    mel = _mel().astype(np.float64) * (gain * 2.0 / float(window.sum()))
    growth = np.maximum(np.log1p(mel @ after) - np.log1p(mel @ before), 0.0)
    return np.stack([*rows, total, centroid, growth.sum(axis=0), growth[:_LOW_MELS].sum(axis=0)]).astype(
        np.float32
    )


def _magnitudes(
    padded: NDArray[np.float32], first: int, hops: int, window: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Magnitudes `[513, hops]` of windows that begin at sample `first` and every HOP after it."""
    import librosa

    piece = padded[first : first + (hops - 1) * HOP + _WINDOW]
    spectrum = librosa.stft(piece, n_fft=_WINDOW, hop_length=HOP, window=window, center=False)
    return np.asarray(np.abs(spectrum), np.float32)


def _window() -> NDArray[np.float32]:
    """Opens in 3 ms around the instant, then closes as half a Hann window: float32 `[1024]`."""
    opening = np.sin(np.linspace(0, np.pi / 2, _RISE, endpoint=False)) ** 2
    closing = np.cos(np.linspace(0, np.pi / 2, _WINDOW - _RISE, endpoint=False)) ** 2
    return np.concatenate([opening, closing]).astype(np.float32)


def _mel() -> NDArray[np.float32]:
    """Mel filters `[40, 513]` from 30 Hz up (Slaney's scale, peaks of 1)."""
    from librosa.filters import mel

    filters = mel(sr=RATE, n_fft=_WINDOW, n_mels=_MELS, fmin=30.0, norm=None)
    return np.asarray(filters, np.float32)
