"""What the model was told along a film, and numbers as advice writes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Unmet


@dataclass(frozen=True, slots=True)
class Told:
    """`steady` is true at frames that are told what their scene's first frame is told; `changes` if there are
    others. `begin` is the film's frame that the plan's first one is. `unmet` are expectations that failed.
    """

    steady: NDArray[np.bool_]
    changes: bool
    has_video: bool
    begin: int
    unmet: tuple[Unmet, ...]

    def frame(self, frame: int) -> int:
        """A frame of the plan as one of the film."""
        return self.begin + frame

    def expects(self, figure: str, *, below: bool = False) -> bool:
        """Whether the film expects something of a figure that does not hold: that it is smaller, or with
        `below` that it is larger.
        """
        ops = (">", ">=") if below else ("<", "<=")
        return any(unmet.figure == figure and unmet.op in ops for unmet in self.unmet)


def told_of(plan: Plan, columns: Columns, unmet: tuple[Unmet, ...]) -> Told:
    """What a plan tells the model, frame by frame."""
    steady = np.ones(plan.frames, dtype=np.bool_)
    if "prompt.from" in columns:
        before, after = (np.asarray(columns[f"prompt.{side}"]) for side in ("from", "to"))
        mix = np.asarray(columns["prompt.mix"], dtype=np.float64)
        # while nothing of the next one is mixed in, only the first counts
        goal = np.where(mix > 0, after, before)
        for scene in plan.scenes:
            at = slice(scene.start, scene.end)
            steady[at] = (before[at] == before[scene.start]) & (goal[at] == before[scene.start])
    return Told(
        steady=steady,
        changes=bool((~steady).any()),
        has_video=any(media.kind == "video" for media in plan.media),
        begin=plan.begin,
        unmet=unmet,
    )


def number(value: float) -> str:
    """Three digits at most."""
    return f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}"


def percent(value: float) -> str:
    """A ratio as films have it."""
    return f"{value:.0%}"


def seconds(value: float) -> str:
    """`2.1 s`, `140 ms`."""
    return f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"
