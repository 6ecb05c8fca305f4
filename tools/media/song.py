"""`postcard.ogg`: twelve seconds, six bars, from a bright morning to a quiet night."""

from __future__ import annotations

import numpy as np

from tools.media.instruments import bass, bell, clap, hat, kick, pad, riser
from tools.media.mixer import Stereo, duck, echo, hall, master, put, tape

BPM = 120.0
BEAT = 60.0 / BPM
BAR = 4 * BEAT
BARS = 6
SECONDS = BARS * BAR

SECTIONS = ("intro", "full", "full", "breakdown", "full", "outro")
"""What each bar is."""

CHORDS = (
    (60, 64, 67, 71),
    (57, 60, 64, 67),
    (53, 57, 60, 64),
    (50, 53, 57, 60),
    (55, 59, 62, 65),
    (60, 64, 67, 74),
)
"""C, Am, F, Dm, G, C, with their sevenths, as MIDI notes."""

ROOTS = (36, 33, 29, 38, 31, 36)

MELODY = (
    (0.0, 76), (1.5, 79), (3.0, 83),
    (4.0, 84), (4.75, 83), (5.5, 79), (6.5, 76), (7.0, 79),
    (8.0, 81), (8.75, 79), (9.5, 76), (10.5, 72), (11.0, 76),
    (12.0, 77), (13.5, 74), (14.5, 77), (15.0, 81),
    (16.0, 83), (16.75, 86), (17.5, 83), (18.5, 79), (19.0, 83),
    (20.0, 84), (21.0, 79), (22.0, 76),
)  # fmt: skip
"""(beat, MIDI note)"""


def beats() -> list[float]:
    """Seconds of every beat."""
    return [number * BEAT for number in range(BARS * 4)]


def kicks() -> list[float]:
    """Seconds of every kick: two in the intro, all in the full bars, none in the breakdown, one to end."""
    struck = {"intro": (0, 2), "full": (0, 1, 2, 3), "breakdown": (), "outro": (0,)}
    return [bar * BAR + beat * BEAT for bar, section in enumerate(SECTIONS) for beat in struck[section]]


def song() -> Stereo:
    """The whole song, float64 `[n, 2]` at 44.1 kHz."""
    rng = np.random.default_rng(7)
    drums = _drums(rng)
    low = duck(_bass(), kicks(), 0.75)
    high = duck(_pads() + echo(_melody(), 0.75 * BEAT, 0.35), kicks(), 0.35)
    high = hall(high, rng, 1.8, 0.45)
    return master(hall(drums, rng, 0.5, 0.06) + low + high, fade_out=1.2)


def _drums(rng: np.random.Generator) -> Stereo:
    on = tape(SECONDS)
    for at in kicks():
        put(on, kick(), at, 0.55 if at < BAR else 0.95)
    for bar, section in enumerate(SECTIONS):
        start = bar * BAR
        if section == "full":
            for beat in (1, 3):
                put(on, clap(rng), start + beat * BEAT, 0.34, 0.1)
            for eighth in range(8):
                put(on, hat(rng), start + eighth * BEAT / 2, 0.22 if eighth % 2 else 0.1, -0.25)
        if section == "breakdown":
            put(on, riser(rng, 2 * BEAT), start + 2 * BEAT, 0.12)
    return on


def _bass() -> Stereo:
    on = tape(SECONDS)
    for bar, (section, root) in enumerate(zip(SECTIONS, ROOTS, strict=True)):
        start = bar * BAR
        if section == "full":
            for eighth, up in enumerate((0, 0, 12, 0, 7, 0, 12, 7)):
                put(on, bass(root + up, BEAT * 0.48), start + eighth * BEAT / 2, 0.32)
        elif section != "intro":
            put(on, bass(root, BAR), start, 0.4)
    return on


def _pads() -> Stereo:
    on, gains = tape(SECONDS), {"intro": 0.07, "full": 0.1, "breakdown": 0.13, "outro": 0.12}
    for bar, (section, chord) in enumerate(zip(SECTIONS, CHORDS, strict=True)):
        for number, note in enumerate(chord):
            # a little longer than the bar, so that each chord is still there when the next one swells
            put(on, pad(note, BAR * 1.15, 0.08), bar * BAR, gains[section], (-0.6, 0.5, -0.3, 0.7)[number])
    return on


def _melody() -> Stereo:
    on = tape(SECONDS)
    for beat, note in MELODY:
        quiet = SECTIONS[int(beat // 4)] in ("intro", "outro")
        put(on, bell(note), beat * BEAT, 0.16 if quiet else 0.24, 0.2 * np.sin(note))
    return on
