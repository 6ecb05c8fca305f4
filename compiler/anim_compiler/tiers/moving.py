"""A pipeline without the model: only what moves pictures and what is shown of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from anim_compiler.film import OpCall, PictureExpr, PictureRef, Pipeline, StepRef
from anim_compiler.lowering.bases import MOVED
from anim_compiler.lowering.paths import OWN_CAMERA, calls

_ALWAYS = frozenset({"diffuse", "guide", "add_noise", "match_color", "blend"})
"""Calls that work for the model, or calm what it makes: their first picture stands for them."""

_CARRIED = frozenset({"contrast", "sharpen", "blur", "grade"})
"""Calls of which the same is true on the way to `carry`, where they would add up without a model between."""

_MOVED_ONCE = frozenset({"warp", "estimate_depth", "uncovered"})


def without_model(pipeline: Pipeline) -> Pipeline:
    """A pipeline without the model, and without the steps that nothing reads then.

    `carry = blend(diffuse(sharpen(warp(previous, camera))), warp(previous, camera))` becomes
    `carry = warp(previous, camera)`. What `generate` makes is the scene's first picture.
    """
    carried = _calls(pipeline, pipeline.carry)

    def made(picture: PictureExpr) -> PictureExpr:
        if not isinstance(picture, OpCall):
            return picture
        if picture.op == "generate":
            return PictureRef("first", picture.span)
        if picture.op in _ALWAYS or (picture.op in _CARRIED and id(picture) in carried):
            return made(picture.inputs[0])
        return replace(picture, inputs=tuple(map(made, picture.inputs)))

    return _read(replace(pipeline, steps=tuple((name, made(written)) for name, written in pipeline.steps)))


def is_chained(pipeline: Pipeline) -> bool:
    """Whether a frame needs the one before it: `previous` is moved by more than one camera's warp."""
    steps = dict(pipeline.steps)
    if not any(_reads_previous(part) for part in _parts(steps[pipeline.carry], steps)):
        return False
    ops = [part.op for part in _parts(steps[pipeline.carry], steps) if isinstance(part, OpCall)]
    return not _MOVED_ONCE.issuperset(ops) or ops.count("warp") > 1


def moved_by(pipeline: Pipeline) -> str | None:
    """The camera that moves `previous` and nothing else, empty for the scene's own; None if there is none, or
    if the pipeline says itself how far away things are.
    """
    moving = [named.call for named in calls(pipeline) if named.call.op in MOVED]
    steps = dict(pipeline.steps)
    found = {_camera(call) for call in moving if any(map(_reads_previous, _parts(call.inputs[0], steps)))}
    others = [call for call in moving if not any(map(_reads_previous, _parts(call.inputs[0], steps)))]
    if len(found) != 1 or found & set(map(_camera, others)):
        return None
    (name,) = found
    # `estimate_depth` asks the scene's own camera
    told = [_step(depth, steps) for call in moving if _camera(call) == name for depth in call.inputs[1:]]
    asked = all(isinstance(depth, OpCall) and depth.op == "estimate_depth" for depth in told)
    return name if not told or (asked and name == "") else None


def _step(picture: PictureExpr, steps: Mapping[str, PictureExpr]) -> PictureExpr:
    """What a picture is made by."""
    while isinstance(picture, StepRef):
        picture = steps[picture.name]
    return picture


def from_first(pipeline: Pipeline) -> Pipeline:
    """The pipeline with the scene's first picture in the place of the one before."""

    def made(picture: PictureExpr) -> PictureExpr:
        if isinstance(picture, OpCall):
            return replace(picture, inputs=tuple(map(made, picture.inputs)))
        return replace(picture, name="first") if _reads_previous(picture) else picture

    return replace(pipeline, steps=tuple((name, made(written)) for name, written in pipeline.steps))


def _camera(call: OpCall) -> str:
    name = str(call.args.get("camera") or "")
    return "" if name == OWN_CAMERA else name


def _reads_previous(picture: PictureExpr) -> bool:
    return isinstance(picture, PictureRef) and picture.name == "previous"


def _read(pipeline: Pipeline) -> Pipeline:
    """The pipeline with the steps that `carry` and `frame` read."""
    steps = dict(pipeline.steps)
    wanted = {pipeline.carry, pipeline.frame}
    for result in tuple(wanted):
        wanted |= {part.name for part in _parts(steps[result], steps) if isinstance(part, StepRef)}
    return replace(pipeline, steps=tuple(row for row in pipeline.steps if row[0] in wanted))


def _calls(pipeline: Pipeline, result: str) -> frozenset[int]:
    """The calls that a step is made by, by identity."""
    steps = dict(pipeline.steps)
    return frozenset(id(part) for part in _parts(steps[result], steps) if isinstance(part, OpCall))


def _parts(picture: PictureExpr, steps: Mapping[str, PictureExpr]) -> Iterator[PictureExpr]:
    """A picture and all that it is made of, each step once."""
    seen: set[str] = set()
    stack = [picture]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, OpCall):
            stack.extend(part.inputs)
        elif isinstance(part, StepRef) and part.name not in seen:
            seen.add(part.name)
            stack.append(steps[part.name])
