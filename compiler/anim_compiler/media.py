"""What a file's header says: the length of a sound, the size of a picture. Loaded only when asked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from threading import Lock

from anim_compiler.containers import opened

MOST_PIXELS = 8192 * 8192
"""A picture may have so many pixels."""

_HEADERS_ONLY = Lock()
"""Held while Pillow's own limit is off: it holds for the whole process."""


def audio_length(path: Path) -> Fraction | None:
    """How long a sound is in seconds, by its header; None if it cannot be told."""
    import soundfile

    try:
        info = soundfile.info(str(path))
        return Fraction(int(info.frames), int(info.samplerate))
    except (soundfile.LibsndfileError, ZeroDivisionError):
        return _container_length(path)


def _container_length(path: Path) -> Fraction | None:
    from av.error import FFmpegError

    try:
        with opened(path) as container:
            stream = container.streams.audio[0]
            if stream.duration is not None and stream.time_base is not None:
                return Fraction(stream.duration * stream.time_base)
            return None if container.duration is None else Fraction(container.duration, 1_000_000)
    except (FFmpegError, OSError, IndexError):
        return None


def image_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture, by its header; None if it is none."""
    from PIL import Image, UnidentifiedImageError

    with _HEADERS_ONLY:
        # a huge picture is refused by its size here (`MOST_PIXELS`), in words of ours
        most, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            with Image.open(path) as image:
                return image.size
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            return None
        finally:
            Image.MAX_IMAGE_PIXELS = most
