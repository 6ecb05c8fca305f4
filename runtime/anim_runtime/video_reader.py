"""Frames of a video file by their time: decoded in order, with a few kept, sought only where that is nearer.

The frame at a moment is the last one that begins no later: what a player shows then. Memory stays the same
however long the file is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from anim_compiler.containers import opened
from anim_compiler.media import MOST_PIXELS
from anim_runtime.problems import RenderProblem
from anim_runtime.video_fit import Shape

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

#: frames that are kept behind the one in work, so that two places of one clip need no second decoding
KEPT = 4
#: bytes that frames may take that are kept while a clip is played backwards
BACKWARDS = 48 << 20
#: from so many seconds ahead on a key frame is looked for instead of decoding all that lies between
_FAR = 4.0
#: times in files are rounded, to a hundredth of a second at worst
_ROUNDED = 0.006


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame and the seconds of the file, from its first frame on, at which it begins and ends."""

    frame: VideoFrame
    begins: float
    ends: float


class VideoReader:
    """One video file in work; `name` is what messages call it, `warn` takes what the user should know."""

    def __init__(self, path: Path, name: str, warn: Callable[[str], None]) -> None:
        self._path = path
        self._name = name
        self._warn = warn
        self._warned = False
        self._kept: deque[Shown] = deque()
        self._coming: tuple[VideoFrame, float] | None = None
        self._shown: tuple[VideoFrame, float] | None = None
        self._backwards = False
        self._open()

    @property
    def shape(self) -> Shape:
        """How the stream's frames are to be seen; known once a frame was read."""
        return self._shape

    def close(self) -> None:
        """Let go of the file and of all frames."""
        self._kept.clear()
        self._coming = self._shown = None
        with suppress(Exception):
            self._container.close()

    def at(self, seconds: float) -> Shown:
        """The frame that is seen so many seconds after the file's beginning; the first one before it, the
        last one after its end. RenderProblem (exit code 2 or 3) if it cannot be decoded.
        """
        wanted = seconds + self._hair
        found = self._found(wanted) or self._decoded(wanted)
        self._ends_early(wanted, found)
        return found

    # --- going there ---

    def _decoded(self, wanted: float) -> Shown:
        self._go_to(wanted)
        while self._coming is not None and self._coming[1] <= wanted:
            self._step()
        if self._shown is None:
            self._step()
        if self._shown is None:
            self._fail("holds no picture")
        return self._kept[-1]

    def _found(self, wanted: float) -> Shown | None:
        return next((shown for shown in self._kept if shown.begins <= wanted < shown.ends), None)

    def _go_to(self, wanted: float) -> None:
        """Stands at or before a moment, so that decoding leads there."""
        here = self._shown[1] if self._shown is not None else None
        if here is None:
            if wanted > _FAR:
                self._seek(wanted)
            return
        if wanted < here:
            self._backwards = True
            self._seek(wanted)
        elif self._coming is not None and wanted - self._coming[1] > _FAR:
            self._backwards = False
            self._seek(wanted)

    def _seek(self, wanted: float) -> None:
        """To the key frame before a moment; further back if the file is not exact, at last to the start."""
        from av.error import FFmpegError

        for back in (0.0, 2.0, 10.0):
            if wanted - back <= 0.0:
                break
            ticks = int((wanted - back + float(self._origin)) / float(self._base))
            try:
                self._container.seek(ticks, stream=self._stream, backward=True)
            except (FFmpegError, OSError):
                break
            self._begin()
            if self._coming is not None and self._coming[1] <= wanted:
                return
        self._container.close()
        self._open()

    def _open(self) -> None:
        from av.error import FFmpegError

        try:
            self._container: InputContainer = opened(self._path)
        except (FFmpegError, OSError, ValueError) as error:
            self._fail(f"cannot be opened: {_said(error)}", error)
        if not self._container.streams.video:
            self._fail("holds no picture")
        self._stream: VideoStream = self._container.streams.video[0]
        self._check_size(self._stream.width, self._stream.height)
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = 2
        self._stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        self._base = self._stream.time_base or Fraction(1, 1000)
        self._rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        self._origin = self._base * (self._stream.start_time or 0)
        self._hair = _hair(self._base, self._rate)
        self._begin()
        if self._coming is not None:
            # before its first frame a file shows that one
            self._coming = (self._coming[0], min(self._coming[1], 0.0))

    def _begin(self) -> None:
        """Starts decoding where the file stands."""
        self._shown, self._coming = None, None
        self._kept.clear()
        self._frames: Iterator[VideoFrame] = self._container.decode(self._stream)
        self._coming = self._next(None)

    # --- one frame on ---

    def _step(self) -> None:
        """The next frame becomes the one that is seen."""
        if self._coming is None:
            return
        self._shown = self._coming
        frame, begins = self._shown
        self._coming = self._next(begins)
        ends = float("inf") if self._coming is None else self._coming[1]
        self._kept.append(Shown(frame, begins, ends))
        while len(self._kept) > self._most(frame):
            self._kept.popleft()

    def _most(self, frame: VideoFrame) -> int:
        if not self._backwards:
            return KEPT
        size: int = sum(plane.buffer_size for plane in frame.planes)
        return max(KEPT, BACKWARDS // max(size, 1))

    def _next(self, before: float | None) -> tuple[VideoFrame, float] | None:
        """The frame that follows and when it begins; None at the end."""
        from av.error import EOFError as EndOfFile
        from av.error import FFmpegError

        while True:
            try:
                frame = next(self._frames, None)
            except EndOfFile:
                return None
            except (FFmpegError, ValueError, MemoryError) as error:
                at = 0.0 if before is None else before
                self._fail(f"cannot be decoded at {at:.2f}s: {_said(error)}", error)
            if frame is None:
                return None
            begins = self._time(frame, before)
            # a time that does not go on belongs to a frame that was sent twice
            if before is None or begins > before:
                return self._checked(frame), begins

    def _time(self, frame: VideoFrame, before: float | None) -> float:
        """The second at which a frame begins; counted on where the file does not say it."""
        if frame.pts is not None:
            return float(frame.pts * (frame.time_base or self._base) - self._origin)
        return 0.0 if before is None else before + float(1 / self._rate)

    def _checked(self, frame: VideoFrame) -> VideoFrame:
        self._check_size(frame.width, frame.height)
        aspect = self._stream.sample_aspect_ratio
        square = 1.0 if not aspect or not 0.02 < float(aspect) < 50.0 else float(aspect)
        self._shape = Shape(square, round(frame.rotation / 90.0) % 4)
        return frame

    # --- what is wrong ---

    def _ends_early(self, wanted: float, last: Shown) -> None:
        """Tells once that a file is shorter than its header says."""
        over = wanted - last.begins - float(2 / self._rate)
        if last.ends != float("inf") or over < 0.1 or self._warned:
            return
        self._warned = True
        end = last.begins + float(1 / self._rate)
        self._warn(
            f"`{self._name}` ends at {end:.2f}s, before its header says: its last picture holds from there on"
        )

    def _check_size(self, width: int, height: int) -> None:
        if width * height > MOST_PIXELS:
            message = f"`{self._name}` is {width}x{height}, larger than 8192x8192"
            raise RenderProblem(message, "save a smaller copy", 3)

    def _fail(self, says: str, error: BaseException | None = None) -> NoReturn:
        hint = "play it to see whether it is whole, or convert it: `ffmpeg -i IN.mp4 OUT.mp4`"
        raise RenderProblem(f"`{self._name}` {says}", hint, 2) from error


def _hair(tick: Fraction, rate: Fraction) -> float:
    """The seconds by which a frame may be told too late: half a tick, unless a tick is a frame and so exact;
    a millisecond at least, for times that were rounded before they were summed.
    """
    rounded = 0.0 if tick * rate > Fraction(9, 10) else min(0.51 * float(tick), _ROUNDED)
    return min(max(rounded, 0.001), 0.25 / float(rate))


def _said(error: BaseException) -> str:
    """What FFmpeg or the system says is wrong."""
    said = getattr(error, "strerror", None) or str(error)
    return said[:1].lower() + said[1:]
