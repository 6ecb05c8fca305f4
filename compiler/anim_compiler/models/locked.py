"""What is said of a film's `anim.lock` where it cannot hold what the film names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions
    from anim_compiler.world import World
    from anim_dsl.source import Span


def warn_of_lock(check: Expressions, reference: str, span: Span, world: World) -> None:
    """Warns where the film has a lock that is damaged, once, or that lacks a model the film names."""
    lock = world.models.lock
    if lock is None:
        return
    if lock.fault:
        if world.models.is_fault_told:
            return
        world.models.is_fault_told = True
        message = f"`anim.lock` {lock.fault}, so it holds nothing"
        check.findings.warning("W6180", span, message, hint=lock.remedy)
    elif reference not in lock.models:
        hint = "write it in with `anim models lock FILM`, so that the film means the same everywhere"
        check.findings.warning("W6181", span, f"`anim.lock` does not hold `{reference}`", hint=hint)
