"""What a sound file may be: how long, how many channels, how fast; one place for headers and decoders."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from anim_compiler.sound.problem import AudioError

LONGEST: Final = 4 * 3600
"""Seconds of sound a track may have."""

MOST_CHANNELS: Final = 32
"""Channels a track may have."""

RATES: Final = (1_000, 768_000)
"""Least and most samples a second that a track may have."""


def guard(name: str, rate: int, channels: int, seconds: Fraction | float) -> None:
    """Raises AudioError for a file `name` whose sound is beyond a limit."""
    if not RATES[0] <= rate <= RATES[1]:
        less, most = (f"{number:,}" for number in RATES)
        message = f"`{name}` has {rate:,} samples a second; {less} to {most} are read"
        raise AudioError(message, "export it at 44100 or 48000", "E4031")
    if not 1 <= channels <= MOST_CHANNELS:
        message = f"`{name}` has {channels:,} channels; 1 to {MOST_CHANNELS} are read"
        raise AudioError(message, "mix it down to stereo", "E4031")
    if seconds > LONGEST:
        hours = f"{float(seconds) / 3600:,.1f}"
        hint = f"{LONGEST // 3600} hours are the most; cut out the part that the film needs"
        raise AudioError(f"`{name}` is {hours} hours long", hint, "E4032")


def unreadable(name: str) -> AudioError:
    """That a file is no sound, or damaged from its beginning."""
    return AudioError(
        f"`{name}` cannot be read as sound",
        "give a WAV, FLAC, OGG, MP3, M4A or video file that plays elsewhere",
    )


def empty(name: str) -> AudioError:
    """That a file has not one byte."""
    return AudioError(f"`{name}` is empty", "export or copy the track again", "E4030")


def soundless(name: str) -> AudioError:
    """That a file is in order and holds no sound."""
    return AudioError(f"`{name}` holds no sound", "give a sound file, or a video with a sound track", "E4033")
