"""What lies between two pictures: both moved along the motion between them, and melted where both show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.flow import MISSED, SHARE, agreement, grid, looked_up
from anim_runtime.ops.flow_estimate import Field, between_greys, coloured, grey, working_size
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.ops.resample import resample

#: weight of a pixel that only one picture shows, or none surely: enough that no place is left without any
_LITTLE = 1e-3
#: what has come to a place from less than this weight is filled from around it
_THIN = 0.2
#: px over which one picture goes over into the other: single pixels sure of another motion would be specks
_SOFT = 7
#: motion is trusted where it takes away so much of what differs around a place (not at the first share, all
#: of it at the second); where it does not, pictures are melted as they stand. Around is this part of them.
_NOTHING, _ENOUGH, _AROUND = 0.15, 0.45, 10


def between(
    first: Tensor, second: Tensor, amount: float, factor: float = 1.0, preset: str = "medium"
) -> Tensor:
    """The picture `amount` (0..1) of the way from `first` to `second`, images float32 `[1,3,H,W]` of 0..1.

    0 and 1 give the pictures themselves. Things that move are where they would be by then, `factor` times as
    far along their motion (0 is a plain mix). `preset` is how carefully the motion is looked for, see
    `estimate`. For several amounts of one pair `Motion` does the looking once.
    """
    if amount <= 0.0:
        return first
    if amount >= 1.0:
        return second
    if factor == 0.0:
        return torch.lerp(first, second, amount).clamp_(0.0, 1.0)
    return Motion.of(first, second, preset).at(amount, factor)


def between_kernel(inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
    """The kernel: two images, `weight` 0..1, `factor` on the motion, `preset`."""
    first, second = (as_image(picture) for picture in inputs)
    return between(first, second, number(args, "weight"), number(args, "factor"), str(args["preset"]))


@dataclass(frozen=True, slots=True)
class Motion:
    """The motion between two pictures, at the size that it was looked at, float32 `[h,w,2]` and `[h,w]`.

    `small` are the pictures at that size, `[h,w,3]`, 0..255. `there` is where each pixel of the first is in
    the second, `back` the other way; `seen_there` and `seen_back` say how surely the other picture shows that
    pixel too, 0..1.
    """

    first: Tensor
    second: Tensor
    small: tuple[Field, Field]
    there: Field
    back: Field
    seen_there: NDArray[np.float32]
    seen_back: NDArray[np.float32]

    @classmethod
    def of(cls, first: Tensor, second: Tensor, preset: str = "medium") -> Motion:
        """Looks for the motion between two images `[1,3,H,W]`, both ways."""
        height, width = first.shape[2:]
        size = working_size(height, width)
        one, other = grey(first, size), grey(second, size)
        there = between_greys(one, other, "dis", preset)
        back = between_greys(other, one, "dis", preset)
        small = coloured(first, size), coloured(second, size)
        return cls(first, second, small, there, back, agreement(there, back), agreement(back, there))

    def at(self, amount: float, factor: float = 1.0) -> Tensor:
        """The picture `amount` (more than 0, less than 1) of the way, `[1,3,H,W]`."""
        import cv2

        field = self._field(amount)
        trust = self._trust(field, amount)
        field *= trust[..., None]
        from_first, from_second = -amount * field, (1.0 - amount) * field
        first = self._sure(self.there, self.seen_there, field, from_first, trust) + _LITTLE
        second = self._sure(-self.back, self.seen_back, field, from_second, trust) + _LITTLE
        share = amount * second / (amount * second + (1.0 - amount) * first)
        height, width = self.first.shape[2:]
        scale = self.first.new_tensor([width / field.shape[1], height / field.shape[0]]) * factor
        share = cv2.GaussianBlur(share, (_SOFT, _SOFT), 0)
        whole = self._whole(np.dstack((from_first, from_second, share)))
        scale = scale.view(2, 1, 1)
        moved, other = _moved(self.first, whole[:2] * scale), _moved(self.second, whole[2:4] * scale)
        return torch.lerp(moved, other, whole[4]).clamp_(0.0, 1.0)

    def _field(self, amount: float) -> Field:
        """The motion from the first picture to the second of what is at each place by then.

        Each pixel takes its motion along to where it is by then; where several come together the surer
        ones count, and where none comes what is around. After softmax splatting (Niklaus and Liu 2020),
        by how well both ways agree.
        """
        near = (self.seen_there + np.float32(_LITTLE)) * np.float32(1.0 - amount)
        far = (self.seen_back + np.float32(_LITTLE)) * np.float32(amount)
        come = splat(self.there, near, self.there, amount)
        return _filled(come + splat(-self.back, far, self.back, 1.0 - amount))

    def _trust(self, field: Field, amount: float) -> NDArray[np.float32]:
        """How far the motion around each place is to be trusted: float32 `[h,w]`, 0..1."""
        import cv2

        one, other = self.small
        x, y = grid(field)
        from_first, from_second = -amount * field, (1.0 - amount) * field
        moved = looked_up(one, x + from_first[..., 0], y + from_first[..., 1])
        moved -= looked_up(other, x + from_second[..., 0], y + from_second[..., 1])
        side = 2 * (max(one.shape[:2]) // (2 * _AROUND)) + 1

        def around(off: NDArray[np.float32]) -> NDArray[np.float32]:
            # in colour: blue and orange may be the same grey, and have nothing in common
            far = np.abs(off).mean(axis=2)
            return np.asarray(cv2.blur(cv2.blur(far, (side, side)), (side, side)), dtype=np.float32)

        # a level of 255 that differs is noise: where nothing differs, any motion is none
        gone = 1.0 - around(moved) / (around(one - other) + 1.0)
        return np.asarray(np.clip((gone - _NOTHING) / (_ENOUGH - _NOTHING), 0.0, 1.0), dtype=np.float32)

    @staticmethod
    def _sure(
        own: Field,
        seen: NDArray[np.float32],
        field: Field,
        shift: Field,
        trust: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """How surely a picture shows what is at each place by then: the pixel that is read there is seen in
        the other picture too, and its own motion leads here, as far as motion is to be trusted; and it is in
        the picture. float32 `[h,w]`, 0..1.
        """
        x, y = grid(field)
        at_x, at_y = x + shift[..., 0], y + shift[..., 1]
        off = _squared(looked_up(own, at_x, at_y) - field)
        allowed = SHARE * _squared(field) + MISSED
        sure = looked_up(seen, at_x, at_y) * np.clip(1.5 - off / allowed, 0.0, 1.0)
        height, width = seen.shape
        outside = np.maximum(np.maximum(-at_x, at_x - (width - 1)), np.maximum(-at_y, at_y - (height - 1)))
        return np.asarray((1.0 - trust * (1.0 - sure)) * np.clip(1.0 - outside, 0.0, 1.0), dtype=np.float32)

    def _whole(self, small: NDArray[Any]) -> Tensor:
        """Planes `[h,w,n]` at the pictures' own size, on their device: `[n,H,W]`."""
        planes = torch.from_numpy(np.ascontiguousarray(small, dtype=np.float32)).to(self.first.device)
        planes = planes.permute(2, 0, 1).unsqueeze(0)
        size = tuple(self.first.shape[2:])
        if tuple(planes.shape[2:]) != size:
            planes = functional.interpolate(planes, size=size, mode="bilinear", align_corners=False)
        return planes[0]


