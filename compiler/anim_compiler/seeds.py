"""The seed of every frame."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anim_compiler.functions.registry import Array

MOST_SEED = 2**32 - 1
"""Drawn seeds stay below this, as every sampler's interface takes them."""


def drawn(name: str, place: int = 0) -> int:
    """The seed that stands for -1: from the film's name and the frame, the same in every run.

    It does not come from the film's text, so that an edit changes no frame that it does not touch.
    """
    digest = hashlib.sha256(f"anim seed\0{name}\0{place}".encode()).digest()
    return int.from_bytes(digest[:4], "little")


def diffused_before(count: int, diffused: Sequence[int]) -> NDArray[np.int64]:
    """How many diffused frames stand before each of `count` frames: int64[count]."""
    places = np.searchsorted(np.asarray(sorted(diffused)), np.arange(count), side="left")
    return np.asarray(places, dtype=np.int64)


def seed_column(
    base: Array, mode: str, counted: NDArray[np.int64], name: str, scheduled: bool, first: int = 0
) -> NDArray[np.float64]:
    """float64[frames]: `base` float64[frames] moved on by `mode`; -1 is drawn. A fraction stays one:
    it lies between the noises of two seeds. `first` is the number of the first frame.

    `counted` is n, the number of diffused frames before each frame. `iter` adds n; `fixed` nothing;
    `random` hashes n; `ladder` goes 0, 2, 1, 3, 2, 4 …; `alternate` 0, 1, 0, 1 … A `scheduled` seed,
    which changes with the frame, is taken as it stands unless a mode is written.
    """
    start = np.array(base, dtype=np.float64)
    for f in np.flatnonzero(start < 0):
        start[f] = drawn(name, first + int(f) if scheduled else 0)
    match mode:
        case "iter":
            return np.asarray(start + counted)
        case "random":
            pairs = zip(start.tolist(), counted.tolist(), strict=True)
            hashed = [drawn(str(int(s)), n + 1) for s, n in pairs]
            return np.asarray(hashed, dtype=np.float64)
        case "ladder":
            return np.asarray(start + (counted + 1) // 2 + (counted % 2))
        case "alternate":
            return np.asarray(start + counted % 2)
        case _:
            return start


def stored(seeds: NDArray[np.float64]) -> NDArray[np.float64] | NDArray[np.int64]:
    """The column as a plan holds it: whole numbers as int64 unless one lies between two seeds."""
    return seeds if (seeds % 1.0).any() else seeds.astype(np.int64)
