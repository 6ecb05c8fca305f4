"""The sounds of synthesised songs: drums of several kits, a bass, pads, a piano, a voice; float32 at RATE."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
"""Samples per second of every song: the rate of the analysis, so that a test may skip the resampling."""

Samples = NDArray[np.float32]

KITS = ("acoustic", "electro", "click", "noise", "piano")
"""What the drums are made of; `click` is a metronome's, `piano` plays them as low, middle and high notes."""


def sound(kit: str, drum: str, seed: int) -> Samples:
    """One hit of `kick`, `snare` or `hat`, at most 1 high, of that kit; seeds vary it a little."""
    return _hit(kit, drum, seed % 7)


@lru_cache(maxsize=256)
def _hit(kit: str, drum: str, seed: int) -> Samples:
    rng = np.random.default_rng([seed, KITS.index(kit), len(drum)])
    made = {"click": _click, "noise": _burst, "piano": _low_note, "electro": _electro, "acoustic": _acoustic}
    return _limited(made[kit](drum, rng))


def _acoustic(drum: str, rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(RATE // 4) / RATE
    if drum == "kick":
        bend = rng.uniform(80, 130) * np.exp(-time / 0.03)
        body = np.sin(2 * np.pi * np.cumsum(rng.uniform(42, 55) + bend) / RATE) * np.exp(-time / 0.09)
        return body + 0.15 * rng.standard_normal(time.size) * np.exp(-time / 0.004)
    if drum == "snare":
        tone = np.sin(2 * np.pi * rng.uniform(170, 220) * time) * np.exp(-time / 0.04)
        return 0.5 * tone + 0.5 * _bright(rng, time.size, 0.3) * np.exp(-time / 0.05)
    return 0.5 * _bright(rng, RATE // 16, 0.95) * np.exp(-time[: RATE // 16] / 0.012)


def _electro(drum: str, rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(RATE // 2) / RATE
    if drum == "kick":  # long and without a click
        return np.sin(2 * np.pi * np.cumsum(48 + 60 * np.exp(-time / 0.05)) / RATE) * np.exp(-time / 0.16)
    if drum == "snare":  # a clap: four bursts, the last one long
        late = sum(np.where(time >= at, np.exp(-(time - at) / 0.006), 0.0) for at in (0.0, 0.009, 0.018))
        tail = np.where(time >= 0.026, np.exp(-(time - 0.026) / 0.06), 0.0)
        return np.asarray(0.4 * _bright(rng, time.size, 0.6) * (late + tail))
    tones = sum(np.sign(np.sin(2 * np.pi * hertz * time)) for hertz in (3_405.0, 4_620.0, 5_270.0, 8_210.0))
    return np.asarray(np.diff(tones, prepend=0.0) * 0.1 * np.exp(-time / 0.02))


def _click(drum: str, rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(RATE // 20) / RATE
    hertz = {"kick": 1_000.0, "snare": 1_500.0, "hat": 2_200.0}[drum] * rng.uniform(0.9, 1.1)
    return (
        np.sin(2 * np.pi * hertz * time)
        * np.exp(-time / 0.008)
        * {"kick": 0.8, "snare": 0.6, "hat": 0.2}[drum]
    )


def _burst(drum: str, rng: np.random.Generator) -> NDArray[np.float64]:
    length = {"kick": 0.08, "snare": 0.05, "hat": 0.02}[drum]
    time = np.arange(int(length * 4 * RATE)) / RATE
    level = {"kick": 0.5, "snare": 0.4, "hat": 0.1}[drum]
    return level * rng.standard_normal(time.size) * np.exp(-time / length)


def _low_note(drum: str, rng: np.random.Generator) -> NDArray[np.float64]:
    hertz = {"kick": 65.4, "snare": 196.0, "hat": 523.3}[drum] * 2 ** (rng.integers(-2, 3) / 12)
    return {"kick": 0.9, "snare": 0.6, "hat": 0.3}[drum] * np.asarray(piano(hertz, 0.6), np.float64)


def _bright(rng: np.random.Generator, size: int, tilt: float) -> NDArray[np.float64]:
    noise = rng.standard_normal(size)
    return np.asarray(noise - tilt * np.concatenate([[0.0], noise[:-1]]))


def _limited(samples: NDArray[np.float64]) -> Samples:
    return (samples / max(1.0, float(np.abs(samples).max()))).astype(np.float32)


@lru_cache(maxsize=256)
def piano(hertz: float, seconds: float) -> Samples:
    """A struck string: partials that die the sooner the higher they are."""
    time = np.arange(int(seconds * RATE)) / RATE
    made = np.zeros(time.size)
    for partial in range(1, 9):
        if hertz * partial < RATE / 2:
            made += (
                np.sin(2 * np.pi * hertz * partial * time) / partial**1.3 * np.exp(-time * (1.5 + partial))
            )
    opening = np.minimum(time / 0.004, 1.0) * np.minimum((time[-1] - time) / 0.01 + 1e-3, 1.0)
    return _limited(0.6 * made * opening)


@lru_cache(maxsize=256)
def bass(hertz: float, seconds: float) -> Samples:
    """A plucked bass note of three partials; nothing above 750 Hz for notes up to 250 Hz."""
    time = np.arange(int(seconds * RATE)) / RATE
    made = sum(np.sin(2 * np.pi * hertz * k * time) / k**1.5 for k in (1, 2, 3))
    shape = np.minimum(time / 0.008, 1.0) * np.exp(-time / (0.8 * seconds)) * _closing(time, 0.03)
    return _limited(0.6 * made * shape)


@lru_cache(maxsize=256)
def pad(hertz: tuple[float, ...], seconds: float, attack: float = 0.25) -> Samples:
    """A chord of sines with a soft attack: no onset that one could point at."""
    time = np.arange(int(seconds * RATE)) / RATE
    made = sum(
        np.sin(2 * np.pi * h * time) + 0.3 * np.sin(2 * np.pi * 2.004 * h * time + 0.7) for h in hertz
    ) / len(hertz)
    return _limited(0.7 * made * np.minimum(time / attack, 1.0) * _closing(time, min(attack, 0.2)))


@lru_cache(maxsize=256)
def voice(hertz: float, seconds: float) -> Samples:
    """A sung vowel: a buzz with vibrato, through formants at 700, 1200 and 2600 Hz."""
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(hertz * (1 + 0.01 * np.sin(2 * np.pi * 5.5 * time))) / RATE
    made = np.zeros(time.size)
    for k in range(1, int(5_000 / hertz)):
        weight = sum(
            np.exp(-(((k * hertz - f) / w) ** 2)) for f, w in ((700, 150), (1_200, 200), (2_600, 300))
        )
        made += (weight + 0.05) / k**0.5 * np.sin(k * phase)
    return _limited(0.4 * made * np.minimum(time / 0.05, 1.0) * _closing(time, 0.06))


def _closing(time: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    return np.asarray(np.clip((time[-1] - time) / seconds, 0.0, 1.0))
