"""`pulse.ogg`: eight seconds of four on the floor at exactly 120 bpm, for films that move with the bass."""

from __future__ import annotations

import numpy as np

from tools.media.instruments import bass, clap, hat, kick, pad
from tools.media.mixer import Stereo, duck, hall, master, put, tape

BPM = 120.0
BEAT = 60.0 / BPM
SECONDS = 8.0

_ROOTS = (33, 33, 36, 31)


def beats() -> list[float]:
    """Seconds of every beat; each has a kick."""
    return [number * BEAT for number in range(round(SECONDS / BEAT))]


def loop() -> Stereo:
    """The whole loop, float64 `[n, 2]` at 44.1 kHz."""
    rng = np.random.default_rng(11)
    drums, tones = tape(SECONDS), tape(SECONDS)
    for number, at in enumerate(beats()):
        put(drums, kick(), at, 0.95)
        put(drums, hat(rng), at + BEAT / 2, 0.26, 0.2)
        if number % 2:
            put(drums, clap(rng), at, 0.3)
        root = _ROOTS[number // 4 % 4]
        put(tones, bass(root + 12, BEAT * 0.45), at + BEAT / 2, 0.3)
        if number % 4 == 0:
            for note, pan in zip((24, 31, 36), (-0.5, 0.0, 0.5), strict=True):
                put(tones, pad(root + note, BEAT * 4, 0.08), at, 0.1, pan)
    return master(drums + hall(duck(tones, beats(), 0.6), rng, 0.8, 0.25), fade_out=0.05)
