"""Graphics cards that encode, if they really do."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from anim_runtime.encode.formats import ON_GPU, Target


def on_gpu(target: Target, size: tuple[int, int], fps: Fraction) -> Target | None:
    """The target with the card's encoder; None if there is none, or if it does not open at this size.

    That FFmpeg knows an encoder says nothing: without a driver, or with its last session taken, only opening
    it tells.
    """
    codec = ON_GPU.get(target.codec_name)
    if codec is None or target.bits not in codec.pixels:
        return None
    found = replace(target, codec=codec)
    return found if opens(found, size, fps) else None


def opens(target: Target, size: tuple[int, int], fps: Fraction) -> bool:
    """Whether the target's encoder opens."""
    import av
    from av.error import FFmpegError

    from anim_runtime.encode.mux import encoder_options, padded_size, tag_colours

    try:
        # Any: PyAV types contexts by the codec's name, which is a value here
        context: Any = av.CodecContext.create(target.codec.encoder, "w")
        context.width, context.height = padded_size(size, target)
        context.pix_fmt, context.time_base, context.framerate = target.pixels, 1 / fps, fps
        context.options = encoder_options(target)
        tag_colours(context, target)
        context.open()
    except (FFmpegError, ValueError, OSError):
        return False
    return True
