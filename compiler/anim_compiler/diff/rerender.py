"""How much of a film is made anew: its frames whose recipe the film before does not have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anim_compiler.diff.amounts import plural
from anim_compiler.diff.change import Range
from anim_compiler.diff.facts import FrameFacts
from anim_compiler.diff.where import ranges


@dataclass(frozen=True, slots=True)
class Rerender:
    """Of the film's `frames`, so many are made anew: `diffused` by the model, `tweens` between them.

    `beneath` more are, which show under others during transitions. `where` are the film's own frames.
    `redrawn` are kept and only shown otherwise, because of grading, layers or transitions.
    """

    frames: int
    diffused: int
    tweens: int
    beneath: int
    where: tuple[Range, ...]
    redrawn: int = 0

    @property
    def count(self) -> int:
        """How many of the film's own frames are made anew."""
        return self.diffused + self.tweens

    def sentence(self, where: str = "") -> str:
        """`51 of 240 frames re-render (26 diffused, 25 tweens), on frames 40–90; 3 only look different`.

        `where` are the frames in words, if they are to be told.
        """
        return "; ".join(filter(None, (self._shown(where), self._beneath(), self._redrawn())))

    def _shown(self, where: str) -> str:
        """What is made anew of the frames that are shown."""
        if not self.count:
            return "no frame re-renders" if not self.beneath else "no frame that is shown re-renders"
        kinds = f" ({self.diffused} diffused, {plural(self.tweens, 'tween')})" if self.tweens else ""
        verb = "re-renders" if self.count == 1 else "re-render"
        told = f", {where}" if where else ""
        return f"{self.count} of {plural(self.frames, 'frame')} {verb}{kinds}{told}"

    def _beneath(self) -> str:
        """What is made anew of the frames that only show beneath others, in transitions."""
        if not self.beneath:
            return ""
        more = " more" if self.count else ""
        verb = "re-renders" if self.beneath == 1 else "re-render"
        return f"{self.beneath}{more} {verb} beneath others"

    def _redrawn(self) -> str:
        """What is kept and looks different."""
        if not self.redrawn:
            return ""
        return f"{self.redrawn} only look{'s' if self.redrawn == 1 else ''} different"


def rerender(before: FrameFacts | None, after: FrameFacts) -> Rerender:
    """What a render of the later film makes, if all frames of the earlier one are there."""
    known = frozenset(before.recipes) if before is not None else frozenset()
    new = [f for f, recipe in enumerate(after.recipes) if recipe not in known]
    own = [f for f in new if f < after.shown]
    tweens = sum(after.kinds[f] == "tween" for f in own)
    where = ranges(np.array(own, dtype=np.int64))
    seen = frozenset(before.pictures) if before is not None else frozenset()
    made = frozenset(own)
    redrawn = sum(after.pictures[f] not in seen for f in range(after.shown) if f not in made)
    return Rerender(after.shown, len(own) - tweens, tweens, len(new) - len(own), where, redrawn)
