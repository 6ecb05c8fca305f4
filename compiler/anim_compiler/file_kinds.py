"""The kinds of files that can be written: their endings, the codecs that each holds, what a codec takes.

One table for the checker, which knows before a render what cannot be written, and for the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CodecFacts:
    """What may be said of a codec.

    `bits` a channel, the usual first. `quality` is its usual rate factor, `best` and `worst` its bounds; less
    is better; None if it has none. `loops`: whether the file can say that it plays again and again.
    `on_gpu`: whether there are graphics cards that encode it.
    """

    bits: tuple[int, ...] = (8,)
    quality: int | None = None
    best: int = 0
    worst: int = 51
    loops: bool = False
    on_gpu: bool = False


CODEC_FACTS: Mapping[str, CodecFacts] = MappingProxyType(
    {
        "h264": CodecFacts((8, 10), 17, on_gpu=True),
        "h265": CodecFacts((10, 8), 20, on_gpu=True),
        "av1": CodecFacts((10, 8), 28, worst=63, on_gpu=True),
        "vp9": CodecFacts((8,), 24, worst=63),
        "prores": CodecFacts((10,)),
        "prores4444": CodecFacts((10,)),
        "ffv1": CodecFacts((8, 10, 16)),
        "gif": CodecFacts((8,), loops=True),
        "apng": CodecFacts((8, 16), loops=True),
        "webp": CodecFacts((8,), 10, worst=63, loops=True),
        "png": CodecFacts((8, 16)),
        "tiff": CodecFacts((16, 8)),
        "exr": CodecFacts((16, 32)),
        "jpeg": CodecFacts((8,), 5, worst=63),
    }
)

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ".mp4": ("h264", "h265", "av1", "vp9"),
        ".m4v": ("h264", "h265"),
        ".mov": ("h264", "h265", "prores", "prores4444"),
        ".mkv": ("h264", "h265", "av1", "vp9", "ffv1", "prores", "prores4444"),
        ".webm": ("vp9", "av1"),
        ".gif": ("gif",),
        ".apng": ("apng",),
        ".webp": ("webp",),
        ".png": ("png", "apng"),
        ".tif": ("tiff",),
        ".tiff": ("tiff",),
        ".exr": ("exr",),
        ".jpg": ("jpeg",),
        ".jpeg": ("jpeg",),
    }
)
"""File name endings and the codecs each may hold, the usual first."""

SOUNDLESS = frozenset({"gif", "apng", "webp", "png", "tiff", "exr", "jpeg"})
"""Codecs whose files hold no sound."""

STILLS = frozenset({"png", "tiff", "exr", "jpeg"})
"""Codecs of single pictures: a file for each frame."""

LARGEST_SIDE = 16384
"""The widest and highest picture that is written, in pixels: the most that H.264 and its like can say."""

FASTEST = 240
"""The most frames a second that a file has."""

_FRAME = re.compile(r"\{\s*frame\b[^}]*\}")


def ending_of(path: str) -> str:
    """A path's ending, in small letters, with its dot."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def codec_of(path: str, codec: str | None) -> str | None:
    """The codec that a file is written with; None if nothing can be written under that name."""
    return codec or next(iter(ENDINGS.get(ending_of(path), ())), None)


def is_sequence(path: str) -> bool:
    """Whether a path names one file for each frame."""
    return _FRAME.search(path) is not None