def _squared(field: Field) -> NDArray[np.float32]:
    """The squared lengths of a field's motions: float32 `[h,w]`."""
    across, down = field[..., 0], field[..., 1]
    return np.asarray(across * across + down * down, dtype=np.float32)


def _moved(image: Tensor, shift: Tensor) -> Tensor:
    """The image read at every pixel's place plus a shift `[2,H,W]` in px."""
    height, width = image.shape[2:]
    x = torch.arange(width, dtype=torch.float32, device=image.device) + shift[0]
    y = torch.arange(height, dtype=torch.float32, device=image.device).unsqueeze(1) + shift[1]
    return resample(image, x, y, "replicate")


def splat(values: Field, weight: NDArray[np.float32], shift: Field, factor: float) -> NDArray[np.float32]:
    """Values `[h,w,2]` carried along `factor` times a shift `[h,w,2]` in px, each onto the four pixels there.

    Returns float32 `[h,w,3]`: the sums of value times weight, and of weight.
    """
    total = np.zeros((*weight.shape, 3))
    if find_spec("numba") is None:
        splat_plainly(values, weight, shift, factor, total)
    else:
        from anim_runtime.ops.flow_native import carry

        carry(values, weight, shift, factor, total)
    return total.astype(np.float32)


def splat_plainly(
    values: Field, weight: NDArray[np.float32], shift: Field, factor: float, total: NDArray[np.float64]
) -> None:
    """The same added to `total` `[h,w,3]` without a compiled loop: four times as slow."""
    height, width = weight.shape
    x, y = grid(shift)
    to_x, to_y = x + np.float64(factor) * shift[..., 0], y + np.float64(factor) * shift[..., 1]
    left, top = np.floor(to_x).astype(np.int64), np.floor(to_y).astype(np.int64)
    for row in (top, top + 1):
        for column in (left, left + 1):
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            place = np.where(inside, row * width + column, 0).ravel()
            share = weight * (1.0 - np.abs(to_x - column)) * (1.0 - np.abs(to_y - row))
            share = np.where(inside, share, 0.0)
            for plane, carried in enumerate((share * values[..., 0], share * values[..., 1], share)):
                found = np.bincount(place, carried.ravel(), height * width)
                total[..., plane] += found.reshape(height, width)


def _filled(come: NDArray[np.float32]) -> Field:
    """Values `[h,w,2]` of sums `[h,w,3]`; where little has come, those of a coarser picture of the same."""
    import cv2

    weight = come[..., 2]
    own: Field = np.asarray(come[..., :2] / np.maximum(weight, 1e-9)[..., None], dtype=np.float32)
    height, width = weight.shape
    if min(height, width) <= 2:
        return own
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = _filled(np.asarray(cv2.resize(come, half, interpolation=cv2.INTER_AREA), dtype=np.float32))
    around = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    share = np.clip(weight / _THIN, 0.0, 1.0)[..., None]
    return np.asarray(around + share * (own - around), dtype=np.float32)
