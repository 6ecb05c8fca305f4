"""What the calls of a pipeline, their arguments and a camera's moves are called in the plan's columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from anim_compiler.film import Curve, OpCall, PictureExpr, PictureRef, Pipeline, StepRef
from anim_compiler.image_op import Arg
from anim_compiler.image_ops import IMAGE_OPS

OWN_CAMERA = "camera"
"""What the scene's own camera is called where others have names."""

Base: TypeAlias = Literal["previous", "next", "first", "start"]
"""Since when a picture is moved: the diffused frame before or after, the scene's `first` (of a preview its
own), or the scene's beginning."""


@dataclass(frozen=True, slots=True)
class Named:
    """A call and what its columns begin with: `pipeline.moved`, or `pipeline.moved.blur` for one that stands
    inside that of a step; a second of one op in a step is `pipeline.moved.blur2`.
    """

    path: str
    call: OpCall

    def column(self, arg: str) -> str:
        """The column of an argument that is a curve of its own."""
        return f"{self.path}.{arg}"

    @property
    def given(self) -> Iterator[tuple[Arg, Curve]]:
        """The arguments that are numbers of its own, defaults among them."""
        for arg in IMAGE_OPS[self.call.op].args:
            value = self.call.args.get(arg.name)
            if isinstance(value, Curve):
                yield arg, value

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """The prompts of its own: `prompt` or `negative`, and the text."""
        for side in ("prompt", "negative"):
            text = self.call.args.get(side)
            if isinstance(text, str):
                yield side, text


def calls(pipeline: Pipeline) -> tuple[Named, ...]:
    """Every call of a pipeline, those inside others first."""
    found: list[Named] = []
    for name, picture in pipeline.steps:
        if isinstance(picture, OpCall):
            inner: Counter[str] = Counter()
            for part in (part for i in picture.inputs for part in _inside(i)):
                inner[part.op] += 1
                again = f"{inner[part.op]}" if inner[part.op] > 1 else ""
                found.append(Named(f"pipeline.{name}.{part.op}{again}", part))
            found.append(Named(f"pipeline.{name}", picture))
    return tuple(found)


def _inside(picture: PictureExpr) -> Iterator[OpCall]:
    match picture:
        case OpCall():
            for part in picture.inputs:
                yield from _inside(part)
            yield picture
        case StepRef() | PictureRef():
            return


def cameras_of(pipeline: Pipeline) -> tuple[str, ...]:
    """The cameras by name that a pipeline moves pictures by, each once; not the scene's own."""
    found = (str(named.call.args.get("camera") or "") for named in calls(pipeline))
    return tuple(dict.fromkeys(name for name in found if name))


def camera_prefix(name: str) -> str:
    """What the columns of a camera begin with: `camera`, or `camera:NAME`."""
    return "camera" if name in ("", OWN_CAMERA) else f"camera:{name}"


def move_column(camera: str, base: Base, suffix: str = "") -> str:
    """The column of a camera's moves since `base`; `suffix` tells scenes apart whose cameras are of other
    dimensions.
    """
    return f"{camera_prefix(camera)}.from_{base}{suffix}"


def flip_column(camera: str, base: Base, suffix: str = "") -> str:
    """The column of the perspective turns since `base` of a camera in 3d."""
    return f"{camera_prefix(camera)}.flip.from_{base}{suffix}"


def by_identity(pipeline: Pipeline) -> Mapping[int, Named]:
    """The calls of a pipeline by the identity of their `OpCall`."""
    return {id(named.call): named for named in calls(pipeline)}
