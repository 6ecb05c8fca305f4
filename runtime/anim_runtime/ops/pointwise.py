"""Chains of ops that make each pixel from that pixel alone, as one op that stays in the cache.

Every pointwise op is a *maker*: the arguments of a frame in, a `Point` out, which changes some rows. An op
on its own and an op in a chain run the same `Point` over the same bands of rows, so both give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel

#: `point(band, top)`: rows `top…` of an image, float32 `[1,3,h,W]`, contiguous and the point's own: it may
#: change them in place. Gives the same rows made anew.
Point: TypeAlias = Callable[[Tensor, int], Tensor]
#: `maker(args, frame, (height, width))`: the point of an image of that size; None if it changes nothing.
Maker: TypeAlias = Callable[[Arguments, FrameContext, tuple[int, int]], Point | None]

#: Values of a band on the CPU, per thread of torch: 1 MiB. Measured: smaller ones lose more to torch's calls
#: than the cache gains; whole pictures of 1024 px lose to fresh memory. Accelerators take the picture whole.
BAND = 1 << 18


def run(points: Sequence[Point], image: Tensor) -> Tensor:
    """The image `[1,3,H,W]` with every point applied in turn; a mask becomes an image.

    Without points the picture itself.
    """
    if not points:
        return image
    image = as_image(image)
    height, width = image.shape[2:]
    rows = height
    if image.device.type == "cpu":
        rows = max(1, BAND * torch.get_num_threads() // (3 * width))
    if rows >= height:
        return _all(points, image.clone(memory_format=torch.contiguous_format), 0)
    made = torch.empty((1, 3, height, width), device=image.device)
    for top in range(0, height, rows):
        band = image[:, :, top : top + rows].clone(memory_format=torch.contiguous_format)
        made[:, :, top : top + rows] = _all(points, band, top)
    return made


def _all(points: Sequence[Point], band: Tensor, top: int) -> Tensor:
    for point in points:
        band = point(band, top)
    return band


def alone(maker: Maker) -> Kernel:
    """The kernel of one pointwise op; with arguments that change nothing it gives its input itself."""

    def kernel(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        (image,) = inputs
        point = maker(args, frame, (image.shape[2], image.shape[3]))
        return image if point is None else run((point,), image)

    kernel.__doc__ = maker.__doc__
    return kernel


def chain(makers: Mapping[str, Maker]) -> Kernel:
    """The kernel `pointwise`, which runs chains of the ops in `makers`.

    `steps` names them in order, with blanks between; argument `name` of step i (from 0) is `i.name`. Gives
    the bits that the ops one after the other give. KeyError for a step that is not in the table.
    """

    def pointwise(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        (image,) = inputs
        size = (image.shape[2], image.shape[3])
        points: list[Point] = []
        for index, name in enumerate(str(args["steps"]).split()):
            point = makers[name](_of_step(args, index), frame, size)
            if point is not None:
                points.append(point)
        return run(points, image)

    return pointwise


def _of_step(args: Arguments, index: int) -> Arguments:
    start = f"{index}."
    return {name.removeprefix(start): value for name, value in args.items() if name.startswith(start)}
