"""Small videos made for a test: frames that tell their number, colour charts, all by PyAV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def level(number: int) -> int:
    """The grey of a frame that tells its number, 0..255."""
    return 20 + 3 * number


def numbered(frame: NDArray[np.float32]) -> int:
    """The number that a frame tells; `frame` is float32 `[3,H,W]` or `[1,3,H,W]`, 0..1."""
    return round((float(frame.mean()) * 255.0 - 20.0) / 3.0)


def video(
    path: Path,
    frames: int = 24,
    rate: Fraction | int = 24,
    *,
    size: tuple[int, int] = (64, 48),
    codec: str = "mpeg4",
    pixels: Callable[[int], Pixels] | None = None,
    pix_fmt: str = "yuv420p",
    times: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    aspect: Fraction | None = None,
    turned: int = 0,
    gop: int = 12,
    bars: tuple[int, int] | None = None,
    file_options: dict[str, str] | None = None,
) -> Path:
    """Writes a video whose frame n is grey by `level(n)`, or `pixels(n)` (uint8 `[H,W,3]`).

    `times` are the frames' times in ticks of the rate; `bars` are colour space and range by FFmpeg's numbers.
    """
    width, height = size
    with av.open(str(path), "w", options=file_options or {}) as container:
        stream = container.add_stream(codec, rate=Fraction(rate), options=options or {})
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.gop_size = gop
        stream.codec_context.time_base = 1 / Fraction(rate)
        if codec == "mpeg4":
            stream.codec_context.qmin, stream.codec_context.qmax = 1, 2
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if bars is not None:
            stream.codec_context.colorspace, stream.codec_context.color_range = bars
        if turned:
            stream.set_display_rotation(turned)
        for n in range(frames):
            picture = np.full((height, width, 3), level(n), np.uint8) if pixels is None else pixels(n)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if bars is not None:
                space, full = bars
                frame = frame.reformat(format=pix_fmt, dst_colorspace=space, dst_color_range=full)
                frame.colorspace, frame.color_range = space, full
            frame.pts = n if times is None else times[n]
            frame.time_base = 1 / Fraction(rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
