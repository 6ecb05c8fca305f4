"""How each frame is made: which are diffused, which are tweens, and from what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anim_compiler.plan import FrameKind


@dataclass(frozen=True, slots=True)
class Frames:
    """`before[f]` and `after[f]` are the diffused frames that f is made from, -1 for none."""

    kinds: tuple[FrameKind, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def diffused(self) -> tuple[int, ...]:
        """Every frame that is not a tween, in order."""
        return tuple(f for f, kind in enumerate(self.kinds) if kind != "tween")


def frames(count: int, cadence: Sequence[float], always: Sequence[int] = ()) -> Frames:
    """The frames of one scene: the first, every `cadence[f]`-th after f, those in `always` (prompt
    keys), and the last are diffused; the others tween between their neighbours.

    A frame in `always` does not move the grid: the count goes on from the scene's first frame.
    """
    chosen = {0, count - 1, *(f for f in always if 0 <= f < count)}
    f = 0
    while f < count:
        chosen.add(f)
        f += max(1, round(cadence[f]))
    diffused = sorted(chosen)
    kinds: list[FrameKind] = ["tween"] * count
    before, after = [-1] * count, [-1] * count
    for i, f in enumerate(diffused):
        kinds[f] = "diffused" if i else "first"
        before[f] = diffused[i - 1] if i else -1
        following = diffused[i + 1] if i + 1 < len(diffused) else count
        for tween in range(f + 1, following):
            before[tween], after[tween] = f, following
    return Frames(tuple(kinds), tuple(before), tuple(after))
