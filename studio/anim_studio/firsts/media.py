"""A small song and a small photo, made from nothing, the same at every run."""

from __future__ import annotations

import math
import random
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

RATE_HZ = 22050
BEAT_S = 0.5  # 120 beats per minute
BARS = 4
_CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # Am F C G, as MIDI notes
_SIDE_PX = 320


def write_song(path: Path) -> None:
    """Eight seconds at 120 beats per minute, mono: kick, hat, bass and chords."""
    noise = random.Random(1)
    samples = array("h", (round(_heard(value) * 32767) for value in _song(noise)))
    with path.open("xb") as file, wave.open(file, "wb") as song:
        song.setnchannels(1)
        song.setsampwidth(2)
        song.setframerate(RATE_HZ)
        song.writeframes(samples.tobytes())


def _heard(value: float) -> float:
    """Loud sums are rounded off rather than cut."""
    return math.tanh(value) * 0.9


def _song(noise: random.Random) -> Iterator[float]:
    for number in range(int(BARS * 4 * BEAT_S * RATE_HZ)):
        time = number / RATE_HZ
        bar = int(time / (4 * BEAT_S))
        in_beat = time % BEAT_S
        kick = _kick(in_beat) if bar else _kick(time % (2 * BEAT_S))
        hat = noise.uniform(-1, 1) * math.exp(-((time + BEAT_S / 2) % BEAT_S) * 60) * 0.15
        root = _tone(_CHORDS[bar][0] - 24, time) * math.exp(-in_beat * 4) * 0.5
        chord = sum(_tone(note, time) for note in _CHORDS[bar]) * 0.07
        yield kick * 0.9 + (hat + root if bar else 0.0) + chord * (0.4 + in_beat)


def _kick(since: float) -> float:
    """A sine that falls from 150 Hz to 50 Hz and dies away."""
    return math.sin(2 * math.pi * (50 * since - 4 * math.exp(-since * 25))) * math.exp(-since * 9)


def _tone(note: int, time: float) -> float:
    """A note of the equal temperament at 440 Hz, as MIDI numbers it."""
    return math.sin(2 * math.pi * 440 * 2 ** ((note - 69) / 12) * time)


def write_photo(path: Path) -> None:
    """A blue bottle on white, 320 px square."""
    from PIL import Image, ImageDraw, ImageFilter

    size = (_SIDE_PX, _SIDE_PX)
    picture = Image.new("RGB", size, (246, 246, 246))
    shade = ImageDraw.Draw(picture)
    shade.rectangle((0, 228, _SIDE_PX, _SIDE_PX), fill=(232, 232, 233))
    shade.ellipse((92, 246, 228, 272), fill=(176, 178, 184))
    picture = picture.filter(ImageFilter.GaussianBlur(14))
    # drawn four times as large and made smaller: Pillow draws without smooth edges
    mask = Image.new("L", (_SIDE_PX * 4, _SIDE_PX * 4))
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((480, 470, 800, 1030), radius=70, fill=255)
    draw.polygon(((490, 520), (580, 370), (700, 370), (790, 520)), fill=255)
    draw.rectangle((580, 230, 700, 400), fill=255)
    picture.paste(_glass(), (0, 0), mask.resize(size, Image.Resampling.LANCZOS))
    cap = ImageDraw.Draw(picture)
    cap.rounded_rectangle((141, 46, 179, 66), radius=4, fill=(60, 62, 70))
    with path.open("xb") as file:
        picture.save(file, "PNG")


def _glass() -> Image.Image:
    """Blue that is bright left of the middle and dark at the edges, as a round thing is."""
    from PIL import Image

    column = Image.new("RGB", (_SIDE_PX, 1))
    for x in range(_SIDE_PX):
        light = max(0.0, 1 - abs(x - 142) / 52)
        column.putpixel((x, 0), (int(24 + 90 * light), int(60 + 100 * light), int(150 + 95 * light)))
    return column.resize((_SIDE_PX, _SIDE_PX))
