"""A film's sound: a track decoded, shifted, made louder or softer, and exactly as long as the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    """A sound file beside the film: `offset` is the second of the track that stands at film time 0."""

    path: Path
    offset: float = 0.0
    gain_db: float = 0.0


class Sound:
    """Reads a track piece by piece; before its start and after its end there is silence."""

    def __init__(self, track: AudioTrack) -> None:
        self._chunks = _decoded(track.path)
        self._gain = np.float32(10.0 ** (track.gain_db / 20.0))
        shift = round(track.offset * RATE)
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
