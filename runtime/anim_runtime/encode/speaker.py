"""A film's sound beside its pictures, in the pieces that its codec wants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from anim_runtime.encode.sound import CHANNELS, RATE, AudioTrack, Sound

_CHUNK = 1024
_BITS = 192_000
#: codecs that keep every sample, and how they take them
_EXACT = {"flac": "s32", "pcm_s24le": "s32", "pcm_s16le": "s16"}


class Speaker:
    """Encodes a track into a container that is being written."""

    # PyAV's containers and streams are typed per codec name, and the name is a value here: Any
    def __init__(self, container: Any, codec: str, audio: AudioTrack) -> None:
        self._container = container
        self._sound = Sound(audio)
        self._stream = container.add_stream(codec, rate=RATE, layout="stereo")
        if codec in _EXACT:
            self._stream.codec_context.format = _EXACT[codec]
        else:
            self._stream.codec_context.bit_rate = _BITS
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
    if layout.startswith("s32"):
        # 24 bits, as both codecs keep them, in the upper part of 32
        return np.ascontiguousarray(np.round(shaped.astype(np.float64) * 8388607.0).astype(np.int32) << 8)
    raise ValueError(f"no conversion to the sample format {layout}")
