"""Small sound files of every kind with a click at one second, for the tests of decoding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

AT = 1.0
"""The second of the click."""

SECONDS = 2.0


def click(rate: int) -> NDArray[np.float32]:
    """Silence with a short tone from `AT` on: float32 `[n]`."""
    samples = np.zeros(int(SECONDS * rate), np.float32)
    time = np.arange(rate // 100) / rate
    samples[int(AT * rate) :][: time.size] = 0.8 * np.exp(-time / 0.0015) * np.cos(2 * np.pi * 3000 * time)
    return samples


def by_sndfile(path: Path, rate: int = 44_100, subtype: str | None = None) -> Path:
    """Written by libsndfile, in stereo."""
    form = "OGG" if path.suffix == ".opus" else None
    soundfile.write(path, np.stack([click(rate)] * 2, axis=1), rate, subtype=subtype, format=form)
    return path


def by_ffmpeg(
    path: Path,
    codec: str,
    rate: int = 44_100,
    *,
    start: float = 0.0,
    picture: bool = False,
    samples: NDArray[np.float32] | None = None,
    **options: str,
) -> Path:
    """Written by FFmpeg: a click, or `samples` at `rate`, `start` seconds after the `picture` begins."""
    form = "adts" if path.suffix == ".aac" else None
    with av.open(str(path), "w", format=form, options=options) as file:
        if picture:
            video = file.add_stream("mpeg4", rate=Fraction(8))
            video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        stream = file.add_stream(codec, rate=rate, layout="mono")
        if picture:
            for number in range(int(8 * (SECONDS + start))):
                pixels = np.full((32, 32, 3), number, np.uint8)
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts = number
                file.mux(video.encode(frame))
            file.mux(video.encode(None))
        queue = av.AudioFifo()
        whole = av.AudioFrame.from_ndarray(
            (click(rate) if samples is None else samples)[None], format="fltp", layout="mono"
        )
        whole.sample_rate = rate
        queue.write(whole)
        pts = round(start * rate)
        while queue.samples:
            piece = queue.read(min(stream.codec_context.frame_size or 1024, queue.samples))
            piece.pts, piece.time_base = pts, Fraction(1, rate)
            pts += piece.samples
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


def onset(samples: NDArray[np.float32], rate: int) -> float:
    """The second at which the click is heard."""
    loud = np.abs(samples)
    return float(np.argmax(loud > 0.25 * loud.max())) / rate
