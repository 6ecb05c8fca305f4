"""Listened-to tracks on disk, so that a song is analysed once: a file for each group of curves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anim_compiler.audio.packed import MOST_BYTES, pack, unpack
from anim_compiler.sound.keeping import keep

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOREIGN: Final = re.compile(r"[^a-z0-9.-]")


def entry(cache: Path, sha256: str, group: str, version: int) -> Path:
    """Where a group of curves of the track with that content hash is kept."""
    return cache / "audio" / f"{sha256}-{_FOREIGN.sub('_', group)}-{version}.curves"


def load(
    cache: Path, sha256: str, group: str, version: int
) -> dict[str, NDArray[np.float32] | NDArray[np.float64]] | None:
    """The group's curves as they were saved; None if they were not, or are damaged: then they are measured
    again.
    """
    path = entry(cache, sha256, group, version)
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return unpack(path.read_bytes())
    except (OSError, ValueError):
        return None


def save(
    cache: Path,
    sha256: str,
    group: str,
    version: int,
    curves: Mapping[str, NDArray[np.float32] | NDArray[np.float64]],
) -> None:
    """Keeps a group's curves, float32 rounded (`measure.rounded`); whole or not at all.

    If the cache cannot be written, the track is heard anew next time.
    """
    keep(entry(cache, sha256, group, version), pack(curves))
