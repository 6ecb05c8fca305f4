"""What is heard in made-up samples, for the tests of a track's features."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import mir_eval  # type: ignore[import-untyped, unused-ignore]
import numpy as np
from numpy.typing import NDArray
from tests.compiler.songs import RATE

from anim_compiler.audio import Analysis
from anim_compiler.audio.block import HOPS
from anim_compiler.audio.groups import STANDARD, sources
from anim_compiler.audio.measure import measure

Samples = NDArray[np.floating]
MEASURED = frozenset(group for group in STANDARD if not sources(group))


def heard(samples: Samples, groups: Iterable[str] = MEASURED, **more: float) -> Analysis:
    """What is measured of samples, without beats."""
    none = np.zeros(0)
    curves = measure([np.asarray(samples, np.float32)], frozenset(groups))
    seconds = samples.size / RATE
    return Analysis(
        curves, none, none, 0.0, seconds, gain_db=more.get("gain_db", 0.0), is_fixed="fixed" in more
    )


def tone(hertz: float, seconds: float, level: float = 0.5) -> Samples:
    """A sine that starts and stops at once."""
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def read(analysis: Analysis, name: str, *arguments: float) -> NDArray[np.float64]:
    """A feature at every hop of the whole track."""
    times = np.arange(int(analysis.duration * HOPS)) / HOPS
    return analysis.feature(name, times, step=1 / HOPS, arguments=arguments)


def fires(curve: NDArray[np.float64], level: float = 0.5) -> NDArray[np.float64]:
    """The seconds at which a curve of every hop rises through a level, as a trigger does."""
    return np.flatnonzero((curve >= level) & (np.concatenate([[0.0], curve[:-1]]) < level)) / HOPS


def peaks(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """The seconds of a curve's peaks of 0.3 and more that stand out by 0.2."""
    from scipy.signal import find_peaks

    return np.asarray(find_peaks(np.concatenate([[0.0], curve]), height=0.3, prominence=0.2)[0] - 1) / HOPS


def f_measure(truth: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """Of onsets matched one to one within 50 ms, as MIREX counts them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return float(mir_eval.onset.f_measure(truth, found, window=0.05)[0])
