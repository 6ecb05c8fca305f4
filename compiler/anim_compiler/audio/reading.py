"""The samples of a sound file in time, as they are in the file: for the analysis and for what is heard.

libsndfile reads WAV, FLAC and OGG; FFmpeg (PyAV) the rest: MP3, M4A, AAC, the sound of videos. Both stand on
the film's clock: what an encoder put before the sound is dropped, a video's sound that begins late is
preceded by silence, and what lies before the picture's beginning is cut away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.containers import opened_sound
from anim_compiler.sound import header
from anim_compiler.sound.limits import guard, soundless, unreadable

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from av.stream import Stream
    from numpy.typing import NDArray

_BLOCK: Final = 1 << 15
_STEREO: Final = 2
_SNDFILE: Final = frozenset({"wav", "flac", "ogg"})  # its MP3 decoder writes to the terminal by itself
_LATE: Final = Fraction(1, 20)  # seconds that may lack between two frames before silence is put there
_MOST_FAULTS: Final = 10_000
_NO_LENGTH: Final = 2**63 - 1  # what libsndfile says of a FLAC stream that does not tell its length
_TIMED: Final = frozenset({"mov", "matroska", "avi", "asf", "flac", "flv"})
"""Kinds of files whose pieces know their time."""
_TOLD: Final = frozenset({"mov", "aiff", "au"})
"""Kinds of files whose header tells the length of the sound itself."""


@dataclass(slots=True)
class Reading:
    """The pieces of one file, each float32 `[n, channels]`, full scale ±1 and unchecked; gone through once.

    `rate`, `channels` and `layout` (FFmpeg's name of where they stand) hold from the first piece on. After
    the last one `claimed` are the seconds that the header says, 0 if it does not, and `is_damaged` says
    whether a part could not be decoded. Raises AudioError, before the first piece, for what is no sound.
    """

    path: Path
    rate: int = 0
    channels: int = 0
    layout: str = ""
    claimed: float = 0.0
    is_damaged: bool = False
    _count: int = field(default=0)

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        found = header.read(self.path)
        self.is_damaged = not found.is_ended
        if found.seconds is not None and found.is_ended:
            self.claimed = float(found.claimed or found.seconds)
        pieces = self._dropped(self._pieces(found), found.skip)
        for piece in pieces:
            self._count += piece.shape[0]
            guard(self.path.name, self.rate, piece.shape[1], Fraction(self._count, self.rate))
            yield piece

    def _pieces(self, found: header.Header) -> Iterator[NDArray[np.float32]]:
        if found.kind not in _SNDFILE or found.channels > _STEREO:
            # FFmpeg knows which of several channels is where
            yield from self._by_ffmpeg(found.kind)
            return
        import soundfile

        try:
            file = soundfile.SoundFile(str(self.path))
        except (soundfile.LibsndfileError, TypeError):  # TypeError: a .raw file, which has no header to read
            yield from self._by_ffmpeg(found.kind)
            return
        with file:
            if 0 < file.frames < _NO_LENGTH:
                yield from self._by_sndfile(file, found)
                return
        # a recording that was never finished says that it has no samples, a streamed one nothing at all
        yield from self._by_ffmpeg(found.kind)

    def _by_sndfile(self, file: object, found: header.Header) -> Iterator[NDArray[np.float32]]:
        import soundfile

        assert isinstance(file, soundfile.SoundFile)
        self.rate, self.channels = int(file.samplerate), int(file.channels)
        guard(self.path.name, self.rate, self.channels, file.frames / max(self.rate, 1))
        count = 0
        try:
            # until nothing comes: the length that libsndfile tells is an estimate for some MP3
            while (block := file.read(_BLOCK, dtype="float32", always_2d=True)).shape[0]:
                count += block.shape[0]
                yield np.asarray(block, np.float32)
        except soundfile.LibsndfileError:
            self.is_damaged = True
            # FFmpeg finds its way again after what is damaged
            yield from self._dropped(self._by_ffmpeg(found.kind), count)

    def _dropped(self, pieces: Iterator[NDArray[np.float32]], count: int) -> Iterator[NDArray[np.float32]]:
        """The pieces without the first `count` samples."""
        for piece in pieces:
            if count < piece.shape[0]:
                yield piece[count:]
            count = max(0, count - piece.shape[0])

    # --- FFmpeg ---

    def _by_ffmpeg(self, kind: str) -> Iterator[NDArray[np.float32]]:
        from av.error import FFmpegError

        try:
            container = opened_sound(self.path, kind)
        except (FFmpegError, OSError, ValueError) as problem:
            if self._count or self.is_damaged:
                return
            raise unreadable(self.path.name) from problem
        with container:
            if not container.streams.audio:
                raise soundless(self.path.name)
            try:
                yield from self._of_container(container)
            except (FFmpegError, ValueError, AttributeError, OverflowError) as problem:
                # a damaged container can promise a sound that has neither rate nor samples
                self.is_damaged = True
                if not self._count:
                    raise unreadable(self.path.name) from problem

    def _of_container(self, container: InputContainer) -> Iterator[NDArray[np.float32]]:
        """The first sound of a container, on the clock of its picture."""
        stream = container.streams.audio[0]
        rate = self.rate = int(stream.rate or 0)
        self.channels, self.layout = int(stream.codec_context.channels), str(stream.layout.name)
        if not rate or not self.channels:
            # FFmpeg believes an ending where the bytes say nothing
            raise unreadable(self.path.name)
        is_timed = not _TIMED.isdisjoint(container.format.name.split(","))
        # other kinds have no length but a guess, from their first frames
        promised = (container.duration or 0) / 1_000_000 if is_timed else 0
        guard(self.path.name, rate, self.channels, promised)
        origin = _origin(container, is_timed=is_timed)
        at, end, start = 0, 0.0, Fraction(0)
        for frame, reach in self._frames(container):
            end = max(end, reach)
            if frame is None:
                continue
            if frame.sample_rate != rate:
                # what the first frame says is true; a stream that changes its rate on its way ends there
                if at:
                    self.is_damaged = True
                    break
                rate = self.rate = frame.sample_rate
                guard(self.path.name, rate, self.channels, 0)
            piece = _samples(frame, self.channels)
            begins = None
            if frame.pts is not None and frame.time_base is not None and origin is not None:
                begins = frame.pts * frame.time_base - origin
                start = begins if at == 0 else start
                if begins > _reach(container) - origin:
                    # a damaged time, which would put up to hours of silence before the piece
                    begins = None
            for part in _placed(piece, at, begins, rate):
                yield part
                at += part.shape[0]
        self._claim(container, end, float(start), is_timed=is_timed)

    def _frames(self, container: InputContainer) -> Iterator[tuple[AudioFrame | None, float]]:
        """The decoded frames, and after each packet of any stream the second that it reaches to."""
        from av.error import EOFError as EndOfFile
        from av.error import FFmpegError

        stream = container.streams.audio[0]
        packets, faults = container.demux(), 0
        while faults < _MOST_FAULTS:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                time = 0.0
                if packet.pts is not None and packet.time_base:
                    time = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                yield None, time
                if packet.stream_index == stream.index:
                    yield from ((frame, 0.0) for frame in packet.decode())  # type: ignore[misc]
            except EndOfFile:
                return
            except (FFmpegError, ValueError, AttributeError):
                self.is_damaged, faults = True, faults + 1

    def _claim(self, container: InputContainer, end: float, start: float, *, is_timed: bool) -> None:
        """What the header says of the length: of the sound, else of all that is in the file."""
        stream = container.streams.audio[0]
        is_told = not _TOLD.isdisjoint(container.format.name.split(","))
        if is_told and stream.duration and stream.time_base:
            self.claimed = start + float(stream.duration * stream.time_base)
        elif is_timed and container.duration and container.duration / 1_000_000 - end > 1.0:
            self.claimed = container.duration / 1_000_000


def _reach(container: InputContainer) -> Fraction | float:
    """The container's second at which it ends, as it says; infinity if it does not."""
    if not container.duration:
        return math.inf
    return Fraction(container.duration + (container.start_time or 0), 1_000_000) + 1


def _origin(container: InputContainer, *, is_timed: bool) -> Fraction | None:
    """The container's second at which its picture begins, which is the clip's zero; None if times do not
    count: then the first sample is the beginning.
    """
    video = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
    if video is not None and video.start_time is not None and video.time_base is not None:
        return Fraction(video.start_time * video.time_base)
    return Fraction(0) if is_timed else None


def _is_cover(stream: Stream) -> bool:
    """Whether a stream of pictures is the cover of an album."""
    from av.stream import Disposition

    return Disposition.attached_pic in stream.disposition


def _samples(frame: AudioFrame, channels: int) -> NDArray[np.float32]:
    """A frame as float32 `[n, channels]`, whatever its format: integers are scaled to ±1."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(-1, frame.layout.nb_channels).T
    if data.dtype == np.uint8:
        data = (data.astype(np.float32) - 128.0) / 128.0
    elif data.dtype in (np.int16, np.int32):
        data = data.astype(np.float32) / (2.0**15 if data.dtype == np.int16 else 2.0**31)
    rows = np.asarray(data.T, np.float32)
    # a stream may change its channels on its way; the mean is what counts then
    same = rows if rows.shape[1] == channels else np.repeat(rows.mean(1, keepdims=True), channels, axis=1)
    return np.asarray(same, np.float32)


def _placed(
    piece: NDArray[np.float32], at: int, begins: Fraction | None, rate: int
) -> Iterator[NDArray[np.float32]]:
    """A piece that begins at second `begins`, preceded by the silence that lacks since sample `at`."""
    if begins is not None:
        lacks = round(begins * rate) - at
        if lacks > 0 and (at == 0 or lacks > _LATE * rate):
            for start in range(0, lacks, _BLOCK):
                yield np.zeros((min(_BLOCK, lacks - start), piece.shape[1]), np.float32)
        elif lacks < 0 and at == 0:
            piece = piece[-lacks:]
    yield piece
