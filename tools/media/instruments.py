"""Instruments made of sines and noise; every sound is float64 `[n]` at RATE, about ±1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
"""Samples per second."""

Sound = NDArray[np.float64]


def clock(seconds: float) -> Sound:
    """The time of each sample of a sound that long."""
    return np.arange(round(seconds * RATE)) / RATE


def pitch(note: float) -> float:
    """Hertz of a MIDI note number; 69 is 440 Hz."""
    return float(440.0 * 2.0 ** ((note - 69) / 12))


def fade(sound: Sound, attack: float, release: float) -> Sound:
    """Ramps the ends over those seconds, so that nothing clicks."""
    time, length = np.arange(sound.size) / RATE, sound.size / RATE
    return (
        sound * np.clip(time / max(attack, 1e-4), 0, 1) * np.clip((length - time) / max(release, 1e-4), 0, 1)
    )


def kick(seconds: float = 0.32) -> Sound:
    """A drum skin: a sine that falls from 190 to 46 Hz, and the beater's click."""
    time = clock(seconds)
    body = np.sin(2 * np.pi * np.cumsum(46 + 144 * np.exp(-time / 0.022)) / RATE) * np.exp(-time / 0.11)
    click = 0.25 * np.sin(2 * np.pi * 1800 * time) * np.exp(-time / 0.003)
    return fade(np.tanh(1.6 * body) / 0.93 + click, 0.001, 0.05)


def clap(rng: np.random.Generator) -> Sound:
    """Three bursts of middle noise close together, and a short room."""
    time = clock(0.25)
    noise = band(rng.standard_normal(time.size), 900.0, 5_000.0)
    bursts = sum(np.exp(-(time - at) / 0.006) * (time >= at) for at in (0.0, 0.011, 0.022))
    return fade(noise * (0.6 * bursts + 0.5 * np.exp(-time / 0.07)), 0.001, 0.05)


def hat(rng: np.random.Generator, seconds: float = 0.07) -> Sound:
    """High noise that dies at once."""
    time = clock(seconds)
    return fade(
        band(rng.standard_normal(time.size), 7_000.0, 16_000.0) * np.exp(-time / (seconds / 4)), 0.001, 0.01
    )


def bass(note: float, seconds: float) -> Sound:
    """A round low note: five harmonics that close like a filter."""
    time = clock(seconds)
    tone = sum(
        np.sin(2 * np.pi * pitch(note) * k * time) / k**1.3 * np.exp(-time * (k - 1) * 5) for k in range(1, 6)
    )
    return fade(np.tanh(1.2 * np.asarray(tone)) * np.exp(-time / 0.6), 0.006, 0.03)


def pad(note: float, seconds: float, detune: float) -> Sound:
    """A soft held tone: three slightly mistuned voices of eight harmonics, swelling in."""
    time = clock(seconds)
    voices = [
        np.sin(2 * np.pi * pitch(note + cents) * k * time + 2.1 * k * (voice + 1)) / k**1.7
        for voice, cents in enumerate((-detune, 0.0, detune))
        for k in range(1, 9)
        if pitch(note) * k < 6_000
    ]
    return fade(np.sum(voices, axis=0) / 3, min(0.5, seconds / 3), min(0.6, seconds / 3))


def bell(note: float, seconds: float = 1.4) -> Sound:
    """A plucked, glassy note: a sine whose phase is shaken by another, less and less."""
    time, hertz = clock(seconds), pitch(note)
    shake = 1.6 * np.exp(-time / 0.16) * np.sin(2 * np.pi * 3.0 * hertz * time)
    return fade(np.sin(2 * np.pi * hertz * time + shake) * np.exp(-time / 0.42), 0.003, 0.2)


def riser(rng: np.random.Generator, seconds: float) -> Sound:
    """Noise that swells towards its end."""
    time = clock(seconds)
    return fade(band(rng.standard_normal(time.size), 1_500.0, 9_000.0) * (time / seconds) ** 3, 0.05, 0.02)


def band(sound: Sound, low: float, high: float) -> Sound:
    """Only what lies between two frequencies (Hz), with edges an octave wide; peak 1."""
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    gain = 1 / (1 + (low / np.maximum(hertz, 1.0)) ** 8) / (1 + (hertz / high) ** 8)
    out = np.fft.irfft(np.fft.rfft(sound) * gain, sound.size)
    return np.asarray(out / max(float(np.abs(out).max()), 1e-9), np.float64)
