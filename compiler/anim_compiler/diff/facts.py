"""How each frame of a plan is made: the one place of this package that looks into a plan."""

from __future__ import annotations

from dataclasses import dataclass

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, FrameKind, Plan


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """The frames of a plan: how each is made, and the digest of all that it depends on.

    The first `shown` of them are the film's; the others show beneath, during transitions. `pictures` are
    digests of what is shown of each, in which grading and layers count too; `model` is the model's sha256.
    """

    kinds: tuple[FrameKind, ...]
    recipes: tuple[str, ...]
    pictures: tuple[str, ...]
    shown: int
    model: str


def frame_facts(plan: Plan, columns: Columns) -> FrameFacts:
    """The frames of a plan with its columns."""
    table = frame_table(plan, columns)
    return FrameFacts(table.kinds, table.recipes, table.shown, plan.frames, plan.model.sha256)
