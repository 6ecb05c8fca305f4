"""What anim's features cost with librosa, called function by function as its examples show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 22_050
BANDS = {"bass": (20, 250), "mid": (250, 4_000), "treble": (4_000, RATE // 2)}
DRUMS = {"kick": (20, 150), "snare": (150, 5_000), "hat": (5_000, RATE // 2)}
VOICE = (200, 4_000)
_WINDOW = 2048


def loaded(path: Path) -> Samples:
    """The track as mono samples at librosa's usual rate."""
    import librosa

    samples: Samples = librosa.load(path, sr=RATE)[0]
    return samples


def calls(hop: int) -> Mapping[str, Callable[[Samples], object]]:
    """A call for each of anim's features that librosa has, each from the samples; 512 is its own hop.

    Bars have no function there. Sections are left out: its clustering asks for their number.
    """
    import librosa

    row: dict[str, Callable[[Samples], object]] = {name: _band(edges, hop) for name, edges in BANDS.items()}
    row["energy"] = lambda y: librosa.feature.rms(y=y, hop_length=hop)
    row["loudness"] = lambda y: librosa.amplitude_to_db(librosa.feature.rms(y=y, hop_length=hop))
    row["onset"] = lambda y: librosa.onset.onset_strength(y=y, sr=RATE, hop_length=hop)
    row["onset_detect"] = lambda y: librosa.onset.onset_detect(y=y, sr=RATE, hop_length=hop)
    row["beat, tempo"] = lambda y: librosa.beat.beat_track(y=y, sr=RATE, hop_length=hop)
    row["centroid"] = lambda y: librosa.feature.spectral_centroid(y=y, sr=RATE, hop_length=hop)
    row["chroma"] = lambda y: librosa.feature.chroma_stft(y=y, sr=RATE, hop_length=hop)
    row["silence"] = lambda y: librosa.effects.split(y, hop_length=hop)
    row |= {name: _drum(edges, hop) for name, edges in DRUMS.items()}
    row["vocal_band"] = _band(VOICE, hop)
    row["percussive, harmonic"] = lambda y: _parts(y, hop)
    return row


def _band(edges: tuple[int, int], hop: int) -> Callable[[Samples], object]:
    def level(y: Samples) -> object:
        import librosa
        import numpy as np

        power = np.abs(librosa.stft(y, hop_length=hop)) ** 2
        hertz = librosa.fft_frequencies(sr=RATE, n_fft=_WINDOW)
        return np.sqrt(power[(hertz >= edges[0]) & (hertz < edges[1])].mean(axis=0))

    return level


def _drum(edges: tuple[int, int], hop: int) -> Callable[[Samples], object]:
    def strength(y: Samples) -> object:
        import librosa

        low, high = edges
        return librosa.onset.onset_strength(y=y, sr=RATE, hop_length=hop, fmin=low, fmax=high, n_mels=32)

    return strength


def _parts(y: Samples, hop: int) -> tuple[Any, Any]:
    import librosa

    harmonic, percussive = librosa.effects.hpss(y, hop_length=hop)
    return librosa.feature.rms(y=harmonic, hop_length=hop), librosa.feature.rms(y=percussive, hop_length=hop)
