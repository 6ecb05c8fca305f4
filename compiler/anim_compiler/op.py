"""One op: what it takes, what may stand in its arguments, its cost; how a row of the table is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

from anim_compiler.graph import Rate

Kind: TypeAlias = Literal["image", "mask", "depth", "flow", "stats", "cutout"]
"""What an op gives and takes: a picture `[1,3,H,W]`, a mask or a depth map `[1,1,H,W]`, a flow `[1,2,H,W]`
(px), the statistics of a picture's colours, a picture with alpha (premultiplied `[1,4,h,w]`)."""

ArgType: TypeAlias = Literal["number", "integer", "text", "switch", "move9", "move14"]
"""`move9` and `move14` are rows of a camera's column (`camera.Path2d.move`, `camera.Path3d.move`)."""

Level: TypeAlias = Literal["film", "kernel"]

Cost: TypeAlias = Literal["model", "depth", "flow", "resample", "filter", "pointwise", "free"]
"""The dearest thing that an op does: the denoiser, a depth or a flow estimate, pixels looked up elsewhere, a
look at many pixels for each, one pixel for each, next to nothing."""

ALIKE: Mapping[Level, frozenset[Kind]] = MappingProxyType(
    {
        "film": frozenset({"image", "mask", "depth", "cutout"}),
        "kernel": frozenset({"image", "mask", "cutout"}),
    }
)
"""Kinds that stand for each other. Kernels take a mask for a grey picture and a picture's luma for a mask;
what else a film takes for another is converted when it is expanded (`as_depth`, `depth_mask`, and `flat`
where the alpha of a picture would be lost anyhow).
"""

WIDTHS: Mapping[ArgType, int] = MappingProxyType({"move9": 9, "move14": 14})
"""Numbers in a row of a column that stands in such an argument."""


@dataclass(frozen=True, slots=True)
class Op:
    """One op on one level.

    The last inputs may be left away down to `needs`, and so may the arguments in `optional`. An op that
    `gives` None gives what its pictures are: a blurred mask is a mask. `rate` is the slowest clock that it
    can run at whatever it is given. A `pointwise` op gives each pixel from that one pixel of its only
    picture, its arguments and where the pixel is: several become steps of one. With some arguments an op
    with `identity` gives back one of its inputs (`passes/identity.py`). `version` is raised when its pixels
    change; it is part of every recipe.
    """

    name: str
    level: Level
    inputs: tuple[Kind, ...]
    args: Mapping[str, ArgType]
    gives: Kind | None = "image"
    needs: int = 0
    optional: frozenset[str] = frozenset()
    rate: Rate = Rate.FILM
    cost: Cost = "free"
    pointwise: bool = False
    identity: bool = False
    version: int = 1


def row(
    level: Level,
    name: str,
    inputs: str = "",
    args: str = "",
    gives: Kind | None = "image",
    *,
    rate: Rate = Rate.FILM,
    cost: Cost = "free",
    pointwise: bool = False,
    identity: bool = False,
    version: int = 1,
) -> Op:
    """A row with inputs written `image depth?` and arguments `amount:number type:text?`."""
    slots, typed = inputs.split(), [word.removesuffix("?").partition(":") for word in args.split()]
    return Op(
        name,
        level,
        tuple(_KINDS[slot.removesuffix("?")] for slot in slots),
        MappingProxyType({arg: _TYPES[type] for arg, _, type in typed}),
        gives,
        sum(not slot.endswith("?") for slot in slots),
        frozenset(word.partition(":")[0] for word in args.split() if word.endswith("?")),
        rate,
        cost,
        pointwise,
        identity,
        version,
    )


def pixel(
    name: str, args: str, gives: Kind | None = "image", *, rate: Rate = Rate.FILM, version: int = 1
) -> Op:
    """A row for a kernel that may be a step of `pointwise`."""
    return row(
        "kernel",
        name,
        "image",
        args,
        gives,
        rate=rate,
        cost="pointwise",
        pointwise=True,
        identity=True,
        version=version,
    )


_KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}
_TYPES: Mapping[str, ArgType] = {type: type for type in get_args(ArgType)}
