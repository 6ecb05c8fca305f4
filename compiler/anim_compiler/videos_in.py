"""Whether a picture of a pipeline is made of videos, which know what they were a frame before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anim_compiler.film import OpCall, PictureExpr, PictureRef, StepRef
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.steps import Steps


def check(pipe: Steps, op: str, span: Span, inputs: list[PictureExpr], *, alone: bool) -> None:
    """Reports a motion that is asked of what does not move by itself; `alone` is a flow without `before`."""
    if op == "estimate_flow" and alone and inputs and not _moves(pipe, inputs[0]):
        hint = "write `estimate_flow(now, before)`, or give it `source` or a `video`"
        pipe.wrong("E2087", span, "this picture does not know what it was a frame before", hint)
    if op == "follow" and len(inputs) > 1 and not _moves(pipe, inputs[1]):
        hint = "give it `source` or a `video`; along two pictures moves `warp_flow(a, estimate_flow(b, c))`"
        pipe.wrong("E5040", span, "`follow` moves a picture as a video does, and this is none", hint)


def _moves(pipe: Steps, picture: PictureExpr) -> bool:
    """Whether a picture is made of a video, and not of what the frame before carried."""
    names = set(_read(pipe, picture))
    clips = pipe.check.scope.clips
    return "previous" not in names and any(name == "source" or name in clips for name in names)


def _read(pipe: Steps, picture: PictureExpr) -> Iterator[str]:
    """The pictures by name that something is made of, through the steps before it."""
    waiting, seen = [picture], set[str]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, PictureRef):
            yield node.name
        elif isinstance(node, OpCall):
            waiting.extend(node.inputs)
        elif isinstance(node, StepRef) and node.name in pipe.steps and node.name not in seen:
            seen.add(node.name)
            waiting.append(pipe.steps[node.name][0])
