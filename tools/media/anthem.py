"""`anthem.ogg` and `anthem.lrc`: fifteen seconds at 128 bpm, four sung lines, their words and their times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tools.media.instruments import bass, clap, hat, kick, pad
from tools.media.mixer import Stereo, duck, echo, hall, master, put, tape
from tools.media.voice import sung

BPM = 128.0
BEAT = 60.0 / BPM
BAR = 4 * BEAT
BARS = 8
SECONDS = BARS * BAR

QUIET = 4
"""So many bars are sung over pads, hats and a kick now and then; then everything plays."""

CHORDS = ((57, 60, 64), (53, 57, 60), (48, 55, 64), (55, 59, 62)) * 2
"""Am, F, C, G, twice, as MIDI notes."""

ROOTS = (33, 29, 36, 31) * 2


class Syllable(NamedTuple):
    """A part of a word as it is written, with its space; when (in beats), how long, on which note."""

    text: str
    beat: float
    length: float
    note: int
    vowel: str


LINES = (
    (
        Syllable("Slow ", 0, 1.5, 69, "o"),
        Syllable("is ", 2, 0.9, 67, "i"),
        Syllable("the ", 3, 0.9, 64, "e"),
        Syllable("night", 4, 2.5, 69, "a"),
    ),
    (
        Syllable("and ", 7.5, 0.5, 67, "a"),
        Syllable("wide ", 8, 1.5, 72, "a"),
        Syllable("the ", 10, 0.9, 71, "e"),
        Syllable("sea", 11, 3.5, 67, "i"),
    ),
    (
        Syllable("Hear ", 16, 0.9, 69, "i"),
        Syllable("the ", 17, 0.9, 72, "e"),
        Syllable("har", 18, 0.9, 76, "a"),
        Syllable("bour ", 19, 0.9, 74, "u"),
        Syllable("drum", 20, 2.5, 72, "u"),
    ),
    (
        Syllable("and ", 23.5, 0.5, 71, "a"),
        Syllable("burn ", 24, 1.4, 72, "e"),
        Syllable("with ", 26, 0.9, 71, "i"),
        Syllable("me", 27, 3.5, 69, "i"),
    ),
)
"""What is sung; each line is two bars long."""


def beats() -> list[float]:
    """Seconds of every beat."""
    return [number * BEAT for number in range(BARS * 4)]


def kicks() -> list[float]:
    """Seconds of every kick: on one and three, then on every beat."""
    struck = [(0, 2) if bar < QUIET else (0, 1, 2, 3) for bar in range(BARS)]
    return [bar * BAR + beat * BEAT for bar in range(BARS) for beat in struck[bar]]


def anthem() -> Stereo:
    """The whole song, float64 `[n, 2]` at 44.1 kHz."""
    rng = np.random.default_rng(5)
    drums, low, high, voice = (tape(SECONDS) for _ in range(4))
    for at in kicks():
        put(drums, kick(), at, 0.9 if at >= QUIET * BAR else 0.7)
    for eighth in range(BARS * 8):
        put(drums, hat(rng), eighth * BEAT / 2, 0.2 if eighth % 2 else 0.07, -0.2)
    pads = {note: pad(note, BAR * 1.1, 0.07) for note in sorted({*sum(CHORDS, ())})}
    for bar in range(BARS):
        for note, pan in zip(CHORDS[bar], (-0.6, 0.0, 0.6), strict=True):
            put(high, pads[note], bar * BAR, 0.07 if bar < QUIET else 0.1, pan)
        for eighth in range(8) if bar >= QUIET else ():
            put(low, bass(ROOTS[bar], BEAT * 0.45), bar * BAR + eighth * BEAT / 2, 0.3)
        for beat in (1, 3) if bar >= QUIET else ():
            put(drums, clap(rng), bar * BAR + beat * BEAT, 0.7)
    for line in LINES:
        for one in line:
            put(voice, sung(one.note - 12, one.length * BEAT, one.vowel), one.beat * BEAT, 0.2)
    wet = hall(echo(voice, 0.75 * BEAT, 0.25, 2), rng, 1.2, 0.3)
    return master(drums + duck(low + high, kicks(), 0.6) + wet, fade_out=0.8)


def lyrics() -> str:
    """The lines as an `.lrc` file with a time before each syllable."""
    rows = ["[ti:The harbour drum]", "[by:python -m tools.media]"]
    for line in LINES:
        words = "".join(f"<{_stamp(one.beat)}>{one.text}" for one in line)
        end = line[-1].beat + line[-1].length
        rows += [f"[{_stamp(line[0].beat)}]{words}<{_stamp(end)}>", f"[{_stamp(end + 0.25)}]"]
    return "\n".join(rows) + "\n"


def _stamp(beat: float) -> str:
    minutes, seconds = divmod(beat * BEAT, 60.0)
    return f"{int(minutes):02}:{seconds:06.3f}"
