"""A file that is not larger than it may be: written, weighed, and written again smaller."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anim_compiler.timed import timed
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.values import format_bytes
from anim_studio.previewing.pictures import Shot, even, resized

if TYPE_CHECKING:
    from anim_runtime.encode import AudioTrack
    from anim_runtime.encode.write import EncodedFile

MOST_TRIES = 9
SMOOTH_GIF = 15
"""Pictures a second of a GIF, at most: more of them cost size and are hardly seen."""

_LEAST_FPS, _LEAST_WIDTH = 6, 96
_WORST = 34
"""The highest rate factor of H.264 that is tried: beyond it blocks are what one sees first."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a preview is written: its size in pixels, every how many pictures, and the rate factor."""

    size: tuple[int, int]
    every: int
    quality: int | None


def first_manner(size: tuple[int, int], fps: Fraction, *, gif: bool) -> Manner:
    """The best that is tried."""
    return Manner(size, max(1, math.ceil(fps / SMOOTH_GIF)) if gif else 1, None if gif else 23)


def smaller(manner: Manner, fps: Fraction, share: float) -> Manner | None:
    """The manner to try next, for a file of `share` of the bytes that it had; None if there is none.

    What is seen least goes first: the rate factor of a video, then every second picture, then pixels.
    """
    if manner.quality is not None and manner.quality < _WORST:
        # six steps of the rate factor are about half the bytes
        steps = max(2, math.ceil(-6 * math.log2(share)))
        return replace(manner, quality=min(_WORST, manner.quality + steps))
    if fps / (manner.every + 1) >= _LEAST_FPS and share < 0.9:
        return replace(manner, every=manner.every + 1)
    longest = max(manner.size)
    if longest <= _LEAST_WIDTH:
        return None
    scale = max(min(0.9, math.sqrt(share) * 0.97), _LEAST_WIDTH / longest)
    width, height = (even(edge * scale) for edge in manner.size)
    return replace(manner, size=(width, height))


def fitted(
    shots: Sequence[Shot],
    path: Path,
    fps: Fraction,
    most: int,
    finish: Callable[[NDArray[np.uint8], int], NDArray[np.uint8]],
    audio: AudioTrack | None = None,
) -> tuple[EncodedFile, Manner]:
    """Writes the pictures so that the file has `most` bytes at most. Raises `Stop` if it cannot be so small.

    `finish` is given each picture at its size, and the film's frame.
    """
    size = (shots[0].pixels.shape[1], shots[0].pixels.shape[0])
    manner: Manner | None = first_manner(size, fps, gif=path.suffix == ".gif")
    written: EncodedFile | None = None
    for _ in range(MOST_TRIES):
        if manner is None:
            break
        with timed(f"write {path.name}"):
            written = _write(shots, path, fps, manner, finish, audio)
        if written.bytes <= most:
            return written, manner
        manner = smaller(manner, fps, most / written.bytes)
    path.unlink(missing_ok=True)
    least = "" if written is None else f"; {format_bytes(written.bytes)} is the least that was tried"
    message = f"a preview of {len(shots) / float(fps):.1f} s does not fit into {format_bytes(most)}{least}"
    hint = "show less of it with `--seconds`"
    raise Stop(Exit.USAGE, message, hint + (", or write an .mp4" if path.suffix == ".gif" else ""))


def _write(
    shots: Sequence[Shot],
    path: Path,
    fps: Fraction,
    manner: Manner,
    finish: Callable[[NDArray[np.uint8], int], NDArray[np.uint8]],
    audio: AudioTrack | None,
) -> EncodedFile:
    from PIL import Image

    from anim_runtime.encode import encode_video

    width, height = manner.size
    kept = shots[:: manner.every]
    pictures = (
        finish(np.asarray(resized(Image.fromarray(one.pixels), manner.size)), one.frame) for one in kept
    )
    return encode_video(
        pictures,
        path,
        fps=fps / manner.every,
        width=width,
        height=height,
        quality=manner.quality,
        audio=audio,
    )
