"""How scenes follow each other: transitions against the scenes that they join."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from anim_compiler.expressions import Expressions
from anim_compiler.film import Shot
from anim_compiler.levels import Scene


def check(expressions: Expressions, shots: Sequence[Shot], scenes: Sequence[Scene]) -> None:
    """Reports transitions that are longer than a scene, and one into the first."""
    written = {scene.name: scene.level.last("scene", "transition") for scene in scenes}
    if shots and shots[0].transition.kind != "cut":
        expressions.findings.warning(
            "W6005",
            at.at if (at := written.get(shots[0].name)) is not None else shots[0].span,
            "`transition` changes nothing in the first scene: nothing comes before it",
            hint="take it away",
        )
    for before, shot in pairwise(shots):
        seconds = shot.transition.seconds
        shorter = min(before, shot, key=lambda one: one.length)
        if seconds > shorter.length:
            expressions.findings.error(
                "E2039",
                at.value.span if (at := written.get(shot.name)) is not None else shot.span,
                f"the `{shot.transition.kind}` takes {float(seconds):g}s, and scene `{shorter.name}` is "
                f"{float(shorter.length):g}s long",
                hint=f"write `{shot.transition.kind}({float(shorter.length):g}s)` or less",
            )
