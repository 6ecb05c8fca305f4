"""Writes an output: to a temporary name, re-opened and counted, then renamed into place."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from anim_runtime.encode.formats import Target, check_output, frame_path
from anim_runtime.encode.handover import hand_over
from anim_runtime.encode.problem import DiskFull, EncodeError, from_system, is_full
from anim_runtime.encode.sound import AudioTrack

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """An output in place. For a sequence `path` is the pattern and `bytes` the sum."""

    path: Path
    frames: int
    seconds: Fraction
    bytes: int
    codec: str


def encode_video(
    frames: Iterator[NDArray[np.uint8]],
    path: Path,
    *,
    fps: Fraction,
    width: int,
    height: int,
    codec: str | None = None,
    quality: int | None = None,
    audio: AudioTrack | None = None,
    metadata: Mapping[str, str] = _NOTHING,
) -> EncodedFile:
    """Writes frames (uint8 `[height,width,3]`, sRGB) and sound as the path's ending says.

    `codec` is one of the ending's (`EXTENSIONS`); `quality` its rate factor, lower is better. The sound is
    cut or filled with silence to end with the picture; a GIF or a sequence has none. The file has its name
    only once it was read back and all frames were found in it. The same frames and arguments give the same
    bytes with the same libraries. The frames are drawn in this thread, encoding runs on another.
    Raises EncodeError (exit code 2; DiskFull: 4) and what drawing a frame raises, an OSError of it as
    EncodeError; of a single file nothing is left behind.
    """
    target = check_output(path, codec, quality)
    checked = _checked(frames, width, height)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if target.codec_name == "png":
            count, size = _write_sequence(checked, path)
        else:
            count, size = _write_file(checked, target, fps, (width, height), audio, metadata)
    except OSError as problem:
        raise from_system(problem, path) from problem
    return EncodedFile(path, count, Fraction(count) / fps, size, target.codec_name)


def _write_file(
    frames: Iterator[NDArray[np.uint8]],
    target: Target,
    fps: Fraction,
    size: tuple[int, int],
    audio: AudioTrack | None,
    metadata: Mapping[str, str],
) -> tuple[int, int]:
    """One file: how many frames and bytes it has."""
    from anim_runtime.encode.mux import mux

    path = target.path
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    sound = audio if target.sound else None
    try:
        count = hand_over(frames, lambda drawn: mux(drawn, part, target, fps, size, sound, metadata))
        found = count_frames_of(part)
        if found != count:
            raise _short(path, found, count)
        _settle(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return count, path.stat().st_size


def count_frames_of(path: Path) -> int:
    """How many pictures of a file can be decoded."""
    from anim_runtime.encode.mux import count_frames

    return count_frames(path)


def _write_sequence(frames: Iterator[NDArray[np.uint8]], pattern: Path) -> tuple[int, int]:
    """One PNG a frame: how many frames and bytes there are."""
    from anim_runtime.pictures import save_png

    count = size = 0
    for frame in frames:
        path = frame_path(pattern, count)
        save_png(frame, path)
        size += path.stat().st_size
        count += 1
    if not count:
        raise EncodeError("there are no frames to write", "render the film first")
    return count, size


def _checked(frames: Iterator[NDArray[np.uint8]], width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    for frame in frames:
        if frame.shape != (height, width, 3) or frame.dtype != np.uint8:
            raise ValueError(f"a frame is {frame.dtype} {frame.shape}, not uint8 ({height}, {width}, 3)")
        yield frame


def _short(path: Path, found: int, count: int) -> EncodeError:
    # FFmpeg can lose the end of a file on a full disk without a word
    if is_full(path.parent):
        return DiskFull(path)
    return EncodeError(
        f"`{path.name}` holds {found} of {count} frames after writing", "the frames are stored; encode again"
    )


def _settle(part: Path, path: Path) -> None:
    """Makes the bytes lasting, then gives the file its name."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a folder cannot be opened
        handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
