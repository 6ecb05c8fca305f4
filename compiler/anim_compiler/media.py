"""What a file's header says: the length of a sound, the size of a picture. Loaded only when asked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from threading import Lock

from anim_compiler.containers import opened_sound

MOST_PIXELS = 8192 * 8192
"""A picture may have so many pixels."""

_HEADERS_ONLY = Lock()
"""Held while Pillow's own limit is off: it holds for the whole process."""


def sound_header(path: Path, kind: str) -> tuple[int, int, Fraction | None] | None:
    """Samples a second, channels and seconds of a sound, as FFmpeg says; None for what it cannot open. `kind`
    as of `sound.header`. Raises AudioError for a file without sound.
    """
    from av.error import FFmpegError

    from anim_compiler.sound.limits import soundless

    try:
        with opened_sound(path, kind) as container:
            if not container.streams.audio:
                raise soundless(path.name)
            stream = container.streams.audio[0]
            seconds = None if container.duration is None else Fraction(container.duration, 1_000_000)
            if stream.duration is not None and stream.time_base is not None:
                seconds = Fraction(stream.duration * stream.time_base)
                picture = next(iter(container.streams.video), None)
                if picture is not None and stream.start_time is not None:
                    # on the picture's clock, as it is heard
                    begins = Fraction((picture.start_time or 0) * (picture.time_base or 0))
                    seconds += max(Fraction(stream.start_time * stream.time_base) - begins, Fraction(0))
            return int(stream.rate or 0), int(stream.codec_context.channels), seconds
    except (FFmpegError, OSError, ValueError, AttributeError):
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
