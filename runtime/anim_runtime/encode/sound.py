"""A film's sound: a track decoded, shifted, made louder or softer, and exactly as long as the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_compiler.audio.reading import Reading
from anim_compiler.audio.resampling import resampled
from anim_compiler.sound.problem import AudioError
from anim_runtime.encode.problem import EncodeError

#: Samples per second of what is written.
RATE = 48_000
CHANNELS = 2
#: half of `atempo`'s pieces at RATE, in samples
_HALF_PIECE = 1024


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
    (overlapping pieces that fit best, WSOLA), and before what is slowed down the silence that it is early by.
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
    yield np.zeros((CHANNELS, _early(tempo)), np.float32)
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


def _early(tempo: float) -> int:
    """Samples that the filter is early by where it slows down: it lays the beginnings of its pieces, and
    not their middles, where they belong.
    """
    early = 0.0
    for factor in _steps(tempo):
        early = early / factor + _HALF_PIECE * max(0.0, 1.0 / factor - 1.0)
    return round(early)


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
    """The track as stereo pieces at `RATE`: float32 `[2,n]`, on the same clock as its analysis."""
    reading = Reading(path)
    try:
        for piece in resampled(_stereo(reading), reading, RATE):
            yield np.ascontiguousarray(piece.T)
    except AudioError as problem:
        raise EncodeError(problem.message, problem.hint) from problem


def _stereo(reading: Reading) -> Iterator[NDArray[np.float32]]:
    """The pieces as float32 `[n,2]`, finite; more channels are mixed down as FFmpeg does."""
    mixer = None
    for read in reading:
        piece = np.nan_to_num(read, posinf=0.0, neginf=0.0)
        if piece.shape[1] <= CHANNELS:
            # one channel is doubled by us: FFmpeg would make it 3 dB softer
            yield np.broadcast_to(piece, (piece.shape[0], CHANNELS))
            continue
        mixer = mixer or _Mixer(reading)
        yield mixer.mixed(piece)


class _Mixer:
    """Mixes more than two channels down, each from where its layout says that it stands."""

    def __init__(self, reading: Reading) -> None:
        import av

        self._rate, self._layout = reading.rate, reading.layout
        self._mixer = av.AudioResampler(format="fltp", layout="stereo", rate=reading.rate)

    def mixed(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """A piece `[n,channels]` as `[n,2]`; channels of which nobody knows where they stand count alike."""
        import av
        from av.error import FFmpegError

        planes = np.ascontiguousarray(piece.T)
        try:
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=self._layout)
            frame.sample_rate = self._rate
            parts = [part.to_ndarray() for part in self._mixer.resample(frame)]
        except (FFmpegError, ValueError):
            return np.repeat(piece.mean(axis=1, keepdims=True), CHANNELS, axis=1)
        return np.asarray(np.concatenate([np.zeros((CHANNELS, 0)), *parts], axis=1).T, np.float32)
