"""Listened-to tracks on disk, so that a song is analysed once."""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anim_compiler.audio.levels import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION: Final = 2
"""Of the analysis; raise it with every change to what is heard, and old entries are never read."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What is kept of a track: level curves and pulse, float32 `[hops]`, and the length in seconds."""

    levels: Mapping[str, NDArray[np.float32]]
    pulse: NDArray[np.float32]
    duration: float


def entry(cache: Path, sha256: str) -> Path:
    """Where the track with that content hash is kept."""
    return cache / "audio" / f"{sha256}-{VERSION}.npz"


def load(path: Path) -> Heard | None:
    """What is kept there; None if nothing is, or if it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            curves = {name: np.asarray(kept[name], np.float32) for name in (*LEVELS, "pulse")}
            duration = float(kept["duration"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    sizes = {curve.shape for curve in curves.values()}
    whole = len(sizes) == 1 and all(np.isfinite(curve).all() for curve in curves.values()) and duration > 0
    return Heard({name: curves[name] for name in LEVELS}, curves["pulse"], duration) if whole else None


def save(path: Path, heard: Heard) -> None:
    """Keeps it, whole or not at all; if the cache cannot be written, the track is heard anew next time."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            temporary = Path(file.name)
            arrays = {**heard.levels, "pulse": heard.pulse, "duration": np.array(heard.duration)}
            np.savez_compressed(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
