"""Synthetic tracks whose beats are known, for the tests of the audio analysis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100
Samples = NDArray[np.float64]


def kick() -> Samples:
    time = np.arange(RATE // 4) / RATE
    return 0.9 * np.sin(2 * np.pi * np.cumsum(45 + 110 * np.exp(-time / 0.03)) / RATE) * np.exp(-time / 0.09)


def noise_hit(rng: np.random.Generator, length: float, level: float) -> Samples:
    time = np.arange(int(length * RATE)) / RATE
    return level * rng.standard_normal(time.size) * np.exp(-time / (length / 4))


def put(track: Samples, sound: Samples, at: float) -> None:
    start = round(at * RATE)
    room = max(0, min(sound.size, track.size - start))
    track[start : start + room] += sound[:room]


def drums(bpm: float, seconds: float, pattern: str, start: float = 0.3) -> tuple[Samples, Samples]:
    """Samples and beat times: a bare kick; four on the floor; or rock, with hats and a bass note."""
    rng = np.random.default_rng(int(bpm))
    track, step = np.zeros(int(seconds * RATE)), 60 / bpm
    beats = np.arange(start, seconds, step)
    for number, beat in enumerate(beats):
        if pattern != "rock" or number % 2 == 0:
            put(track, kick(), beat)
        if pattern != "kick" and number % 2:
            put(track, noise_hit(rng, 0.15, 0.4), beat)
        if pattern == "rock" and number % 4 == 2:
            put(track, kick(), beat + step / 2)
        if pattern != "kick":
            for half in (0.0, 0.5):
                put(track, np.diff(noise_hit(rng, 0.04, 0.15), prepend=0.0), beat + half * step)
    if pattern != "kick":
        time = np.arange(track.size) / RATE
        track += 0.08 * np.sin(2 * np.pi * 55 * time) + 0.05 * np.sin(2 * np.pi * 220 * time)
        track += 0.002 * rng.standard_normal(track.size)
    return track, beats


def write(path: Path, samples: Samples, rate: int = RATE) -> Path:
    soundfile.write(path, samples, rate)
    return path


def f_measure(truth: Samples, found: Samples, tolerance: float = 0.035) -> float:
    """Of beats matched one to one within `tolerance` seconds (as MIREX counts them, at half its window)."""
    left, hits = list(found), 0
    for beat in truth:
        near = [other for other in left if abs(other - beat) <= tolerance]
        if near:
            left.remove(min(near, key=lambda other: abs(other - beat)))
            hits += 1
    return 2 * hits / max(1, truth.size + found.size)
