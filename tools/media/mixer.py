"""A stereo tape: sounds are put on it at exact times, then it is given a room and a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.media.instruments import RATE, Sound

Stereo = NDArray[np.float64]
"""`[n, 2]`, left and right."""


def tape(seconds: float) -> Stereo:
    """An empty tape."""
    return np.zeros((round(seconds * RATE), 2))


def put(on: Stereo, sound: Sound, at: float, gain: float, pan: float = 0.0) -> None:
    """Adds a sound at `at` seconds; pan from -1 (left) to 1 (right), at constant power."""
    start = round(at * RATE)
    room = max(0, min(sound.size, len(on) - start))
    angle = (pan + 1) * np.pi / 4
    on[start : start + room] += (
        gain * np.sqrt(2) * sound[:room, None] * np.array([np.cos(angle), np.sin(angle)])
    )


def echo(dry: Stereo, delay: float, feedback: float, times: int = 4) -> Stereo:
    """Repeats, each softer and on the other side."""
    wet = dry.copy()
    for number in range(1, times + 1):
        shift = round(delay * number * RATE)
        if shift < len(dry):
            wet[shift:] += feedback**number * dry[: len(dry) - shift, :: (-1 if number % 2 else 1)]
    return wet


def hall(dry: Stereo, rng: np.random.Generator, seconds: float, share: float) -> Stereo:
    """A room: convolution with noise that dies away, of its own on each side."""
    time = np.arange(round(seconds * RATE)) / RATE
    tail = rng.standard_normal((time.size, 2)) * np.exp(-time / (seconds / 5))[:, None]
    tail[: round(0.012 * RATE)] = 0.0
    tail /= np.sqrt((tail**2).sum(axis=0))
    size = 1 << (len(dry) + time.size).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size, axis=0) * np.fft.rfft(tail, size, axis=0), size, axis=0)
    return dry + share * wet[: len(dry)]


def duck(on: Stereo, kicks: list[float], depth: float, seconds: float = 0.22) -> Stereo:
    """Makes way for the kick: falls by `depth` at each, and comes back over `seconds`."""
    gain = np.ones(len(on))
    curve = 1 - depth * (1 - np.linspace(0, 1, round(seconds * RATE))) ** 1.5
    for kick in kicks:
        start = round(kick * RATE)
        room = min(curve.size, len(on) - start)
        gain[start : start + room] = np.minimum(gain[start : start + room], curve[:room])
    return on * gain[:, None]


def master(mix: Stereo, fade_out: float) -> Stereo:
    """Rounds the peaks off, fades the end, and leaves 1 dB of room."""
    loud = np.tanh(1.1 * mix / float(np.abs(mix).max()) * 1.4)
    left = np.arange(len(mix))[::-1] / RATE
    out = loud * np.clip(left / fade_out, 0, 1)[:, None] ** 1.5
    return out * (10 ** (-1 / 20) / float(np.abs(out).max()))
