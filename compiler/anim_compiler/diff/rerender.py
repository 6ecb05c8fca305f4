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

    @property
    def sentence(self) -> str:
        """`51 of 240 frames re-render (26 diffused, 25 tweens)`."""
        again = (
            f", {self.redrawn} {'is' if self.redrawn == 1 else 'are'} only shown otherwise"
            if self.redrawn
            else ""
        )
        return self._made + again

    @property
    def _made(self) -> str:
        """What is made anew, in words."""
        if not self.count and not self.beneath:
            return "no frame re-renders"
        if not self.count:
            verb = "re-renders" if self.beneath == 1 else "re-render"
            beneath = f"{plural(self.beneath, 'frame')} beneath others {verb}"
            return f"{beneath}, and none of the {self.frames} that are shown"
        kinds = f" ({self.diffused} diffused, {plural(self.tweens, 'tween')})" if self.tweens else ""
        more = f", and {self.beneath} beneath others" if self.beneath else ""
        verb = "re-renders" if self.count == 1 else "re-render"
        return f"{self.count} of {plural(self.frames, 'frame')} {verb}{kinds}{more}"


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
