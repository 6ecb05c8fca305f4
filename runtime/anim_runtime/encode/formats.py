"""What can be written: file name endings, the codecs each may hold, and how each codec is set up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from anim_runtime.encode.problem import EncodeError

#: Threads of a video encoder. Fixed, not the machine's: the thread count changes the bytes.
THREADS = 4


@dataclass(frozen=True, slots=True)
class Codec:
    """A video codec: FFmpeg's encoder, its pixel format and options.

    `best..worst` bound `quality` (the encoder's constant rate factor, lower is better); a codec without
    it has none. Sizes are padded to multiples of `(step_x, step_y)`, as chroma subsampling wants.
    """

    encoder: str
    pixels: str
    options: Mapping[str, str] = field(default_factory=dict)
    quality: int | None = None
    best: int = 0
    worst: int = 51
    step_x: int = 1
    step_y: int = 1
    tag: str | None = None


CODECS: Mapping[str, Codec] = MappingProxyType(
    {
        # no mbtree: with it and AVX-512 the bytes depend on what memory held before (seen at 192x128)
        "h264": Codec("libx264", "yuv420p", {"preset": "medium", "mbtree": "0"}, 17, 0, 51, 2, 2),
        "h265": Codec(
            "libx265",
            "yuv420p",
            {"preset": "medium", "x265-params": f"log-level=error:pools={THREADS}:frame-threads=2"},
            20,
            0,
            51,
            2,
            2,
            "hvc1",
        ),
        "vp9": Codec(
            "libvpx-vp9", "yuv420p", {"b": "0", "deadline": "good", "cpu-used": "4"}, 24, 0, 63, 2, 2
        ),
        "prores": Codec("prores_ks", "yuv422p10le", {"profile": "3"}, step_x=2),
        "ffv1": Codec("ffv1", "bgr0", {"level": "3", "slicecrc": "1"}),
        "gif": Codec("gif", "pal8"),
        "png": Codec("png", "rgb24"),
    }
)


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file: FFmpeg's muxer, the codecs it may hold (the first is the default), its sound."""

    muxer: str
    codecs: tuple[str, ...]
    sound: str | None


EXTENSIONS: Mapping[str, Container] = MappingProxyType(
    {
        ".mp4": Container("mp4", ("h264", "h265", "vp9"), "aac"),
        ".m4v": Container("mp4", ("h264", "h265"), "aac"),
        ".mov": Container("mov", ("h264", "h265", "prores"), "aac"),
        ".mkv": Container("matroska", ("h264", "h265", "vp9", "ffv1", "prores"), "aac"),
        ".webm": Container("webm", ("vp9",), "libopus"),
        ".gif": Container("gif", ("gif",), None),
        ".png": Container("image2", ("png",), None),
    }
)

#: Sound without loss beside pictures without (visible) loss.
_SOUND_OF = {"prores": "pcm_s16le", "ffv1": "flac"}
_FRAME_FIELD = re.compile(r"\{frame(?::0?([1-9]))?\}")


@dataclass(frozen=True, slots=True)
class Target:
    """An output that can be written: where, as what, with which sound codec and rate factor."""

    path: Path
    container: Container
    codec_name: str
    codec: Codec
    sound: str | None
    quality: int | None


def check_output(path: Path, codec: str | None = None, quality: int | None = None) -> Target:
    """What will be written for `output "path" { codec quality }`; raises EncodeError if nothing can be."""
    container = EXTENSIONS.get(path.suffix.lower())
    if container is None:
        known = ", ".join(sorted(EXTENSIONS))
        raise EncodeError(
            f"`{path.name}` has no ending that can be written", f"end the name with one of {known}"
        )
    name = codec or container.codecs[0]
    if name not in container.codecs:
        choices = " or ".join(f"`{c}`" for c in container.codecs)
        raise EncodeError(f"a {path.suffix} file cannot hold `{name}`", f"write codec = {choices}")
    found = CODECS[name]
    if quality is not None and found.quality is not None and not found.best <= quality <= found.worst:
        raise EncodeError(
            f"`quality` is {quality}; for {name} it must be within {found.best} and {found.worst}",
            f"lower is better; {found.quality} is the default",
        )
    if name == "png":
        frame_path(path, 0)
    sound = container.sound and _SOUND_OF.get(name, container.sound)
    return Target(path, container, name, found, sound, found.quality if quality is None else quality)


def frame_path(pattern: Path, frame: int) -> Path:
    """The path of a picture of a sequence: `frames/{frame:05}.png`; raises EncodeError without `{frame}`."""
    if len(_FRAME_FIELD.findall(str(pattern))) != 1:
        raise EncodeError(
            f"`{pattern.name}` names one picture, not a sequence",
            f'write "{pattern.stem}-{{frame:05}}.png"',
        )
    return Path(_FRAME_FIELD.sub(lambda match: f"{frame:0{int(match[1] or 1)}}", str(pattern)))


def pictures_of(pattern: Path, frames: int) -> tuple[Path, ...]:
    """The paths of so many pictures of a sequence; none if the path names one file."""
    is_sequence = _FRAME_FIELD.search(str(pattern)) is not None
    return tuple(frame_path(pattern, frame) for frame in range(frames)) if is_sequence else ()
