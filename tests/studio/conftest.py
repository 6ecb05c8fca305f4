"""What tests of the commands ask of a rendered file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import pytest


@dataclass(frozen=True, slots=True)
class Video:
    """A decoded video: frames counted, `seconds` of picture and of sound (None: there is none)."""

    frames: int
    width: int
    height: int
    fps: float
    seconds: float
    sound_seconds: float | None
    digest: str


@pytest.fixture(scope="session")
def open_video() -> Callable[[Path], Video]:
    """Decodes everything of a file; the digest is of the picture's bytes."""
    return _video


def _video(path: Path) -> Video:
    digest = hashlib.sha256()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate = float(stream.average_rate or 0)
        frames = 0
        for frame in container.decode(stream):
            digest.update(frame.to_ndarray(format="rgb24").tobytes())
            frames += 1
        size = (stream.width, stream.height)
    return Video(frames, *size, rate, frames / rate, _sound_seconds(path), digest.hexdigest())


def _sound_seconds(path: Path) -> float | None:
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        # what the container says to play: the codec's padding at both ends is cut off by it
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return samples / stream.rate
