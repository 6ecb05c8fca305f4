"""Pictures and sound into one container with FFmpeg (PyAV), and frames counted back out of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
from av.error import FFmpegError
from av.video.reformatter import ColorRange

from anim_runtime.encode.formats import THREADS, Target
from anim_runtime.encode.gif import paletted
from anim_runtime.encode.levels import U16, to_8_bit
from anim_runtime.encode.picture import video_frame
from anim_runtime.encode.problem import EncodeError
from anim_runtime.encode.sound import AudioTrack
from anim_runtime.encode.speaker import Speaker

#: ITU-T H.273 codes: BT.709 (matrix, primaries and transfer alike), the sRGB transfer, and no matrix at all
_BT709, _SRGB, _RGB = 1, 13, 0
#: Names that MP4 and MOV have fields for; any other needs the free-form table.
_COMMON_TAGS = frozenset({"title", "artist", "album", "comment", "composer", "copyright", "date", "genre"})
_FOREVER: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {"gif": ("loop", "0", "-1"), "apng": ("plays", "0", "1"), "webp": ("loop", "0", "1")}
)
#: x265 reckons when pictures are decoded by those that it holds back for reordering: of a film of fewer it
#: gives no times, or any, and now and then such that MP4 refuses them
_FEW = 4
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a film by its name, in seconds of the file."""

    name: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class About:
    """What a file is beside its pictures; `size` is their width and height."""

    fps: Fraction
    size: tuple[int, int]
    audio: AudioTrack | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    chapters: Sequence[Chapter] = ()
    #: the number of the first picture of a sequence
    number: int = 0


def mux(frames: Iterator[U16], path: Path, target: Target, about: About) -> int:
    """Writes `path` and returns the number of frames; raises EncodeError, or OSError from FFmpeg.

    `frames` are sRGB, uint16 `[H,W,3]`.
    """
    # SVT-AV1 tells of itself on the terminal unless it is told not to: 1 leaves its errors
    os.environ.setdefault("SVT_LOG", "1")
    first = list(islice(frames, _FEW))
    if not first:
        raise EncodeError("there are no frames to write", "render the film first")
    fps, count = about.fps, 0
    muxer = target.container.muxer
    with av.open(str(path), "w", format=muxer, options=_options(target, about.metadata)) as container:
        container.metadata.update(about.metadata)
        video = _add_video(container, target, about, is_short=len(first) < _FEW)
        if target.container.chapters and about.chapters:
            container.set_chapters(_chapters(about.chapters))
        speaker = Speaker(container, target.sound, about.audio) if about.audio and target.sound else None
        for picture in _pictures(chain(first, frames), target, fps):
            container.mux(video.encode(picture))
            count += 1
            if speaker is not None:
                speaker.speak_until(count / fps)
        container.mux(video.encode(None))
        if speaker is not None:
            speaker.finish(count / fps)
    return count


def count_frames(path: Path, fps: Fraction) -> int:
    """How many pictures can be decoded from a file; 0 if it cannot be opened.

    Of a WebP: how many of `fps` a second its pictures last for, as it keeps equal ones as one.
    """
    if path.suffix.lower() == ".webp":
        return _count_webp(path, fps)
    count = 0
    try:
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for _ in container.decode(stream):
                count += 1
    except (FFmpegError, EOFError, IndexError):
        return count
    return count


def encoder_options(target: Target) -> dict[str, str]:
    """The options that a target's encoder is opened with."""
    options = dict(target.codec.options)
    if target.codec_name == "webp":
        options |= {"lossless": "1"} if target.quality == 0 else {"quality": str(100 - (target.quality or 0))}
    elif target.quality is not None:
        options[target.codec.rate] = str(target.quality)
    return options


def _count_webp(path: Path, fps: Fraction) -> int:
    """FFmpeg writes moving WebP files and does not read them; Pillow does. A still one lasts for ever."""
    from PIL import Image

    lasts, pictures = 0, 0
    try:
        with Image.open(path) as image:
            pictures = int(getattr(image, "n_frames", 1))
            for number in range(pictures):
                image.seek(number)
                image.load()
                lasts += int(image.info.get("duration", 0))
    except (OSError, EOFError, ValueError):
        return 0
    return sys.maxsize if pictures == 1 and not lasts else round(lasts * fps / 1000)


def _options(target: Target, metadata: Mapping[str, str]) -> dict[str, str]:
    # bitexact: no random ids and no dates, so the same film is the same file
    options = {"fflags": "+bitexact"}
    if target.container.muxer in ("mp4", "mov"):
        free = not _COMMON_TAGS.issuperset(metadata)
        options["movflags"] = "+faststart" + ("+use_metadata_tags" if free else "")
    if target.container.muxer in _FOREVER:
        name, forever, once = _FOREVER[target.container.muxer]
        options[name] = forever if target.loop else once
    return options


# PyAV's streams are typed per codec name, and the name is a value here: Any at the library's edge
def _add_video(container: Any, target: Target, about: About, *, is_short: bool) -> Any:
    codec, fps = target.codec, about.fps
    options = encoder_options(target)
    if is_short and codec.encoder == "libx265":
        options["x265-params"] += ":bframes=0"
    stream = container.add_stream(codec.encoder, rate=fps, options=options)
    stream.width, stream.height = padded_size(about.size, target)
    stream.pix_fmt = target.pixels
    context = stream.codec_context
    context.time_base = stream.time_base = 1 / fps
    context.thread_count = THREADS
    tag_colours(context, target)
    if codec.tag and target.container.muxer in ("mp4", "mov"):
        context.codec_tag = codec.tag
    return stream


def padded_size(size: tuple[int, int], target: Target) -> tuple[int, int]:
    """Width and height, as the pixel format can have them."""
    width, height = (-(-side // step) * step for side, step in zip(size, target.steps, strict=True))
    return width, height


def tag_colours(context: Any, target: Target) -> None:
    """Says in the file what its numbers mean; Any as PyAV's contexts are typed per codec."""
    if target.pixels.startswith(("yuv", "p010")):
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = int(ColorRange.MPEG)
    elif target.pixels.startswith(("gbrp", "bgr0")):
        context.colorspace, context.color_primaries, context.color_trc = _RGB, _BT709, _SRGB
        context.color_range = int(ColorRange.JPEG)


def _pictures(frames: Iterator[U16], target: Target, fps: Fraction) -> Iterator[av.VideoFrame]:
    """Frames in the codec's pixel format, numbered."""
    if target.pixels == "pal8":
        yield from paletted((to_8_bit(frame) for frame in frames), fps)
        return
    for number, frame in enumerate(frames):
        picture = video_frame(frame, target)
        picture.pts, picture.time_base = number, 1 / fps
        yield picture


def _chapters(chapters: Sequence[Chapter]) -> list[Any]:
    # thousandths: what MP4's list of chapters counts in as well
    base = Fraction(1, 1000)
    return [
        {
            "id": number,
            "start": round(chapter.start / base),
            "end": round(chapter.end / base),
            "time_base": base,
            "metadata": {"title": chapter.name},
        }
        for number, chapter in enumerate(chapters, start=1)
    ]
