"""The `pipeline` block: what is done for each frame, step by step."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler.env import Env
from anim_compiler.film import Pipeline
from anim_compiler.levels import CameraPart
from anim_compiler.steps import Steps
from anim_compiler.world import World
from anim_dsl.source import Span
from anim_dsl.syntax import Setting, Statement

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_FRAME = re.compile(r"^\s*frame\b|[{;]\s*frame\b", re.MULTILINE)


def pipeline(
    check: Expressions,
    statements: Sequence[Statement],
    span: Span,
    *,
    env: Env,
    world: World,
    cameras: Mapping[str, CameraPart] = MappingProxyType({}),
    absent: Collection[str] = (),
) -> Pipeline | None:
    """The dataflow that a `pipeline` block writes in `env`; None if something in it is wrong.

    Without a step `carry` the one called `frame` is carried. `cameras` are the film's, by name; `absent`
    are those of `init` and `source` that the scene does not have.
    """
    builder = Steps(check, env, world, cameras, _written(statements), absent)
    for statement in statements:
        builder.statement(statement)
    if builder.broken:
        return None
    if "frame" not in builder.steps:
        _without_frame(check, builder, span)
        return None
    builder.unused()
    steps = tuple((name, picture) for name, (picture, _) in builder.steps.items())
    return Pipeline(steps, "carry" if "carry" in builder.steps else "frame", "frame", span)


def _without_frame(check: Expressions, builder: Steps, span: Span) -> None:
    """Asks for `frame`, unless it is there and could not be read, which was said already."""
    if _FRAME.search(check.findings.sources.slice(span)) is not None:
        return
    last = next(reversed(builder.steps), None)
    hint = f"write `frame = {last}` at its end" if last else "write `frame = diffuse(previous)`"
    at = Span(span.start, min(span.end, span.start + len("pipeline")))
    check.findings.error("E2082", at, "a pipeline needs `frame = …`, the picture that is shown", hint=hint)


def _written(statements: Sequence[Statement]) -> dict[str, Span]:
    """The steps that a block defines, wherever in it."""
    return {s.name.text: s.name.span for s in statements if isinstance(s, Setting)}
