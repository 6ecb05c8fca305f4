"""The difference of two films: what changed in them, and what of the later one is made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anim_compiler.diff import (
    camera,
    expectations,
    film,
    layers,
    lets,
    media,
    models,
    outputs,
    pipeline,
    prompts,
    scenes,
    settings,
    variants,
)
from anim_compiler.diff.change import Change, nested
from anim_compiler.diff.pair import Pair, pair
from anim_compiler.diff.rerender import Rerender, rerender
from anim_compiler.diff.side import Side

KINDS: tuple[Callable[[Pair], tuple[Change, ...]], ...] = (
    film.changes,
    scenes.changes,
    prompts.changes,
    lets.changes,
    camera.changes,
    settings.changes,
    media.changes,
    models.changes,
    layers.changes,
    pipeline.changes,
    expectations.changes,
    outputs.changes,
    variants.changes,
)
"""What is compared, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed, and what re-renders: None where one film cannot be compiled yet, for `reason`."""

    pair: Pair
    changes: tuple[Change, ...]
    rerender: Rerender | None
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether both are the same film."""
        return not self.changes and (
            self.rerender is None or not (self.rerender.count or self.rerender.redrawn)
        )


def compare(a: Side, b: Side) -> Difference:
    """From the earlier film to the later one."""
    both = pair(a, b)
    found = nested(tuple(change for kind in KINDS for change in kind(both)))
    if a.facts is None or b.facts is None:
        return Difference(both, found, None, b.reason or a.reason)
    return Difference(both, found, rerender(a.facts, b.facts))
