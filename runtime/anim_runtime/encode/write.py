"""Writes an output: to a temporary name, re-opened and counted, then renamed into place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anim_compiler.file_kinds import is_sequence
from anim_compiler.whole_file import settle, write_whole
from anim_runtime.encode.formats import Target, check_output, frame_path
from anim_runtime.encode.handover import Lane
from anim_runtime.encode.problem import DiskFull, EncodeError, from_system, is_full
from anim_runtime.encode.sound import AudioTrack

if TYPE_CHECKING:
    from anim_runtime.encode.mux import About, Chapter

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """An output in place. For a sequence `path` is the pattern and `bytes` the sum."""

    path: Path
    frames: int
    seconds: Fraction
    bytes: int
    codec: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame to write: sRGB uint16 or uint8 `[H,W,3]`, and texts that stand in a picture file of it."""

    pixels: NDArray[np.uint16] | NDArray[np.uint8]
    texts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


def encode_video(
    frames: Iterator[NDArray[np.uint8]] | Iterator[NDArray[np.uint16]],
    path: Path,
    *,
    fps: Fraction,
    width: int,
    height: int,
    codec: str | None = None,
    quality: int | None = None,
    bits: int | None = None,
    loop: bool | None = None,
    audio: AudioTrack | None = None,
    metadata: Mapping[str, str] = _NOTHING,
    chapters: Sequence[Chapter] = (),
) -> EncodedFile:
    """Writes frames (uint8 or uint16 `[height,width,3]`, sRGB) and sound as the path's ending says.

    `codec` is one of the ending's (`ENDINGS`); `quality` its rate factor, lower is better. The sound is
    cut or filled with silence to end with the picture; a GIF or a sequence has none. The file has its name
    only once it was read back and all frames were found in it. The same frames and arguments give the same
    bytes with the same libraries. The frames are drawn in this thread, encoding runs on another.
    Raises EncodeError (exit code 2; DiskFull: 4) and what drawing a frame raises; of a single file nothing
    is left behind.
    """
    from anim_runtime.encode.mux import About

    target = check_output(path, codec, quality, bits=bits, loop=loop)
    about = About(fps, (width, height), audio, metadata, chapters)
    lane: Lane[Picture, EncodedFile] = Lane(lambda drawn: write_pictures(drawn, target, about))
    try:
        for frame in frames:
            if not lane.put(Picture(frame)):
                break
    except BaseException:
        lane.abandon()
        raise
    return lane.result()


def write_pictures(
    pictures: Iterator[Picture],
    target: Target,
    about: About,
    prepared: Callable[[NDArray[np.uint16]], NDArray[np.uint16]] | None = None,
) -> EncodedFile:
    """Writes pictures in this thread, each `prepared` before; raises as `encode_video`."""
    path = target.path
    checked = _checked(pictures, about.size, prepared)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count, size = (_write_sequence if target.sequence else _write_file)(checked, target, about)
    except OSError as problem:
        raise from_system(problem, path) from problem
    return EncodedFile(path, count, Fraction(count) / about.fps, size, target.codec_name)


def _write_file(frames: Iterator[Picture], target: Target, about: About) -> tuple[int, int]:
    """One file: how many frames and bytes it has."""
    from anim_runtime.encode.mux import mux

    path = target.path
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        count = mux((np.asarray(frame.pixels, np.uint16) for frame in frames), part, target, about)
        found = count_frames_of(part, about.fps)
        if found < count:
            raise _short(path, found, count)
        settle(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return count, path.stat().st_size


def count_frames_of(path: Path, fps: Fraction) -> int:
    """How many pictures of a file can be decoded."""
    from anim_runtime.encode.mux import count_frames

    return count_frames(path, fps)


def _write_sequence(frames: Iterator[Picture], target: Target, about: About) -> tuple[int, int]:
    """One file a frame: how many frames and bytes there are."""
    from anim_runtime.encode.still import still

    count = size = 0
    numbered = is_sequence(str(target.path))
    for frame in frames:
        path = frame_path(target.path, about.number + count) if numbered else target.path
        data = still(np.asarray(frame.pixels, np.uint16), target, frame.texts)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        size += len(data)
        count += 1
    if not count:
        raise EncodeError("there are no frames to write", "render the film first")
    return count, size


def _checked(
    pictures: Iterator[Picture],
    size: tuple[int, int],
    prepared: Callable[[NDArray[np.uint16]], NDArray[np.uint16]] | None,
) -> Iterator[Picture]:
    from anim_runtime.encode.levels import to_16_bit

    for picture in pictures:
        deep = to_16_bit(picture.pixels)
        made = deep if prepared is None else prepared(deep)
        if made.shape != (size[1], size[0], 3):
            raise ValueError(f"a frame is {made.shape}, not ({size[1]}, {size[0]}, 3)")
        yield Picture(made, picture.texts)


def _short(path: Path, found: int, count: int) -> EncodeError:
    # FFmpeg can lose the end of a file on a full disk without a word
    if is_full(path.parent):
        return DiskFull(path)
    return EncodeError(
        f"`{path.name}` holds {found} of {count} frames after writing", "the frames are stored; encode again"
    )
