"""A film's sound: a track decoded, shifted, made louder or softer, and exactly as long as the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_runtime.encode.problem import EncodeError

#: Samples per second of what is written.
RATE = 48_000
CHANNELS = 2


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """A sound file beside the film: `offset` is the second of the track that stands at film time 0.

    At `tempo` 2 it plays twice as fast, at its own pitch.
    """

    path: Path
    offset: float = 0.0
    gain_db: float = 0.0
    tempo: float = 1.0


class Sound:
    """Reads a track piece by piece; before its start and after its end there is silence."""

    def __init__(self, track: AudioTrack) -> None:
        self._chunks = _decoded(track.path)
        if track.tempo != 1.0:
            self._chunks = at_tempo(self._chunks, track.tempo)
        self._gain = np.float32(10.0 ** (track.gain_db / 20.0))
        # `offset` is of the track: at another tempo it lies elsewhere in what is heard
        shift = round(track.offset / track.tempo * RATE)
        self._skip = max(shift, 0)
        self._rest: NDArray[np.float32] = np.zeros((CHANNELS, max(-shift, 0)), np.float32)

    def read(self, count: int) -> NDArray[np.float32]:
        """The next `count` samples: float32 `[2,count]`, clipped to ±1; raises EncodeError."""
        parts, have = [self._rest], self._rest.shape[1]
        while have < count and (chunk := next(self._chunks, None)) is not None:
            dropped = min(self._skip, chunk.shape[1])
            self._skip -= dropped
            parts.append(np.clip(np.nan_to_num(chunk[:, dropped:]) * self._gain, -1.0, 1.0))
            have += chunk.shape[1] - dropped
        if have < count:
            parts.append(np.zeros((CHANNELS, count - have), np.float32))
        joined = np.concatenate(parts, axis=1)
        self._rest = joined[:, count:]
        return np.ascontiguousarray(joined[:, :count])


def at_tempo(chunks: Iterator[NDArray[np.float32]], tempo: float) -> Iterator[NDArray[np.float32]]:
    """Stereo pieces float32 `[2,n]` played so many times as fast at the same pitch: FFmpeg's `atempo`
    (overlapping pieces that fit best, WSOLA).
    """
    import av
    from av.filter import Graph

    graph = Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="fltp", layout="stereo", time_base=Fraction(1, RATE))
    last = source
    for factor in _steps(tempo):
        step = graph.add("atempo", f"{factor:.9f}")
        last.link_to(step)
        last = step
    # the filter may give its samples in another layout than it takes them
    planar = graph.add("aformat", "sample_fmts=fltp")
    last.link_to(planar)
    planar.link_to(graph.add("abuffersink"))
    graph.configure()
    at = 0
    for chunk in chain(chunks, (None,)):
        frame = None
        if chunk is not None:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(chunk), "fltp", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            at += chunk.shape[1]
        graph.push(frame)
        while True:
            try:
                yield graph.pull().to_ndarray().astype(np.float32, copy=False)
            except (BlockingIOError, EOFError):
                break


def _steps(tempo: float) -> Iterator[float]:
    """Factors of 0.5 to 2, which the filter takes, whose product is the tempo."""
    while tempo < 0.5 or tempo > 2.0:
        factor = 0.5 if tempo < 0.5 else 2.0
        yield factor
        tempo /= factor
    yield tempo


def check_sound(path: Path) -> None:
    """Raise EncodeError if the first piece of a track cannot be decoded."""
    next(_decoded(path), None)


def _decoded(path: Path) -> Iterator[NDArray[np.float32]]:
    """The track as stereo pieces at `RATE`: float32 `[2,n]`."""
    import av
    from av.error import FFmpegError

    try:
        # `protocol_whitelist`: a playlist must not make FFmpeg open other files or the network
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise EncodeError(f"`{path.name}` holds no sound", "give a WAV, FLAC, OGG, MP3 or M4A file")
            stream = container.streams.audio[0]
            # one channel is doubled by us: FFmpeg would make it 3 dB softer
            layout = "mono" if stream.codec_context.channels == 1 else "stereo"
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
            for frame in chain(container.decode(stream), (None,)):
                if frame is not None:
                    frame.pts = None
                for piece in resampler.resample(frame):
                    samples = piece.to_ndarray().astype(np.float32, copy=False)
                    yield np.broadcast_to(samples, (CHANNELS, samples.shape[1]))
    except (FFmpegError, EOFError, ValueError, AttributeError) as problem:
        raise EncodeError(
            f"`{path.name}` cannot be read as sound", "give a WAV, FLAC, OGG, MP3 or M4A file that plays"
        ) from problem
