"""A sound file, or the sound of a video, as mono samples at the analysis rate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.problem import AudioError
from anim_compiler.containers import opened

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from soundfile import SoundFile

RATE: Final = 22_050
"""Samples per second of everything the analysis sees."""

LONGEST: Final = 4 * 3600.0
"""Seconds of sound a track may have."""

_BLOCK: Final = 1 << 18
_CHANNELS: Final = 32
_FULL_SCALE: Final = 8.0  # samples beyond it are damage, and their squares would overflow float32
_RATES: Final = (1_000, 768_000)


def decode(path: Path) -> NDArray[np.float32]:
    """All samples of the file: float32 `[n]`, the mean of the channels, full scale ±1, at `RATE`.

    libsndfile reads WAV, FLAC, OGG and MP3; FFmpeg (PyAV) the rest: M4A, AAC, the sound of videos. Samples
    that are no numbers count as silence. Raises AudioError.
    """
    if not path.is_file():
        raise AudioError(f"there is no file `{path.name}`", "check the path: it is relative to the film")
    if path.stat().st_size == 0:
        raise AudioError(f"`{path.name}` is empty", "export the track again")
    blocks = list(_decoded(path))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    if samples.size == 0:
        raise AudioError(f"`{path.name}` holds no sound", "give a track that is at least a moment long")
    return samples


def _decoded(path: Path) -> Iterator[NDArray[np.float32]]:
    import soundfile

    try:
        file = soundfile.SoundFile(str(path))
    except (soundfile.LibsndfileError, TypeError):  # TypeError: a .raw file, which has no header to read
        yield from _resampled(_by_ffmpeg(path), path)
        return
    with file:
        yield from _resampled(_by_sndfile(file, path), path)


def _by_sndfile(file: SoundFile, path: Path) -> Iterator[tuple[int, NDArray[np.float32]]]:
    import soundfile

    rate = int(file.samplerate)
    _guard(path, rate, int(file.channels), file.frames / max(rate, 1))
    try:
        for block in file.blocks(blocksize=_BLOCK, dtype="float32", always_2d=True):
            yield rate, np.asarray(block, np.float32)
    except soundfile.LibsndfileError as problem:
        raise _damaged(path) from problem


def _by_ffmpeg(path: Path) -> Iterator[tuple[int, NDArray[np.float32]]]:
    import av
    from av.error import FFmpegError

    try:
        with opened(path) as container:
            if not container.streams.audio:
                raise AudioError(
                    f"`{path.name}` has no sound", "give a sound file, or a video with a sound track"
                )
            stream = container.streams.audio[0]
            rate = int(stream.rate or 0)
            _guard(path, rate, stream.codec_context.channels, (container.duration or 0) / av.time_base)
            planar = av.AudioResampler(format="fltp", layout=stream.layout, rate=rate)
            for packet in container.demux(stream):
                for frame in packet.decode():
                    for part in planar.resample(frame):
                        yield rate, np.asarray(part.to_ndarray().T, np.float32)
    except (FFmpegError, EOFError, ValueError, AttributeError) as problem:
        raise _damaged(path) from problem


def _resampled(
    blocks: Iterator[tuple[int, NDArray[np.float32]]], path: Path
) -> Iterator[NDArray[np.float32]]:
    """Mixes down and resamples with soxr at high quality: linear phase, so that nothing moves in time."""
    import soxr  # type: ignore[import-untyped, unused-ignore]

    stream, count, rate = None, 0, RATE
    for rate, block in blocks:
        mono = _clean(block).mean(axis=1, dtype=np.float32)
        count += mono.size
        _guard(path, rate, 1, count / rate)
        if rate == RATE:
            yield mono
            continue
        stream = stream or soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
        yield stream.resample_chunk(mono)
    if stream is not None:
        yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def _clean(block: NDArray[np.float32]) -> NDArray[np.float32]:
    finite = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    return np.asarray(np.clip(finite, -_FULL_SCALE, _FULL_SCALE), np.float32)


def _guard(path: Path, rate: int, channels: int, seconds: float) -> None:
    if not _RATES[0] <= rate <= _RATES[1]:
        raise AudioError(f"`{path.name}` has {rate} samples a second", "export it at 44100 or 48000")
    if not 1 <= channels <= _CHANNELS:
        raise AudioError(f"`{path.name}` has {channels} channels", "mix it down to stereo")
    if seconds > LONGEST:
        hours = LONGEST / 3600
        raise AudioError(
            f"`{path.name}` is longer than {hours:g} hours", "cut out the part that the film needs"
        )


def _damaged(path: Path) -> AudioError:
    return AudioError(
        f"`{path.name}` cannot be read as sound",
        "give a WAV, FLAC, OGG, MP3, M4A or video file that plays elsewhere",
    )
