"""When and how strongly each control acts on each picture of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from anim_runtime.diffusion.control.fitting import covering
from anim_runtime.diffusion.request import Hint
from anim_runtime.ops.channels import as_image


@dataclass(frozen=True, slots=True)
class Acting:
    """One control over a batch: a hint a row, of which the rows without one are black and weigh nothing.

    `picture` float32 `[rows,3,H,W]` of 0..1.
    """

    name: str
    picture: torch.Tensor
    weights: tuple[float, ...]
    spans: tuple[tuple[float, float], ...]

    def at(self, begun: float, ended: float) -> tuple[float, ...]:
        """The weights at a step that goes from one part (0..1) of the sampling to another.

        A control acts at the steps that lie within its span whole, as diffusers has it.
        """
        return tuple(
            0.0 if begun < start or ended > end else weight
            for weight, (start, end) in zip(self.weights, self.spans, strict=True)
        )


def acting(name: str, rows: Sequence[Sequence[Hint]], height: int, width: int) -> Acting | None:
    """A control over the hints of the rows, each cut to frames of that size; None if it acts nowhere.

    Hints may be masks `[1,1,H,W]` and pictures with alpha `[1,4,H,W]` as well.
    """
    own = [next((hint for hint in hints if hint.name == name), None) for hints in rows]
    shown = [hint for hint in own if hint is not None]
    if all(hint.weight == 0.0 for hint in shown):
        return None
    empty = shown[0].picture.new_zeros((1, 3, height, width))
    pictures = (empty if hint is None else covering(as_image(hint.picture), height, width) for hint in own)
    return Acting(
        name,
        torch.cat(tuple(pictures)),
        tuple(0.0 if hint is None else hint.weight for hint in own),
        tuple((0.0, 1.0) if hint is None else (hint.start, hint.end) for hint in own),
    )
