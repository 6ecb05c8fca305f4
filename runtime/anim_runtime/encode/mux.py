"""Pictures and sound into one container with FFmpeg (PyAV), and frames counted back out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from anim_runtime.encode.formats import THREADS, Target
from anim_runtime.encode.gif import paletted
from anim_runtime.encode.problem import EncodeError
from anim_runtime.encode.sound import CHANNELS, RATE, AudioTrack, Sound

#: ITU-T H.273 code of BT.709: matrix, primaries and transfer alike.
_BT709 = 1
#: Names that MP4 and MOV have fields for; any other needs the free-form table.
_COMMON_TAGS = frozenset({"title", "artist", "album", "comment", "composer", "copyright", "date", "genre"})
_CHUNK = 1024
_SOUND_BITS = 192_000


def mux(
    frames: Iterator[NDArray[np.uint8]],
    path: Path,
    target: Target,
    fps: Fraction,
    size: tuple[int, int],
    audio: AudioTrack | None,
    metadata: Mapping[str, str],
) -> int:
    """Writes `path` and returns the number of frames; raises EncodeError, or OSError from FFmpeg."""
    first = next(frames, None)
    if first is None:
        raise EncodeError("there are no frames to write", "render the film first")
    container = av.open(str(path), "w", format=target.container.muxer, options=_options(target, metadata))
    with container:
        container.metadata.update(metadata)
        video = _add_video(container, target, fps, size)
        speaker = _Speaker(container, target, audio) if audio is not None else None
        count = 0
        for picture in _pictures(chain((first,), frames), target, fps):
            container.mux(video.encode(picture))
            count += 1
            if speaker is not None:
                speaker.speak_until(count / fps)
        container.mux(video.encode(None))
        if speaker is not None:
            speaker.finish(count / fps)
    return count


def count_frames(path: Path) -> int:
    """How many pictures can be decoded from a file; 0 if it cannot be opened."""
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


def _options(target: Target, metadata: Mapping[str, str]) -> dict[str, str]:
    # bitexact: no random ids and no dates, so the same film is the same file
    options = {"fflags": "+bitexact"}
    if target.container.muxer in ("mp4", "mov"):
        free = not _COMMON_TAGS.issuperset(metadata)
        options["movflags"] = "+faststart" + ("+use_metadata_tags" if free else "")
    return options


# PyAV's streams are typed per codec name, and the name is a value here: Any at the library's edge
def _add_video(container: Any, target: Target, fps: Fraction, size: tuple[int, int]) -> Any:
    codec = target.codec
    options = dict(codec.options)
    if target.quality is not None:
        options["crf"] = str(target.quality)
    stream = container.add_stream(codec.encoder, rate=fps, options=options)
    stream.width, stream.height = (-(-n // step) * step for n, step in zip(size, _steps(target), strict=True))
    stream.pix_fmt = codec.pixels
    context = stream.codec_context
    context.time_base = stream.time_base = 1 / fps
    context.thread_count = THREADS
    if codec.pixels.startswith("yuv"):
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = int(ColorRange.MPEG)
    if codec.tag and target.container.muxer in ("mp4", "mov"):
        context.codec_tag = codec.tag
    return stream


def _steps(target: Target) -> tuple[int, int]:
    return target.codec.step_x, target.codec.step_y


def _pictures(frames: Iterator[NDArray[np.uint8]], target: Target, fps: Fraction) -> Iterator[av.VideoFrame]:
    """Frames in the codec's pixel format, numbered: RGB to BT.709 limited range where it is YUV."""
    if target.codec.pixels == "pal8":
        yield from paletted(frames, fps)
        return
    convert = VideoReformatter()
    for number, frame in enumerate(frames):
        pixels = _padded(frame, *_steps(target))
        picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        if target.codec.pixels.startswith("yuv"):
            picture = convert.reformat(
                picture,
                format=target.codec.pixels,
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
        else:
            picture = convert.reformat(picture, format=target.codec.pixels)
        if target.codec_name == "prores":
            _fill_padding(picture)
        picture.pts, picture.time_base = number, 1 / fps
        yield picture


def _padded(frame: NDArray[np.uint8], step_x: int, step_y: int) -> NDArray[np.uint8]:
    """The frame with its last row and column repeated until its size is a multiple of the steps."""
    height, width = frame.shape[:2]
    below, right = -height % step_y, -width % step_x
    if below or right:
        frame = np.pad(frame, ((0, below), (0, right), (0, 0)), mode="edge")
    return np.ascontiguousarray(frame)


def _fill_padding(picture: av.VideoFrame) -> None:
    """Continues each 16-bit row into the memory behind it: prores_ks reads there, and it would be chance."""
    for plane in picture.planes:
        memory: Any = plane  # a buffer at run time, which PyAV's annotations do not say
        rows = np.frombuffer(memory, np.uint16).reshape(plane.height, plane.line_size // 2)
        rows[:, plane.width :] = rows[:, plane.width - 1 : plane.width]


class _Speaker:
    """Encodes a track beside the pictures, in the pieces that its codec wants."""

    def __init__(self, container: Any, target: Target, audio: AudioTrack) -> None:
        self._container = container
        self._sound = Sound(audio)
        self._stream = container.add_stream(target.sound, rate=RATE, layout="stereo")
        lossy = target.sound in ("aac", "libopus")
        if lossy:
            self._stream.codec_context.bit_rate = _SOUND_BITS
        self._stream.codec_context.open()
        self._chunk = self._stream.codec_context.frame_size or _CHUNK
        self._written = 0

    def speak_until(self, seconds: Fraction) -> None:
        """Writes the whole pieces up to that time."""
        due = round(seconds * RATE)
        while self._written + self._chunk <= due:
            self._write(self._chunk)

    def finish(self, seconds: Fraction) -> None:
        """Writes the rest: the sound ends on the sample where the picture ends."""
        self.speak_until(seconds)
        rest = round(seconds * RATE) - self._written
        if rest:
            self._write(rest)
        self._container.mux(self._stream.encode(None))

    def _write(self, count: int) -> None:
        layout = self._stream.codec_context.format.name
        frame = av.AudioFrame.from_ndarray(_samples(self._sound.read(count), layout), layout, "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._written, Fraction(1, RATE)
        self._written += count
        self._container.mux(self._stream.encode(frame))


def _samples(sound: NDArray[np.float32], layout: str) -> NDArray[Any]:
    """Float32 `[2,n]` as FFmpeg's sample format wants it: planar (`…p`) or interleaved."""
    planar = layout.endswith("p")
    shaped = sound if planar else sound.T.reshape(1, CHANNELS * sound.shape[1])
    if layout.startswith("flt"):
        return np.ascontiguousarray(shaped)
    if layout.startswith("s16"):
        return np.ascontiguousarray(np.round(shaped * 32767.0).astype(np.int16))
    raise ValueError(f"no conversion to the sample format {layout}")
