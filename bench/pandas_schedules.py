"""Schedules as Deforum's web extension computes them, written anew from a description of what it does.

The string is split at commas and colons into keys; a series of one cell a frame is filled cell by cell, a
formula by one call of numexpr a frame; pandas fills the gaps along straight lines. The description is of
sd-webui-deforum's `FrameInterpolater`; no line of it is copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numexpr
import numpy as np
from numpy.typing import NDArray

try:
    #: untyped, hence Any
    pandas: Any = import_module("pandas")
except ModuleNotFoundError:  # no dependency of anim: `pip install 'anim[bench]'`
    pandas = None

_NUMBER = re.compile(r"^(?=.)([+-]?([0-9]*)(\.([0-9]+))?)$")
_SIGNS = str.maketrans("", "", "'\"()")

#: a series, or without pandas a list of objects: untyped, hence Any
Cells = Any


def way() -> str:
    """Which of the two ways this process has."""
    return f"pandas {pandas.__version__}" if pandas is not None else "numpy objects, for want of pandas"


def schedule(text: str, frames: int, seed: int = 0) -> NDArray[np.float64]:
    """The value at each of `frames` frames."""
    return _inbetweens(_keys(text, frames - 1, seed), frames, seed)


def _keys(text: str, last: int, seed: int) -> dict[int, str]:
    keys: dict[int, str] = {}
    for piece in text.split(","):
        parts = piece.split(":")
        frame = parts[0].strip().translate(_SIGNS)
        if not _NUMBER.match(frame):
            frame = str(int(numexpr.evaluate(frame, local_dict={"max_f": last, "s": seed}, global_dict={})))
        keys[int(frame)] = parts[1].strip()
    return keys


def _inbetweens(keys: dict[int, str], frames: int, seed: int) -> NDArray[np.float64]:
    cells = _empty(frames)
    value, is_number = "", False
    for t in range(frames):
        if t in keys:
            value = keys[t]
            plain = value.translate(_SIGNS)
            is_number = _NUMBER.match(plain) is not None
            if is_number:
                cells[t] = float(plain)
        if not is_number:
            names = {"t": t, "max_f": frames - 1, "s": seed}
            cells[t] = float(numexpr.evaluate(value, local_dict=names, global_dict={}))
    return _interpolated(cells, frames)


def _empty(frames: int) -> Cells:
    if pandas is not None:
        return pandas.Series([np.nan for _ in range(frames)])
    return np.array([np.nan for _ in range(frames)], dtype=object)


def _interpolated(cells: Cells, frames: int) -> NDArray[np.float64]:
    if pandas is not None:
        cells[0] = cells[cells.first_valid_index()]
        cells[frames - 1] = cells[cells.last_valid_index()]
        filled = cells.interpolate(method="linear", limit_direction="both")
        return np.asarray(filled, dtype=np.float64)
    values = np.asarray(cells, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values))
    return np.interp(np.arange(frames), known, values[known])


def all_of(texts: tuple[str, ...], frames: int) -> Callable[[], list[NDArray[np.float64]]]:
    """Every schedule of a settings file."""
    return lambda: [schedule(text, frames) for text in texts]
