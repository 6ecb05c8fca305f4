"""How every frame of a plan is made, as its consumers read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frames import Frames
from anim_compiler.plan import Columns, FrameKind, Plan
from anim_compiler.ranges import read_ranges

BEFORE, AFTER, UNDER = "frames.before", "frames.after", "frames.under"
RECIPE, SHOWN = "frames.recipe", "frames.shown"

FRAME_COLUMNS = (BEFORE, AFTER, UNDER, RECIPE, SHOWN)
"""The columns that hold how frames are made, int64 `[rows]` and uint8 `[rows, 16]`."""


@dataclass(frozen=True, slots=True)
class FrameTable:
    """One entry a frame: first those that are shown, then those that scenes run on with under others.

    `kinds[f]` is how frame f is made; `before[f]` and `after[f]` are the frames that it is made from
    (-1: none; `after` only for tweens); `under[f]` is the one that shows under f (-1: none).
    `recipes[f]` is the machine-free digest (hex) of everything that f's carry depends on, `shown[f]` that
    of the picture that is shown: it is the same digest where the carry itself is shown.
    """

    kinds: tuple[FrameKind, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    under: tuple[int, ...]
    recipes: tuple[str, ...]
    shown: tuple[str, ...]


def frame_table(plan: Plan, columns: Columns) -> FrameTable:
    """The frames of a plan with its columns; KeyError or ValueError if they are not the plan's."""
    for name in FRAME_COLUMNS:
        if columns[name].shape[:1] != (plan.made,):
            raise ValueError(f"the column {name} is not of {plan.made} frames")
    kinds: list[FrameKind] = ["first"] * plan.made
    for scene in plan.scenes:
        for kind, template in scene.templates.items():
            for row in read_ranges(template.frames, plan.made):
                kinds[row] = kind
    before, after, under = (tuple(columns[name].tolist()) for name in (BEFORE, AFTER, UNDER))
    return FrameTable(tuple(kinds), before, after, under, _hexes(columns[RECIPE]), _hexes(columns[SHOWN]))


def ways_columns(how: Frames) -> Columns:
    """The columns that say what each frame is made from: int64 `[rows]` each."""
    under = (*how.under, *(-1,) * (len(how.kinds) - how.shown))
    ways = {BEFORE: how.before, AFTER: how.after, UNDER: under}
    return {name: np.asarray(rows, dtype=np.int64) for name, rows in ways.items()}


def _hexes(digests: NDArray[Any]) -> tuple[str, ...]:
    """Digests uint8 `[rows, n]` as hex."""
    _, width = digests.shape
    whole = np.ascontiguousarray(digests, dtype=np.uint8).tobytes().hex()
    return tuple(whole[i : i + 2 * width] for i in range(0, len(whole), 2 * width))
